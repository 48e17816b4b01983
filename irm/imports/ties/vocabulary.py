"""The words over columns of ties, folded and without blanks: English, French, Spanish."""

from irm.i18n import LazyText, _l
from irm.models import TieKind

#: Field → headings, the most exact first.
WORDS: dict[str, tuple[str, ...]] = {
    field: tuple(words.split())
    for field, words in {
        "from_id": "sourceplatformid sourceid fromid srcid fromnodeid sourcenodeid followerid"
        " sourceuserid fromuserid sourceaccountid fromaccountid senderid idsource iddesource"
        " iddepart",
        "to_id": "targetplatformid targetid toid dstid tonodeid targetnodeid followedid followeeid"
        " friendid targetuserid touserid targetaccountid toaccountid receiverid mentionedid idcible"
        " iddecible idarrivee",
        "from_name": "sourcename fromname followername sourcelabel nomsource nomdelasource",
        "to_name": "targetname toname followedname targetlabel nomcible nomdelacible",
        "from": "source src from sourceaccount sourcehandle sourceusername sourceuser"
        " sourcescreenname fromaccount fromhandle fromusername fromuser fromscreenname follower"
        " mentioner sender node1 nodea user1 usera account1 accounta handle1 handlea person1"
        " persona ego origin de depuis origine abonne seguidor desde origen",
        "to": "target dst to destination targetaccount targethandle targetusername targetuser"
        " targetscreenname toaccount tohandle tousername touser toscreenname followed followee"
        " following mentioned receiver friend node2 nodeb user2 userb account2 accountb handle2"
        " handleb person2 personb alter vers cible suivi abonnement seguido hacia destino",
        "weight": "weight poids strength force count n times occurrences frequency nb nombre"
        " value valeur mentions peso veces",
        "kind": "kind type relation relationship tie tietype edgetype typedelien lien tipo",
        "is_mutual": "ismutual mutual undirected reciproque mutuel",
        "first_seen": "firstseen firstseenon firston since first premier premierefois vupremier",
        "last_seen": "lastseen lastseenon laston last until dernier dernierefois vudernier",
        "day": "date day timestamp time createdat jour moment fecha dia",
        "platform": "platform plateforme network reseau plataforma red",
    }.items()
}

_PLAIN = """
    node user account handle username screenname name id person page influencer compte nom
    utilisateur personne influenceur cuenta usuario nombre persona a b u v x y i j
"""
#: Over a column of ends, without saying which end: a line of such words is one of headings.
PLAIN = frozenset(_PLAIN.split())

#: What a cell under the kind says, folded.
KINDS: dict[str, TieKind] = {
    word: kind
    for kind, words in {
        TieKind.FOLLOWS: "follows follow follower following followed suit abonne abonnement like"
        " likes subscribes sigue",
        TieKind.MENTIONS: "mentions mention mentioned cite citation mencion menciona",
        TieKind.REPLIES: "replies reply replied repond reponse responde retweets retweet rt"
        " comments comment",
        TieKind.TAGS: "tags tag tagged identifie etiqueta",
        TieKind.COLLABORATES: "collaborates collaboration collaborate collab coauthor"
        " collabore colabora",
        TieKind.REFERS: "refers referral refer referred parraine parrainage recommande refiere",
        TieKind.KNOWS: "knows know friend friends friendship connait ami amis amitie conoce amigo",
        TieKind.INTRODUCED: "introduced introducedby introduction presente presentation",
        TieKind.TOGETHER: "together samegroup group event list groupe evenement ensemble grupo",
    }.items()
    for word in words.split()
}

#: What says of a row, or of a whole list, that its ties hold both ways.
BOTH_WAYS = frozenset({"undirected", "mutual", "nondirige", "mutuel", "reciproque", "mutuo"})
ONE_WAY = frozenset({"directed", "dirige", "dirigido"})

#: What a column can be chosen for, in the order the page offers them.
LABELS: dict[str, LazyText] = {
    "from": _l("Who reaches: account or address"),
    "to": _l("Who is reached: account or address"),
    "from_id": _l("Who reaches: the platform’s id, or a number"),
    "to_id": _l("Who is reached: the platform’s id, or a number"),
    "from_name": _l("Who reaches: name"),
    "to_name": _l("Who is reached: name"),
    "weight": _l("Weight"),
    "kind": _l("Kind of tie"),
    "is_mutual": _l("Holds both ways"),
    "day": _l("Day of the tie"),
    "first_seen": _l("First seen"),
    "last_seen": _l("Last seen"),
    "platform": _l("Platform"),
}
