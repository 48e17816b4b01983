"""The board's cards and heads as they are shown: every word made here, none in the template.

A card has the fields that its reader has chosen. Piece by piece the page would be thousands of
small ones and take longer than all the rest: so what repeats, such as a score or a day, is written
once by the template's macros.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup, escape

from irm.access import Permission, can, me
from irm.directory.columns import tag_names
from irm.funnel import ageing_words, fields
from irm.funnel.board import Head
from irm.funnel.board_order import Order
from irm.funnel.fields import SCORES
from irm.funnel.grouping import Grouping
from irm.i18n import _
from irm.ledger import ageing
from irm.ledger.ageing import Ageing
from irm.models import Stage
from irm.web.ageing import age_of, rule
from irm.web.phrases import balance, phrases
from irm.web.words import Memo, Words
from irm.web.written import joined

_NOTHING = escape("")

#: Stands in a frame where a card has something of its own.
_GAP = "\x1f"


class Card(NamedTuple):
    """One card, and whose it is."""

    id: int
    name: str
    stage: str
    written: Markup


class Column(NamedTuple):
    """A column's head, its first cards and the address of the next ones."""

    key: str
    title: str
    #: Where the columns are the stages.
    stage: Stage | None
    people: str
    said: str
    cards: Sequence[Card] = ()
    more: str | None = None
    #: The address of its first cards, where they come once it is seen.
    later: str | None = None
    #: Whether nobody stands there and nobody is likely to: narrow, until somebody is dropped on it.
    is_folded: bool = False


class _Pieces:
    """What cards are put together from, in one language on one day; what repeats is written once.

    Of each kind there are few: stages, scores, days, colleagues. Names and tags are not kept.
    """

    def __init__(self, words: Words) -> None:
        # The module knows no context: nothing in it belongs to a request.
        write: Any = current_app.jinja_env.get_template("funnel/_pieces.html").module
        said = phrases(words)
        self.line = write.line
        self.top = write.top
        self.tops: Memo[tuple[Markup, Markup], Markup] = Memo(lambda both: write.top(*both))
        self.plain: Memo[str, Markup] = Memo(write.plain)
        self.stages: Memo[Any, Markup] = Memo(
            lambda stage: write.stage(stage.value, said.stages[stage])
        )
        self.tiers: Memo[Any, Markup] = Memo(lambda tier: write.plain(said.tiers[tier]))
        self.words: Memo[Any, Markup] = Memo(
            lambda word: write.plain(str(word.label)) if word else _NOTHING
        )
        self.owner: Memo[str | None, Markup] = Memo(
            lambda name: (
                write.initials(said.initials[name], name) if name else write.nobody(_("No owner"))
            )
        )
        #: The parts between what is a card's own: by stage, pause, scores, foot, right to move.
        self.frames: Memo[tuple[Stage, bool, bool, bool, bool], list[Markup]] = Memo(
            lambda kind: write.frame(
                _GAP, kind[0].value, *kind[1:4], _("Move to…") if kind[4] else ""
            ).split(_GAP)
        )
        labels = _score_labels()
        self.score: Memo[tuple[str, str], Markup] = Memo(
            lambda both: write.score(labels[both[0]], both[1])
        )
        self.uncovered: Memo[tuple[Stage, Stage | None], Markup] = Memo(
            lambda both: (
                write.line("card-earned", said.uncovered[both])
                if said.uncovered[both]
                else _NOTHING
            )
        )
        self.balance: Memo[tuple[Stage, Stage | None, int, bool], Markup] = Memo(
            lambda facts: write.line(*balance(*facts))
        )
        self.since: Memo[int, Markup] = Memo(lambda days: write.line("", said.in_stage[days]))
        self.contact: Memo[dt.date | None, Markup] = Memo(
            lambda day: write.line("", said.contact[day])
        )

        def following(day: dt.date | None) -> Any:
            if day is None:
                return write.line("card-next", said.next[None])
            is_late = day < words.today
            return write.day("card-next late" if is_late else "card-next", day, said.next[day])

        self.next: Memo[dt.date | None, Markup] = Memo(following)


@lru_cache(64)
def _pieces(words: Words) -> _Pieces:
    return _Pieces(words)


