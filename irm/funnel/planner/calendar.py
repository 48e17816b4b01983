"""On which days a colleague works, and on which a person may be contacted."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from irm.funnel.spans import Span

#: Days of the week on which nobody is contacted, by `weekday`.
WEEKEND = (5, 6)

#: Public holidays between two days by country; irm/funnel/absences.py reads them.
DaysOff = Callable[[str | None, dt.date, dt.date], Mapping[dt.date, str]]


class Calendar:
    """The days of one plan, from its first."""

    def __init__(
        self, first: dt.date, length: int, quiet: Sequence[Span], days_off: DaysOff
    ) -> None:
        self.first, self.length, self._ordinal = first, length, first.toordinal()
        self._quiet = self._mask(quiet)
        self._days_off = days_off
        self._open: dict[tuple[str | None, int], bytes] = {}

    def number(self, day: dt.date) -> int:
        """The number of a day; negative before the plan."""
        return (day - self.first).days

    def number_at(self, at: dt.datetime, zone: dt.tzinfo) -> int:
        """The number of the day that it is in a zone at a moment."""
        return at.astimezone(zone).toordinal() - self._ordinal

    def day(self, number: int) -> dt.date:
        return self.first + dt.timedelta(days=number)

    def minutes(
        self, hours: float, work_days: str, country: str | None, away: Iterable[Span]
    ) -> list[int]:
        """A colleague's minutes for contacts, day by day.

        Her weekly hours are spread over the days she usually works on: a week with a holiday has
        fewer of them, not fuller days.
        """
        worked = {int(digit) - 1 for digit in work_days if digit in "1234567"}
        if not worked or hours <= 0:
            return [0] * self.length
        daily = int(hours * 60 / len(worked))
        off = self._days_off(country, self.first, self.day(self.length - 1))
        gone = self._mask(away)
        return [
            daily
            if day.weekday() in worked and day not in off and gone[n] and self._quiet[n]
            else 0
            for n in range(self.length)
            for day in [self.day(n)]
        ]

    def open(
        self, country: str | None, shift: int, away: Iterable[Span] = (), until: int = 0
    ) -> bytes:
        """The days on which a person may be contacted: no weekend or holiday where they are.

        `shift` is what `shift_between` says; nothing is open before the day `until`.
        """
        found = self._open.get((country, shift))
        if found is None:
            found = self._open[country, shift] = self._usual(country, shift)
        for mask in [self._mask(away)] if away else []:
            found = bytes(a & b for a, b in zip(found, mask, strict=True))
        if until > 0:
            found = bytes(min(until, self.length)) + found[until:]
        return found

    def _usual(self, country: str | None, shift: int) -> bytes:
        there = [self.day(n + shift) for n in range(self.length)]
        off = self._days_off(country, there[0], there[-1])
        return bytes(
            int(day.weekday() not in WEEKEND and day not in off and self._quiet[n] == 1)
            for n, day in enumerate(there)
        )

    def _mask(self, away: Iterable[Span]) -> bytes:
        mask = bytearray(b"\1" * self.length)
        for span in away:
            first = max(0, self.number(span.first))
            last = min(self.length - 1, self.number(span.last))
            if first <= last:
                mask[first : last + 1] = bytes(last + 1 - first)
        return bytes(mask)


@lru_cache(4096)
def shift_between(ours: str, theirs: str | None, day: dt.date) -> int:
    """How many days later it is where they are, at noon of a day where we are: -1, 0 or 1.

    A zone nobody knows is taken for ours.
    """
    if theirs is None or theirs == ours:
        return 0
    try:
        zone: Any = ZoneInfo(theirs)
    except (LookupError, ValueError, OSError):
        return 0
    noon = dt.datetime.combine(day, dt.time(12), ZoneInfo(ours))
    return (noon.astimezone(zone).date() - day).days
