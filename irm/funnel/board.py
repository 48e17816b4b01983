"""The board: five columns, each sorted by next touchpoint or a score, and paged by key."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from irm.directory.columns import owner
from irm.directory.people import Filter, is_listed
from irm.errors import Refused
from irm.funnel.board_order import Order, Sorting, aside
from irm.funnel.stages import STAGES
from irm.i18n import _l
from irm.ledger.counters import NOBODY
from irm.models import Influencer, Relationship, Stage, StageCounter, Tier
from irm.models.base import Rows

#: Cards of a column shown at once.
COLUMN = 30

#: Sorted as the board is unless somebody chooses a score.
_PLANNED = Sorting()

#: What a card shows, in the order of `Card`.
_COLUMNS = (
    Relationship.id,
    Relationship.influencer_id,
    Relationship.stage,
    Influencer.name,
    Influencer.tier,
    Influencer.reach,
    Influencer.resonance,
    Relationship.relevance,
    Relationship.fit,
    Relationship.stage_since,
    Relationship.last_contact_at,
    Relationship.next_touchpoint_on,
    Relationship.gives_since_ask,
    Relationship.row_version,
    Relationship.earned_stage,
    Relationship.next_order,
    Relationship.fit_order,
    owner.name.label("owner_name"),
)


def _cards(person: ColumnElement[int]) -> Rows:
    return (
        select(*_COLUMNS)
        .join(Influencer, Influencer.id == person)
        .join(owner, owner.id == Relationship.owner_id, isouter=True)
    )


_CARDS = _cards(Relationship.influencer_id.expression)
_CARD = _CARDS.where(Relationship.id == bindparam("of_id"))

#: For orders that choose their own way: nobody comes from the people to the relationships.
_SORTED = _cards(aside(Relationship.influencer_id.expression))


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column: how many people, and how many they reach together."""

    people: int = 0
    audience: int = 0
    #: False where the number stops at a limit and more may be there.
    is_exact: bool = True


def column(
    brand_id: int,
    stage: Stage,
    conditions: Sequence[ColumnElement[bool]] = (),
    owner_id: int | None = None,
    sorting: Sorting = _PLANNED,
) -> Rows:
    """Select the cards of one column in order, of one owner (0: nobody) where one is named."""
    return _column(brand_id, stage, owner_id, sorting).where(*conditions)


@lru_cache(256)
def _column(brand_id: int, stage: Stage, owner_id: int | None, sorting: Sorting) -> Rows:
    score = sorting.score
    cards = _CARDS if score is None else _SORTED.add_columns(score.label("order_key"))
    here = sorting.narrowed(stage, owner_id)
    return cards.where(Relationship.brand_id == brand_id, *here, is_listed()).order_by(
        *sorting.keys
    )


def card(session: Session, relationship_id: int) -> list[Any]:
    """One card, wherever it stands."""
    return list(session.execute(_CARD, {"of_id": relationship_id}))


def first_cards(
    session: Session,
    brand_id: int,
    conditions: Sequence[ColumnElement[bool]] = (),
    owner_id: int | None = None,
    sortings: Mapping[Stage, Sorting] | None = None,
) -> dict[Stage, list[Any]]:
    """The first cards of all five columns, by one statement; one more each than is shown.

    A column that holds more than COLUMN rows has a next page.
    """
    ways = tuple((sortings or {}).get(stage, _PLANNED) for stage in STAGES)
    make = _columns if conditions else _all_columns
    found: dict[Stage, list[Any]] = {stage: [] for stage in STAGES}
    for row in session.execute(make(brand_id, tuple(conditions), owner_id, ways)):
        found[row.stage].append(row)
    for cards in found.values():
        # A union promises no order, and a column is short.
        cards.sort(key=_key if ways[0].score is None else lambda row: (row.order_key, row.id))
    return found


def _key(row: Any) -> tuple[Any, ...]:
    return row.next_order, row.fit_order, row.id


def _columns(
    brand_id: int,
    conditions: tuple[ColumnElement[bool], ...],
    owner_id: int | None,
    ways: tuple[Sorting, ...],
) -> CompoundSelect[Any]:
    columns = [
        column(brand_id, stage, conditions, owner_id, sorting).limit(COLUMN + 1)
        for stage, sorting in zip(STAGES, ways, strict=True)
    ]
    return union_all(
        *(select(one.subquery(stage.value)) for stage, one in zip(STAGES, columns, strict=True))
    )


#: The unfiltered board's statement, kept: to put it together takes longer than to ask it.
_all_columns = lru_cache(256)(_columns)


def heads(session: Session, brand_id: int, filter: Filter) -> dict[Stage, Head]:
    """The column heads from the kept counters: exact, at no cost.

    For a filter by text or platform, which no counter knows, use `filtered_heads`.
    """
    counted = _counted(brand_id, filter.tier, filter.owner_id)
    found = {
        stage: Head(int(people), int(audience))
        for stage, people, audience in session.execute(counted)
    }
    return {stage: found.get(stage, Head()) for stage in STAGES}


@lru_cache(1024)
def _counted(brand_id: int, tier: Tier | None, owner_id: int | None) -> Rows:
    counted = (
        select(StageCounter.stage, func.sum(StageCounter.people), func.sum(StageCounter.audience))
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.stage)
    )
    if tier is not None:
        counted = counted.where(StageCounter.tier == tier)
    if owner_id is not None:
        counted = counted.where(StageCounter.owner_id == (owner_id or NOBODY))
    return counted


def filtered_heads(
    session: Session, brand_id: int, conditions: Sequence[ColumnElement[bool]], limit: int
) -> dict[Stage, Head]:
    """The column heads by counting, each up to `limit`; beyond it the head is not exact."""
    each = {
        stage: _some(brand_id, stage, conditions, limit + 1).subquery(stage.value)
        for stage in STAGES
    }
    counted = [
        select(literal(stage.value), func.count(), func.coalesce(func.sum(some.c.audience), 0))
        for stage, some in each.items()
    ]
    return {
        Stage(stage): Head(min(people, limit), int(audience), people <= limit)
        for stage, people, audience in session.execute(union_all(*counted))
    }


def _some(
    brand_id: int, stage: Stage, conditions: Sequence[ColumnElement[bool]], limit: int
) -> Rows:
    return (
        select(Influencer.audience)
        .join(Relationship, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == brand_id,
            Relationship.stage == stage,
            is_listed(),
            *conditions,
        )
        .limit(limit)
    )


def page_token(card: Any) -> str:
    """What asks for the cards below this one: its sort key."""
    if hasattr(card, "order_key"):
        return f"{card.order_key}~{card.id}"
    return f"{card.next_order}~{card.fit_order}~{card.id}"


def below(token: str, sorting: Sorting = _PLANNED) -> ColumnElement[bool]:
    """The condition that begins below the card a token names.

    Raises Refused where the token was typed by hand.
    """
    if sorting.order is not Order.NEXT:
        return sorting.below(token)
    try:
        day, fit, id = token.split("~")
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        key = (dt.date.fromisoformat(day), float(fit), int(id))
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None
    return tuple_(*sorting.keys) > tuple_(*key)
