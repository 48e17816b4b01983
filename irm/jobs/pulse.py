"""What keeps a running task's row alive: its claim renewed, its progress written.

A thread of its own does it, with a session of its own. The task itself may be in the middle of a
write transaction when it reports; a second connection of the same thread would then wait for
itself for ever on SQLite.
"""

import datetime as dt
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, cast

import structlog
from flask import Flask
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.models import Task, TaskState

log = structlog.get_logger(__name__)

Report = Callable[[int, int], None]

#: Seconds between two looks: progress is written at most so often.
INTERVAL = 0.5


class ClaimLost(RuntimeError):
    """Somebody took the task over: whoever worked on it stops and writes nothing more."""


def hold(session: Session, task: Task) -> None:
    """Keep anybody from taking a task over until the caller commits; raises ClaimLost if it is.

    Called last in a transaction, it is the fence: nothing is committed by whoever lost the claim,
    however long they slept.
    """
    ours = select(Task.id).where(
        Task.id == task.id,
        Task.claim_token == task.claim_token,
        Task.state == TaskState.RUNNING,
    )
    if session.scalar(ours.with_for_update(read=True)) is None:
        raise ClaimLost


class Pulse:
    """Renews a claim and writes progress while a task runs: `with Pulse(…) as pulse`."""

    def __init__(self, app: Flask, task: Task, lease: dt.timedelta, on_progress: Report) -> None:
        self._app = app
        self._task = task
        self._lease = lease
        self._on_progress = on_progress
        self._progress = self._written = (task.done, task.total)
        self._renewed_at = clock.now()
        self._is_lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"task-{task.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def report(self, done: int, total: int) -> None:
        """Take note of how far the task is; 0 of 0 means not yet known.

        Raises ClaimLost where the task is not ours any more.
        """
        if self._is_lost:
            raise ClaimLost
        self._progress = (done, total)
        self._on_progress(done, total)

    def write_last(self, session: Session, **values: Any) -> bool:
        """Write how the task ended, if it is still ours, and say if it was; the caller commits."""
        done, total = self._progress
        found = self._write(session, done=done, total=total, claim_token=None, **values)
        return found == 1

    def _beat(self) -> None:
        while not self._over.wait(INTERVAL):
            now = clock.now()
            is_due = now - self._renewed_at > self._lease / 4
            if self._progress == self._written and not is_due:
                continue
            try:
                self._renew(now)
            except SQLAlchemyError:
                # Tried again in half a second; the lease outlives a short absence.
                log.warning("progress not written", task=self._task.id, exc_info=True)

    def _renew(self, now: dt.datetime) -> None:
        done, total = self._progress
        with self._app.app_context():
            found = self._write(db.session, done=done, total=total, lease_until=now + self._lease)
            db.session.commit()
        self._is_lost = found == 0
        self._written = (done, total)
        self._renewed_at = now

    def _write(self, session: Session, **values: Any) -> int:
        """Write to the row under our token, and return how many rows that were: 1, or 0."""
        result = session.execute(
            update(Task)
            .where(
                Task.id == self._task.id,
                Task.claim_token == self._task.claim_token,
                Task.state == TaskState.RUNNING,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return cast("CursorResult[Any]", result).rowcount
