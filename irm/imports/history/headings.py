"""Which column of a history holds what: our own headings, and those of people's sheets.

Words are folded and without blanks, in English, French and Spanish.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from irm.imports.history.cells import compact

#: Who a row is about.
PERSON = {
    "influencer_id": "idinfluenceur influencerid",
    "account": "account compte cuenta handle username pseudo identifiant usuario",
    "platform": "platform plateforme network reseau reseausocial plataforma red redsocial",
    "platform_id": "idcompte accountid userid",
    "url": "url link lien profil profile perfil enlace",
    "email": "mail emailaddress adresseemail courriel correo correoelectronico",
    "name": "nom nombre fullname nomcomplet",
    # An account, an e-mail address or a name: whatever people write there.
    "contact": "contact contacto influencer influenceur influenceuse influenciador influencers"
    " person personne persona creator createur creatrice creador who qui quien avec with",
}

#: Lists of posts, people and figures have these; a history has none of them.
_ELSEWHERE = """
    followers subscribers abonnes seguidores likes jaime views vues comments commentaires shares
    partages caption permalink postid videoid platformpostid followerscount likesaverage accounts
"""
ELSEWHERE = frozenset(_ELSEWHERE.split())


def guess(
    headings: Sequence[str], fields: Sequence[str], words: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    """Return field → columns, those under our own heading first."""
    listed = {**PERSON, **words}
    known = {word: field for field in fields for word in listed.get(field, "").split()}
    own = {compact(field): field for field in fields}
    found: dict[str, list[int]] = defaultdict(list)
    for names in (own, known):
        for column, heading in enumerate(headings):
            field = names.get(compact(heading))
            if field is not None and column not in found[field]:
                found[field].append(column)
    return {field: tuple(columns) for field, columns in found.items() if columns}
