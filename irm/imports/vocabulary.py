"""The words of headings, folded and without blanks, in English, French and Spanish."""

_WORDS: dict[str, str] = {
    "handle": "handle username screenname accounthandle accountusername userhandle pseudo"
    " pseudonyme identifiant nomdutilisateur nomdecompte nomducompte influencerhandle"
    " creatorhandle usuario nombredeusuario arroba",
    "name": "name nom fullname nomcomplet displayname nometprenom prenometnom nomprenom realname"
    " nombre nombrecompleto contactname personname nomaffiche",
    "first_name": "firstname prenom givenname",
    "last_name": "lastname nomdefamille familyname surname apellido apellidos",
    "platform": "platform plateforme network reseau reseausocial socialnetwork socialmedia"
    " plataforma red redsocial media",
    "url": "url link lien profile profil profileurl profilelink urlprofil lienprofil accounturl"
    " channelurl pageurl address adresse enlace perfil liendelachaine lienducompte",
    "platform_id": "id userid accountid channelid pageid platformid idducompte idcompte",
    "followers": "followers follower followerscount followercount numberoffollowers subscribers"
    " subscriberscount subscribercount numberofsubscribers abonnes nombredabonnes nbabonnes"
    " nbdabonnes nombreabonnes fans seguidores suscriptores numerodeseguidores audience"
    " audiencesize taillecommunaute communaute",
    "likes": "likesavg avglikes averagelikes likesaverage likesmoyen likesmoyens jaimemoyens"
    " moyennedelikes moyennelikes medialikes",
    "comments": "commentsavg avgcomments averagecomments commentsaverage commentairesmoyens"
    " moyennecommentaires moyennedecommentaires",
    "shares": "sharesavg avgshares averageshares sharesaverage partagesmoyens moyennepartages"
    " moyennedepartages",
    "views": "viewsavg avgviews averageviews viewsaverage vuesmoyennes moyennevues moyennedevues"
    " vuesmoy",
    "engagement": "engagementaverage avgengagement averageengagement engagementavg"
    " engagementmoyen moyennedengagement engagementsmoyens",
    "country": "country pays pais paysderesidence countryname",
    "city": "city ville ciudad town",
    "language": "language langue lang idioma",
    "bio": "bio biography biographie description about apropos presentation biografia",
    "email": "email mail emailaddress adresseemail adressemail courriel adresseelectronique"
    " correo correoelectronico contactemail",
    "phone": "phone telephone tel phonenumber mobile numerodetelephone telefono portable",
    "category": "category categorie categories niche theme themes thematique thematiques"
    " categoria topic topics sujet sujets",
}

#: Heading → field.
FIELDS: dict[str, str] = {word: field for field, words in _WORDS.items() for word in words.split()}

_MAYBE = """
    account accountname compte influencer influencername influenceur influenceuse
    nomdelinfluenceur creator creatorname createur creatrice page pagename nomdelapage blogger
    streamer user profilename cuenta
"""
CHANNELS = frozenset({"channel", "channelname", "chaine", "nomdelachaine", "nomdechaine", "canal"})
#: Headings over handles in some lists and over names in others.
MAYBE = CHANNELS | frozenset(_MAYBE.split())

#: What follows a heading that stands twice: `Engagement average Values`, `Subscribers (2)`.
VALUE_WORDS = frozenset({"values", "value", "valeur", "valeurs", "valor"})

#: What gives away a list of something else.
KINDS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (kind, frozenset(words.split()))
    for kind, words in (
        ("posts", "postid"),
        ("posts", "videoid"),
        ("posts", "caption"),
        ("posts", "permalink"),
        ("posts", "publishtime"),
        ("posts", "mediaid"),
        ("snapshots", "snapshotdate followers"),
        ("snapshots", "date followers"),
        ("snapshots", "jour abonnes"),
        ("ties", "source target"),
        ("ties", "follower followed"),
        ("ties", "node"),
        ("ties", "from to"),
    )
)
