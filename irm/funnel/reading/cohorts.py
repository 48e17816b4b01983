"""How far those came who began in one month or quarter."""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from irm.funnel.reading import stream
from irm.funnel.reading.effective import voided
from irm.funnel.reading.period import EARLIEST, Period, end_of, months, spans
from irm.funnel.reading.stream import PLACES, STAGES
from irm.funnel.reading.whom import Whom
from irm.funnel.timing import DAY
from irm.models import Stage

#: Less than so many days after its last day, a cohort has not had its time.
YOUNG = 90

#: Cohorts go back so far, however short the period is.
YEAR = 365 * DAY

#: Periods of more days than these are read by quarters, and by years.
BY_MONTH, BY_QUARTER = 550, 3_660


class Cohort(NamedTuple):
    """Those who began between two days, and how many of them ever came to each stage.

    Whoever came to a stage has passed those below it.
    """

    first: dt.date
    last: dt.date
    people: int
    reached: dict[Stage, int]
    is_young: bool


def widened(period: Period) -> Period:
    """The period with a year before its end at least: of less, no cohort has had its time."""
    return replace(period, first=max(EARLIEST, min(period.first, period.last - YEAR)))


def read(session: Session, whom: Whom, period: Period, today: dt.date) -> list[Cohort]:
    """The cohorts of the months that a period touches, the oldest first, each whole.

    What came of them counts until today. A move that was taken back is as if it had not been.
    """
    days = spans(months(period.first + DAY, period.last, _step(period)))
    edges = [end_of(day - DAY, period.zone) for day, _last in days]
    edges.append(end_of(days[-1][1], period.zone))
    gone = voided(session, whom.brand_id)
    counts = _regular(session, whom, edges, gone)
    for one in whom.joined(session):
        if one.steps and edges[0] <= one.steps[0].at < edges[-1]:
            number = bisect_right(edges, one.steps[0].at)
            top = max(PLACES[step.to_stage] for step in one.steps if step.id not in gone)
            counts[number, top] += 1
    return [
        _cohort(first, last, [counts[number, top] for top in range(len(STAGES))], today)
        for number, (first, last) in enumerate(days, 1)
    ]


def _step(period: Period) -> int:
    if period.days <= BY_MONTH:
        return 1
    return 3 if period.days <= BY_QUARTER else 12


def _regular(
    session: Session, whom: Whom, edges: list[dt.datetime], gone: frozenset[int]
) -> Counter[tuple[int, int]]:
    """How many of each cohort, counted from 1, came how far."""
    cohort = stream.shelf(session)
    top = bytearray(len(cohort))
    for who, at in stream.births(session, whom, edges[0], edges[-1]):
        cohort[who] = cohort[who] or bisect_right(edges, at)
    for id, who, _came, went in stream.moves(session, whom, edges[0]):
        if cohort[who] and id not in gone:
            top[who] = max(top[who], PLACES[went])
    return Counter(zip(cohort, top, strict=True))


def _cohort(first: dt.date, last: dt.date, counts: list[int], today: dt.date) -> Cohort:
    reached = {stage: sum(counts[PLACES[stage] :]) for stage in Stage}
    return Cohort(first, last, sum(counts), reached, (today - last).days < YOUNG)
