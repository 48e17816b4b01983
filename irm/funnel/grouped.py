"""The board with other columns than the stages, and heads by counting for any columns.

The cards of a tier or an archetype are found by walking along the board's own order, or the
score's, and passing by the others, which is short where they are many; or by gathering them and
sorting, which is short where they are few. An owner's own order has an index.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from irm.directory.people import Filter, is_listed
from irm.funnel.board import COLUMN, Head, Shown, key_in, key_of
from irm.funnel.board_order import WANTED, Order, Sorting, Way
from irm.funnel.grouping import NOBODY, UNKNOWN, Grouping, stands_in
from irm.funnel.reading import stays
from irm.ledger import counters
from irm.models import Archetype, Influencer, Relationship, Stage, StageCounter
from irm.models.aside import aside
from irm.models.base import Rows

Conditions = Sequence[ColumnElement[bool]]

#: Up to so many of an archetype are worth being gathered.
FEW = 3000


def column(
    shown: Shown, by: Grouping, key: str, sorting: Sorting, conditions: Conditions = ()
) -> Rows:
    """Select the cards of one column in order; for stages see `board.column`."""
    return _column(shown, by, key, sorting).where(*conditions)


@lru_cache(1024)
def _column(shown: Shown, by: Grouping, key: str, sorting: Sorting) -> Rows:
    is_walk = sorting.way is Way.WALK
    here = stands_in(by, key, unindexed=is_walk)
    along = is_walk or by is Grouping.OWNER
    cards = shown.cards(sorting, along=along, is_gathered=not along)
    return cards.where(here).order_by(*_keys(by, sorting))


def _keys(by: Grouping, sorting: Sorting) -> tuple[ColumnElement[Any], ...]:
    if sorting.score is None and sorting.way is not Way.WALK and by is not Grouping.OWNER:
        return tuple(aside(key) for key in sorting.keys)
    return sorting.keys


def below(by: Grouping, token: str, sorting: Sorting) -> ColumnElement[bool]:
    """The condition that begins below the card a token names.

    Raises Refused where the token was typed by hand.
    """
    return tuple_(*_keys(by, sorting)) > tuple_(*key_in(token, sorting))


def first_cards(
    session: Session,
    shown: Shown,
    by: Grouping,
    sortings: Mapping[str, Sorting],
    conditions: Conditions = (),
) -> dict[str, list[Any]]:
    """The first cards of these columns, by one statement; one more each than is shown."""
    found: dict[str, list[Any]] = {key: [] for key in sortings}
    if not found:
        return found
    make = _columns if conditions else _all_columns
    for row in session.execute(make(shown, by, tuple(sortings.items()), tuple(conditions))):
        found[_key(by, row)].append(row)
    sort_key = key_of(next(iter(sortings.values())))
    for cards in found.values():
        cards.sort(key=sort_key)
    return found


def _columns(
    shown: Shown,
    by: Grouping,
    sortings: tuple[tuple[str, Sorting], ...],
    conditions: tuple[ColumnElement[bool], ...],
) -> CompoundSelect[Any]:
    each = (column(shown, by, key, one, conditions).limit(COLUMN + 1) for key, one in sortings)
    return union_all(*(select(one.subquery(f"c{n}")) for n, one in enumerate(each)))


_all_columns = lru_cache(256)(_columns)


def _key(by: Grouping, row: Any) -> str:
    if by is Grouping.OWNER:
        return str(row.owner_id or NOBODY)
    value = row.tier if by is Grouping.TIER else row.archetype
    return value.value if value is not None else UNKNOWN


def sortings(
    session: Session, brand_id: int, by: Grouping, order: Order, keys: Iterable[str]
) -> dict[str, Sorting]:
    """The shortest way to each column, as if filters had nothing to do with the columns."""
    if by is Grouping.OWNER and order is Order.NEXT:
        return {key: Sorting(order, Way.OWNER) for key in keys}
    people = _people(session, brand_id, by)
    everybody = people.pop("")
    return {key: Sorting(order, way(people.get(key, 0), everybody)) for key in keys}


def way(people: int, everybody: int) -> Way:
    """Whether to gather these people or to walk along everybody."""
    is_walk = people >= WANTED and WANTED * everybody // people < people
    return Way.WALK if is_walk else Way.STAGE


def _people(session: Session, brand_id: int, by: Grouping) -> dict[str, int]:
    """How many stand in each column, without filters; under an empty key everybody."""
    if by is not Grouping.ARCHETYPE:
        found = {key: head.people for key, head in heads(session, brand_id, by, Filter()).items()}
        return found | {"": sum(found.values())}
    total = select(func.coalesce(func.sum(StageCounter.people), 0)).where(
        StageCounter.brand_id == brand_id
    )
    # Of all brands together: one more or less is no matter here.
    each = [
        select(literal(key), func.count()).select_from(
            select(Influencer.id).where(stands_in(by, key)).limit(FEW).subquery(f"a{n}")
        )
        for n, key in enumerate(_ARCHETYPES)
    ]
    counted = union_all(select(literal(""), total.scalar_subquery()), *each)
    return {key: int(people) for key, people in session.execute(counted)}


_ARCHETYPES = (*(word.value for word in Archetype), UNKNOWN)


def heads(
    session: Session,
    brand_id: int,
    by: Grouping,
    filter: Filter,
    stages: frozenset[Stage] = frozenset(Stage),
) -> dict[str, Head]:
    """The heads of the columns that somebody stands in, from the kept counters: exact, at no cost.

    The counters know stages, tiers and owners; for archetypes use `filtered_heads`.
    """
    counted = _kept(by, stages, filter)
    return {
        str(key): Head(int(people), int(audience))
        for key, people, audience in session.connection().execute(counted, {"brand": brand_id})
    }


@lru_cache(256)
def _kept(by: Grouping, stages: frozenset[Stage], filter: Filter) -> Rows:
    column = _COUNTED[by]
    counted = (
        select(column, func.sum(StageCounter.people), func.sum(StageCounter.audience))
        .where(StageCounter.brand_id == bindparam("brand"))
        .group_by(column)
    )
    if len(stages) < len(Stage):
        counted = counted.where(StageCounter.stage.in_(sorted(stages)))
    if filter.tier is not None:
        counted = counted.where(StageCounter.tier == filter.tier)
    if filter.owner_id is not None:
        counted = counted.where(StageCounter.owner_id == (filter.owner_id or counters.NOBODY))
    if filter.teams is not None:
        counted = counted.where(filter.teams.hold(StageCounter.owner_id))
    return counted


_COUNTED: dict[Grouping, Any] = {
    Grouping.STAGE: StageCounter.stage,
    Grouping.TIER: StageCounter.tier,
    Grouping.OWNER: StageCounter.owner_id,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting says of a column: its head, how many are overdue and how many over a limit."""

    head: Head
    overdue: int
    over: int


