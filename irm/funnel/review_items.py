"""What a review looks at: who moved, whom the evidence wants elsewhere, who was left or asked.

What was decided rests until something new happens; what no review decided, because its kind was
left out, its card stayed open or was put off, is offered again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from irm.directory.people import is_listed
from irm.funnel import claims
from irm.i18n import _l
from irm.ledger import ageing
from irm.ledger.ageing import Ageing
from irm.models import (
    Ask,
    Brand,
    Decision,
    Direction,
    Influencer,
    Interaction,
    Kind,
    Relationship,
    ReviewItem,
    Stage,
    StageMove,
)
from irm.models.base import LabelledEnum, Rows

#: Cards of one review: more than that nobody goes through in one sitting.
MOST = 200

#: Of one kind, counted up to so many.
COUNTED = 2_000


#: Whoever is over a limit and was decided on rests so long: by then they are looked at anew.
RESTS = dt.timedelta(days=30)


class Cause(LabelledEnum):
    """Why somebody is looked at."""

    MOVED = "moved", _l("Moved, and no review decided on it yet")
    PROPOSED = "proposed", _l("The evidence says another stage")
    LATE = "late", _l("Over the limits of the brand")
    ASKED = "asked", _l("Asked although the gate was shut")


@dataclass(frozen=True, slots=True)
class Found:
    """What a review would look at: the first cards, and how many there are in all."""

    #: Relationships in their order, each with its causes.
    causes: dict[int, list[Cause]]
    total: int
    #: How many of each kind; whoever has two causes counts in both.
    of: dict[Cause, int]
    #: False where a count stopped at its limit.
    is_exact: bool


def find(
    session: Session,
    brand: Brand,
    since: dt.datetime,
    at: dt.datetime,
    kinds: Collection[Cause] = tuple(Cause),
) -> Found:
    """Whom a review of these kinds would look at, the best fit first.

    One statement a kind, and one for the proposals that rest.
    """
    causes: dict[tuple[float, int], list[Cause]] = defaultdict(list)
    counts: dict[Cause, int] = {}
    for cause in Cause:
        if cause not in kinds:
            continue
        wanted = _SELECTS[cause](brand, since, at).limit(COUNTED + 1)
        rows = session.execute(wanted).all()
        if cause is Cause.PROPOSED:
            resting = _resting(session, [row.id for row in rows])
            rows = [row for row in rows if row.id not in resting]
        counts[cause] = min(len(rows), COUNTED)
        for id, fit in rows:
            causes[fit, id].append(cause)
    first = sorted(causes)[:MOST]
    return Found(
        {id: causes[fit, id] for fit, id in first},
        len(causes),
        counts,
        all(count < COUNTED for count in counts.values()),
    )


def _people(brand: Brand) -> Rows:
    return (
        select(Relationship.id, Relationship.fit_order)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand.id, is_listed())
        .order_by(Relationship.fit_order, Relationship.id)
    )


def _moved(brand: Brand, since: dt.datetime, _at: dt.datetime) -> Rows:
    ids = select(StageMove.relationship_id).where(StageMove.brand_id == brand.id, *_news(since))
    return _people(brand).where(Relationship.id.in_(ids))


def _decided(relationship_id: Any, since: Any) -> ColumnElement[bool]:
    """Whether a review decided on somebody at a moment or after it, other than to put it off."""
    return (
        select(ReviewItem.id)
        .where(
            ReviewItem.relationship_id == relationship_id,
            ReviewItem.decision != Decision.LATER,
            ReviewItem.decided_at >= since,
        )
        .exists()
    )


def _news(since: dt.datetime) -> list[ColumnElement[bool]]:
    """Moves that no review decided on; one that was taken back is folded away with its undoing."""
    undoing, undone = aliased(StageMove), aliased(StageMove)
    was_told = or_(undone.at < since, _decided(undone.relationship_id, undone.at))
    return [
        StageMove.at >= since,
        # Whoever was only added has not moved.
        StageMove.from_stage.is_not(None),
        ~_decided(StageMove.relationship_id, StageMove.at),
        ~select(undoing.id).where(undoing.undoes_id == StageMove.id).exists(),
        or_(
            StageMove.undoes_id.is_(None),
            select(undone.id).where(and_(undone.id == StageMove.undoes_id, was_told)).exists(),
        ),
    ]


def _resting(session: Session, ids: list[int]) -> set[int]:
    """Whose proposal was decided on as it stands: neither the claim nor the evidence changed."""
    rows = session.execute(
        select(ReviewItem.relationship_id, ReviewItem.why, Relationship.earned_stage)
        .join(Relationship, Relationship.id == ReviewItem.relationship_id)
        .where(
            ReviewItem.relationship_id.in_(ids),
            ReviewItem.decision != Decision.LATER,
            ReviewItem.decided_at >= Relationship.stage_since,
        )
        .order_by(ReviewItem.decided_at, ReviewItem.id)
    )
    newest = {id: (why, earned or Stage.UNAWARE) for id, why, earned in rows}
    return {
        id
        for id, (why, earned) in newest.items()
        if any(one["code"] == Cause.PROPOSED and one["to"] == earned.value for one in why)
    }


def _proposed(brand: Brand, _since: dt.datetime, _at: dt.datetime) -> Rows:
    waiting = claims.waiting(brand.id)
    return waiting.with_only_columns(Relationship.id, Relationship.fit_order)


def _late(brand: Brand, _since: dt.datetime, at: dt.datetime) -> Rows:
    zone = ZoneInfo(brand.timezone)
    marks = (Ageing.LOST, Ageing.SLIPPING, Ageing.STUCK)
    day, limits = at.astimezone(zone).date(), ageing.limits(brand.limits)
    return _people(brand).where(
        ageing.any_of(marks, day, zone, limits), ~_decided(Relationship.id, at - RESTS)
    )


def _asked(brand: Brand, since: dt.datetime, _at: dt.datetime) -> Rows:
    logged = select(Interaction.relationship_id).where(
        Interaction.kind == Kind.ASK,
        Interaction.direction != Direction.IN,
        Interaction.is_breach,
        Interaction.happened_at >= since,
        ~_decided(Interaction.relationship_id, Interaction.created_at),
    )
    planned = select(Ask.relationship_id).where(
        Ask.override_reason.is_not(None),
        Ask.created_at >= since,
        ~_decided(Ask.relationship_id, Ask.created_at),
    )
    return _people(brand).where(Relationship.id.in_(logged.union_all(planned)))


_SELECTS = {
    Cause.MOVED: _moved,
    Cause.PROPOSED: _proposed,
    Cause.LATE: _late,
    Cause.ASKED: _asked,
}


def whys(
    session: Session, since: dt.datetime, causes: dict[int, list[Cause]]
) -> dict[int, list[dict[str, Any]]]:
    """Why each is looked at, as codes with their parameters, for the items of a review."""
    ways = _ways(session, since, [id for id, why in causes.items() if Cause.MOVED in why])
    stages = _stages(session, causes)
    found = {}
    for id, several in causes.items():
        claimed, earned = stages[id]
        given: dict[Cause, dict[str, Any]] = {
            Cause.MOVED: ways.get(id, {}),
            Cause.PROPOSED: {"from": claimed.value, "to": (earned or Stage.UNAWARE).value},
            Cause.LATE: {},
            Cause.ASKED: {},
        }
        found[id] = [{"code": one.value, **given[one]} for one in several]
    return found


def _stages(session: Session, ids: Iterable[int]) -> dict[int, tuple[Stage, Stage | None]]:
    rows = session.execute(
        select(Relationship.id, Relationship.stage, Relationship.earned_stage).where(
            Relationship.id.in_(list(ids))
        )
    )
    return {id: (claimed, earned) for id, claimed, earned in rows}


def _ways(session: Session, since: dt.datetime, ids: list[int]) -> dict[int, dict[str, Any]]:
    """From where to where each moved since, and by how many moves."""
    rows = session.execute(
        select(StageMove.relationship_id, StageMove.from_stage, StageMove.to_stage)
        .where(StageMove.relationship_id.in_(ids), *_news(since))
        .order_by(StageMove.at, StageMove.id)
    )
    found: dict[int, dict[str, Any]] = {}
    for id, came_from, went_to in rows:
        one = found.setdefault(id, {"from": came_from.value if came_from else "", "steps": 0})
        one["to"] = went_to.value
        one["steps"] += 1
    return found


def proposal(relationship: Relationship) -> Stage | None:
    """The stage that the evidence proposes now, if it is another and nobody said no to it."""
    to = claims.proposed(relationship)
    is_dismissed = relationship.dismissed_from is relationship.stage
    return to if to is not relationship.stage and not is_dismissed else None
