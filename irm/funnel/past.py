"""The board as it stood at the end of a past day, read from the moves.

Whoever had begun by then stands where the last move before that moment put them. Who is archived,
merged or erased today is not shown; tier, owner and scores are today's, as no past ones are kept.

The best of a stage are found by walking along the fit and looking up where each stood, which is
short where the stage held many. What a walk does not find is gathered: whoever held a stage then
either came to it by a move before, or holds it today or left it by a move since, and the index of
the brand's moves names them all.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import Session, aliased

from irm.directory.columns import owner
from irm.directory.people import is_listed
from irm.directory.teams import Teams
from irm.errors import Refused
from irm.funnel.board import COLUMN
from irm.funnel.stages import STAGES
from irm.funnel.timing import DAY, utc_of
from irm.i18n import _l
from irm.models import Brand, Influencer, Relationship, Stage, StageMove, Tier, User
from irm.models.aside import aside
from irm.models.base import Rows, UTCDateTime

#: So many people are looked at along the fit, then at most so many more; the rest is gathered.
FIRST, MORE = 400, 6_000

#: Nobody kept relationships in irm before this day.
EARLIEST = dt.date(1970, 1, 1)

_mover = aliased(User, name="mover")
_moment: BindParameter[dt.datetime] = bindparam("moment", type_=UTCDateTime())
_brand: BindParameter[int] = bindparam("brand_id")


@dataclass(frozen=True, slots=True)
class Past:
    """A brand's moves in time: where its days end, and when the first one was made."""

    zone: ZoneInfo
    first: dt.datetime | None
    last: dt.datetime | None

    def end_of(self, day: dt.date) -> dt.datetime:
        """The moment at which a day is over in the brand's zone.

        Raises Refused where nobody can mean the day.
        """
        if day < EARLIEST:
            raise Refused(_l("Choose a day after %(year)s.", year=EARLIEST.year - 1))
        return utc_of(dt.datetime.combine(day + DAY, dt.time()), self.zone)

    def is_late(self, moment: dt.datetime) -> bool:
        """Whether more time lies before a moment than behind it, of all that has moves."""
        if self.first is None or self.last is None:
            return False
        return moment - self.first > self.last - moment


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of the board is shown: by what people have today. An owner of 0 is nobody."""

    tier: Tier | None = None
    owner_id: int | None = None
    teams: Teams | None = None


#: The whole board.
EVERYBODY = Narrowed()


def of(session: Session, brand_id: int) -> Past:
    """What is known of a brand's past before a day is looked at."""
    zone, first, last = session.execute(_PAST, {"brand_id": brand_id}).one()
    return Past(ZoneInfo(zone), first, last)


_PAST = select(
    Brand.timezone,
    select(func.min(StageMove.at)).where(StageMove.brand_id == _brand).scalar_subquery(),
    select(func.max(StageMove.at)).where(StageMove.brand_id == _brand).scalar_subquery(),
).where(Brand.id == _brand)


