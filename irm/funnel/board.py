"""The board: five columns, each sorted by next touchpoint or a score, and paged by key."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from irm.directory.columns import COLUMNS, owner
from irm.directory.people import Filter, is_listed
from irm.directory.teams import Teams
from irm.errors import Refused
from irm.funnel.board_order import Order, Sorting
from irm.funnel.stages import STAGES
from irm.i18n import _l
from irm.ledger.counters import NOBODY
from irm.models import Influencer, Relationship, Stage, StageCounter, Tier
from irm.models.aside import aside
from irm.models.base import Rows
from irm.named_rows import named

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
    Relationship.paused_until,
    Relationship.paused_why,
    Relationship.owner_id,
    Influencer.archetype,
    Influencer.country,
    owner.name.label("owner_name"),
)


@lru_cache(4)
def _cards(*, along: bool, with_tags: bool) -> Rows:
    """Cards in no order; `along`: nobody comes from the people to the relationships."""
    person = Relationship.influencer_id.expression
    return (
        select(*_COLUMNS, *(COLUMNS["tags"].expressions if with_tags else ()))
        .join(Influencer, Influencer.id == (aside(person) if along else person))
        .join(owner, owner.id == Relationship.owner_id, isouter=True)
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a brand's people a board shows: those in the archive or not, and with their tags."""

    brand_id: int
    archived: str = ""
    with_tags: bool = False

    def cards(self, sorting: Sorting, *, along: bool, is_gathered: bool = False) -> Rows:
        """Select cards in no order.

        `along`: nobody comes from the people to the relationships; `is_gathered`: everybody does.
        """
        found = _cards(along=along, with_tags=self.with_tags)
        if sorting.score is not None:
            found = found.add_columns(sorting.score.label("order_key"))
        brand = Relationship.brand_id.expression
        is_here = (aside(brand) if is_gathered else brand) == self.brand_id
        return found.where(is_here, is_listed(self.archived))


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column: how many people, and how many they reach together."""

    people: int = 0
    audience: int = 0
    #: False where the number stops at a limit and more may be there.
    is_exact: bool = True


def column(
    shown: Shown,
    stage: Stage,
    conditions: Sequence[ColumnElement[bool]] = (),
    owner_id: int | None = None,
    sorting: Sorting = _PLANNED,
) -> Rows:
    """Select the cards of one column in order, of one owner (0: nobody) where one is named."""
    return _column(shown, stage, owner_id, sorting).where(*conditions)


@lru_cache(256)
def _column(shown: Shown, stage: Stage, owner_id: int | None, sorting: Sorting) -> Rows:
    here = sorting.narrowed(stage, owner_id)
    is_chosen = sorting.score is not None
    return shown.cards(sorting, along=is_chosen).where(*here).order_by(*sorting.keys)


def card(session: Session, relationship_id: int, *, with_tags: bool = False) -> list[Any]:
    """One card, wherever it stands."""
    return named(session.connection().execute(_card(with_tags), {"of_id": relationship_id}))


@lru_cache(2)
def _card(with_tags: bool) -> Rows:
    return _cards(along=False, with_tags=with_tags).where(Relationship.id == bindparam("of_id"))


def first_cards(
    session: Session,
    shown: Shown,
    conditions: Sequence[ColumnElement[bool]] = (),
    owner_id: int | None = None,
    sortings: Mapping[Stage, Sorting] | None = None,
) -> dict[Stage, list[Any]]:
    """The first cards of all columns that are sorted, by one statement; one more than is shown.

    A column that holds more than COLUMN rows has a next page.
    """
    wanted = dict.fromkeys(STAGES, _PLANNED) if sortings is None else sortings
    make = _columns if conditions else _all_columns
    found: dict[Stage, list[Any]] = {stage: [] for stage in STAGES}
    asked = make(shown, tuple(conditions), owner_id, tuple(wanted.items()))
    for row in named(session.connection().execute(asked)):
        found[row.stage].append(row)
    for stage, sorting in wanted.items():
        # A union promises no order, and a column is short.
        found[stage].sort(key=key_of(sorting))
    return found


def key_of(sorting: Sorting) -> Callable[[Any], tuple[Any, ...]]:
    """What rows are sorted by once they are here."""
    return _planned_key if sorting.score is None else lambda row: (row.order_key, row.id)


def _planned_key(row: Any) -> tuple[Any, ...]:
    return row.next_order, row.fit_order, row.id


def _columns(
    shown: Shown,
    conditions: tuple[ColumnElement[bool], ...],
    owner_id: int | None,
    sortings: tuple[tuple[Stage, Sorting], ...],
) -> CompoundSelect[Any]:
    columns = {
        stage: column(shown, stage, conditions, owner_id, sorting).limit(COLUMN + 1)
        for stage, sorting in sortings
    }
    return union_all(*(select(one.subquery(stage.value)) for stage, one in columns.items()))


#: The unfiltered board's statement, kept: to put it together takes longer than to ask it.
_all_columns = lru_cache(256)(_columns)


def heads(session: Session, brand_id: int, filter: Filter) -> dict[Stage, Head]:
    """The column heads from the kept counters: exact, at no cost.

    For a filter that no counter knows, use `grouped.filtered_heads`.
    """
    counted = _counted(brand_id, filter.tier, filter.owner_id, filter.teams)
    found = {
        stage: Head(int(people), int(audience))
        for stage, people, audience in session.execute(counted)
    }
    return {stage: found.get(stage, Head()) for stage in STAGES}


@lru_cache(1024)
def _counted(brand_id: int, tier: Tier | None, owner_id: int | None, teams: Teams | None) -> Rows:
    counted = (
        select(StageCounter.stage, func.sum(StageCounter.people), func.sum(StageCounter.audience))
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.stage)
    )
    if tier is not None:
        counted = counted.where(StageCounter.tier == tier)
    if owner_id is not None:
        counted = counted.where(StageCounter.owner_id == (owner_id or NOBODY))
    if teams is not None:
        counted = counted.where(teams.hold(StageCounter.owner_id))
    return counted


def page_token(card: Any) -> str:
    """What asks for the cards below this one: its sort key."""
    if hasattr(card, "order_key"):
        return f"{card.order_key}~{card.id}"
    return f"{card.next_order}~{card.fit_order}~{card.id}"


def below(token: str, sorting: Sorting = _PLANNED) -> ColumnElement[bool]:
    """The condition that begins below the card a token names.

    Raises Refused where the token was typed by hand.
    """
    return tuple_(*sorting.keys) > tuple_(*key_in(token, sorting))


def key_in(token: str, sorting: Sorting) -> tuple[Any, ...]:
    """The key of the card that a token names. Raises Refused where it was typed by hand."""
    if sorting.order is not Order.NEXT:
        return sorting.key_in(token)
    try:
        day, fit, id = token.split("~")
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        return (dt.date.fromisoformat(day), float(fit), int(id))
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None


def owned(session: Session, brand_id: int) -> dict[int, int]:
    """How many people each owner has (0: nobody), from the kept counters."""
    return {id: int(people) for id, people in session.execute(_owned(brand_id))}


@lru_cache(256)
def _owned(brand_id: int) -> Rows:
    return (
        select(StageCounter.owner_id, func.sum(StageCounter.people))
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.owner_id)
    )
