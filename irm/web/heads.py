"""The board as its address says it: who is asked for, in which order, and what stands above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_

from irm.access import here
from irm.db import db
from irm.directory import narrowing, people
from irm.directory.people import Filter
from irm.funnel import board, grouped, grouping
from irm.funnel.board import Head, Shown
from irm.funnel.board_order import Order
from irm.funnel.grouping import Grouping
from irm.ledger import ageing
from irm.ledger.ageing import Ageing
from irm.models import Relationship, Stage
from irm.web import cards, listing
from irm.web.ageing import rule
from irm.web.cards import Card, Column
from irm.web.filters import reader
from irm.web.listing import Listing
from irm.web.words import words

#: Beyond this many a filtered head says "10,000+".
COUNTED = 10_000

Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class Board:
    """What a board asks of the database."""

    listing: Listing

    @property
    def by(self) -> Grouping:
        return self.listing.by

    @property
    def order(self) -> Order:
        """By what it is sorted; an order that only the list has is none of the board's."""
        return next((one for one in Order if one.value == self.listing.sort), Order.NEXT)

    @property
    def shown(self) -> Shown:
        """Of which brand, with or without its archive, and whether with tags."""
        archived = self.listing.query.archived
        return Shown(here().brand_id, archived, "tags" in self.listing.shown)

    @cached_property
    def kept(self) -> tuple[Filter, frozenset[Stage]] | None:
        """What the kept counters are asked for the heads; None where they do not know."""
        if self.by is Grouping.ARCHETYPE:
            return None
        return narrowing.counted(self.listing.query, reader())

    @cached_property
    def asked(self) -> tuple[Conditions, int | None, frozenset[Stage]]:
        """The conditions of the cards, the owner that the way asks for itself, and the stages.

        A column asks for its stage itself: asked for twice, SQLite leaves the board's index.
        """
        query, every = self.listing.query, frozenset(Stage)
        counted = narrowing.counted(query, reader())
        if counted is None:
            return self.listing.ask().conditions, None, every
        filter, stages = counted
        others = people.conditions(db.session, replace(filter, owner_id=None), reader())
        whose = people.conditions(db.session, Filter(owner_id=filter.owner_id), reader())
        if self.by is not Grouping.STAGE:
            at = [] if stages == every else [Relationship.stage.in_(sorted(stages))]
            return [*others, *whose, *at], None, every
        if self.order is Order.NEXT:
            return [*others, *whose], None, stages
        return others, filter.owner_id, stages

    @property
    def whole(self) -> Conditions:
        """All conditions, that of the owner too."""
        conditions, owner_id, _stages = self.asked
        if owner_id is None:
            return conditions
        return [*conditions, *people.conditions(db.session, Filter(owner_id=owner_id), reader())]

    def heads(self) -> dict[str, Head] | None:
        """The heads of the columns where the kept counters know them; else they come later."""
        if self.kept is None:
            return None
        filter, stages = self.kept
        return grouped.heads(db.session, here().brand_id, self.by, filter, stages)

    def counted(self, keys: Iterable[str]) -> dict[str, grouped.Counted]:
        """The heads of some columns by counting, each up to a limit."""
        _conditions, _owner, stages = self.asked
        by_stage = self.by is Grouping.STAGE
        wanted = [key for key in keys if not by_stage or Stage(key) in stages]
        late, stuck = overdue(), is_stuck()
        return grouped.filtered_heads(
            db.session, self.shown, self.by, wanted, self.whole, COUNTED, late, stuck
        )

    def card(self, relationship_id: int) -> list[Card]:
        """One card as this board shows it, wherever it stands."""
        found = board.card(db.session, relationship_id, with_tags=self.shown.with_tags)
        return self.cards(found)

    def cards(self, rows: Iterable[Any]) -> list[Card]:
        """Rows as cards with the fields of this board."""
        return cards.cards(rows, words(), self.order, self.listing.shown, self.by)

    def columns(self, keys: Iterable[str]) -> list[Column]:
        """Some columns with their heads alone, counted where need be: after something moved."""
        names = grouping.columns(db.session, reader(), self.by)
        wanted = [key for key in dict.fromkeys(keys) if key in names]
        heads: Mapping[str, Head] | None = self.heads()
        if heads is None:
            heads = {key: one.head for key, one in self.counted(wanted).items()}
        return [self.column(key, names[key], heads.get(key, Head())) for key in wanted]

    def column(self, key: str, title: str, head: Head | None) -> Column:
        """A column with its head in words."""
        people, said = cards.head_words(head, words())
        stage = Stage(key) if self.by is Grouping.STAGE else None
        return Column(key, title, stage, people, said)


def here_and_now() -> Board:
    """The board that the address of this request says.

    Raises Refused where a word of it means nothing here, NotFound where the view is none of hers.
    """
    return Board(listing.here_and_now(page=listing.BOARD))


def overdue() -> ColumnElement[bool]:
    """The condition that the next touchpoint is past; who is paused is never overdue."""
    today = words().today
    return and_(Relationship.next_order < today, ageing.is_not_paused(today))


def is_stuck() -> ColumnElement[bool]:
    """The condition that somebody is longer at a stage than the brand's limit."""
    limits, zone, day = rule()
    return ageing.condition(Ageing.STUCK, day, zone, limits)
