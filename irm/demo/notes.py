"""What the demo's colleagues wrote down: exchanges, reasons of moves, plans."""

from dataclasses import dataclass

from irm.models import Channel, Direction, Kind, Stage

_GIVE, _ASK, _TALK = Kind.GIVE, Kind.ASK, Kind.TALK
_OUT, _IN, _BOTH = Direction.OUT, Direction.IN, Direction.BOTH
_COMMENT, _MESSAGE, _EMAIL = Channel.COMMENT, Channel.MESSAGE, Channel.EMAIL
_CALL, _MEETING, _EVENT = Channel.CALL, Channel.MEETING, Channel.EVENT
_POST, _PARCEL = Channel.POST, Channel.PARCEL


@dataclass(frozen=True, slots=True)
class Note:
    """One kind of exchange, told in both languages.

    `{thing}` is what the person speaks of, `{detail}` something personal one learns by the way.
    """

    kind: Kind
    direction: Direction
    channel: Channel
    en: str
    fr: str
    activity: str | None = None


#: Who else may have been there.
PRESENT = {
    "en": ("Their agent", "A friend with a camera", "Their sister", "Two people of the workshop"),
    "fr": ("Son agent", "Une amie avec sa caméra", "Sa sœur", "Deux personnes de l'atelier"),
}

#: What one learns by the way and is glad to have written down.
DETAILS = {
    "en": (
        "Prefers mornings.",
        "No briefs longer than a page, please.",
        "New dog, called Biscuit.",
        "Moving house in spring.",
        "Away until the fifteenth.",
        "Reads mail on Mondays only.",
        "Allergic to hazelnuts.",
        "The sister runs a bakery, worth a visit.",
        "Looking for a bigger workshop.",
        "Training for a long walk in May.",
        "Would love to meet others who do the same.",
        "Wants to know who forges the pans.",
        "Tired of free samples, likes real talk.",
        "Writes a book about it, shh.",
    ),
    "fr": (
        "Plutôt le matin.",
        "Pas de brief de plus d'une page.",
        "Un chiot à la maison, Biscuit.",
        "Déménagement au printemps.",
        "Absence jusqu'au quinze.",
        "Ne lit ses mails que le lundi.",
        "Allergie aux noisettes.",
        "Sa sœur tient une boulangerie, à visiter.",
        "Cherche un atelier plus grand.",
        "Se prépare pour une longue marche en mai.",
        "Aimerait rencontrer d'autres passionnés.",
        "Veut savoir qui forge les poêles.",
        "Assez des échantillons, préfère parler vrai.",
        "Un livre se prépare, chut.",
    ),
}

_GIVES = (
    Note(
        _GIVE,
        _OUT,
        _COMMENT,
        "Answered a reader's question under the post about {thing}.",
        "Répondu à la question d'une lectrice sous le post sur {thing}.",
    ),
    Note(
        _GIVE,
        _OUT,
        _POST,
        "Shared the post about {thing} in our stories, with credit.",
        "Partagé le post sur {thing} dans nos stories, en citant.",
    ),
    Note(
        _GIVE,
        _OUT,
        _EMAIL,
        "Sent our guide to seasoning cast iron, unasked, no strings attached.",
        "Envoyé notre guide de culottage de la fonte, sans rien demander.",
    ),
    Note(
        _GIVE,
        _OUT,
        _MESSAGE,
        "Passed on a contact at the grain mill they had been looking for.",
        "Transmis le contact du moulin qu'il fallait pour la farine.",
    ),
    Note(
        _GIVE,
        _OUT,
        _PARCEL,
        "Sent a replacement lid for the pot that cracked. No post expected.",
        "Envoyé un couvercle pour la cocotte fendue. Aucun post attendu.",
    ),
    Note(
        _GIVE,
        _OUT,
        _COMMENT,
        "Congratulated on the anniversary of the channel, named our favourite episode.",
        "Félicitations pour l'anniversaire de la chaîne, avec notre épisode préféré.",
    ),
)

