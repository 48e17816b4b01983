"""A fact that is brought up, in one sentence for the reader."""

import datetime as dt
from collections.abc import Mapping

from irm.funnel.facts.reminding import Ahead, How, Remembered
from irm.i18n import LazyText, _l
from irm.models import FactKind


def saying(one: Remembered | Ahead, near: Mapping[dt.date, str]) -> LazyText:
    """What to remember, in a sentence; `near` says how far a day is, as `Words.near` does."""
    how = one.how if isinstance(one, Remembered) else How.DAY
    text, kind = one.text or str(one.kind.label), str(one.kind.label)
    is_guess = isinstance(one, Remembered) and one.is_guess
    match how:
        case How.MIND:
            return _l("Never speak of it: %(what)s", what=text)
        case How.DAY:
            assert one.on is not None
            return _day(one, text, near[one.on])
        case How.ASK if one.on is not None:
            return _l("How did it go? %(what)s, %(when)s", what=text, when=near[one.on])
        case How.ASK:
            return _l("Is it still so that …? %(kind)s: %(what)s", kind=kind, what=text)
    if is_guess:
        return _l("Our guess, find out: %(what)s", what=text)
    return _l("%(kind)s: %(what)s", kind=kind, what=text)


def _day(one: Remembered | Ahead, text: str, when: str) -> LazyText:
    if one.kind is not FactKind.BIRTHDAY:
        return _l("%(what)s: %(when)s", what=text, when=when)
    if one.years is None:
        return _l("Birthday %(when)s", when=when)
    return _l("Birthday %(when)s, turning %(years)s", when=when, years=one.years)
