"""The drawing of a year: each campaign a bar from its first day to its last, its events as dots."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from babel.dates import get_month_names
from flask_babel import get_locale

#: Campaigns drawn; more are to be read in the table.
MOST = 24

#: Pixels of one campaign, and of the months above.
ROW, HEAD = 36, 22


class Bar(NamedTuple):
    """One campaign: where it begins and how wide it is, in percent of the year."""

    name: str
    top: int
    start: str
    width: str
    #: Where its name stands: from its beginning on, or up to its end.
    name_at: str
    anchor: str
    event: str
    is_past: bool


class Drawing(NamedTuple):
    """A year in bars; `today` is empty where it lies in another one."""

    height: int
    #: Where each month begins, in percent, and its first letters.
    months: list[tuple[str, str]]
    bars: list[Bar]
    today: str


def drawing(rows: Sequence[Any], year: int, today: dt.date) -> Drawing | None:
    """The campaigns of rows that have a day in the year and were not called off; None: none has."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = (last - first).days + 1

    def at(day: dt.date) -> float:
        return 100 * (day - first).days / days

    there = [
        row
        for row in rows
        if row.cancelled_at is None and row.starts_on <= last and row.ends_on >= first
    ][:MOST]
    if not there:
        return None
    bars = []
    for number, row in enumerate(there):
        start = at(max(row.starts_on, first))
        end = at(min(row.ends_on, last) + dt.timedelta(days=1))
        is_late = start > 55
        event = row.event_on if row.event_on and first <= row.event_on <= last else None
        bars.append(
            Bar(
                row.name,
                HEAD + number * ROW,
                _percent(start),
                _percent(max(end - start, 0.6)),
                _percent(end if is_late else start),
                "end" if is_late else "start",
                _percent(at(event) + 50 / days) if event else "",
                row.ends_on < today,
            )
        )
    names = get_month_names("abbreviated", locale=str(get_locale() or "en"))
    letters = {month: name.rstrip(".")[:4] for month, name in names.items()}
    return Drawing(
        HEAD + len(bars) * ROW + 4,
        [(_percent(at(dt.date(year, month, 1))), letters[month]) for month in range(1, 13)],
        bars,
        _percent(at(today) + 50 / days) if first <= today <= last else "",
    )


def _percent(value: float) -> str:
    return f"{value:.2f}%"
