"""Writing scores down: the columns that lists are sorted by, and a row for each change."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Insert, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.ledger import counters
from irm.ledger.orders import score_order
from irm.models import Influencer, Relationship, Score, ScoreKind, Tier
from irm.scoring.reasons import Reason
from irm.scoring.tiers import is_chosen

_people = cast(Table, Influencer.__table__)
_relationships = cast(Table, Relationship.__table__)
_scores = cast(Table, Score.__table__)


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What a person's columns become; `reasons` names the scores that moved, and why."""

    id: int
    audience: int | None
    reach: float | None
    resonance: float | None
    tier: Tier
    reasons: Mapping[ScoreKind, list[Reason]]


@dataclass(frozen=True, slots=True)
class RelationshipChange:
    """What a relationship's columns become; `reasons` names the scores that moved, and why."""

    id: int
    influencer_id: int
    relevance: float | None
    fit: float | None
    reach: float | None
    resonance: float | None
    reasons: Mapping[ScoreKind, list[Reason]]


def write_people(session: Session, day: dt.date, people: Sequence[PersonChange]) -> int:
    """Write people's changed scores, their history and the board's counters.

    Says how many scores moved. A score that moves twice on a day keeps its last row of that day.
    `row_version` stays: a score is nobody's edit, and may not refuse a colleague's.
    """
    _write_columns(session, people)
    rows = [row for one in people for row in _person_rows(one, day)]
    if rows:
        session.connection().execute(
            _insert(session, "influencer_id", Score.relationship_id.is_(None)), rows
        )
    return len(rows)


def write_relationships(
    session: Session, day: dt.date, relationships: Sequence[RelationshipChange]
) -> int:
    """Write relationships' changed scores, their sort keys and their history, as above."""
    if not relationships:
        return 0
    columns = [{"of_id": one.id, **_order_columns(one)} for one in relationships]
    session.connection().execute(
        update(_relationships)
        .where(_relationships.c.id == bindparam("of_id"))
        .values({name: bindparam(name) for name in columns[0] if name != "of_id"}),
        columns,
    )
    rows = [row for one in relationships for row in _relationship_rows(one, day)]
    if rows:
        session.connection().execute(
            _insert(session, "relationship_id", Score.relationship_id.is_not(None)), rows
        )
    return len(rows)


def _write_columns(session: Session, people: Sequence[PersonChange]) -> None:
    """Write the columns of people, and count their relationships where they belong now."""
    if not people:
        return
    ids = [one.id for one in people]
    # Touching the rows locks them and, on SQLite, takes the turn, before what is in them is read.
    touched = session.connection().execute(
        update(_people)
        .where(_people.c.id.in_(ids))
        .values(reach=_people.c.reach)
        .returning(
            _people.c.id,
            _people.c.tier,
            _people.c.audience,
            _people.c.tier_set_by_id,
            _people.c.tier_reason,
            _people.c.archived_at,
        )
    )
    before = {row.id: row for row in touched}
    rows: dict[int, dict[str, Any]] = {}
    for one in people:
        was = before.get(one.id)
        if was is not None:
            chosen = is_chosen(was.tier_set_by_id, was.tier_reason)
            rows[one.id] = {
                "of_id": one.id,
                "audience": one.audience,
                "reach": one.reach,
                "resonance": one.resonance,
                "tier": was.tier if chosen else one.tier,
            }
    moved = [
        person
        for person, row in rows.items()
        if (row["tier"], row["audience"]) != (before[person].tier, before[person].audience)
        and before[person].archived_at is None
    ]
    cells = session.execute(
        select(
            Relationship.influencer_id,
            Relationship.brand_id,
            Relationship.stage,
            Relationship.owner_id,
        )
        .where(Relationship.influencer_id.in_(moved))
        .order_by(Relationship.id)
        .with_for_update()
    ).all()
    counters.shift(
        session,
        [
            (
                counters.Cell(brand, stage, before[who].tier, owner, before[who].audience),
                counters.Cell(brand, stage, rows[who]["tier"], owner, rows[who]["audience"]),
            )
            for who, brand, stage, owner in cells
        ],
    )
    if rows:
        columns = ("audience", "reach", "resonance", "tier")
        session.connection().execute(
            update(_people)
            .where(_people.c.id == bindparam("of_id"))
            .values({name: bindparam(name) for name in columns}),
            list(rows.values()),
        )


def _order_columns(one: RelationshipChange) -> dict[str, float | None]:
    return {
        "relevance": one.relevance,
        "fit": one.fit,
        "relevance_order": score_order(one.relevance),
        "fit_order": score_order(one.fit),
        "reach_order": score_order(one.reach),
        "resonance_order": score_order(one.resonance),
    }


def _person_rows(one: PersonChange, day: dt.date) -> list[dict[str, Any]]:
    values = {ScoreKind.REACH: one.reach, ScoreKind.RESONANCE: one.resonance}
    return [
        _row(one.id, None, kind, day, values[kind], reasons)
        for kind, reasons in one.reasons.items()
    ]


def _relationship_rows(one: RelationshipChange, day: dt.date) -> list[dict[str, Any]]:
    values = {ScoreKind.RELEVANCE: one.relevance, ScoreKind.FIT: one.fit}
    return [
        _row(one.influencer_id, one.id, kind, day, values[kind], reasons)
        for kind, reasons in one.reasons.items()
    ]


def _row(
    influencer_id: int,
    relationship_id: int | None,
    kind: ScoreKind,
    day: dt.date,
    value: float | None,
    reasons: list[Reason],
) -> dict[str, Any]:
    return {
        "influencer_id": influencer_id,
        "relationship_id": relationship_id,
        "kind": kind,
        "day": day,
        "value": value,
        "reasons": reasons,
    }


def _insert(session: Session, subject: str, where: ColumnElement[bool]) -> Insert:
    """An insert that replaces the row of the same subject, kind and day."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = make(_scores)
    return statement.on_conflict_do_update(
        index_elements=[subject, "kind", "day"],
        index_where=where,
        set_={"value": statement.excluded.value, "reasons": statement.excluded.reasons},
    )
