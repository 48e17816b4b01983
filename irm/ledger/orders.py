"""The keys by which relationships are sorted: never null, ascending, best first."""

import datetime as dt

from irm.models import NEVER, UNKNOWN_ORDER


def score_order(score: float | None) -> float:
    """A score, 0 to 100, as a sort key: the best first, "not known" last."""
    return UNKNOWN_ORDER if score is None else 100.0 - score


def day_order(day: dt.date | dt.datetime | None) -> dt.date:
    """A day as a sort key: the earliest first, "never" last."""
    if day is None:
        return NEVER
    return day.date() if isinstance(day, dt.datetime) else day
