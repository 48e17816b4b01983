"""A day in the words of a language."""

import datetime as dt
import re

from babel.dates import format_date

#: French counts the first of a month: 1er mai, but 2 mai.
_FIRST = re.compile(r"\b1(?= )")


def said_day(day: dt.date, pattern: str, locale: str) -> str:
    """A day by a pattern of CLDR, as "EEE d MMM"."""
    said = format_date(day, pattern, locale=locale)
    if day.day == 1 and locale.startswith("fr"):
        return _FIRST.sub("1er", said, count=1)
    return said