def filtered_heads(
    session: Session,
    shown: Shown,
    by: Grouping,
    keys: Iterable[str],
    conditions: Conditions,
    limit: int,
    overdue: ColumnElement[bool],
    over: ColumnElement[bool],
) -> dict[str, Counted]:
    """The columns by counting, each up to `limit`; beyond it the head is not exact.

    What is overdue and over the limit is then that of the first `limit` people alone.
    """
    each = []
    for n, key in enumerate(keys):
        some = _some(shown, by, key, conditions).add_columns(
            Influencer.audience,
            _one(overdue).label("overdue"),
            _one(over).label("over"),
        )
        found = some.limit(limit + 1).subquery(f"c{n}").c
        sums = (found.audience, found.overdue, found.over)
        each.append(
            select(literal(key), func.count(), *(func.coalesce(func.sum(one), 0) for one in sums))
        )
    if not each:
        return {}
    return {
        key: Counted(Head(min(people, limit), int(audience), people <= limit), late, beyond)
        for key, people, audience, late, beyond in session.execute(union_all(*each))
    }


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, literal(1, Integer)), else_=literal(0, Integer))


def _some(shown: Shown, by: Grouping, key: str, conditions: Conditions) -> Rows:
    brand = Relationship.brand_id.expression
    return (
        select(Relationship.stage_since)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            (aside(brand) if by is Grouping.ARCHETYPE else brand) == shown.brand_id,
            stands_in(by, key),
            is_listed(shown.archived),
            *conditions,
        )
    )


def counts(
    session: Session,
    shown: Shown,
    by: Grouping,
    asked: Mapping[str, Conditions],
    limit: int,
) -> dict[str, int]:
    """How many of each column meet some conditions more; `limit + 1` where there are more."""
    each = [
        select(literal(key), func.count()).select_from(
            _some(shown, by, key, conditions).limit(limit + 1).subquery(f"c{n}")
        )
        for n, (key, conditions) in enumerate(asked.items())
    ]
    found = session.execute(union_all(*each)) if each else ()
    return {key: int(people) for key, people in found}


def medians(
    session: Session,
    shown: Shown,
    wanted: Mapping[Stage, int],
    conditions: Conditions,
    now: dt.datetime,
) -> dict[Stage, int]:
    """For how many days those in the middle are at these stages; `wanted` says how many there are.

    Read along an index. Of two in the middle the one counts who is there for less long, as in
    stays.
    """
    is_everybody = not (conditions or shown.archived or session.scalar(_ANY_ARCHIVED))
    each = []
    for stage, people in wanted.items():
        since = Relationship.stage_since
        walk = (
            _bare(shown, stage)
            if is_everybody
            else _some(shown, Grouping.STAGE, stage.value, conditions)
        )
        middle = walk.order_by(since).limit(1).offset(people // 2).subquery(stage.value)
        each.append(select(literal(stage.value), middle.c.stage_since))
    found = session.execute(union_all(*each)) if each else ()
    return {Stage(stage): stays.days(since, now) for stage, since in found}


_ANY_ARCHIVED = select(select(Influencer.id).where(Influencer.archived_at.is_not(None)).exists())


def _bare(shown: Shown, stage: Stage) -> Rows:
    return select(Relationship.stage_since).where(
        Relationship.brand_id == shown.brand_id, Relationship.stage == stage
    )
