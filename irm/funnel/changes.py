"""What moved since somebody last looked: one seek in an index where nothing did."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Influencer, Relationship, StageMove, User

#: Moves may be written later than the moment they carry: of so long, each is remembered.
LOOKED_BACK = dt.timedelta(seconds=10)

#: Cards that are brought up to date on an open board; of more, it is loaded anew.
MOST = 30

#: Moves that are remembered by their ids; more at once are no longer looked at one by one.
REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Since:
    """What somebody has seen: all before a moment, and some moves from there on."""

    floor: dt.datetime
    seen: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return "~".join([self.floor.isoformat(), ".".join(map(str, sorted(self.seen)))])


@dataclass(frozen=True, slots=True)
class Changes:
    """What moved, the newest move of each card, oldest first; and what is seen with it."""

    moves: Sequence[Any]
    since: Since
    #: True where more moved than is told one by one.
    are_many: bool = False


def begin(at: dt.datetime) -> Since:
    """What somebody has seen who loads the board now."""
    return Since(at - LOOKED_BACK)


def read(token: str) -> Since:
    """Read what `str` of it wrote.

    Raises Refused where it was typed by hand.
    """
    try:
        moment, _sign, ids = token.partition("~")
        floor = dt.datetime.fromisoformat(moment)
        seen = frozenset(int(id) for id in ids.split(".")) if ids else frozenset[int]()
        if floor.tzinfo is None or len(seen) > REMEMBERED or any(id < 1 for id in seen):
            raise ValueError(token)
        return Since(floor.astimezone(dt.UTC), seen)
    except (ValueError, OverflowError):
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None


_NEWEST = (
    select(
        StageMove.id,
        StageMove.at,
        StageMove.relationship_id,
        StageMove.user_id,
    )
    .where(StageMove.brand_id == bindparam("brand"), StageMove.at >= bindparam("floor"))
    .order_by(StageMove.at.desc(), StageMove.id.desc())
    .limit(REMEMBERED + 1)
)


def since(session: Session, reader: Reader, before: Since) -> Changes:
    """What moved at a brand since of those the reader sees; no moves where nothing did."""
    asked = _NEWEST
    if reader.only_own:
        moved = Relationship.id == StageMove.relationship_id
        asked = asked.join(Relationship, moved).where(*reader.seen)
    rows = session.execute(asked, {"brand": reader.brand_id, "floor": before.floor}).all()
    new = [row for row in rows if row.id not in before.seen]
    if not new:
        return Changes((), before)
    if len(rows) > REMEMBERED:
        floor = rows[0].at + dt.timedelta(microseconds=1)
        return Changes((), Since(floor), are_many=True)
    floor = max(before.floor, rows[0].at - LOOKED_BACK)
    seen = Since(floor, frozenset(row.id for row in rows if row.at >= floor))
    newest = {row.relationship_id: row for row in reversed(new)}
    are_many = len(newest) > MOST
    return Changes(() if are_many else list(newest.values()), seen, are_many)


def matching(
    session: Session,
    brand_id: int,
    ids: Collection[int],
    archived: str,
    conditions: Sequence[ColumnElement[bool]],
) -> dict[int, Any]:
    """Name and stage of those of some relationships that a board with these conditions shows."""
    found = (
        select(Relationship.id, Relationship.stage, Influencer.name)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.id.in_(sorted(ids)),
            Relationship.brand_id == brand_id,
            is_listed(archived),
            *conditions,
        )
    )
    return {row.id: row for row in session.execute(found)}


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Who moved them."""
    found = session.execute(select(User.id, User.name).where(User.id.in_(sorted(ids))))
    return {row.id: row.name for row in found}
