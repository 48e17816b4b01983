"""The words over columns of posts, folded and without blanks: English, French, Spanish."""

from irm.i18n import LazyText, _l
from irm.models import Platform

#: Field → headings, the most exact first: of two columns the earlier word's is asked first.
WORDS: dict[str, tuple[str, ...]] = {
    field: tuple(words.split())
    for field, words in {
        "post_id": "postid platformpostid tweetid videoid mediaid statusid reelid contentid"
        " publicationid idpublication iddelapublication identifiantdelapublication idpost"
        " idduposte iddelavideo idvideo idtweet idpublicacion iddelapublicacion shortcode",
        "url": "permalink permalien lienpermanent postlink posturl tweetpermalink"
        " postpermalink videolink videourl tweeturl tweetlink liendelapublication liendupost"
        " liendelavideo lienvideo enlacepermanente enlacedelapublicacion url link lien enlace",
        "title": "title videotitle posttitle titre titredelavideo titulo titulodelvideo headline",
        "text": "caption posttext tweettext text posttexte postmessage legende textedutweet texte"
        " textedelapublication description descriptionvideo contenu content copy texto leyenda"
        " descripcion contenido body",
        "tags": "hashtags hashtag tags motsdiese etiquetas keywords motscles",
        "published_at": "publishtime publishedat videopublishtime publicationtime postedat posttime"
        " publishdate publisheddate publicationdate datepublished dateposted posteddate postdate"
        " postedon publishedon createdat createtime createdtime timestamp takenat published posted"
        " heuredepublication datedepublication heuredepublicationdelavideo"
        " datedepublicationdelavideo publiele datepublication dateheure horadepublicacion"
        " fechadepublicacion horadepublicaciondelvideo datetime time heure hora",
        "counts_on": "countson trendingdate snapshotdate countdate statsdate dayofcounts asof"
        " dateducompte datedureleve releve fetchedat scrapedat collectedat"
        " retrievedat day jour dia",
        "date": "date fecha",
        "likes": "likes totallikes likecount likescount likesnumber nblikes nombredelikes jaime"
        " mentionsjaime nombredejaime mentionsjaimejaimepas favorites favoris megusta reactions"
        " reacciones",
        "comments": "comments totalcomments commentcount commentscount commentsadded replies"
        " nombredecommentaires commentaires commentairesajoutes reponses comentarios"
        " comentariosanadidos respuestas",
        "shares": "retweets reposts shares totalshares sharecount sharescount partages"
        " nombredepartages repartages compartidos vecesquesecompartio",
        "views": "views totalviews viewcount viewscount videoviews plays playcount vues"
        " nombredevues vuesdelavideo visualizaciones reproducciones vistas impressions"
        " impresiones",
        "language": "language langue lang idioma",
        "handle": "accountusername handle username screenname channelhandle accounthandle"
        " userhandle nomdutilisateur nomdutilisateurducompte pseudo usuario authorusername"
        " nombredeusuario",
        "account": "channeltitle channelname channel chaine titredelachaine nomdelachaine canal"
        " accountname account pagename page compte nomducompte nomdelapage author auteur creator"
        " user username cuenta influencer influenceur",
        "platform_id": "accountid channelid userid pageid authorid ownerid iddelachaine idducompte"
        " iddelapage idcuenta platformid",
        "name": "name accountname displayname authorname fullname nom nomducompte pagename"
        " nomdelapage nomaffiche",
        "platform": "platform plateforme network reseau plataforma red",
        "history": "history",
    }.items()
}

_SURE = """
    postid platformpostid tweetid videoid mediaid permalink tweetpermalink postlink posturl caption
    publishtime videopublishtime videotitle posttext tweettext posttitle permalien legende
    heuredepublication heuredepublicationdelavideo titredelavideo iddelapublication
    liendelapublication lienpermanent trendingdate videolink
"""
#: Headings that no other kind of list has.
SURE = frozenset(_SURE.split())

#: What a platform's own export says without naming it.
_SIGNATURES = {
    Platform.X: "tweetid tweetpermalink tweettext retweets reposts",
    Platform.YOUTUBE: "channeltitle channelid videopublishtime heuredepublicationdelavideo"
    " commentsadded commentairesajoutes titredelachaine impressionsclickthroughrate",
    Platform.INSTAGRAM: "fromhashtags fromexplore igid",
}
SIGNATURES = {platform: frozenset(words.split()) for platform, words in _SIGNATURES.items()}

#: What stands in the first cell of a row that sums up the others.
SUMS = frozenset({"total", "totaux", "totales", "gesamt", "sum", "somme"})

#: What a column can be chosen for, in the order the page offers them.
LABELS: dict[str, LazyText] = {
    "post_id": _l("The platform’s id of the post"),
    "url": _l("Address of the post"),
    "title": _l("Title"),
    "text": _l("Text of the post"),
    "tags": _l("Hashtags"),
    "published_at": _l("Published"),
    "likes": _l("Likes"),
    "comments": _l("Comments"),
    "shares": _l("Shares"),
    "views": _l("Views"),
    "counts_on": _l("Day of the figures"),
    "language": _l("Language"),
    "handle": _l("Account name"),
    "platform_id": _l("The platform’s id"),
    "name": _l("Name"),
    "platform": _l("Platform"),
}