_ECHOES = (
    Note(
        _TALK,
        _IN,
        _COMMENT,
        "Replied to our comment: will try it with {thing} next.",
        "A répondu à notre commentaire : prochain essai avec {thing}.",
    ),
    Note(
        _TALK,
        _IN,
        _MESSAGE,
        "Wrote to say thanks and asked where the enamel mugs are made.",
        "Un message pour dire merci, et demander où sont faits les gobelets émaillés.",
    ),
    Note(
        _TALK,
        _IN,
        _POST,
        "Mentioned us in a story about {thing}, unprompted.",
        "Nous a cités dans une story sur {thing}, sans qu'on demande.",
    ),
)

_TALKS = (
    Note(
        _TALK,
        _BOTH,
        _MESSAGE,
        "Chatted about {thing}. {detail}",
        "Discuté à propos du dernier post. {detail}",
    ),
    Note(
        _TALK,
        _BOTH,
        _CALL,
        "Half an hour on the phone. {detail}",
        "Une demi-heure au téléphone. {detail}",
    ),
    Note(
        _TALK,
        _BOTH,
        _EMAIL,
        "Exchanged mails about {thing}; wants to know the people behind the forge.",
        "Échange de mails sur {thing} ; envie de rencontrer l'équipe de la forge.",
    ),
    Note(
        _TALK,
        _BOTH,
        _EVENT,
        "Met at a fair, talked knives for an hour. {detail}",
        "Rencontre sur un salon, une heure à parler couteaux. {detail}",
    ),
)

_ASKS = (
    Note(
        _ASK,
        _OUT,
        _EMAIL,
        "Asked whether the new griddle could come along on the next trip.",
        "Demandé si la nouvelle plancha pouvait partir à la prochaine sortie.",
    ),
    Note(
        _ASK,
        _OUT,
        _MESSAGE,
        "Asked for an honest opinion on the folding knife prototype.",
        "Demandé un avis franc sur le prototype du couteau pliant.",
        "reaction",
    ),
    Note(
        _ASK,
        _BOTH,
        _CALL,
        "Asked for two pages in the winter booklet; the subject is theirs to choose.",
        "Demandé deux pages pour le carnet d'hiver, sujet libre.",
        "co_creation",
    ),
)

_ACTIVITIES = (
    Note(
        _TALK,
        _BOTH,
        _MEETING,
        "A day together at the workshop; the film about {thing} goes on both channels.",
        "Une journée ensemble à l'atelier ; le film sur {thing} sort des deux côtés.",
        "co_creation",
    ),
    Note(
        _TALK,
        _BOTH,
        _EVENT,
        "Hosted a table at our fire evening; forty people came.",
        "A tenu une table à notre soirée feu ; quarante personnes.",
        "event",
    ),
    Note(
        _TALK,
        _IN,
        _EMAIL,
        "Sent back the tested pan with two pages of notes. {detail}",
        "A renvoyé la poêle testée avec deux pages de notes. {detail}",
        "co_creation",
    ),
    Note(
        _TALK,
        _BOTH,
        _CALL,
        "Interview for the journal about {thing}. Photos follow on Friday.",
        "Interview pour le journal, sur {thing}. Les photos vendredi.",
        "interview",
    ),
)

_LOYALS = (
    Note(
        _TALK,
        _IN,
        _POST,
        "Recommended our dutch oven to a follower, in their own words.",
        "A conseillé notre cocotte à une abonnée, avec ses mots.",
    ),
    Note(
        _TALK,
        _BOTH,
        _MEETING,
        "Coffee, no agenda. {detail}",
        "Un café, sans ordre du jour. {detail}",
    ),
    Note(
        _GIVE,
        _OUT,
        _EMAIL,
        "Sent the range's drawings before anybody else saw them.",
        "Envoyé les dessins de la gamme avant tout le monde.",
    ),
    Note(
        _TALK,
        _IN,
        _MESSAGE,
        "Warned us about a copy of our stove sold online. Thanked by phone.",
        "Nous a signalé une copie de notre réchaud en ligne. Remerciements par téléphone.",
    ),
)

