"""How long people stay at a stage: those who left it within a period, and those who are there."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, cast, extract, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from irm.funnel.reading.effective import counts, void, voided
from irm.funnel.reading.period import Period
from irm.funnel.reading.whom import Whom
from irm.models import Influencer, Relationship, Stage, StageMove
from irm.models.base import Rows, UTCDateTime

#: Seconds of a day.
SECONDS = 86_400

_before = aliased(StageMove, name="before")


class Spread(NamedTuple):
    """How long some stays took, in whole days; nothing where there were none."""

    stays: int
    quarter: int | None = None
    median: int | None = None
    three_quarters: int | None = None
    ninetieth: int | None = None


class Stays(NamedTuple):
    """By stage: the stays that ended within the period, and those that go on."""

    over: dict[Stage, Spread]
    going_on: dict[Stage, Spread]


def read(session: Session, whom: Whom, period: Period, now: dt.datetime) -> Stays:
    """How long people stayed, and have been staying until now.

    A move that was taken back is as if it had not been: the stay before it goes on.
    """
    over: dict[Stage, Counter[int]] = {stage: Counter() for stage in Stage}
    for stage, days, stays in session.execute(_over(session, whom, period)):
        if days is not None:
            over[stage][max(0, int(days))] += stays
    _add_joined(session, whom, period, over)
    going_on: dict[Stage, Counter[int]] = {stage: Counter() for stage in Stage}
    for stage, days, stays in session.execute(_going_on(session, whom, now)):
        going_on[stage][max(0, int(days))] += stays
    return Stays(
        {stage: spread(days) for stage, days in over.items()},
        {stage: spread(days) for stage, days in going_on.items()},
    )


def _over(session: Session, whom: Whom, period: Period) -> Rows:
    """Count the moves of a period by the stage that was left and the days since it was come to."""
    key, before = tuple_(StageMove.at, StageMove.id), tuple_(_before.at, _before.id)
    came = (
        select(_before.at)
        .where(
            _before.relationship_id == StageMove.relationship_id,
            # Said twice: the first is what the index is entered by.
            _before.at <= StageMove.at,
            before < key,
            _before.id.not_in(void(whom.brand_id)),
        )
        .order_by(_before.at.desc(), _before.id.desc())
        .limit(1)
        .correlate(StageMove)
        .scalar_subquery()
    )
    left = (
        select(
            StageMove.from_stage.label("stage"),
            _days(session, came, StageMove.at.expression).label("days"),
        )
        .where(
            *whom.moves(),
            StageMove.at >= period.since,
            StageMove.at < period.until,
            StageMove.from_stage.is_not(None),
            counts(whom.brand_id),
        )
        .subquery("left")
    )
    return select(left.c.stage, left.c.days, func.count()).group_by(left.c.stage, left.c.days)


def _going_on(session: Session, whom: Whom, now: dt.datetime) -> Rows:
    """Count those who stand somewhere today by stage and the days since they came."""
    at = literal(now, UTCDateTime())
    standing = (
        select(
            Relationship.stage.label("stage"),
            _days(session, Relationship.stage_since.expression, at).label("days"),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*whom.relationships())
        .subquery("standing")
    )
    found = standing.c
    return select(found.stage, found.days, func.count()).group_by(found.stage, found.days)


def _days(
    session: Session, since: ColumnElement[Any], until: ColumnElement[Any]
) -> ColumnElement[int]:
    """Whole days between two moments, their fractions of seconds left out."""
    if session.get_bind().dialect.name == "sqlite":
        return (func.unixepoch(until, type_=Integer) - func.unixepoch(since)) // SECONDS
    seconds = func.floor(extract("epoch", until)) - func.floor(extract("epoch", since))
    return cast(func.floor(seconds / SECONDS), Integer)


def _add_joined(
    session: Session, whom: Whom, period: Period, over: Mapping[Stage, Counter[int]]
) -> None:
    joined = whom.joined(session)
    gone = voided(session, whom.brand_id) if joined else frozenset()
    for one in joined:
        stage, since = None, period.since
        for step in one.steps:
            if step.id in gone or step.to_stage is stage:
                continue
            if stage is not None and period.since <= step.at < period.until:
                over[stage][(int(step.at.timestamp()) - int(since.timestamp())) // SECONDS] += 1
            stage, since = step.to_stage, step.at


def spread(days: Mapping[int, int]) -> Spread:
    """Quartiles and the ninetieth percentile of so many stays of so many days."""
    stays = sum(days.values())
    if not stays:
        return Spread(0)
    ranks = [-(-stays * percent // 100) for percent in (25, 50, 75, 90)]
    found: list[int] = []
    passed = 0
    for length in sorted(days):
        passed += days[length]
        while len(found) < len(ranks) and passed >= ranks[len(found)]:
            found.append(length)
    return Spread(stays, *found)
