"""The sentences of cards and lists that repeat, each made once for a language and a day."""

import datetime as dt
from functools import lru_cache
from typing import Any

from irm.funnel import gate
from irm.i18n import _, _n
from irm.ledger.claims import is_uncovered
from irm.models import Stage
from irm.web.proving import earned_words
from irm.web.words import Memo, Words, initials


class Phrases:
    """The sentences of dates on cards and lists, each made once."""

    def __init__(self, words: Words) -> None:
        today = words.today
        self.contact: Memo[dt.date | None, str] = Memo(
            lambda day: (
                _("Last contact %(when)s", when=words.near[day]) if day else _("Never contacted")
            )
        )
        self.next: Memo[dt.date | None, str] = Memo(lambda day: _next(day, words))
        #: The same in a narrow column.
        self.brief: Memo[dt.date | None, str] = Memo(
            lambda day: _next(day, words) if day is None or day < today else words.near[day]
        )
        self.in_stage: Memo[int, str] = Memo(
            lambda days: (
                _n("%(n)s day at this stage", "%(n)s days at this stage", days)
                if days
                else _("At this stage since today")
            )
        )
        self.stages: Memo[Any, str] = Memo(lambda stage: str(stage.label))
        self.uncovered: Memo[tuple[Stage, Stage | None], str] = Memo(
            lambda both: (
                _("Earned: %(stage)s", stage=earned_words(both[1])) if is_uncovered(*both) else ""
            )
        )
        self.tiers: Memo[Any, str] = Memo(lambda tier: str(tier.label))
        self.initials: Memo[str | None, str] = Memo(lambda name: initials(name) if name else "")


@lru_cache(64)
def phrases(words: Words) -> Phrases:
    """The phrases that go with these words."""
    return Phrases(words)


def _next(day: dt.date | None, words: Words) -> str:
    if day is None:
        return _("Nothing planned")
    if day < words.today:
        return _("Overdue by %(days)s", days=words.days[(words.today - day).days])
    return _("Next %(when)s", when=words.both[day])


def balance(stage: Stage, earned: Stage | None, gives: int, is_begun: bool) -> tuple[str, str]:
    """The balance mark: its shape as a class, and the words."""
    wanted = gate.needed(stage, earned)
    if wanted is None or not is_begun:
        return "card-balance", _("Give first: no asks yet")
    if gives >= wanted:
        return "card-balance card-open", _("May ask")
    return "card-balance", _n(
        "%(have)s of %(n)s give", "%(have)s of %(n)s gives", wanted, have=gives
    )
