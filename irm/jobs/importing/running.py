"""Import a file: some hundred rows at a time, those wholly or not at all.

How far a batch has come is written with the rows themselves. Whoever takes over after a crash
reads the file again, passes over what is written and goes on to the same end.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from irm import clock
from irm.audit import Action
from irm.db import db
from irm.imports import batches, lists, repeated, steps
from irm.imports.kinds import Context, Kind, Step, Told
from irm.imports.orders import Order
from irm.imports.reading.sheet import Sheet
from irm.imports.repeated import Repeated
from irm.imports.steps import Superseded
from irm.jobs.importing import states
from irm.jobs.importing.files import Followed, understood
from irm.jobs.importing.states import NAP, TRIES, Report
from irm.models import BatchState, ImportBatch, ImportRow, Task
from irm.scoring.rules import Rules, rules
from irm.stocktaking import take_stock

#: Rows written in one transaction, some forty milliseconds of work: nobody waits longer for their
#: turn. Fewer would cost more in statements and commits than they give back.
CHUNK = 300

#: After rows that change nothing so many times as many are taken at once: to compare a row costs a
#: fraction of writing one, and a list that came before brings little that is new.
AT_EASE = 3

#: Lines of an earlier try that are thrown away in one transaction.
LINES = 2000

Cells = Mapping[int, Sequence[str]]
#: Decides on some rows, writes what is to be written and leaves the commit to its caller.
Take = Callable[[Session, ImportBatch, Kind, list[Told], Cells, Rules], None]


def run(app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "import": its arguments name a batch.

    Returns the batch's id and counts, the tasks that follow, and as `scoring` the one of them
    that scores whom it touched.
    Raises Refused where the file cannot be taken; nothing of it is written then.
    """
    session = db.session
    batch = states.batch_of(session, task)
    if states.is_ours(batch, task, BatchState.RUNNING):
        order = Order.from_json(batch.order)
        with understood(app, order, report) as (sheet, kind):
            take_all(session, task, batch, sheet, kind, take, report)
        _remember(session, batch)
    if batch.state is BatchState.DONE:
        _clear_away(batch)
    return {**states.counts(batch), **states.following(session, task)}


def take_all(
    session: Session,
    task: Task,
    batch: ImportBatch,
    sheet: Sheet,
    kind: Kind,
    take: Take,
    report: Report,
) -> None:
    """Take the rows of a file to the last, whoever else is at it, and close the batch."""
    state = batch.state
    found = repeated.find(kind, sheet)
    states.make_room(session)
    while states.is_ours(batch, task, state):
        try:
            _begin(session, batch, sheet, kind)
            _go_through(session, batch, sheet, kind, found, take, report)
            _end(session, task, batch)
        except Superseded:
            # Whoever had the task before us was slower to die than its claim: some more are
            # written, or all. Where it is we who lost the claim, the report raises.
            session.rollback()
            session.refresh(batch)
            report(batch.rows, found.rows)


def take(
    session: Session,
    batch: ImportBatch,
    kind: Kind,
    chunk: list[Told],
    cells: Cells,
    organisation: Rules,
) -> None:
    """Decide on some rows and write them."""
    before, step = batch.rows, Step()
    context = Context.of(batch, organisation, clock.now())
    decisions = kind.decide(session, chunk, context, to_write=True)
    kind.write(session, decisions, context, step)
    steps.note(session, batch, decisions, cells)
    steps.keep(session, batch, before, step)


def _begin(session: Session, batch: ImportBatch, sheet: Sheet, kind: Kind) -> None:
    """Say how the file was read, and throw away what a try has said of it."""
    if batch.rows:
        return
    while _throw_away(session, batch):
        time.sleep(NAP)
    steps.go_on(session, batch, batch.state, 0)
    batch.kind, batch.reading = kind.name, lists.reading(sheet, kind)
    session.commit()


def _throw_away(session: Session, batch: ImportBatch) -> bool:
    steps.go_on(session, batch, batch.state, 0)
    some = select(ImportRow.id).where(ImportRow.batch_id == batch.id).limit(LINES)
    ids = session.scalars(some).all()
    if ids:
        session.execute(delete(ImportRow).where(ImportRow.id.in_(ids)))
    session.commit()
    return bool(ids)


def _go_through(
    session: Session,
    batch: ImportBatch,
    sheet: Sheet,
    kind: Kind,
    found: Repeated,
    take: Take,
    report: Report,
) -> None:
    """Take the rows that are not taken yet. Raises Superseded where somebody else does."""
    organisation, followed = rules(session), Followed(sheet)
    rest = _rest(repeated.tell(kind, followed, found), followed, batch.rows)
    counted, is_calm = 0, False

    def size() -> int:
        return CHUNK * AT_EASE if is_calm else CHUNK

    for chunk in repeated.chunks(kind, rest, size):
        same = batch.same
        _take_some(session, batch, kind, chunk, followed.cells, take, organisation)
        followed.drop(chunk[-1].number)
        is_calm = batch.same - same == len(chunk)
        if batch.created > 4 * counted + CHUNK and batch.state is BatchState.RUNNING:
            take_stock(session.connection(), states.GROWING)
            session.commit()
            counted = batch.created
        report(batch.rows, found.rows)
        time.sleep(NAP)


def _rest(told: Iterator[Told], followed: Followed, done: int) -> Iterator[Told]:
    """Pass over the rows that are taken."""
    for one in islice(told, done):
        followed.drop(one.number)
    yield from told


def _take_some(
    session: Session,
    batch: ImportBatch,
    kind: Kind,
    chunk: list[Told],
    cells: Cells,
    take: Take,
    organisation: Rules,
) -> None:
    """Take some rows; again where somebody else wrote the same people meanwhile."""
    written, state = batch.rows, batch.state
    for attempt in range(1, TRIES + 1):
        try:
            steps.go_on(session, batch, state, written)
            take(session, batch, kind, chunk, cells, organisation)
            session.commit()
            return
        except (IntegrityError, OperationalError):
            session.rollback()
            if attempt == TRIES:
                raise
            time.sleep(attempt * NAP)


def _end(session: Session, task: Task, batch: ImportBatch) -> None:
    """Close the batch, and queue what follows, in one transaction.

    Raises Superseded where somebody else has done it.
    """
    now = clock.now()
    steps.go_on(session, batch, batch.state, batch.rows)
    if batch.state is BatchState.TRYING:
        batch.state = BatchState.TRIED
    else:
        batch.state, batch.finished_at = BatchState.DONE, now
        states.end(session, task, batch, Action.IMPORTED, now)
    session.commit()


def _remember(session: Session, batch: ImportBatch) -> None:
    """Keep how the file was read; where another import keeps the same at once, one will do."""
    try:
        batches.remember(session, batch, clock.now())
        session.commit()
    except IntegrityError:
        session.rollback()


def _clear_away(batch: ImportBatch) -> None:
    """Remove our copy of an upload once it is imported; a file of the user's own stays."""
    for path in Order.from_json(batch.order).copies:
        path.unlink(missing_ok=True)
