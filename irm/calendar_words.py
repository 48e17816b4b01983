"""Days and lengths of time in the words of a language."""

import datetime as dt
import re

from babel.dates import format_date

from irm.i18n import _

#: French counts the first of a month: 1er mai, but 2 mai.
_FIRST = re.compile(r"\b1(?= )")


def said_day(day: dt.date, pattern: str, locale: str) -> str:
    """A day by a pattern of CLDR, as "EEE d MMM"."""
    said = format_date(day, pattern, locale=locale)
    if day.day == 1 and locale.startswith("fr"):
        return _FIRST.sub("1er", said, count=1)
    return said


def said_minutes(number: float) -> str:
    """Minutes as a colleague counts her week, "2 h 30", with spaces at which no line breaks."""
    hours, rest = divmod(round(number), 60)
    if not hours:
        said = _("%(n)s min", n=rest)
    elif rest:
        said = _("%(h)s h %(m)s", h=hours, m=f"{rest:02}")
    else:
        said = _("%(h)s h", h=hours)
    return said.replace(" ", "\N{NO-BREAK SPACE}")
