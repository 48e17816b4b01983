"""Scoring everybody, a brand's people, or a few."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db, keep_pages
from irm.jobs import pulse
from irm.jobs.scoring import garbage, listening, prospects, reading, world
from irm.jobs.scoring.columns import BrandColumns, PeopleColumns, Silences
from irm.jobs.scoring.listening import Hearing
from irm.jobs.scoring.prospects import Outsiders
from irm.jobs.scoring.world import World
from irm.models import Influencer, Score, Task
from irm.scoring import batch, stem_index
from irm.scoring.prospecting import (
    Proposals,
    ProspectScore,
    forget_prospects,
    propose,
    write_prospects,
)
from irm.scoring.record import (
    PersonChange,
    RelationshipChange,
    write_people,
    write_relationships,
)
from irm.scoring.resonance import Expectation

READ = 4000
"""How many people are read and computed together: some tens of megabytes."""

WRITE_PEOPLE = 1000
"""How many people are written in one transaction: some tens of milliseconds."""

WRITE_RELATIONSHIPS = 1500
"""As many relationships: their sort keys lie scattered over six indexes."""

NAP = 0.001
"""Seconds between two transactions."""

PAGES = 64 * 1024
"""KiB of the database that are kept in memory: the sort keys of a million relationships lie
scattered over far more, and of a hundred thousand over less."""

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


@dataclass(slots=True)
class Changes:
    """What is to be written of some people."""

    people: list[PersonChange] = field(default_factory=list)
    relationships: list[RelationshipChange] = field(default_factory=list)
    prospects: dict[int, ProspectScore] = field(default_factory=dict)
    #: Prospects who are in the funnel by now.
    gone: list[int] = field(default_factory=list)


@garbage.seldom_looked_for()
def run(_app: Flask, task: Task, report: Progress) -> dict[str, Any]:
    """Do a task of kind "score": the people whose ids it names, or a brand's, or all.

    What all have is read at the beginning and written much later. Whom another worker scored
    meanwhile, after a change, is scored once more, so that the change stands; where topics or rules
    changed, that is queued.
    """
    session, started = db.session, time.perf_counter()
    ids = task.arguments.get("people")

    def fence() -> None:
        pulse.hold(session, task)

    if ids is None:
        newest, before = reading.newest_task(session), world.decided(session)
        outcome = score(session, clock.now(), task.brand_id, report, fence)
        score_people(session, reading.scored_since(session, newest), clock.now())
        for brand_id, now in world.decided(session).items():
            if now != before.get(brand_id) and not reading.is_waiting(session, brand_id):
                again = Task(kind="score", arguments={}, brand_id=brand_id, created_at=clock.now())
                session.add(again)
        _commit(session, fence)
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
    belong to all, and all posts are listened to; then people are scored a chunk at a time, in all
    their relationships. For a brand, those whose posts speak of its topics are scored too: the best
    of them are proposed to it.
    """
    day, outcome = at.date(), Outcome()
    tell, check = progress or _silent, fence or _nothing
    everybody = session.scalars(reading.people()).all()
    done, total = 0, 2 * len(everybody) + stem_index.unread(session)

    def note(more: int) -> None:
        nonlocal done
        done += more
        tell(min(done, total), total)

    blocks = []
    for ids in _runs(everybody, READ):
        blocks.append(_block(session, ids, day))
        note(len(ids))
    outcome.lines = batch.fit_lines(blocks)
    world.keep_lines(session, outcome.lines)
    _commit(session, check)

    around = world.read(session, day)
    for read in listening.bring_up_to_date(session):
        _commit(session, check)
        note(read)
    # Where another scoring was quicker, there was nothing to read, and the turn is still ours.
    _commit(session, check)
    hearing = listening.everybody(session, around.matcher)
    chosen = set(everybody if brand_id is None else _of_brand(session, brand_id, around, hearing))
    proposals = {brand: Proposals() for brand in around.brands if brand_id in (None, brand)}
    for block in blocks:
        ids = [one for one in block.people.tolist() if one in chosen]
        keep_pages(session, PAGES)
        changes = _changes(session, around, block, ids, hearing, outcome, proposals)
        for some in _runs(changes.people, WRITE_PEOPLE):
            outcome.changed += write_people(session, day, some)
            _commit(session, check)
        for others in _runs(changes.relationships, WRITE_RELATIONSHIPS):
            outcome.changed += write_relationships(session, day, others)
            _commit(session, check)
        _write_prospects(session, changes, lambda: _commit(session, check))
        note(len(block.people))
    for brand, found in proposals.items():
        propose(session, brand, found.best, at)
        _commit(session, check)
    keep_pages(session)
    return outcome


