"""Change many people, or take that back: fifty at a time, each fifty wholly or not at all.

How far it is stands with the rows themselves, so whoever takes over after a crash goes on there.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from irm import clock
from irm.db import db
from irm.funnel import bulk_edit, bulk_undo
from irm.models import BulkEdit, Task, User

#: Seconds between two transactions, so that who waits for their turn gets it.
NAP = 0.001

#: So often fifty people are tried when others change the same ones meanwhile.
TRIES = 5

#: A change that nobody confirmed is forgotten after this.
KEPT = dt.timedelta(days=1)

Report = Callable[[int, int], None]


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "bulk_edit": `edit` is its id, `undo` says to take it back."""
    session = db.session
    edit = session.get_one(BulkEdit, task.arguments["edit"])
    user = session.get_one(User, task.user_id)
    is_undo = bool(task.arguments.get("undo"))
    total = len(edit.selection["ids"])
    step = bulk_undo.go_on if is_undo else bulk_edit.go_on
    while not _tried(session, lambda: step(session, edit, user=user, at=clock.now())):
        report(_done(edit, is_undo), total)
        time.sleep(NAP)
    report(_done(edit, is_undo), total)
    if is_undo:
        return {"restored": edit.undo_report["restored"], "kept": edit.undo_report["kept"]}
    return {"changed": edit.changed, "same": edit.same, "refused": edit.refused}


def forget_drafts(session: Session, now: dt.datetime) -> None:
    """Delete the changes that were looked at and never made. The caller commits."""
    session.execute(
        delete(BulkEdit).where(
            BulkEdit.id.in_(
                select(BulkEdit.id).where(
                    BulkEdit.task_id.is_(None),
                    BulkEdit.finished_at.is_(None),
                    # One that was made in part can still be taken back.
                    BulkEdit.changed + BulkEdit.same + BulkEdit.refused == 0,
                    BulkEdit.created_at < now - KEPT,
                )
            )
        )
    )


def _done(edit: BulkEdit, is_undo: bool) -> int:
    return int(edit.undo_report.get("rows", 0)) if is_undo else bulk_edit.dealt_with(edit)


def _tried(session: Session, step: Callable[[], bool]) -> bool:
    """Take a step and commit it; again where somebody else changed the same people meanwhile."""
    for attempt in range(1, TRIES + 1):
        try:
            is_over = step()
            session.commit()
            return is_over
        except (IntegrityError, OperationalError, StaleDataError):
            session.rollback()
            if attempt == TRIES:
                raise
            time.sleep(attempt * 0.02)
    raise AssertionError("unreachable")
