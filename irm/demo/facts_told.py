"""What the demo's colleagues learnt of people, and what was given for it; in English and French."""

from typing import NamedTuple

from irm.models import FactKind


class Told(NamedTuple):
    """One thing somebody learnt: what it is about, and its words."""

    kind: FactKind
    text: str
    #: Something to give that answers it, and what became of it.
    gift: str = ""
    thanks: str = ""


_P, _T, _F = FactKind.PASSION, FactKind.TEAM, FactKind.FAMILY
_W, _L, _N, _O = FactKind.PROJECT, FactKind.TASTE, FactKind.NO_GO, FactKind.OTHER

TOLD = {
    "en": (
        Told(
            _P,
            "Bakes sourdough every Saturday",
            "Rye starter from the mill",
            "Sent the mill's own rye starter. A photo of the first loaf came back.",
        ),
        Told(
            _P,
            "Keeps bees on the roof",
            "Hive tool, hand-forged",
            "Sent a hand-forged hive tool. It is in use, we hear.",
        ),
        Told(
            _P,
            "Collects old hiking maps",
            "Map of 1911, framed",
            "Found a map of 1911 of the home valley, and framed it.",
        ),
        Told(
            _P,
            "Plays the double bass in a folk band",
            "Set of strings",
            "A set of strings after the broken one on stage.",
        ),
        Told(
            _T, "Leeds United, in good times and bad", "Scarf of the club", "A scarf, as promised."
        ),
        Told(_T, "Runs with the hill club on Thursdays"),
        Told(_F, "Daughter plays in goal; matches on Sunday mornings"),
        Told(_F, "Two boys, mad about dens and penknives"),
        Told(_F, "Looks after an old father, travels little"),
        Told(_W, "Turns a barn into a cookery school"),
        Told(_W, "Writes a book on mending, due in the autumn"),
        Told(_W, "Trains for the long trail"),
        Told(
            _L,
            "Drinks tea only, the smoky kind",
            "Smoked tea",
            "A tin of smoked tea from the harbour.",
        ),
        Told(_L, "Cannot stand influencer jargon; says 'people'"),
        Told(_L, "Vegetarian at home, not at a fire"),
        Told(_N, "Never ask about the shop that closed"),
        Told(_N, "No talk of figures or rankings"),
        Told(_O, "Best reached early, before the school run"),
    ),
    "fr": (
        Told(
            _P,
            "Fait son pain au levain le samedi",
            "Levain de seigle du moulin",
            "Envoyé le levain de seigle du moulin. Une photo de la première miche est revenue.",
        ),
        Told(
            _P,
            "A des ruches sur le toit",
            "Lève-cadre forgé à la main",
            "Envoyé un lève-cadre forgé à la main. Il sert, paraît-il.",
        ),
        Told(
            _P,
            "Collectionne les vieilles cartes de randonnée",
            "Carte de 1911, encadrée",
            "Trouvé une carte de 1911 de sa vallée, et fait encadrer.",
        ),
        Told(_P, "Joue de la contrebasse dans un groupe"),
        Told(_T, "Supporte le Stade rennais", "Écharpe du club", "Une écharpe, chose promise."),
        Told(_T, "Court le jeudi avec le club de trail"),
        Told(_F, "Sa fille est gardienne de but, match le dimanche matin"),
        Told(_F, "Deux garçons fous de cabanes et de canifs"),
        Told(_W, "Transforme une grange en école de cuisine"),
        Told(_W, "Écrit un livre sur la réparation, prévu à l’automne"),
        Told(_L, "Ne boit que du thé fumé", "Thé fumé", "Une boîte de thé fumé du port."),
        Told(_L, "Déteste le jargon, dit « les gens »"),
        Told(_N, "Ne pas parler de la boutique qui a fermé"),
        Told(_N, "Pas de chiffres ni de classements"),
        Told(_O, "Plutôt tôt le matin, avant l’école"),
    ),
}

#: What somebody is and tells few: for those alone who may read private notes.
SENSITIVE = {
    "en": "Back at work after a long illness; does not speak of it in public",
    "fr": "De retour après une longue maladie ; n’en parle pas en public",
}

#: Days that come once, and how many days from today.
MILESTONES = {
    "en": (("The cookery school opens", 9), ("First reading from the book", -6)),
    "fr": (("L’école de cuisine ouvre", 11), ("Première lecture du livre", -5)),
}

#: An item with our logo, and what became of it.
MERCH = {
    "en": ("Enamel mug with our fern", "Sent the enamel mug with our fern; a thank-you came back."),
    "fr": (
        "Gobelet émaillé à notre fougère",
        "Envoyé le gobelet émaillé à notre fougère ; un mot de merci est revenu.",
    ),
}
