"""What moved since a moment, person by person: from where to where, by how many steps, by whom.

Each person stands once, at their newest move. A move and its undo are folded away: whoever was only
moved and put back is not here. Whoever was moved back has come to where they were.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from irm.directory.people import is_listed
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Influencer, Relationship, Review, Stage, StageMove, User
from irm.models.base import LabelledEnum, Rows, UTCDateTime

#: People shown at once.
PAGE = 30

#: Counted exactly up to so many.
MOST = 10_000


_ORDER = tuple(Stage)


class Way(LabelledEnum):
    """Where somebody went in the end."""

    UP = "up", _l("Up")
    BACK = "back", _l("Back")
    NEW = "new", _l("New")
    ROUND = "round", _l("There and back")


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one person since."""

    relationship_id: int
    influencer_id: int
    name: str
    #: Where they stood then; None: they were not there yet.
    start: Stage | None
    end: Stage
    earned: Stage | None
    #: Moves that stand; those that were taken back, and their undoing, are left out.
    steps: int
    undone: int
    at: dt.datetime
    by: str | None
    reason: str | None
    #: Asks for the people behind this one.
    token: str

    @property
    def way(self) -> Way:
        """Where they went in the end."""
        if self.start is None:
            return Way.NEW
        difference = _ORDER.index(self.end) - _ORDER.index(self.start)
        return Way.UP if difference > 0 else Way.BACK if difference else Way.ROUND

    @property
    def is_birth(self) -> bool:
        """Whether they only came: nothing was claimed of them that evidence could cover."""
        return self.start is None and self.end is Stage.UNAWARE


def last_closed(session: Session, brand_id: int) -> Review | None:
    """The brand's newest closed review, if there is one."""
    return session.scalars(_LAST, {"brand_id": brand_id}).first()


_brand: BindParameter[int] = bindparam("brand_id")
_moment: BindParameter[dt.datetime] = bindparam("moment", type_=UTCDateTime())

_LAST = (
    select(Review)
    .where(Review.brand_id == _brand, Review.closed_at.is_not(None))
    .order_by(Review.closed_at.desc(), Review.id.desc())
    .limit(1)
)


def people(
    session: Session,
    brand_id: int,
    since: dt.datetime,
    way: Way | None = None,
    after: tuple[dt.datetime, int] | None = None,
    limit: int = PAGE + 1,
) -> list[Moved]:
    """Who moved since a moment, the newest first; of one way where one is named. Two statements."""
    given: dict[str, Any] = {"brand_id": brand_id, "moment": since, "rows": limit}
    if after is not None:
        given |= {"after_at": after[0], "after_id": after[1]}
    rows = session.execute(_newest(way, after is not None), given).all()
    steps: dict[int, list[Any]] = defaultdict(list)
    ids = [row.relationship_id for row in rows]
    for step in session.execute(_STEPS, {"moment": since, "ids": ids}) if ids else ():
        steps[step.relationship_id].append(step)
    return [_moved(row, steps[row.relationship_id]) for row in rows]


def _moved(row: Any, steps: Sequence[Any]) -> Moved:
    undone = {step.undoes_id for step in steps if step.undoes_id is not None}
    standing = [step for step in steps if step.id not in undone and step.undoes_id is None]
    # Who was put back to before that moment shows who did that.
    told = standing[-1] if standing else steps[-1]
    return Moved(
        relationship_id=row.relationship_id,
        influencer_id=row.influencer_id,
        name=row.name,
        start=row.start,
        end=row.stage,
        earned=row.earned_stage,
        steps=len(standing),
        undone=len(steps) - len(standing),
        at=told.at,
        by=told.user_name,
        reason=told.reason,
        token=f"{row.at.isoformat()}~{row.relationship_id}",
    )


