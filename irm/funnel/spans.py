"""Spans of days: cut, put together, and come back each year."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Days, the first and the last included."""

    first: dt.date
    last: dt.date


def each_year(season: Span, is_yearly: bool, first: dt.date, last: dt.date) -> list[Span]:
    """A season as it touches the days from `first` to `last`: once, or in each year from its own.

    A 29 February is the 28th in the years that have none.
    """
    if not is_yearly:
        return [season] if season.first <= last and season.last >= first else []
    # One that began in the year before may reach into the first.
    years = range(max(0, first.year - season.last.year), last.year - season.first.year + 1)
    found = [Span(later(season.first, n), later(season.last, n)) for n in years]
    return [span for span in found if span.first <= last and span.last >= first]


def later(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; the 28th for a 29 February that there is none of."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def merged(spans: Iterable[Span], within: Span) -> list[Span]:
    """The days of all these spans within others: disjoint, in order, never side by side."""
    found: list[Span] = []
    for span in sorted(spans):
        first, last = max(span.first, within.first), min(span.last, within.last)
        if last < first:
            continue
        if found and (first - found[-1].last).days <= 1:
            found[-1] = Span(found[-1].first, max(found[-1].last, last))
        else:
            found.append(Span(first, last))
    return found