def score_people(session: Session, ids: Sequence[int], at: dt.datetime) -> Outcome:
    """Score a few people anew after a change, against the lines fitted last; commits nothing."""
    outcome, around = Outcome(), world.read(session, at.date())
    known = session.scalars(reading.people().where(Influencer.id.in_(ids))).all()
    for some in _runs(known, READ):
        block = _block(session, some, around.day)
        hearing = listening.some(session, around.matcher, some)
        changes = _changes(session, around, block, some, hearing, outcome, {})
        outcome.changed += write_people(session, around.day, changes.people)
        outcome.changed += write_relationships(session, around.day, changes.relationships)
        _write_prospects(session, changes, _nothing)
    return outcome


def _of_brand(session: Session, brand_id: int, around: World, hearing: Hearing) -> set[int]:
    """A brand's people and prospects, and whoever speaks of its topics."""
    topics = around.brands[brand_id].mask
    speaking = {one for one, mask in hearing.speakers.items() if mask & topics}
    return speaking | set(session.scalars(reading.people(brand_id)))


def _write_prospects(session: Session, changes: Changes, commit: Fence) -> None:
    for some in _runs(list(changes.prospects), WRITE_PEOPLE):
        write_prospects(session, {id: changes.prospects[id] for id in some})
        commit()
    if changes.gone:
        forget_prospects(session, changes.gone)
        commit()


def _block(session: Session, ids: Sequence[int], day: dt.date) -> batch.Block:
    accounts, counts = reading.accounts(session, ids), reading.counts(session, ids, day)
    return batch.block(ids, accounts, counts, day)


def _changes(
    session: Session,
    around: World,
    block: batch.Block,
    ids: Sequence[int],
    hearing: Hearing,
    outcome: Outcome,
    proposals: dict[int, Proposals],
) -> Changes:
    """Compare what is stored of some people of a block with what it should be."""
    changes = Changes()
    if not ids:
        return changes
    stored = reading.stored_people(session, ids)
    relationships = reading.stored_relationships(session, ids)
    outcome.people += len(stored)
    outcome.relationships += len(relationships)

    scores = batch.score_people(block, around.rules.overlap, around.rules.expectations)
    people = PeopleColumns(block, scores)
    silences = Silences(reading.silences(session, Score.influencer_id, ids))
    changes.people = people.changes(stored, around.rules, silences)

    said = _speech(session, around, block, ids, hearing, stored)
    their = sorted(row.id for row in relationships)
    silences = Silences(reading.silences(session, Score.relationship_id, their))
    outsiders = Outsiders(
        reading.stored_prospects(session, ids),
        {(row.brand_id, row.influencer_id) for row in relationships},
        {one: hearing.speakers[one] for one in ids if one in hearing.speakers},
    )
    for brand_id, topics in around.brands.items():
        of_brand = [row for row in relationships if row.brand_id == brand_id]
        mine, known = outsiders.of_brand(brand_id)
        offered = proposals.get(brand_id)
        if not of_brand and not mine and not (offered and topics.places):
            continue
        columns = BrandColumns(
            around.matcher.topics, topics.places, people, scores, said, topics.weights
        )
        changes.relationships += columns.changes(of_brand, silences)
        changes.prospects |= prospects.changed(mine, columns)
        if offered is not None:
            speaking = outsiders.speaking_of(topics.mask, known)
            prospects.best(speaking, columns, offered)
    changes.gone = outsiders.gone
    return changes


def _speech(
    session: Session,
    around: World,
    block: batch.Block,
    ids: Sequence[int],
    hearing: Hearing,
    stored: Sequence[Any],
) -> batch.Speech:
    """Weigh what people said, as far as there are topics to look for."""
    match, topics = around.matcher.match, len(around.matcher.topics)
    bios = {row.id: row.bio for row in stored if row.bio} if topics else {}
    masks = [match(bios[one]) if one in bios else None for one in block.people.tolist()]
    posts = reading.days(session, ids) if topics else ()
    return batch.speech(block.people, posts, hearing.heard, masks, topics, around.day)


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
