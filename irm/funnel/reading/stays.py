"""How long people stay at a stage: those who left it within a period, and those who are there."""

import datetime as dt
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from irm.funnel.reading import stream
from irm.funnel.reading.effective import counts, voided
from irm.funnel.reading.period import Period
from irm.funnel.reading.whom import Whom
from irm.models import Influencer, Relationship, Stage, StageMove
from irm.models.base import Rows, UTCDateTime

#: Seconds of a day.
SECONDS = 86_400

#: By stage, how many stays took how many days.
Over = Mapping[Stage, Counter[int]]

#: So many relationships are asked at once when they came to where they stood.
ASKED = 1_000


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


def days(came: dt.datetime, until: dt.datetime) -> int:
    """For how many whole days a stay has gone on."""
    return max(0, (int(until.timestamp()) - int(came.timestamp())) // SECONDS)


def read(session: Session, whom: Whom, period: Period, now: dt.datetime) -> Stays:
    """How long people stayed, and have been staying until now.

    A move that was taken back is as if it had not been: the stay before it goes on.
    """
    over: dict[Stage, Counter[int]] = {stage: Counter() for stage in Stage}
    _add_regular(session, whom, period, over)
    _add_joined(session, whom, period, over)
    going_on: dict[Stage, Counter[int]] = {stage: Counter() for stage in Stage}
    for stage, lasted, stays in session.execute(_going_on(session, whom, now)):
        going_on[stage][max(0, int(lasted))] += stays
    return Stays(
        {stage: spread(each) for stage, each in over.items()},
        {stage: spread(each) for stage, each in going_on.items()},
    )


def _add_regular(session: Session, whom: Whom, period: Period, over: Over) -> None:
    gone = voided(session, whom.brand_id)
    came = array("q", bytes(8 * len(stream.shelf(session))))
    first: list[tuple[int, str, int]] = []
    for id, who, left, _to, at in stream.timed(session, whom, period.since, period.until):
        if id in gone:
            continue
        if left is not None and came[who]:
            over[Stage(left)][(at - came[who]) // SECONDS] += 1
        elif left is not None:
            first.append((who, left, at))
        came[who] = at
        if len(first) == ASKED:
            _add_first(session, whom, period, first, over)
            first.clear()
    _add_first(session, whom, period, first, over)


def _add_first(
    session: Session,
    whom: Whom,
    period: Period,
    first: Sequence[tuple[int, str, int]],
    over: Over,
) -> None:
    """Add stays that began before the period: when is looked up."""
    if not first:
        return
    asked = {"ids": [who for who, _left, _at in first], "since": period.since}
    found = session.connection().execute(_came(session, whom.brand_id), asked)
    came: dict[int, int | None] = {row[0]: row[1] for row in found}
    for who, left, at in first:
        since = came[who]
        if since is not None:
            over[Stage(left)][(at - since) // SECONDS] += 1


def _came(session: Session, brand_id: int) -> Rows:
    """Select when some relationships came to where they stood before a moment."""
    before = (
        select(stream.second(session, StageMove.at))
        .where(
            StageMove.relationship_id == Relationship.id,
            StageMove.at < bindparam("since", type_=UTCDateTime()),
            counts(brand_id),
        )
        .order_by(StageMove.at.desc(), StageMove.id.desc())
        .limit(1)
        .correlate(Relationship)
        .scalar_subquery()
    )
    return select(Relationship.id, before).where(
        Relationship.id.in_(bindparam("ids", expanding=True))
    )


def _going_on(session: Session, whom: Whom, now: dt.datetime) -> Rows:
    """Count those who stand somewhere today by stage and the days since they came."""
    at, came = int(now.timestamp()), stream.second(session, Relationship.stage_since)
    standing = (
        select(
            Relationship.stage.label("stage"),
            ((at - came) // SECONDS).label("days"),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*whom.relationships())
        .subquery("standing")
    )
    found = standing.c
    return select(found.stage, found.days, func.count()).group_by(found.stage, found.days)


def _add_joined(session: Session, whom: Whom, period: Period, over: Over) -> None:
    joined = whom.joined(session)
    gone = voided(session, whom.brand_id) if joined else frozenset()
    for one in joined:
        stage, since = None, period.since
        for step in one.steps:
            if step.id in gone or step.to_stage is stage:
                continue
            if stage is not None and period.since <= step.at < period.until:
                over[stage][days(since, step.at)] += 1
            stage, since = step.to_stage, step.at


def spread(lasted: Mapping[int, int]) -> Spread:
    """Quartiles and the ninetieth percentile of so many stays of so many days."""
    stays = sum(lasted.values())
    if not stays:
        return Spread(0)
    ranks = [-(-stays * percent // 100) for percent in (25, 50, 75, 90)]
    found: list[int] = []
    passed = 0
    for length in sorted(lasted):
        passed += lasted[length]
        while len(found) < len(ranks) and passed >= ranks[len(found)]:
            found.append(length)
    return Spread(stays, *found)
