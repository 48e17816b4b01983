"""How days, moments and numbers are said to a reader: in words, in their language, their zone."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from babel.numbers import format_compact_decimal, format_decimal
from flask import g, has_request_context
from flask_babel import get_locale

from irm import clock
from irm.access import me
from irm.calendar_words import said_day
from irm.i18n import _, _n, names_now

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V], Generic[K, V]):
    """A function that remembers: `memo[key]` in a row costs no call the second time."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        made = self[key] = self._make(key)
        return made


class Words:
    """What pages say of days and numbers, in one language and zone on one day.

    What was said once is remembered for the next page of that day: only days and counts of days
    are, so that it stays small.
    """

    def __init__(self, locale: str, zone: ZoneInfo, today: dt.date) -> None:
        self.locale = locale
        self.zone = zone
        self.today = today
        #: A day by its distance: "in 3 days", "yesterday".
        self.near: Memo[dt.date, str] = Memo(lambda day: nearness((day - today).days))
        #: A day by its name: "Mon 2 Mar", with the year where it is not this one.
        self.date: Memo[dt.date, str] = Memo(lambda day: _date(day, locale, day.year != today.year))
        #: Both: "in 3 days, Mon 2 Mar".
        self.both: Memo[dt.date, str] = Memo(lambda day: f"{self.near[day]}, {self.date[day]}")
        #: A number of days: "12 days".
        self.days: Memo[int, str] = Memo(lambda n: _n("%(n)s day", "%(n)s days", n))
        #: A number of hours: "5 hours".
        self.hours: Memo[int, str] = Memo(lambda n: _n("%(n)s hour", "%(n)s hours", n))

    def score(self, value: float | None) -> str:
        """A score of 0 to 100 without its decimals, or a dash where it is not known."""
        return "–" if value is None else f"{value:.0f}"

    def day(self, at: dt.datetime) -> dt.date:
        """The reader's calendar day of a moment."""
        return at.astimezone(self.zone).date()

    def moment(self, at: dt.datetime) -> str:
        """A moment as the reader's clock shows it: "Mon 2 Mar, 14:05"."""
        local = at.astimezone(self.zone)
        return f"{self.date[local.date()]}, {local:%H:%M}"

    def number(self, value: float) -> str:
        """A number with the separators of the reader's language."""
        return _number(value, self.locale)

    def compact(self, value: float | None) -> str:
        """A large number in short, "12.3M", or a dash where it is not known."""
        return "–" if value is None else _compact(value, self.locale)


def words() -> Words:
    """The words of this request's reader; UTC where nobody is signed in."""
    if "words" not in g:
        user = me() if has_request_context() else None
        zone = user.zone if user and user.is_authenticated else ZoneInfo("UTC")
        names = tuple(names_now().items())
        g.words = _words(str(get_locale() or "en"), zone, clock.today(zone), names)
    return cast(Words, g.words)


@lru_cache(64)
def _words(
    locale: str, zone: ZoneInfo, today: dt.date, _names: tuple[tuple[str, str], ...]
) -> Words:
    # What is made with these words is kept with them, and a brand's own names are among it.
    return Words(locale, zone, today)


def nearness(days: int) -> str:
    """Say how far a day is from today: negative numbers lie behind."""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if abs(days) < 60:
        return (
            _n("in %(n)s day", "in %(n)s days", days)
            if days > 0
            else _n("%(n)s day ago", "%(n)s days ago", -days)
        )
    if abs(days) < 700:
        months = round(abs(days) / 30.4)
        return (
            _n("in %(n)s month", "in %(n)s months", months)
            if days > 0
            else _n("%(n)s month ago", "%(n)s months ago", months)
        )
    years = round(abs(days) / 365.25)
    return (
        _n("in %(n)s year", "in %(n)s years", years)
        if days > 0
        else _n("%(n)s year ago", "%(n)s years ago", years)
    )


def initials(name: str) -> str:
    """A name in two letters: of its first and its last word."""
    parts = [part for part in name.split() if part[0].isalnum()] or [name[:1] or "?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


@lru_cache(4096)
def _date(day: dt.date, locale: str, with_year: bool) -> str:
    said = said_day(day, "EEE d MMM y" if with_year else "EEE d MMM", locale)
    # In a narrow column a line may end before a day, not within it.
    return said.replace(" ", "\u00a0")


@lru_cache(4096)
def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(4096)
def _compact(value: float, locale: str) -> str:
    # Babel rounds what lies below a thousand away from "999.6K"; one decimal reads well throughout.
    return format_compact_decimal(value, fraction_digits=1 if value >= 1000 else 0, locale=locale)
