"""Scoring everybody, a brand's people, or a few."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.jobs import pulse
from irm.jobs.scoring import reading, world
from irm.jobs.scoring.columns import BrandColumns, PeopleColumns, Silences
from irm.jobs.scoring.world import World
from irm.models import Influencer, Score, Task
from irm.scoring import batch
from irm.scoring.record import (
    PersonChange,
    RelationshipChange,
    write_people,
    write_relationships,
)
from irm.scoring.resonance import Expectation

READ = 4000
"""How many people are read and computed together: some tens of megabytes."""

WRITE_PEOPLE = 500
"""How many people are written in one transaction: some tens of milliseconds."""

WRITE_RELATIONSHIPS = 800
"""As many relationships: their sort keys lie scattered over six indexes, so that a short
transaction writes nearly the same pages as a longer one."""

NAP = 0.001
"""Seconds between two transactions."""

T = TypeVar("T")

Progress = Callable[[int, int], None]

Fence = Callable[[], None]
"""Called last in each transaction; raises where nothing may be written any more."""


@dataclass(slots=True)
class Outcome:
    """What a scoring did; `changed` counts scores, `lines` are those fitted."""

    people: int = 0
    relationships: int = 0
    changed: int = 0
    lines: dict[str, Expectation] = field(default_factory=dict)


def run(_app: Flask, task: Task, report: Progress) -> dict[str, Any]:
    """Do a task of kind "score": the people whose ids it names, or a brand's, or all."""
    session, started = db.session, time.perf_counter()
    ids = task.arguments.get("people")

    def fence() -> None:
        pulse.hold(session, task)

    if ids is None:
        outcome = score(session, clock.now(), task.brand_id, report, fence)
    else:
        outcome = score_people(session, ids, clock.now())
        fence()
        session.commit()
        report(len(ids), len(ids))
    return {
        "people": outcome.people,
        "relationships": outcome.relationships,
        "changed": outcome.changed,
        "lines": {platform: line.accounts for platform, line in outcome.lines.items()},
        "seconds": round(time.perf_counter() - started, 2),
    }


def score(
    session: Session,
    at: dt.datetime,
    brand_id: int | None = None,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> Outcome:
    """Score everybody, or the people a brand has a relationship with; commits as it goes.

    First the usual rate of every account is read and the expected lines are fitted, for they
    belong to all; then people are scored a chunk at a time, in all their relationships.
    """
    day, outcome = at.date(), Outcome()
    tell, check = progress or _silent, fence or _nothing
    everybody = session.scalars(reading.people()).all()
    wanted = everybody if brand_id is None else session.scalars(reading.people(brand_id)).all()
    done, total = 0, len(everybody) + len(wanted)

    blocks = []
    for ids in _runs(everybody, READ):
        blocks.append(_block(session, ids, day))
        done += len(ids)
        tell(done, total)
    outcome.lines = batch.fit_lines(blocks)
    world.keep_lines(session, outcome.lines)
    _commit(session, check)

    around, chosen = world.read(session, day), set(wanted)
    for block in blocks:
        ids = [one for one in block.people.tolist() if one in chosen]
        people, relationships = _changes(session, around, block, ids, outcome)
        for some in _runs(people, WRITE_PEOPLE):
            outcome.changed += write_people(session, day, some)
            _commit(session, check)
        for others in _runs(relationships, WRITE_RELATIONSHIPS):
            outcome.changed += write_relationships(session, day, others)
            _commit(session, check)
        done += len(ids)
        tell(done, total)
    return outcome


def score_people(session: Session, ids: Sequence[int], at: dt.datetime) -> Outcome:
    """Score a few people anew after a change, against the lines fitted last; commits nothing."""
    outcome, around = Outcome(), world.read(session, at.date())
    known = session.scalars(reading.people().where(Influencer.id.in_(ids))).all()
    for some in _runs(known, READ):
        block = _block(session, some, around.day)
        people, relationships = _changes(session, around, block, some, outcome)
        outcome.changed += write_people(session, around.day, people)
        outcome.changed += write_relationships(session, around.day, relationships)
    return outcome


def _block(session: Session, ids: Sequence[int], day: dt.date) -> batch.Block:
    accounts, counts = reading.accounts(session, ids), reading.counts(session, ids, day)
    return batch.block(ids, accounts, counts, day)


def _changes(
    session: Session, around: World, block: batch.Block, ids: Sequence[int], outcome: Outcome
) -> tuple[list[PersonChange], list[RelationshipChange]]:
    """Compare what is stored of some people of a block with what it should be."""
    if not ids:
        return [], []
    stored = reading.stored_people(session, ids)
    relationships = reading.stored_relationships(session, ids)
    outcome.people += len(stored)
    outcome.relationships += len(relationships)

    scores = batch.score_people(block, around.rules.overlap, around.rules.expectations)
    people = PeopleColumns(block, scores)
    silences = Silences(reading.silences(session, Score.influencer_id, ids))
    moved = [people.change(row, around.rules, silences) for row in stored]

    said = _speech(session, around, block, ids, stored)
    their = sorted(row.id for row in relationships)
    silences = Silences(reading.silences(session, Score.relationship_id, their))
    changed = []
    for brand_id, topics in around.brands.items():
        of_brand = [row for row in relationships if row.brand_id == brand_id]
        if of_brand:
            columns = BrandColumns(
                around.matcher.topics, topics.places, people, scores, said, topics.weights
            )
            changed += [columns.change(row, silences) for row in of_brand]
    return (
        [change for change in moved if change is not None],
        [change for change in changed if change is not None],
    )


def _speech(
    session: Session,
    around: World,
    block: batch.Block,
    ids: Sequence[int],
    stored: Sequence[Any],
) -> batch.Speech:
    """Read what people said, as far as there are topics to look for."""
    match, topics = around.matcher.match, len(around.matcher.topics)
    bios = {row.id: row.bio for row in stored if row.bio}
    posts = [
        (person, post, moment, match(text, language))
        for person, post, moment, text, language in (reading.texts(session, ids) if topics else ())
    ]
    masks = [match(bios[one]) if one in bios else None for one in block.people.tolist()]
    return batch.speech(block.people, posts, masks, topics, around.day)


def _runs(rows: Sequence[T], length: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), length):
        yield rows[start : start + length]


def _commit(session: Session, check: Fence) -> None:
    """End a transaction, and let somebody who waits go first."""
    session.flush()
    check()
    session.commit()
    time.sleep(NAP)


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _nothing() -> None:
    """Hold nothing: whoever calls is alone."""
