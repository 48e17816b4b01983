"""Pass many people on, or give them back, some hundred at a time, each lot wholly or not at all.

Whoever is done has changed hands, so whoever takes over after a crash goes on with the rest.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.errors import Refused
from irm.funnel import handover
from irm.funnel.handover_terms import Terms
from irm.models import Handover, HandoverItem, Task, User

log = structlog.get_logger(__name__)

#: Seconds between two transactions, so that who waits for their turn gets it.
NAP = 0.005

#: So often a lot is tried when others change the same people meanwhile.
TRIES = 5

Report = Callable[[int, int], None]


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "handover": `handover` is its id, `terms` what for, `undo` to take back."""
    session, arguments = db.session, task.arguments
    made = session.get_one(Handover, arguments["handover"])
    user = session.get_one(User, task.user_id)
    total, done = int(arguments["people"]), 0

    def step() -> bool:
        if arguments.get("undo"):
            return handover.go_back(session, made, user=user, at=clock.now(), is_undo=True)
        terms = Terms.of(arguments["terms"])
        return handover.go_on(session, made, terms, user=user, at=clock.now())

    while not _tried(session, step):
        done += handover.CHUNK
        report(min(done, total), total)
        time.sleep(NAP)
    report(total, total)
    of = HandoverItem.handover_id == made.id
    return {"people": session.scalar(select(func.count()).where(of)) or 0}


def return_due(session: Session, now: dt.datetime) -> int:
    """Give back whom a handover until today was about; commits, returns how many handovers.

    Where the colleague they belong to is gone meanwhile, they stay where they are: somebody has to
    hand them over anew.
    """
    ids = handover.due(session, now)
    for id in ids:
        made = session.get_one(Handover, id)
        try:
            handover.refuse_return(session, made)
        except Refused:
            log.warning("nobody to give them back to", handover=id)
            made.returned_at = now
            session.commit()
            continue
        while not _tried(session, lambda made=made: _back(session, made, now)):  # type: ignore[misc]
            time.sleep(NAP)
    return len(ids)


def _back(session: Session, made: Handover, now: dt.datetime) -> bool:
    return handover.go_back(session, made, user=None, at=now, is_undo=False)


def _tried(session: Session, step: Callable[[], bool]) -> bool:
    """Take a step and commit it; again where somebody else changes the same people meanwhile."""
    for attempt in range(1, TRIES + 1):
        try:
            is_over = step()
            session.commit()
            return is_over
        except OperationalError:
            session.rollback()
            if attempt == TRIES:
                raise
            time.sleep(attempt * 0.02)
    raise AssertionError("unreachable")
