"""The board: five columns, each sorted by next touchpoint, then fit, and paged by key."""

import datetime as dt
from collections.abc import Sequence
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
from irm.funnel.stages import STAGES
from irm.i18n import _l
from irm.ledger.counters import NOBODY
from irm.models import Influencer, Relationship, Stage, StageCounter, Tier
from irm.models.base import Rows

#: Cards of a column shown at once.
COLUMN = 30

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
    Relationship.next_order,
    Relationship.fit_order,
    owner.name.label("owner_name"),
)

_CARDS = (
    select(*_COLUMNS)
    .join(Influencer, Influencer.id == Relationship.influencer_id)
    .join(owner, owner.id == Relationship.owner_id, isouter=True)
)
_CARD = _CARDS.where(Relationship.id == bindparam("of_id"))

_ORDER = (Relationship.next_order, Relationship.fit_order, Relationship.id)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column: how many people, and how many they reach together."""

    people: int = 0
    audience: int = 0
    #: False where the number stops at a limit and more may be there.
    is_exact: bool = True


def column(brand_id: int, stage: Stage, conditions: Sequence[ColumnElement[bool]] = ()) -> Rows:
    """Select the cards of one column in order."""
    return _column(brand_id, stage).where(*conditions)


@lru_cache(256)
def _column(brand_id: int, stage: Stage) -> Rows:
    return _CARDS.where(
        Relationship.brand_id == brand_id, Relationship.stage == stage, is_listed()
    ).order_by(*_ORDER)


def card(session: Session, relationship_id: int) -> list[Any]:
    """One card, wherever it stands."""
    return list(session.execute(_CARD, {"of_id": relationship_id}))


def first_cards(
    session: Session, brand_id: int, conditions: Sequence[ColumnElement[bool]] = ()
) -> dict[Stage, list[Any]]:
    """The first cards of all five columns, by one statement; one more each than is shown.

    A column that holds more than COLUMN rows has a next page.
    """
    statement = _columns(brand_id, conditions) if conditions else _all_columns(brand_id)
    found: dict[Stage, list[Any]] = {stage: [] for stage in STAGES}
    for row in session.execute(statement):
        found[row.stage].append(row)
    for cards in found.values():
        # A union promises no order, and a column is short.
        cards.sort(key=lambda row: (row.next_order, row.fit_order, row.id))
    return found


def _columns(brand_id: int, conditions: Sequence[ColumnElement[bool]]) -> CompoundSelect[Any]:
    columns = [
        select(column(brand_id, stage, conditions).limit(COLUMN + 1).subquery(stage.value))
        for stage in STAGES
    ]
    return union_all(*columns)


@lru_cache(256)
def _all_columns(brand_id: int) -> CompoundSelect[Any]:
    """The unfiltered board's statement, kept: to put it together takes longer than to ask it."""
    return _columns(brand_id, ())


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
    return f"{card.next_order}~{card.fit_order}~{card.id}"


def below(token: str) -> ColumnElement[bool]:
    """The condition that begins below the card a token names.

    Raises Refused where the token was typed by hand.
    """
    try:
        day, fit, id = token.split("~")
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        key = (dt.date.fromisoformat(day), float(fit), int(id))
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None
    return tuple_(*_ORDER) > tuple_(*key)
