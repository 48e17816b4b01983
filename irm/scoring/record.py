"""Writing scores down: the columns that lists are sorted by, and a row for each change.

A night may move a million scores. So rows go to the driver as it wants them: what SQLAlchemy does
to each parameter costs more than to store it.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from operator import ne
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from irm.ledger import counters
from irm.ledger.orders import score_order
from irm.models import Influencer, Relationship, ScoreKind, Tier
from irm.scoring.reasons import Reason
from irm.scoring.tiers import is_chosen

_people = cast(Table, Influencer.__table__)

Row = tuple[Any, ...]

#: Enumerations as they are stored: to ask each for its value takes longer.
_WORDS: dict[str, str] = {word: word.value for word in (*Tier, *ScoreKind)}


class PersonChange(NamedTuple):
    """What a person's columns become; `reasons` names the scores that moved, and why."""

    id: int
    audience: int | None
    reach: float | None
    resonance: float | None
    tier: Tier
    reasons: Mapping[ScoreKind, list[Reason]]


class RelationshipChange(NamedTuple):
    """What a relationship's columns become; `reasons` names the scores that moved, and why."""

    id: int
    influencer_id: int
    relevance: float | None
    fit: float | None
    reach: float | None
    resonance: float | None
    reasons: Mapping[ScoreKind, list[Reason]]
    #: The sort keys as they are stored, of relevance, fit, reach and resonance, where known.
    orders: Sequence[float] = ()


def write_people(session: Session, day: dt.date, people: Sequence[PersonChange]) -> int:
    """Write people's changed scores, their history and the board's counters.

    Says how many scores moved. A score that moves twice on a day keeps its last row of that day.
    `row_version` stays: a score is nobody's edit, and may not refuse a colleague's. Whoever is gone
    since they were read is left out.
    """
    there = _write_columns(session, people)
    on = _day(session, day)
    history = [
        (one.id, None, _WORDS[kind], value, encoded(why), on)
        for one in people
        if one.id in there
        for kind, why in one.reasons.items()
        for value in (one.reach if kind is ScoreKind.REACH else one.resonance,)
    ]
    _many(session, _OF_PERSON, history)
    return len(history)


def write_relationships(
    session: Session, day: dt.date, relationships: Sequence[RelationshipChange]
) -> int:
    """Write relationships' changed scores, their sort keys and their history, as above."""
    relationships = _still(session, relationships)
    by_moved: dict[tuple[bool, ...], list[Row]] = defaultdict(list)
    for one in relationships:
        orders = tuple(map(score_order, (one.relevance, one.fit, one.reach, one.resonance)))
        moved = tuple(map(ne, orders, one.orders)) if one.orders else _ALL
        values = [order for order, is_other in zip(orders, moved, strict=True) if is_other]
        by_moved[moved].append((one.relevance, one.fit, *values, one.id))
    for moved, rows in by_moved.items():
        _many(session, _update(moved), rows)
    on = _day(session, day)
    history = [
        (one.influencer_id, one.id, _WORDS[kind], value, encoded(why), on)
        for one in relationships
        for kind, why in one.reasons.items()
        for value in (one.relevance if kind is ScoreKind.RELEVANCE else one.fit,)
    ]
    _many(session, _OF_RELATIONSHIP, history)
    return len(history)


def _still(
    session: Session, relationships: Sequence[RelationshipChange]
) -> list[RelationshipChange]:
    """Hold those that are still what they were: somebody may have undone, erased or merged."""
    if not relationships:
        return []
    connection = session.connection()
    # Person first, as everybody does who holds both.
    connection.execute(_PEOPLE, {"ids": sorted({one.influencer_id for one in relationships})})
    found = connection.execute(_THEIRS, {"ids": sorted(one.id for one in relationships)})
    there = {(row[0], row[1]) for row in found}
    return [one for one in relationships if (one.id, one.influencer_id) in there]


def _write_columns(session: Session, people: Sequence[PersonChange]) -> Collection[int]:
    """Write the columns of people, and count their relationships where they belong now.

    Gives the ids of those who are there.
    """
    if not people:
        return ()
    # This locks the rows and, on SQLite, takes the turn, before what is in them is read.
    found = session.connection().execute(_BEFORE, {"ids": sorted(one.id for one in people)}).all()
    before: dict[int, Row] = {row[0]: tuple(row) for row in found}
    rows, moved = [], []
    for one in people:
        was = before.get(one.id)
        if was is None:
            continue
        _id, tier, audience, set_by, reason, archived = was
        if not is_chosen(set_by, reason):
            tier = one.tier
        rows.append((one.audience, one.reach, one.resonance, _WORDS[tier], one.id))
        if archived is None and (tier, one.audience) != (was[1], audience):
            moved.append((one.id, tier, one.audience))
    _count(session, before, moved)
    _many(session, _PERSON, rows)
    return before.keys()


