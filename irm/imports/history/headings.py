"""Which column of a history holds what: our own headings, and those of people's sheets.

Words are folded and without blanks, in English, French and Spanish.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from irm.imports import figures, platforms
from irm.imports.history.cells import FLAGS, compact
from irm.imports.kinds import Headed
from irm.imports.people import fields as people
from irm.imports.people.headings import Heading, taken_apart
from irm.imports.people.vocabulary import FIELDS
from irm.models import Platform

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

#: Accounts under the name of their platform, as in lists of people: `Instagram`, `TikTok link`.
ACCOUNTS = {people.of_group(platform, "handle"): platform for platform in Platform}

#: What may follow the name of the platform in such a heading.
_ACCOUNT = ("handle", "url")

#: What says who a row is about.
WHO = frozenset({*PERSON, *ACCOUNTS})

#: Lists of posts, people and figures have these; a history has none of them.
_ELSEWHERE = """
    followers subscribers abonnes seguidores likes jaime views vues comments commentaires shares
    partages caption permalink postid videoid platformpostid followerscount likesaverage accounts
"""
ELSEWHERE = frozenset(_ELSEWHERE.split())


def guess(
    sheet: Headed, fields: Sequence[str], words: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    """Return field → columns, those under our own heading first."""
    headings = sheet.headings
    listed = {**PERSON, **words}
    known = {word: field for field in fields for word in listed.get(field, "").split()}
    own = {compact(field): field for field in fields}
    found: dict[str, list[int]] = defaultdict(list)
    for names in (own, known):
        for column, heading in enumerate(headings):
            field = names.get(compact(heading))
            if field is not None and column not in found[field]:
                found[field].append(column)
    taken = {column for columns in found.values() for column in columns}
    for one in taken_apart(headings):
        if one.platform and one.column not in taken and _names_account(one, sheet):
            found[people.of_group(one.platform, "handle")].append(one.column)
    return {field: tuple(columns) for field, columns in found.items() if columns}


def _names_account(heading: Heading, sheet: Headed) -> bool:
    """Say whether a column under the name of a platform tells accounts there, not followers."""
    if heading.rest and not heading.is_person and FIELDS.get(heading.rest) not in _ACCOUNT:
        return False
    cells = [row[heading.column] for row in sheet.sample if heading.column < len(row)]
    cells = [cell for cell in cells if not figures.is_missing(cell)]
    # Under `Newsletter` a title may be anything, but a channel is known by its own.
    is_titled = heading.platform is Platform.YOUTUBE
    fitting = [cell for cell in cells if is_titled or platforms.looks_like_handle(cell)]
    return 2 * sum(not _is_figure(cell) for cell in fitting) >= len(cells)


def _is_figure(cell: str) -> bool:
    """Say whether a cell counts followers, or only says that there is an account."""
    try:
        return compact(cell) in FLAGS or figures.count(cell) is not None
    except ValueError:
        return False
