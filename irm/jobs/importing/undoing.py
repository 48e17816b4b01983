"""Undo an import: some steps at a time, from the last to the first, each wholly or not at all.

A step that is undone is gone, so whoever takes over after a crash goes on with what is left.
"""

import time
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from irm import clock
from irm.audit import Action
from irm.db import db
from irm.imports import undo
from irm.imports.later import Later
from irm.jobs.importing import states
from irm.jobs.importing.states import NAP, TRIES, Report
from irm.models import BatchState, ImportBatch, ImportStep, Task

#: Seconds of work in one transaction, but for the step that is begun within them: of steps that
#: take little each, to commit one by one would take as long again.
TURN = 0.04


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "undo": its arguments name a batch.

    Returns what was done and what was left, and the tasks that follow.
    """
    session = db.session
    batch = states.batch_of(session, task)
    if states.is_ours(batch, task, BatchState.UNDOING):
        of_batch = select(func.count()).where(ImportStep.batch_id == batch.id)
        total, done = session.scalar(of_batch) or 0, 0
        since = Later(session, batch.id)
        states.make_room(session)
        while steps := _steps_back(session, batch, since):
            done += steps
            report(done, max(total, done))
            time.sleep(NAP)
        _end(session, task, batch)
    report_of = {"batch": batch.id, "report": batch.undo_report}
    return {**report_of, **states.following(session, task)}


def _steps_back(session: Session, batch: ImportBatch, since: Later) -> int:
    """Undo some steps; again where somebody else wrote the same people meanwhile.

    Returns how many; 0: there are no more.
    """
    is_alone = session.get_bind().dialect.name == "sqlite"
    for attempt in range(1, TRIES + 1):
        try:
            steps, began = 0, time.monotonic()
            while undo.step_back(session, batch, clock.now(), since):
                steps += 1
                # Rows are locked in the order of their ids within a step, and steps go backwards:
                # where others lock rows, too, each step is a transaction.
                if not is_alone or time.monotonic() - began >= TURN:
                    break
            session.commit()
            return steps
        except (IntegrityError, OperationalError):
            session.rollback()
            if attempt == TRIES:
                raise
            time.sleep(attempt * NAP)
    return 0


def _end(session: Session, task: Task, batch: ImportBatch) -> None:
    now = clock.now()
    if undo.finish(session, batch, now):
        states.end(session, task, batch, Action.IMPORT_UNDONE, now)
    session.commit()
    session.refresh(batch)
