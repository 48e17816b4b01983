"""The words of headings, folded and without blanks, in English, French and Spanish."""

from irm.imports.colleagues import OWNERS

_WORDS: dict[str, str] = {
    "handle": "handle username screenname accounthandle accountusername userhandle pseudo"
    " pseudonyme identifiant nomdutilisateur nomdecompte nomducompte influencerhandle"
    " creatorhandle usuario nombredeusuario nombredelacuenta arroba",
    "name": "name nom fullname fn nomcomplet displayname nometprenom prenometnom nomprenom realname"
    " nombre nombrecompleto nombreyapellidos contactname personname nomaffiche fileas",
    "first_name": "firstname prenom givenname",
    "last_name": "lastname nomdefamille familyname surname apellido apellidos",
    "platform": "platform plateforme network reseau reseausocial socialnetwork socialmedia"
    " plataforma red redsocial media",
    "url": "url link lien profile profil profileurl profilelink urlprofil lienprofil accounturl"
    " channelurl pageurl address adresse enlace perfil urldelperfil liendelachaine lienducompte",
    "platform_id": "id userid accountid channelid pageid platformid idducompte idcompte",
    "followers": "followers follower followerscount followercount numberoffollowers subscribers"
    " subscriberscount subscribercount numberofsubscribers abonnes nombredabonnes nbabonnes"
    " nbdabonnes nombreabonnes fans seguidores suscriptores numerodeseguidores audience"
    " audiencesize taillecommunaute communaute nombrefollowers nbfollowers",
    "likes": "likesavg avglikes averagelikes likesaverage likesmoyen likesmoyens jaimemoyens"
    " moyennedelikes moyennelikes medialikes likesmedios promediodelikes megustapromedio",
    "comments": "commentsavg avgcomments averagecomments commentsaverage commentairesmoyens"
    " moyennecommentaires moyennedecommentaires comentariosmedios promediodecomentarios",
    "shares": "sharesavg avgshares averageshares sharesaverage partagesmoyens moyennepartages"
    " moyennedepartages compartidosmedios",
    "views": "viewsavg avgviews averageviews viewsaverage vuesmoyennes moyennevues moyennedevues"
    " vuesmoy vistasmedias promediodevistas",
    "engagement": "engagementaverage avgengagement averageengagement engagementavg"
    " engagementmoyen moyennedengagement engagementsmoyens",
    "country": "country pays pais paysderesidence countryname audiencecountry"
    " businesscountryregion homecountryregion addresscountry paysregionbureau paysregiondomicile",
    "city": "city ville ciudad town businesscity homecity addresscity villebureau villedomicile",
    "language": "language langue lang idioma languages langues idiomas",
    "further_languages": "furtherlanguages otherlanguages autreslangues otrosidiomas",
    "timezone": "timezone fuseauhoraire zonahoraria",
    "bio": "bio biography biographie description about apropos presentation biografia",
    "email": "email mail emailaddress adresseemail adressemail courriel adresseelectronique"
    " correo correoelectronico contactemail adressedemessagerie email1value emails",
    "phone": "phone telephone tel phonenumber mobile numerodetelephone telefono portable"
    " mobilephone businessphone homephone telephonebureau telephonedomicile telmobile"
    " telephonemobile primaryphone movil furtherphones phones",
    "website": "website websites siteweb sitesweb site webpage pageweb sitioweb paginaweb homepage"
    " siteinternet",
    "categories": "category categorie categories niche theme themes thematique thematiques"
    " categoria categorias topic topics sujet sujets",
    "archetype": "archetype profiltype arquetipo",
    "origin": "origin origine origen",
    "business_model": "businessmodel modeleeconomique modelodenegocio",
    "looks_for": "looksfor lookingfor whattheylookfor recherche cequilsrecherchent busca",
    "preferred_channel": "preferredchannel canalprefere contactprefere canalpreferido",
    "contact_ceiling": "contactceiling contactsamonthatmost contactsparmoismax plafonddecontacts",
    "may_be_paid": "maybepaid payable paid remunerable peutetreremunere puedecobrar",
    "may_be_paid_why": "maybepaidwhy pourquoiremunerable",
    "tags": "tags tag labels label etiquettes etiquette etiquetas groupmembership libelles",
    "owner": OWNERS,
    "own_id": "irmid influencerid numberinirm numerodansirm idirm",
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

#: Over the day of the figures in a row.
DAYS = frozenset(
    {"snapshotdate", "date", "day", "jour", "dia", "fecha", "releve", "datereleve", "asof"}
)

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
        ("posts", "platformpostid"),
        ("ties", "source target"),
        ("ties", "sourceaccount targetaccount"),
        ("ties", "follower followed"),
        ("ties", "node"),
        ("ties", "from to"),
    )
)
