"""Days, short lines and addresses, as all letters say them."""

import datetime as dt
from functools import lru_cache

from flask import current_app

from irm.calendar_words import said_day


@lru_cache(1024)
def date(day: dt.date, today: dt.date, locale: str) -> str:
    pattern = "EEE d MMM" if day.year == today.year else "EEE d MMM y"
    return said_day(day, pattern, locale)


def short(text: str, length: int) -> str:
    """One line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def public_url() -> str:
    return str(current_app.config["IRM"].public_url)