def counts(session: Session, brand_id: int, since: dt.datetime) -> dict[Way, int]:
    """How many people went which way; together at most MOST + 1, of the newest moves."""
    some = _newest(None, False).with_only_columns(_way_of.label("way")).subquery()
    counted = select(some.c.way, func.count()).group_by(some.c.way)
    given = {"brand_id": brand_id, "moment": since, "rows": MOST + 1}
    found = {Way(word): number for word, number in session.execute(counted, given)}
    return {way: found.get(way, 0) for way in Way}


_later = aliased(StageMove, name="later")
_first = aliased(StageMove, name="first")

#: Where the first move since had led from: where they stood then.
_start = (
    select(_first.from_stage)
    .where(_first.relationship_id == StageMove.relationship_id, _first.at >= _moment)
    .order_by(_first.at, _first.id)
    .limit(1)
    .correlate(StageMove)
    .scalar_subquery()
)

_is_newest = ~(
    select(_later.id)
    .where(
        _later.relationship_id == StageMove.relationship_id,
        or_(
            _later.at > StageMove.at,
            and_(_later.at == StageMove.at, _later.id > StageMove.id),
        ),
    )
    .correlate(StageMove)
    .exists()
)


_step = aliased(StageMove, name="step")
_undoing = aliased(StageMove, name="undoing")

#: Whoever was only moved and put back did not move.
_stands = or_(
    StageMove.undoes_id.is_(None),
    _start.is_(None),
    _start != StageMove.to_stage,
    select(_step.id)
    .where(
        _step.relationship_id == StageMove.relationship_id,
        _step.at >= _moment,
        _step.undoes_id.is_(None),
        ~select(_undoing.id).where(_undoing.undoes_id == _step.id).correlate(_step).exists(),
    )
    .correlate(StageMove)
    .exists(),
)


def _place(stage: Any) -> ColumnElement[int]:
    return case(*((stage == one, literal(at)) for at, one in enumerate(Stage)), else_=literal(-1))


_way_of = case(
    (_start.is_(None), literal(Way.NEW.value)),
    (_place(_start) < _place(StageMove.to_stage), literal(Way.UP.value)),
    (_place(_start) > _place(StageMove.to_stage), literal(Way.BACK.value)),
    else_=literal(Way.ROUND.value),
)


@lru_cache(16)
def _newest(way: Way | None, has_after: bool) -> Rows:
    """Select the newest move of each person since a moment, the newest first."""
    asked = [
        StageMove.brand_id == _brand,
        StageMove.at >= _moment,
        _is_newest,
        _stands,
        is_listed(),
    ]
    if way is not None:
        asked.append(_way_of == way.value)
    if has_after:
        asked.append(
            tuple_(StageMove.at, StageMove.relationship_id)
            < tuple_(bindparam("after_at", type_=UTCDateTime()), bindparam("after_id"))
        )
    return (
        select(
            StageMove.relationship_id,
            StageMove.at,
            _start.label("start"),
            Relationship.influencer_id,
            Relationship.stage,
            Relationship.earned_stage,
            Influencer.name,
        )
        .join(Relationship, Relationship.id == StageMove.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*asked)
        .order_by(StageMove.at.desc(), StageMove.relationship_id.desc())
        .limit(bindparam("rows"))
    )


_STEPS = (
    select(
        StageMove.id,
        StageMove.relationship_id,
        StageMove.at,
        StageMove.reason,
        StageMove.undoes_id,
        User.name.label("user_name"),
    )
    .join(User, User.id == StageMove.user_id, isouter=True)
    .where(StageMove.relationship_id.in_(bindparam("ids", expanding=True)), StageMove.at >= _moment)
    .order_by(StageMove.at, StageMove.id)
)


def key_of(token: str) -> tuple[dt.datetime, int]:
    """The key that a token names.

    Raises Refused where the token was typed by hand.
    """
    at, _tilde, id = token.rpartition("~")
    try:
        moment = dt.datetime.fromisoformat(at)
        if not (id.isascii() and id.isdecimal()) or len(id) > 9 or moment.tzinfo is None:
            raise ValueError(token)
        return moment.astimezone(dt.UTC), int(id)
    except (ValueError, OverflowError):
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None
