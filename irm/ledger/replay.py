"""Whether history is whole: replaying all moves gives today's board.

Reading alone, in chunks, so that memory stays small whatever there is. What is found is a fault of
ours or of whoever wrote to the database past irm: nothing here mends it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from irm.ledger.counters import NOBODY
from irm.models import ImportBatch, Influencer, Relationship, Stage, StageCounter, StageMove
from irm.models.base import Rows

#: Relationships looked at in one step, and moves fetched at once.
CHUNK, FETCHED = 1000, 5000

#: Faults that are named; the others are counted.
NAMED = 20

#: Lists whose rows are history: what they hold need not be all that was.
HISTORIES = ("moves", "relationships")


class Fault(NamedTuple):
    """One thing that is not as the moves say.

    `stage`: the newest move led elsewhere; `since`: the stage began at another moment; `chain`: a
    move does not begin where the one before it ended; `brand`: a move says another brand;
    `counter`: a cell of the board counts others, and `of_id` is its brand.
    """

    code: str
    of_id: int


@dataclass(slots=True)
class Report:
    """What a replay found."""

    relationships: int = 0
    moves: int = 0
    by_code: Counter[str] = field(default_factory=Counter)
    #: The first of them.
    faults: list[Fault] = field(default_factory=list)

    def add(self, found: Iterable[Fault]) -> None:
        """Note some faults."""
        for one in found:
            self.by_code[one.code] += 1
            if len(self.faults) < NAMED:
                self.faults.append(one)


@dataclass(slots=True)
class Replayed:
    """Where the moves of one relationship lead."""

    moves: int = 0
    stage: Stage | None = None
    since: dt.datetime | None = None
    #: Whether each move begins where the one before it ended.
    is_chained: bool = True
    #: Whether two histories became one: a beginning that is not the first move.
    is_joined: bool = False
    brands: set[int] = field(default_factory=set)


def replay(moves: Iterable[Any]) -> Replayed:
    """Make the moves of one relationship again, oldest first."""
    found = Replayed()
    #: The moves that stand, in order: neither taken back nor taking one back.
    standing: dict[int, dt.datetime] = {}
    undone = set[int]()
    for move in moves:
        if move.from_stage is None:
            found.is_joined |= found.moves > 0
        elif found.moves and move.from_stage is not found.stage:
            found.is_chained = False
        found.moves += 1
        found.stage, found.since = move.to_stage, move.at
        found.brands.add(move.brand_id)
        if move.undoes_id is not None:
            undone.add(move.undoes_id)
            standing.pop(move.undoes_id, None)
        elif move.id not in undone:
            standing[move.id] = move.at
    if standing:
        found.since = standing[next(reversed(standing))]
    return found


def check(session: Session, brand_id: int | None = None) -> Report:
    """Replay the moves of all relationships, of one brand or of every, and say what disagrees."""
    report, last = Report(), 0
    told = set(
        session.scalars(
            select(ImportBatch.brand_id).where(ImportBatch.kind.in_(HISTORIES)).distinct()
        )
    )
    while chunk := session.execute(_next(brand_id), {"after": last, "brand": brand_id}).all():
        report.relationships += len(chunk)
        replayed = dict(_replayed(session, chunk[0].id, chunk[-1].id, brand_id))
        for row in chunk:
            found = replayed.get(row.id)
            if found is not None:
                report.moves += found.moves
                report.add(_faults(row, found, row.brand_id in told))
        last = chunk[-1].id
    report.add(_miscounted(session, brand_id))
    return report


def _next(brand_id: int | None) -> Rows:
    found = (
        select(Relationship.id, Relationship.brand_id, Relationship.stage, Relationship.stage_since)
        .where(Relationship.id > bindparam("after"))
        .order_by(Relationship.id)
        .limit(CHUNK)
    )
    return found if brand_id is None else found.where(Relationship.brand_id == bindparam("brand"))


_MOVES = (
    select(
        StageMove.relationship_id,
        StageMove.id,
        StageMove.brand_id,
        StageMove.at,
        StageMove.from_stage,
        StageMove.to_stage,
        StageMove.undoes_id,
    )
    .where(StageMove.relationship_id.between(bindparam("first"), bindparam("last")))
    .order_by(StageMove.relationship_id, StageMove.at, StageMove.id)
)


def _replayed(
    session: Session, first: int, last: int, brand_id: int | None
) -> Iterator[tuple[int, Replayed]]:
    """Replay each relationship between two ids; one card's moves alone are held at a time."""
    moves = _MOVES
    if brand_id is not None:
        moves = moves.join(Relationship, Relationship.id == StageMove.relationship_id).where(
            Relationship.brand_id == brand_id
        )
    rows = session.execute(
        moves, {"first": first, "last": last}, execution_options={"yield_per": FETCHED}
    )
    for id, of_one in groupby(rows, key=attrgetter("relationship_id")):
        yield id, replay(of_one)


def _faults(row: Any, found: Replayed, is_told: bool) -> Iterator[Fault]:
    if found.stage is not row.stage:
        yield Fault("stage", row.id)
    if found.brands != {row.brand_id}:
        yield Fault("brand", row.id)
    # What was joined of two, or told by a list, may have gaps, and a clock of its own.
    if found.is_joined or is_told:
        return
    if not found.is_chained:
        yield Fault("chain", row.id)
    if found.since != row.stage_since:
        yield Fault("since", row.id)


def _miscounted(session: Session, brand_id: int | None) -> Iterator[Fault]:
    """The cells of the board that count others than stand there."""
    owner = func.coalesce(Relationship.owner_id, NOBODY)
    cell = (Relationship.brand_id, Relationship.stage, Influencer.tier, owner)
    there = (
        select(*cell, func.count(), func.coalesce(func.sum(Influencer.audience), 0))
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Influencer.archived_at.is_(None))
        .group_by(*cell)
    )
    kept = select(
        StageCounter.brand_id,
        StageCounter.stage,
        StageCounter.tier,
        StageCounter.owner_id,
        StageCounter.people,
        StageCounter.audience,
    )
    if brand_id is not None:
        there = there.where(Relationship.brand_id == brand_id)
        kept = kept.where(StageCounter.brand_id == brand_id)
    counted, stored = _cells(session, there), _cells(session, kept)
    for key in sorted(counted.keys() | stored.keys()):
        if counted.get(key, (0, 0)) != stored.get(key, (0, 0)):
            yield Fault("counter", key[0])


def _cells(session: Session, statement: Rows) -> dict[tuple[int, str, str, int], tuple[int, int]]:
    return {
        (brand, stage, tier, owner): (int(people), int(audience))
        for brand, stage, tier, owner, people, audience in session.execute(statement)
    }
