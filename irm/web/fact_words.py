"""How facts are said on pages: their day, their age, how we know and who made use of them."""

import datetime as dt
from functools import lru_cache
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import get_month_names
from flask_babel import get_locale

from irm.calendar_words import said_day
from irm.funnel.facts import days
from irm.funnel.facts.days import Age, Day
from irm.i18n import _
from irm.models import FactKind, Source, Visibility
from irm.web.words import Words


class Row(NamedTuple):
    """One fact, in words."""

    id: int
    version: int
    kind: str
    icon: str
    text: str
    day: str
    #: Under it: how we know, since when, who noted it.
    source: str
    marks: tuple[str, ...]
    #: What to ask, of one that aged.
    question: str
    used: str
    #: What its use is called, empty where it is not to be used.
    use: str
    is_ended: bool
    is_no_go: bool
    #: Whether something may be given that answers it.
    is_for_gifts: bool


#: Kinds that a gift answers.
FOR_GIFTS = (FactKind.PASSION, FactKind.TASTE, FactKind.TEAM, FactKind.FAMILY)


def row(fact: Any, said: Words) -> Row:
    """A row of `listed.of` as the page shows it."""
    age, day = days.age(fact, said.today), days.of(fact)
    is_no_go = fact.kind is FactKind.NO_GO
    return Row(
        fact.id,
        fact.row_version,
        str(fact.kind.label),
        "alert" if is_no_go else "fact",
        fact.text,
        day_words(day, said) if day else "",
        _known(fact, said),
        _marks(fact),
        _question(fact, age, said),
        _used(fact, said),
        "" if is_no_go else _use(fact.kind),
        age is Age.ENDED,
        is_no_go,
        fact.kind in FOR_GIFTS,
    )


def day_words(day: Day, said: Words) -> str:
    """A day of a fact: when it comes next, and how many years it is then."""
    on = day.coming(said.today)
    if not day.is_yearly:
        assert day.year is not None
        return said.both[day.in_year(day.year)]
    assert on is not None
    name = _month_day(day.month, day.day, said.locale)
    if day.year is not None and on.year > day.year:
        return _(
            "%(day)s, %(near)s: %(n)s years", day=name, near=said.near[on], n=on.year - day.year
        )
    return f"{name}, {said.near[on]}"


def months() -> list[tuple[int, str]]:
    """The months by their number and name, for a choice."""
    names = get_month_names("wide", context="stand-alone", locale=str(get_locale() or "en"))
    return [(number, names[number]) for number in range(1, 13)]


@lru_cache(1024)
def _month_day(month: int, day: int, locale: str) -> str:
    # A leap year has every day there is.
    pattern = Locale.parse(locale).datetime_skeletons["MMMMd"].pattern
    return said_day(dt.date(2000, month, day), pattern, locale).replace(" ", "\u00a0")


def _known(fact: Any, said: Words) -> str:
    how, since = str(fact.source.label), said.date[fact.known_on]
    if fact.author_name:
        return _("%(how)s, %(since)s, noted by %(who)s", how=how, since=since, who=fact.author_name)
    return f"{how}, {since}"


def _marks(fact: Any) -> tuple[str, ...]:
    """What must not be overlooked: it is a guess, sensitive, private."""
    marks = (
        (fact.source is Source.GUESS, _("A guess: never write it to them")),
        (fact.is_sensitive, _("Sensitive")),
        (fact.visibility is Visibility.PRIVATE, _("Private")),
    )
    return tuple(words for holds, words in marks if holds)


def _question(fact: Any, age: Age, said: Words) -> str:
    if age is not Age.AGEING:
        return ""
    if fact.kind is FactKind.MILESTONE:
        return _("The day is over: ask how it went.")
    return _("Known since %(when)s: ask whether it is still so.", when=said.near[fact.known_on])


def _used(fact: Any, said: Words) -> str:
    if fact.used_at is None:
        return ""
    when = said.near[said.day(fact.used_at)]
    if fact.used_by:
        return _("Last used %(when)s by %(who)s", when=when, who=fact.used_by)
    return _("Last used %(when)s", when=when)


def _use(kind: FactKind) -> str:
    if kind in (FactKind.BIRTHDAY, FactKind.MILESTONE):
        return _("We congratulated")
    return _("Mark as used")