#: An exchange that leaves the ball with us: what the cadence counts from.
LATEST = {
    Stage.UNAWARE: Note(
        _TALK,
        _OUT,
        _COMMENT,
        "Commented on {thing}, no answer yet.",
        "Commenté {thing}, pas encore de réponse.",
    ),
    Stage.AWARE: Note(
        _TALK,
        _BOTH,
        _COMMENT,
        "A little back and forth in the comments about {thing}.",
        "Petit échange en commentaires sur {thing}.",
    ),
}

FIRST = (
    Note(
        _TALK,
        _OUT,
        _COMMENT,
        "First comment, about {thing}. Signed with my name.",
        "Premier commentaire, sur {thing}. Signé de mon prénom.",
    ),
    *_GIVES[:3],
)

GIVES, TALKS = _GIVES, _TALKS

#: What happens while a relationship stands at a stage.
AT_STAGE = {
    Stage.UNAWARE: FIRST,
    Stage.AWARE: (*_GIVES, *_ECHOES),
    Stage.INTERESTED: (*_GIVES, *_ECHOES, *_TALKS, *_TALKS, _ASKS[1]),
    Stage.ENGAGED: (*_GIVES, *_ECHOES, *_TALKS, *_ASKS, *_ACTIVITIES, *_ACTIVITIES),
    Stage.AMBASSADOR: (*_GIVES[:3], *_TALKS, *_ASKS, *_ACTIVITIES, *_LOYALS, *_LOYALS),
}

#: What brings a relationship to a stage.
OPENINGS = {
    Stage.AWARE: _ECHOES,
    Stage.INTERESTED: _TALKS,
    Stage.ENGAGED: _ACTIVITIES,
    Stage.AMBASSADOR: _LOYALS[1:2],
}

#: Why somebody was moved to a stage, in English and French.
MOVED_UP = {
    Stage.AWARE: (
        ("Answered under our comment.", "A répondu sous notre commentaire."),
        ("Follows us since this week.", "Nous suit depuis cette semaine."),
        ("Mentioned the mugs in a video.", "A parlé des gobelets dans une vidéo."),
    ),
    Stage.INTERESTED: (
        ("Second real conversation this month.", "Deuxième vraie conversation ce mois-ci."),
        ("Asks questions of their own accord.", "Pose des questions sans qu'on relance."),
        ("Wants to visit the workshop.", "Aimerait visiter l'atelier."),
    ),
    Stage.ENGAGED: (
        ("Agreed to test the prototype.", "D'accord pour tester le prototype."),
        ("Said yes to the fire evening.", "A dit oui pour la soirée feu."),
        ("First recipe made together.", "Première recette faite ensemble."),
    ),
    Stage.AMBASSADOR: (
        ("Agreement for the year signed.", "Accord pour l'année signé."),
        ("Recommends us unprompted, agreement in place.", "Nous recommande, accord en place."),
    ),
}

#: Why somebody went back a stage.
MOVED_BACK = (
    ("Quiet for two months; back to listening first.", "Silence depuis deux mois ; on écoute."),
    ("New baby, no time until summer.", "Bébé arrivé, pas de temps avant l'été."),
    ("Moved too early, no exchange since.", "Avancé trop vite, plus d'échange depuis."),
)

#: What a colleague plans by hand: kind, English, French.
PLANS = (
    (_GIVE, "Send the winter recipe cards", "Envoyer les fiches recettes d'hiver"),
    (_GIVE, "Share the new episode in our stories", "Partager le nouvel épisode en story"),
    (_TALK, "Ask how the move went", "Demander comment s'est passé le déménagement"),
    (_TALK, "Call about the spring series", "Appeler au sujet de la série de printemps"),
    (_GIVE, "Introduce the potter from the fair", "Présenter la potière de la foire"),
    (_TALK, "Congratulate on the book", "Féliciter pour le livre"),
)

#: What is planned where nobody has been in touch yet: there is nothing to ask for.
FIRST_PLANS = (
    (_TALK, "First comment, no pitch", "Premier commentaire, sans rien proposer"),
    (_GIVE, "Answer the question in the last video", "Répondre à la question de la dernière vidéo"),
)