class _Writer:
    """How a card is written: in which language, with which fields."""

    def __init__(self, words: Words, chosen: Sequence[str], order: Order, by: Grouping) -> None:
        self._words, self._pieces, self._rule = words, _pieces(words), rule()
        self._has, self._may_move = frozenset(chosen), can(Permission.MOVE)
        # Where it is sorted by a score, that one is shown.
        first = [order.value] if order.value in SCORES and order.value not in chosen else []
        self._scores = [*first, *(field for field in SCORES if field in chosen)]
        pieces = self._pieces
        tops: dict[str, tuple[str, Mapping[Any, Markup]]] = {
            "stage": ("stage", pieces.stages),
            "tier": ("tier", pieces.tiers),
            "archetype": ("archetype", pieces.words),
        }
        shown = [*([] if by is Grouping.STAGE else ["stage"]), *chosen]
        self._tops = [tops[field] for field in shown if field in tops]

    def card(self, row: Any) -> Card:
        """The card of one row."""
        is_paused = ageing.is_paused(row.paused_until, self._rule.day)
        top, scores, foot = self._top(row), self._score(row), self._foot(row, is_paused)
        frame = self._pieces.frames[row.stage, is_paused, bool(scores), bool(foot), self._may_move]
        person = row.influencer_id
        own: list[Markup | int] = [row.id, row.row_version, row.owner_id or 0, person]
        own += [escape(row.name), top]
        if scores:
            own += [person, scores]
        if foot:
            own.append(foot)
        written: list[Markup | int] = [frame[0]]
        for mine, shared in zip(own, frame[1:], strict=True):
            written += (mine, shared)
        return Card(row.id, row.name, row.stage.value, joined(written))

    def _top(self, row: Any) -> Markup:
        has, pieces = self._has, self._pieces
        parts = [made[getattr(row, name)] for name, made in self._tops]
        if row.country and "country" in has:
            parts.append(pieces.plain[row.country])
            made: Markup = pieces.top(joined(parts), self._owner(row))
            return made
        owner = self._owner(row)
        return pieces.tops[joined(parts), owner] if parts or owner else _NOTHING

    def _owner(self, row: Any) -> Markup:
        return self._pieces.owner[row.owner_name] if "owner" in self._has else _NOTHING

    def _score(self, row: Any) -> Markup:
        score, piece = self._words.score, self._pieces.score
        return joined([piece[one, score(getattr(row, one))] for one in self._scores])

    def _foot(self, row: Any, is_paused: bool) -> Markup:
        has, pieces, words = self._has, self._pieces, self._words
        days = max(0, (words.today - words.day(row.stage_since)).days)
        contact = words.day(row.last_contact_at) if row.last_contact_at else None
        aged, is_stuck = self._aged(row, is_paused, days, contact)
        found = [aged]
        if "earned" in has:
            found.append(pieces.uncovered[row.stage, row.earned_stage])
        if "balance" in has:
            begun = contact is not None
            found.append(pieces.balance[row.stage, row.earned_stage, row.gives_since_ask, begun])
        # Over the limit the sentence says how long they have been there.
        if "since" in has and not is_stuck:
            found.append(pieces.since[days])
        if "contact" in has:
            found.append(pieces.contact[contact])
        # During a pause nothing is overdue: the line above says until when it holds.
        due = row.next_touchpoint_on
        if "next" in has and not (is_paused and due is not None and due < words.today):
            found.append(pieces.next[due])
        if "tags" in has and row.tags:
            found.append(pieces.line("card-tags", ", ".join(tag_names(row.tags))))
        return joined(found)

    def _aged(
        self, row: Any, is_paused: bool, days: int, contact: dt.date | None
    ) -> tuple[Markup, bool]:
        """The worst that is to be said of its age, and whether it says how long it is there."""
        if is_paused:
            return self._paused(row), False
        limits, _zone, day = self._rule
        if row.next_touchpoint_on is not None and row.next_touchpoint_on >= day:
            return _NOTHING, False
        # Most are far from their limits: only those near one are reckoned by the brand's own days.
        limit = limits.at(row.stage)
        is_near = limit is not None and days + 1 >= limit
        if not is_near and (contact is None or (self._words.today - contact).days < limits.first):
            return _NOTHING, False
        age = age_of(row)
        said = ageing_words.sentences(age, self._words.date.__getitem__)
        if not said:
            return _NOTHING, False
        kind = "card-aged card-lost" if age.marks[0] is Ageing.LOST else "card-aged"
        return self._pieces.line(kind, said[0]), age.marks[0] is Ageing.STUCK

    def _paused(self, row: Any) -> Markup:
        until = self._words.date[row.paused_until]
        said = (
            _("Paused until %(day)s: %(why)s", day=until, why=row.paused_why)
            if row.paused_why
            else _("Paused until %(day)s", day=until)
        )
        made: Markup = self._pieces.line("card-paused", said)
        return made


def cards(
    rows: Iterable[Any],
    words: Words,
    order: Order = Order.NEXT,
    chosen: Sequence[str] | None = None,
    by: Grouping = Grouping.STAGE,
) -> list[Card]:
    """Make cards of the board's rows, with the fields that are chosen, or that the reader likes."""
    shown = fields.of_user(me().board) if chosen is None else chosen
    write = _Writer(words, shown, order, by)
    return [write.card(row) for row in rows]


def head_words(head: Head | None, words: Words) -> tuple[str, str]:
    """How many, and how large together; nothing where it is not counted yet."""
    if head is None:
        return "", ""
    people = words.number(head.people) + ("" if head.is_exact else "+")
    audience = words.compact(head.audience) + ("" if head.is_exact else "+")
    return people, _("Joint audience %(audience)s", audience=audience) if head.audience else ""


def column(stage: Stage, head: Head | None, words: Words) -> Column:
    """The column of a stage, with its head in words."""
    people, said = head_words(head, words)
    return Column(stage.value, str(stage.label), stage, people, said)


def _score_labels() -> Mapping[str, str]:
    return {
        "fit": _("Fit"),
        "reach": _("Reach"),
        "resonance": _("Reson."),
        "relevance": _("Relev."),
    }


def row_words(_order: Order = Order.NEXT) -> Mapping[str, str]:
    """The words that repeat on every card."""
    return {
        "more": _("Load more"),
        "many": _("Many cards are loaded here. A filter finds somebody faster."),
        "add": _("Add a filter"),
    }