def cards(
    session: Session,
    brand_id: int,
    moment: dt.datetime,
    past: Past,
    narrowed: Narrowed = EVERYBODY,
    stages: Collection[Stage] = STAGES,
    after: tuple[float, int] | None = None,
) -> dict[Stage, list[Any]]:
    """The best cards of some columns at a moment, best fit first; one more each than is shown.

    `after` is the key of the card they come behind. At most three statements.
    """
    found: dict[Stage, list[Any]] = {stage: [] for stage in stages}
    if past.first is None or past.first >= moment:
        return found
    given: dict[str, Any] = {"brand_id": brand_id, "moment": moment}
    if after is not None:
        given |= {"after_fit": after[0], "after_id": after[1]}
    walk, offset, limit = _walked(narrowed, after is not None), 0, FIRST
    for _time in range(2):
        rows = session.execute(walk, {**given, "from_row": offset, "rows": limit}).all()
        for row in rows:
            if row.stage in found and len(found[row.stage]) <= COLUMN:
                found[row.stage].append(row)
        if not rows or rows[0].looked_at < limit or not _short(found):
            return found
        # Half as far again as the rarest stage will take, by what the first look found of it.
        fewest = min(len(rows) for rows in found.values())
        offset, limit = limit, min(MORE, 3 * FIRST * (COLUMN + 1) // (2 * max(1, fewest)))
    missing = _short(found)
    gathered = _gathered(narrowed, after is not None, tuple(missing), past.is_late(moment))
    for stage in missing:
        found[stage] = []
    for row in session.execute(gathered, given):
        if row.stage in missing:
            found[row.stage].append(row)
    return found


def _short(found: dict[Stage, list[Any]]) -> list[Stage]:
    return [stage for stage in STAGES if stage in found and len(found[stage]) <= COLUMN]


#: The move that had put a relationship where it stood.
_last_move = (
    select(StageMove.id)
    .where(StageMove.relationship_id == Relationship.id, StageMove.at < _moment)
    .order_by(StageMove.at.desc(), StageMove.id.desc())
    .limit(1)
    .correlate(Relationship)
    .scalar_subquery()
)

_LOOKED_AT = (
    Relationship.id,
    Relationship.influencer_id,
    Relationship.owner_id,
    Relationship.stage.label("stage_now"),
    Relationship.fit,
    Relationship.fit_order,
    _last_move.label("move_id"),
)


def _behind(has_after: bool) -> list[ColumnElement[bool]]:
    if not has_after:
        return []
    key = tuple_(Relationship.fit_order, Relationship.id)
    return [key > tuple_(bindparam("after_fit"), bindparam("after_id"))]


@lru_cache(64)
def _walked(narrowed: Narrowed, has_after: bool) -> Rows:
    """Select the best of each stage among some people along the fit, and how many those are."""
    walked = (
        select(*_LOOKED_AT)
        .where(Relationship.brand_id == _brand, *_behind(has_after))
        .order_by(Relationship.fit_order, Relationship.id)
        .limit(bindparam("rows"))
        .offset(bindparam("from_row"))
        .subquery("walked")
    )
    return _best(walked, narrowed)


@lru_cache(64)
def _gathered(
    narrowed: Narrowed, has_after: bool, stages: tuple[Stage, ...], is_late: bool
) -> Rows:
    """Select the best of some stages among all who may have held them."""
    moved = select(StageMove.relationship_id.label("id")).where(StageMove.brand_id == _brand)
    if is_late:
        left = moved.where(StageMove.at >= _moment, StageMove.from_stage.in_(stages))
        here = select(Relationship.id).where(
            Relationship.brand_id == _brand, Relationship.stage.in_(stages)
        )
        those: Subquery = union(here, left).subquery("those")
    else:
        came = moved.where(StageMove.at < _moment, StageMove.to_stage.in_(stages))
        those = came.distinct().subquery("those")
    gathered = (
        select(*_LOOKED_AT)
        .join_from(those, Relationship, Relationship.id == those.c.id)
        .where(Relationship.brand_id == _brand, *_behind(has_after))
        .subquery("gathered")
    )
    return _best(gathered, narrowed, stages)


def _best(looked_at: Subquery, narrowed: Narrowed, stages: tuple[Stage, ...] = STAGES) -> Rows:
    """Select the first cards of each stage among those that were looked at."""
    seen = looked_at.c
    shown = [is_listed(), StageMove.to_stage.in_(stages)]
    if narrowed.tier is not None:
        shown.append(aside(Influencer.tier.expression) == narrowed.tier)
    if narrowed.owner_id is not None:
        whose = seen.owner_id
        shown.append(whose == narrowed.owner_id if narrowed.owner_id else whose.is_(None))
    if narrowed.teams is not None:
        shown.append(narrowed.teams.hold(seen.owner_id))
    stage = case((and_(*shown), StageMove.to_stage))
    place = func.row_number().over(partition_by=stage, order_by=(seen.fit_order, seen.id))
    placed = (
        select(
            *seen,
            stage.label("stage"),
            StageMove.at.label("since"),
            StageMove.user_id,
            StageMove.reason,
            StageMove.from_stage,
            Influencer.name,
            Influencer.tier,
            place.label("place"),
            func.count().over().label("looked_at"),
        )
        .join_from(looked_at, Influencer, Influencer.id == seen.influencer_id)
        .join(StageMove, StageMove.id == seen.move_id, isouter=True)
        .subquery("placed")
    )
    at = placed.c
    return (
        select(*at, owner.name.label("owner_name"), _mover.name.label("mover_name"))
        .join_from(placed, owner, owner.id == at.owner_id, isouter=True)
        .join(_mover, _mover.id == at.user_id, isouter=True)
        # Of those who are not shown one is kept: it says how many were looked at.
        .where(at.place <= case((at.stage.is_(None), 1), else_=COLUMN + 1))
        .order_by(at.fit_order, at.id)
    )


def key_of(token: str) -> tuple[float, int]:
    """The key that a token names.

    Raises Refused where the token was typed by hand.
    """
    fit, _tilde, id = token.rpartition("~")
    try:
        if not (id.isascii() and id.isdecimal()) or len(id) > 9:
            raise ValueError(id)
        return float(fit), int(id)
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None


def token_of(card: Any) -> str:
    """What asks for the cards below this one: its sort key."""
    return f"{card.fit_order}~{card.id}"