def _count(
    session: Session, before: Mapping[int, Row], moved: Sequence[tuple[int, Tier, int | None]]
) -> None:
    """Count the relationships of people who moved to another tier or audience."""
    if not moved:
        return
    after = {id: (tier, audience) for id, tier, audience in moved}
    cells = session.connection().execute(_CELLS, {"ids": sorted(after)}).all()
    counters.shift(
        session,
        [
            (
                counters.Cell(brand, stage, before[who][1], owner, before[who][2]),
                counters.Cell(brand, stage, after[who][0], owner, after[who][1]),
            )
            for who, brand, stage, owner in cells
        ],
    )


_IDS: Any = bindparam("ids", expanding=True)
_BEFORE = (
    select(
        _people.c.id,
        _people.c.tier,
        _people.c.audience,
        _people.c.tier_set_by_id,
        _people.c.tier_reason,
        _people.c.archived_at,
    )
    .where(_people.c.id.in_(_IDS))
    .order_by(_people.c.id)
    .with_for_update(key_share=True)
)
_PEOPLE = (
    select(_people.c.id)
    .where(_people.c.id.in_(_IDS))
    .order_by(_people.c.id)
    .with_for_update(read=True, key_share=True)
)
_THEIRS = (
    select(Relationship.id, Relationship.influencer_id)
    .where(Relationship.id.in_(_IDS))
    .order_by(Relationship.id)
    .with_for_update(key_share=True)
)
_CELLS = (
    select(
        Relationship.influencer_id, Relationship.brand_id, Relationship.stage, Relationship.owner_id
    )
    .where(Relationship.influencer_id.in_(_IDS))
    .order_by(Relationship.id)
    .with_for_update()
)


_PERSON = "UPDATE influencers SET audience = ?, reach = ?, resonance = ?, tier = ? WHERE id = ?"
#: They replace the row of the same subject, kind and day.
_INSERT = (
    "INSERT INTO scores (influencer_id, relationship_id, kind, value, reasons, day)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_REPLACE = " DO UPDATE SET value = excluded.value, reasons = excluded.reasons"
_OF_PERSON = (
    f"{_INSERT} ON CONFLICT (influencer_id, kind, day) WHERE relationship_id IS NULL{_REPLACE}"
)
_OF_RELATIONSHIP = (
    f"{_INSERT} ON CONFLICT (relationship_id, kind, day) WHERE relationship_id IS NOT NULL"
    f"{_REPLACE}"
)


_ORDERS = ("relevance_order", "fit_order", "reach_order", "resonance_order")
_ALL = (True,) * len(_ORDERS)


@lru_cache(16)
def _update(moved: tuple[bool, ...]) -> str:
    """An update of relationships that names no more sort keys than moved.

    Each stands in an index or in three, which SQLite writes anew, be the key another or not.
    """
    orders = [name for name, is_other in zip(_ORDERS, moved, strict=True) if is_other]
    columns = ", ".join(f"{name} = ?" for name in ("relevance", "fit", *orders))
    return " ".join(("UPDATE relationships SET", columns, "WHERE id = ?"))


def _many(session: Session, statement: str, rows: Sequence[Row]) -> None:
    """Execute a statement once for each row; its values are those of the driver."""
    if rows:
        connection = session.connection()
        if connection.dialect.name != "sqlite":
            statement = statement.replace("?", "%s")
        connection.exec_driver_sql(statement, list(rows))


def _day(session: Session, day: dt.date) -> dt.date | str:
    return day.isoformat() if session.get_bind().dialect.name == "sqlite" else day


def encoded(reasons: list[Reason]) -> str:
    """Reasons as they are stored; one without parameters is the same for many thousand people."""
    if len(reasons) == 1 and len(reasons[0]) == 1:
        return _code_alone(reasons[0]["code"])
    return json.dumps(reasons)


@lru_cache(64)
def _code_alone(code: str) -> str:
    return json.dumps([{"code": code}])
