"""What the columns of the board are: the stages, or what else people differ in."""

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from irm.directory.search import Reader
from irm.errors import Refused
from irm.i18n import _, _l
from irm.models import (
    Archetype,
    BrandMember,
    Influencer,
    Relationship,
    Stage,
    StageCounter,
    Tier,
    User,
)
from irm.models.aside import aside
from irm.models.base import LabelledEnum

#: More columns than these nobody scrolls through.
MOST_COLUMNS = 80

#: The keys of the columns of those without an owner, and of those whose archetype is not known.
NOBODY, UNKNOWN = "0", "none"


class Grouping(LabelledEnum):
    """What the columns of the board are."""

    STAGE = "stage", _l("Stage")
    TIER = "tier", _l("Tier")
    OWNER = "owner", _l("Owner")
    ARCHETYPE = "archetype", _l("Archetype")


_WORDS: dict[Grouping, type[LabelledEnum]] = {
    Grouping.STAGE: Stage,
    Grouping.TIER: Tier,
    Grouping.ARCHETYPE: Archetype,
}


def columns(session: Session, reader: Reader, by: Grouping) -> dict[str, str]:
    """The columns in their order: key and name. Of owners, all members and whoever has people.

    Whoever sees her own people alone has one column of her own.
    """
    if by is not Grouping.OWNER:
        found = {word.value: str(word.label) for word in _WORDS[by]}
        return found if by is not Grouping.ARCHETYPE else found | {UNKNOWN: _("Not known")}
    owners = {str(id): name for id, name in session.execute(_owners(reader.brand_id))}
    if reader.only_own:
        return {id: name for id, name in owners.items() if id == str(reader.user_id)}
    return owners | {NOBODY: _("No owner")}


def _owners(brand_id: int) -> Select[int, str]:
    members = select(BrandMember.user_id).where(BrandMember.brand_id == brand_id)
    owning = select(StageCounter.owner_id).where(
        StageCounter.brand_id == brand_id, StageCounter.people > 0
    )
    return (
        select(User.id, User.name)
        .where(or_(User.id.in_(members) & User.is_active, User.id.in_(owning)))
        .order_by(User.name, User.id)
        .limit(MOST_COLUMNS)
    )


def known(by: Grouping, key: str) -> str:
    """The key of a column as it was named in an address. Raises Refused where there is none."""
    if by is Grouping.OWNER:
        is_key = key.isascii() and key.isdecimal() and len(key) <= 9
    else:
        is_key = key in {word.value for word in _WORDS[by]} or (
            by is Grouping.ARCHETYPE and key == UNKNOWN
        )
    if not is_key:
        raise Refused(_l("This page address is not valid; begin at the first page."))
    return key


def stands_in(by: Grouping, key: str, *, unindexed: bool = False) -> ColumnElement[bool]:
    """The condition on Relationship and Influencer that somebody stands in a column.

    `unindexed`: through none of the indexes of what the columns are.
    """
    column, value = _FIELDS[by], _value(by, key)
    if unindexed:
        column = aside(column)
    return column.is_(None) if value is None else column == value


_FIELDS: dict[Grouping, ColumnElement[Any]] = {
    Grouping.STAGE: Relationship.stage.expression,
    Grouping.TIER: Influencer.tier.expression,
    Grouping.OWNER: Relationship.owner_id.expression,
    Grouping.ARCHETYPE: Influencer.archetype.expression,
}


def _value(by: Grouping, key: str) -> object:
    if by is Grouping.OWNER:
        return int(key) if key != NOBODY else None
    return _WORDS[by](key) if key != UNKNOWN else None
