"""The days facts speak of: which ones there are, when they come round, and how long a fact holds.

No database and no clock: days come from whoever asks, in the zone that is theirs.
"""

import datetime as dt
from calendar import isleap
from collections.abc import Iterator
from typing import Any, NamedTuple

from irm.errors import Refused
from irm.i18n import _l
from irm.models import FactKind
from irm.models.base import LabelledEnum

#: A use is for the day that comes, from so many days before it on; earlier it is for the last one.
EARLY_DAYS = 30

#: Nobody was born, and nothing began, before this year.
FIRST_YEAR = 1900

#: So far ahead a day may lie.
MOST_YEARS = 3

#: Farther ahead than this the same day would come twice.
MOST_DAYS = 300

#: For so many days a fact of each kind is taken to hold, unless told otherwise; None: for good. A
#: day to remember holds until it has come.
SHELF: dict[FactKind, int | None] = {
    FactKind.BIRTHDAY: None,
    FactKind.FAMILY: 365,
    FactKind.TEAM: 365,
    FactKind.PASSION: 730,
    FactKind.PROJECT: 90,
    FactKind.MILESTONE: None,
    FactKind.TASTE: 730,
    FactKind.NO_GO: None,
    FactKind.OTHER: 365,
}


class Age(LabelledEnum):
    """Whether a fact is still taken to hold."""

    FRESH = "fresh", _l("Holds")
    AGEING = "ageing", _l("To be asked again")
    ENDED = "ended", _l("Holds no more")


class Day(NamedTuple):
    """A day of a year: of each, or of one alone. Of a yearly one the year says when it began."""

    month: int
    day: int
    year: int | None = None
    is_yearly: bool = True

    def in_year(self, year: int) -> dt.date:
        """The day on which it falls in a year: 29 February on the 28th where there is none."""
        if (self.month, self.day) == (2, 29) and not isleap(year):
            return dt.date(year, 2, 28)
        return dt.date(year, self.month, self.day)

    def coming(self, today: dt.date) -> dt.date | None:
        """When it comes next, today among it; None where it came once and is over."""
        if not self.is_yearly and self.year is not None:
            once = self.in_year(self.year)
            return once if once >= today else None
        here = self.in_year(today.year)
        return here if here >= today else self.in_year(today.year + 1)

    def occasion(self, today: dt.date) -> str:
        """Which time a use of today is for: the year of a yearly day, else the day itself."""
        if not self.is_yearly and self.year is not None:
            return self.in_year(self.year).isoformat()
        following = self.coming(today)
        assert following is not None
        is_early = following - today > dt.timedelta(days=EARLY_DAYS)
        return str(following.year - 1 if is_early else following.year)


def of(row: Any) -> Day | None:
    """The day that a fact, or a row with its columns, speaks of."""
    if row.on_month is None or row.on_day is None:
        return None
    return Day(row.on_month, row.on_day, row.on_year, row.is_yearly)


def checked(
    kind: FactKind,
    month: int | None,
    day: int | None,
    year: int | None,
    *,
    is_yearly: bool,
    today: dt.date,
) -> Day | None:
    """The day as it was typed in: a birthday is yearly, and so is a day without its year.

    Raises Refused where there is no such day, or a kind that lives of its day has none.
    """
    if month is None and day is None:
        if kind in (FactKind.BIRTHDAY, FactKind.MILESTONE):
            raise Refused(_l("Which day is it? Give the day and the month."))
        if year is not None:
            raise Refused(_l("A year alone is no day: give the day and the month, too."))
        return None
    if month is None or day is None:
        raise Refused(_l("Give both the day and the month; the year may stay open."))
    if year is not None and not FIRST_YEAR <= year <= today.year + MOST_YEARS:
        raise Refused(_l("This year is too far away to be right."))
    try:
        # Of a year that is not known any day will do that some year has.
        typed = dt.date(year or 2000, month, day)
    except ValueError:
        raise Refused(_l("There is no such day; look at the day and the month.")) from None
    if kind is FactKind.BIRTHDAY and year is not None and typed > today:
        raise Refused(_l("Nobody is born in the future; look at the year."))
    return Day(month, day, year, is_yearly or year is None or kind is FactKind.BIRTHDAY)


def age(row: Any, today: dt.date) -> Age:
    """How old a fact, or a row with its columns, is on a day."""
    if row.ended_at is not None:
        return Age.ENDED
    until = holds_until(row)
    return Age.FRESH if until is None or today <= until else Age.AGEING


def holds_until(row: Any) -> dt.date | None:
    """The last day on which it is taken to hold without asking; None: for good."""
    day = of(row)
    if row.kind == FactKind.MILESTONE and day is not None and not day.is_yearly:
        return day.in_year(day.year or row.known_on.year)
    return None if row.shelf_days is None else _later(row.known_on, row.shelf_days)


class Part(NamedTuple):
    """Days of one month, of one year."""

    month: int
    first: int
    last: int
    year: int


def parts(first: dt.date, last: dt.date) -> Iterator[Part]:
    """The days from one to another by month, as facts store them.

    Where a year has no 29 February, that day stands with the 28th. Raises ValueError where it is
    more than MOST_DAYS.
    """
    if (last - first).days > MOST_DAYS:
        raise ValueError(f"{first} to {last} is too long a time")
    start = first
    while start <= last:
        following = (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        end = min(last, following - dt.timedelta(days=1))
        is_short = (end.month, end.day) == (2, 28) and not isleap(end.year)
        yield Part(start.month, start.day, 29 if is_short else end.day, start.year)
        start = following


def _later(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max
