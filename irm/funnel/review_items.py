"""What a review looks at: who moved, whom the evidence wants elsewhere, who was left or asked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.funnel import claims
from irm.i18n import _l
from irm.ledger import ageing
from irm.ledger.ageing import Ageing
from irm.models import (
    Ask,
    Brand,
    Direction,
    Influencer,
    Interaction,
    Kind,
    Relationship,
    Stage,
    StageMove,
)
from irm.models.base import LabelledEnum, Rows

#: Cards of one review: more than that nobody goes through in one sitting.
MOST = 200

#: Of one kind, counted up to so many.
COUNTED = 2_000


class Cause(LabelledEnum):
    """Why somebody is looked at."""

    MOVED = "moved", _l("Moved since the last review")
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
    """Whom a review of these kinds would look at, the best fit first. One statement a kind."""
    causes: dict[tuple[float, int], list[Cause]] = defaultdict(list)
    counts: dict[Cause, int] = {}
    for cause in Cause:
        if cause not in kinds:
            continue
        wanted = _SELECTS[cause](brand, since, at).limit(COUNTED + 1)
        rows = session.execute(wanted).all()
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
    # Whoever was only added has not moved.
    ids = select(StageMove.relationship_id).where(
        StageMove.brand_id == brand.id, StageMove.at >= since, StageMove.from_stage.is_not(None)
    )
    return _people(brand).where(Relationship.id.in_(ids))


def _proposed(brand: Brand, _since: dt.datetime, _at: dt.datetime) -> Rows:
    waiting = claims.waiting(brand.id)
    return waiting.with_only_columns(Relationship.id, Relationship.fit_order)


def _late(brand: Brand, _since: dt.datetime, at: dt.datetime) -> Rows:
    zone = ZoneInfo(brand.timezone)
    marks = (Ageing.LOST, Ageing.SLIPPING, Ageing.STUCK)
    day, limits = at.astimezone(zone).date(), ageing.limits(brand.limits)
    return _people(brand).where(ageing.any_of(marks, day, zone, limits))


def _asked(brand: Brand, since: dt.datetime, _at: dt.datetime) -> Rows:
    logged = select(Interaction.relationship_id).where(
        Interaction.kind == Kind.ASK,
        Interaction.direction != Direction.IN,
        Interaction.is_breach,
        Interaction.happened_at >= since,
    )
    planned = select(Ask.relationship_id).where(
        Ask.override_reason.is_not(None), Ask.created_at >= since
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
        .where(StageMove.relationship_id.in_(ids), StageMove.at >= since)
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
