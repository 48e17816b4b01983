"""Days, short lines and addresses, as all letters say them."""

import datetime as dt
import re
from functools import lru_cache

from flask import current_app

from irm.calendar_words import said_day

#: White space, but for the blanks that keep a sign of French with its word.
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")


@lru_cache(1024)
def date(day: dt.date, today: dt.date, locale: str) -> str:
    pattern = "EEE d MMM" if day.year == today.year else "EEE d MMM y"
    return said_day(day, pattern, locale)


def short(text: str, length: int) -> str:
    """One line of at most so many characters."""
    line = in_one_line(text)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def in_one_line(text: str) -> str:
    """The same words with one blank between them; what holds two together stays."""
    return _BLANKS.sub(" ", text).strip()


def public_url() -> str:
    return str(current_app.config["IRM"].public_url)
