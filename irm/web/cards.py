"""The board's cards and heads as they are shown: every word made here, none in the template."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from irm.funnel.board import Head
from irm.funnel.board_order import Order
from irm.i18n import _, _n
from irm.ledger.claims import is_uncovered
from irm.models import Stage
from irm.web.proving import earned_words
from irm.web.words import Memo, Words, initials


class Card(NamedTuple):
    """One card, in words."""

    id: int
    influencer_id: int
    version: int
    stage: str
    name: str
    tier: str
    #: Reach, or the fit where the board is sorted by it.
    leading: str
    resonance: str
    relevance: str
    in_stage: str
    contact: str
    next: str
    next_on: dt.date | None
    late: bool
    owner: str
    owner_name: str
    #: What was earned, where it does not cover what was claimed.
    earned: str


class Column(NamedTuple):
    """A column's head, its first cards and the address of the next ones."""

    stage: Stage
    people: str
    said: str
    cards: list[Card]
    more: str | None


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


def cards(rows: Iterable[Any], words: Words, order: Order = Order.NEXT) -> list[Card]:
    """Make cards of the board's rows; sorted by fit, they show it in the place of reach."""
    leading = "fit" if order is Order.FIT else "reach"
    said = phrases(words)
    today, score, day = words.today, words.score, words.day
    return [
        Card(
            row.id,
            row.influencer_id,
            row.row_version,
            row.stage.value,
            row.name,
            said.tiers[row.tier],
            score(getattr(row, leading)),
            score(row.resonance),
            score(row.relevance),
            said.in_stage[max(0, (today - day(row.stage_since)).days)],
            said.contact[day(row.last_contact_at) if row.last_contact_at else None],
            said.next[row.next_touchpoint_on],
            row.next_touchpoint_on,
            row.next_touchpoint_on is not None and row.next_touchpoint_on < today,
            said.initials[row.owner_name],
            row.owner_name or "",
            said.uncovered[row.stage, row.earned_stage],
        )
        for row in rows
    ]


def column(
    stage: Stage, head: Head, words: Words, shown: list[Card] | None = None, more: str | None = None
) -> Column:
    """A column with its head in words."""
    people = words.number(head.people) + ("" if head.is_exact else "+")
    audience = words.compact(head.audience) + ("" if head.is_exact else "+")
    said = _("Joint audience %(audience)s", audience=audience) if head.audience else ""
    return Column(stage, people, said, shown or [], more)


def row_words(order: Order = Order.NEXT) -> Mapping[str, str]:
    """The words that repeat on every card."""
    return {
        "move_to": _("Move to…"),
        "more": _("Load more"),
        "leading": _("Fit") if order is Order.FIT else _("Reach"),
        "resonance": _("Reson."),
        "relevance": _("Relev."),
        "no_owner": _("No owner"),
    }
