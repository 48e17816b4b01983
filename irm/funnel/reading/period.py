"""Between which two days is read: both end at midnight in the brand's zone."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from irm.errors import Refused
from irm.funnel.timing import DAY, utc_of
from irm.i18n import _l

#: Nobody kept relationships in irm before this day.
EARLIEST = dt.date(1970, 1, 1)

#: Up to so many days a line has a point for each; up to so many, one for each week.
DAILY, WEEKLY = 31, 186

#: A line has so many points at most.
MOST_POINTS = 40


@dataclass(frozen=True, slots=True)
class Period:
    """From the end of one day to the end of another."""

    first: dt.date
    last: dt.date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.first < EARLIEST:
            raise Refused(_l("Choose a day after %(year)s.", year=EARLIEST.year - 1))
        if self.first >= self.last:
            raise Refused(_l("The first day has to be before the last one."))

    @property
    def since(self) -> dt.datetime:
        """The moment at which it begins: what is moved at it or later is in it."""
        return end_of(self.first, self.zone)

    @property
    def until(self) -> dt.datetime:
        """The moment at which it is over."""
        return end_of(self.last, self.zone)

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days

    def points(self) -> list[dt.date]:
        """Days of it at even distances, both ends among them: each day, week, or month's end."""
        if self.days <= WEEKLY:
            step = 1 if self.days <= DAILY else 7
            back = range(0, self.days, step)
            return [self.first, *sorted(self.last - n * DAY for n in back)]
        ends = [month - DAY for month in months(self.first, self.last, 1)]
        within = [day for day in ends if self.first < day < self.last]
        thin = -(-len(within) // MOST_POINTS)
        return [self.first, *within[:: max(1, thin)], self.last]

    def asked(self) -> str:
        """The period as it stands in a key."""
        return f"{self.first}~{self.last}"


def end_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment at which a day is over in a zone."""
    return utc_of(dt.datetime.combine(day + DAY, dt.time()), zone)


def months(first: dt.date, last: dt.date, step: int) -> list[dt.date]:
    """The first days of the months that some days touch, or of the quarters (3), or years (12).

    One more stands at the end: the first day of the next.
    """
    number = first.year * 12 + first.month - 1
    number -= number % step
    found = [_month(number)]
    while found[-1] <= last:
        number += step
        found.append(_month(number))
    return found


def _month(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)


def spans(days: list[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Each of these days with the last one before the next of them."""
    return [(day, following - DAY) for day, following in pairwise(days)]
