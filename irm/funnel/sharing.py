"""Sharing people out among colleagues, and finding days for introductions: plain arithmetic.

Nothing here knows a database or a clock, so that the same people are shared out in the same way.
"""

import datetime as dt
import heapq
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from irm.funnel.planner.terms import STAGE_WEIGHTS
from irm.models import Stage

T = TypeVar("T")

#: So many colleagues are listed at most.
SHOWN = 100

#: Introductions are planned at most so many days ahead: later they introduce nobody.
AHEAD_DAYS = 182


def weight(stage: Stage) -> float:
    """What a person at a stage counts when people are shared out."""
    return STAGE_WEIGHTS[stage]


def share(weights: Iterable[float], loads: Mapping[T, float]) -> list[T]:
    """To whom each goes: always to whoever has least by then, the first named of equals.

    `loads` is what each has at the start. At the end no two differ by more than the greatest
    weight, if they did not before.
    """
    heap = [(load, place, one) for place, (one, load) in enumerate(loads.items())]
    heapq.heapify(heap)
    found = []
    for one in weights:
        load, place, to = heap[0]
        heapq.heapreplace(heap, (load + one, place, to))
        found.append(to)
    return found


class Diary:
    """The free minutes of one colleague, day by day: what is booked is taken off.

    Her hours are spread evenly over her working days; what she has planned counts, and a week is
    never fuller than her hours. Every booking takes `minutes`.
    """

    def __init__(
        self,
        first: dt.date,
        *,
        minutes: int,
        weekly_minutes: int,
        work_days: Collection[int],
        off: Collection[dt.date] = (),
        taken: Mapping[dt.date, int] | None = None,
    ) -> None:
        self._days = [
            day
            for day in (first + dt.timedelta(days=n) for n in range(AHEAD_DAYS))
            if day.isoweekday() in work_days and day not in off
        ]
        #: Days before this place are full, and stay so.
        self._place = 0
        self._each, self._weekly = minutes, weekly_minutes
        self._daily = math.ceil(weekly_minutes / max(1, len(work_days)))
        self._taken = Counter(taken or {})
        self._by_week: Counter[dt.date] = Counter()
        for day, minutes in self._taken.items():
            self._by_week[_monday(day)] += minutes

    def book(self, away: Sequence[tuple[dt.date, dt.date]] = ()) -> dt.date | None:
        """Take the first day that has room and on which the person is there; None: there is none.

        A day has room for one at least, however short it is, as long as its week has.
        """
        while self._place < len(self._days) and not self._has_room(self._days[self._place]):
            self._place += 1
        for day in islice(self._days, self._place, None):
            if any(first <= day <= last for first, last in away) or not self._has_room(day):
                continue
            self._taken[day] += self._each
            self._by_week[_monday(day)] += self._each
            return day
        return None

    def _has_room(self, day: dt.date) -> bool:
        if self._by_week[_monday(day)] + self._each > self._weekly:
            return False
        return self._taken[day] == 0 or self._taken[day] + self._each <= self._daily


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
