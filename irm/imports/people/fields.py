"""What a column of a list of people can hold, and what happens to a field that is filled."""

from collections.abc import Mapping

from irm.i18n import LazyText, _l
from irm.imports.kinds import IF_EMPTY, NEVER, OVERWRITE
from irm.models import Platform

#: Of a person, in the order the page offers them.
PERSON: dict[str, LazyText] = {
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "website": _l("Website"),
    "country": _l("Country"),
    "city": _l("City"),
    "language": _l("Language"),
    "further_languages": _l("Further languages"),
    "timezone": _l("Time zone"),
    "bio": _l("Bio"),
    "categories": _l("Categories"),
    "archetype": _l("Archetype"),
    "origin": _l("Origin"),
    "business_model": _l("Business model"),
    "looks_for": _l("What they look for"),
    "preferred_channel": _l("Preferred channel"),
    "contact_ceiling": _l("Contacts a month at most"),
    "may_be_paid": _l("May be paid"),
    "may_be_paid_why": _l("Why they may be paid or not"),
    "tags": _l("Tags"),
    "owner": _l("Owner"),
    "own_id": _l("Number in irm"),
}

#: Of an account: who it is, then its figures.
IDENTITY: dict[str, LazyText] = {
    "handle": _l("Account name"),
    "url": _l("Account address"),
    "platform": _l("Platform"),
    "platform_id": _l("The platform’s id"),
}
FIGURES: dict[str, LazyText] = {
    "followers": _l("Followers"),
    "likes": _l("Likes per post"),
    "comments": _l("Comments per post"),
    "shares": _l("Shares per post"),
    "views": _l("Views per post"),
    "engagement": _l("Reactions per post"),
}
ACCOUNT = {**IDENTITY, **FIGURES}

#: What a figure is called where it is stored.
STORED = {
    "followers": "followers",
    "likes": "likes_average",
    "comments": "comments_average",
    "shares": "shares_average",
    "views": "views_average",
    "engagement": "engagement_average",
}

DAY = "day"

#: What stands only in our own export; read as it was written, never guessed at.
OWN = (
    "accounts",
    "contacts",
    "tier",
    "tier_set_by",
    "tier_reason",
    "tier_set_at",
    "do_not_contact",
    "source",
    "lawful_basis",
    "known",
    "archived_at",
    "created_at",
)

#: Field → what happens to one that is filled already, unless the user says otherwise. Colleagues
#: may have put right what lists know no better; bios people change themselves, and there a newer
#: list is believed. A name that is only the handle counts as empty.
_OF_PERSON: dict[str, str] = {
    "name": IF_EMPTY,
    "country": IF_EMPTY,
    "city": IF_EMPTY,
    "language": IF_EMPTY,
    "further_languages": IF_EMPTY,
    "timezone": IF_EMPTY,
    "bio": OVERWRITE,
    "categories": OVERWRITE,
    "archetype": IF_EMPTY,
    "origin": IF_EMPTY,
    "business_model": IF_EMPTY,
    "looks_for": IF_EMPTY,
    "preferred_channel": IF_EMPTY,
    "contact_ceiling": IF_EMPTY,
    "may_be_paid": IF_EMPTY,
    "may_be_paid_why": IF_EMPTY,
}

#: The columns of a person that a list can say something about.
COLUMNS = tuple(_OF_PERSON)

#: And what it can say of the brand's relationship with them.
RULED = {**_OF_PERSON, "owner": IF_EMPTY}

RULES = (OVERWRITE, IF_EMPTY, NEVER)


def of_group(group: str, field: str) -> str:
    """Name the field of one of several accounts in a row: `tiktok.followers`, `2.handle`."""
    return f"{group}.{field}" if group else field


def parted(field: str) -> tuple[str, str]:
    """Part a field into its group of columns and the field itself; most have no group."""
    group, _, name = field.rpartition(".")
    return group, name


def offered(*, day: bool = False) -> tuple[str, ...]:
    """All fields that a column can be chosen for, in their order."""
    several = (of_group(platform, field) for platform in Platform for field in ACCOUNT)
    own = (field for field in several if not field.endswith(".platform"))
    return (*((DAY,) if day else ()), *PERSON, *ACCOUNT, *own)


def label(field: str) -> LazyText:
    """Say in the reader's language what a field is."""
    group, name = parted(field)
    if name == DAY:
        return _l("Day")
    words = ACCOUNT.get(name) or PERSON.get(name)
    if words is None:
        return _l("From our own export")
    if not group:
        return words
    if group in tuple(Platform):
        return _l("%(platform)s: %(field)s", platform=Platform(group).label, field=words)
    return _l("Account %(number)s: %(field)s", number=group, field=words)


def rule(chosen: Mapping[str, str], column: str) -> str:
    """What happens to a column that is filled already."""
    return chosen.get(column, RULED[column])
