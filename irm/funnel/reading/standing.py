"""How many people stood at each stage at a moment: today's counters, less the moves since.

What it costs goes with the moves since, never with all that ever was.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from irm.funnel.reading.whom import Whom, added, zero
from irm.ledger.counters import NOBODY
from irm.models import Stage, StageCounter, StageMove
from irm.models.base import Rows


def standing(session: Session, whom: Whom, at: dt.datetime) -> dict[Stage, int]:
    """How many of those whom the board lists today stood where just before a moment.

    Three statements. A day's board is that of the moment at which the next day begins.
    """
    [found] = standings(session, whom, [at])
    return found


def standings(
    session: Session, whom: Whom, moments: Sequence[dt.datetime]
) -> list[dict[Stage, int]]:
    """The same for several moments, given in their order, by the same three statements."""
    if not moments:
        return []
    joined = whom.joined(session)
    stood = _counted(session, whom)
    for one in joined:
        stood[one.stage] -= 1
    found = []
    for net in reversed(_nets(session, whom, moments)):
        stood = {stage: stood[stage] - net[stage] for stage in Stage}
        found.append(stood)
    found.reverse()
    return [
        added([one, _of_joined(joined, moment)]) for one, moment in zip(found, moments, strict=True)
    ]


def _of_joined(joined: Sequence[Any], moment: dt.datetime) -> dict[Stage, int]:
    counts = zero()
    for one in joined:
        stage = one.stood(moment)
        if stage is not None:
            counts[stage] += 1
    return counts


def _counted(session: Session, whom: Whom) -> dict[Stage, int]:
    """How many stand where today, by the kept counters."""
    counted = (
        select(StageCounter.stage, func.sum(StageCounter.people))
        .where(StageCounter.brand_id == whom.brand_id)
        .group_by(StageCounter.stage)
    )
    if whom.owner_id is not None:
        counted = counted.where(StageCounter.owner_id == (whom.owner_id or NOBODY))
    if whom.teams is not None:
        counted = counted.where(whom.teams.hold(StageCounter.owner_id))
    return zero() | {stage: int(people) for stage, people in session.execute(counted)}


def _nets(session: Session, whom: Whom, moments: Sequence[dt.datetime]) -> list[dict[Stage, int]]:
    """By how many each stage grew from each moment to the next, and since the last."""
    ends = [*moments[1:], None]
    arms = [
        _net(whom, place, start, end)
        for place, (start, end) in enumerate(zip(moments, ends, strict=True))
    ]
    nets = [zero() for _moment in moments]
    for place, *counts in session.execute(union_all(*arms) if len(arms) > 1 else arms[0]):
        for stage, came, left in zip(Stage, counts[::2], counts[1::2], strict=True):
            nets[place][stage] += came - left
    return nets


def _net(whom: Whom, place: int, start: dt.datetime, end: dt.datetime | None) -> Rows:
    counts = [
        func.count().filter(column == stage)
        for stage in Stage
        for column in (StageMove.to_stage, StageMove.from_stage)
    ]
    net = select(literal(place), *counts).where(*whom.moves(), StageMove.at >= start)
    return net if end is None else net.where(StageMove.at < end)
