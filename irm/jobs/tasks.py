"""Long work: a row that a worker claims, with progress to look at; it survives a restart.

A kind of task is a function `run(app, task, report)`. It is called inside an app context of its
own, commits as it goes, calls `report(done, total)` as often as it likes (that writes nothing
itself) and returns its result as JSON: codes and numbers, no sentences. What it refuses by
`Refused` is kept as the task's error. It may be run again after a crash, so it must stand that.

A page queues a task by adding the row (`Task(kind=…, arguments=…, created_at=…)`); jobs and the
command line have `enqueue`.
"""

import datetime as dt
import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.errors import Refused
from irm.i18n import LazyText, _l
from irm.jobs import (
    bulk_editing,
    duplicates,
    erasing,
    exporting,
    handing_over,
    importing,
    network,
    pacing,
    planning,
    proving,
    scoring,
    tying,
)
from irm.jobs.pulse import ClaimLost, Pulse, Report
from irm.models import Task, TaskState

log = structlog.get_logger(__name__)

Run = Callable[[Flask, Task, Report], dict[str, Any]]

KINDS: dict[str, Run] = {
    "bulk_edit": bulk_editing.run,
    "cadence": pacing.run,
    "duplicates": duplicates.run,
    "erase": erasing.run,
    "evidence": proving.run,
    "export": exporting.run,
    "handover": handing_over.run,
    "import": importing.run,
    network.KIND: network.run,
    "plan": planning.run,
    "try": importing.run_try,
    "undo": importing.run_undo,
    "score": scoring.run,
    "ties": tying.run,
}

#: What is left to do where a task of a kind has failed for good; given its arguments, it is
#: called in an app context and commits by itself.
AFTER_FAILURE: dict[str, Callable[[dict[str, Any]], None]] = {
    "import": importing.given_up,
    "try": importing.given_up,
    "undo": importing.given_up,
}

#: A worker that is alive renews its claim every few seconds; after this it is taken for dead.
LEASE = dt.timedelta(seconds=60)

#: So often a task may be begun; one that kills its worker must not go round for ever.
ATTEMPTS = 3


def enqueue(
    session: Session,
    kind: str,
    arguments: dict[str, Any],
    *,
    at: dt.datetime,
    brand_id: int | None = None,
    user_id: int | None = None,
) -> Task:
    """Add a task to the session; it is queued once the caller has committed."""
    if kind not in KINDS:
        raise ValueError(f"there is no kind of task named {kind}")
    task = Task(kind=kind, arguments=arguments, brand_id=brand_id, user_id=user_id, created_at=at)
    session.add(task)
    return task


def run_new(
    app: Flask,
    kind: str,
    arguments: dict[str, Any],
    on_progress: Report,
    *,
    brand_id: int | None = None,
) -> Task:
    """Make a task, run it here and now and return it as it ended.

    It is born claimed, so no worker elsewhere begins it: its file may lie on this machine alone.
    """
    return run_made(
        app,
        lambda session, now: enqueue(session, kind, arguments, at=now, brand_id=brand_id),
        on_progress,
    )


def run_made(app: Flask, make: Callable[[Session, dt.datetime], Task], on_progress: Report) -> Task:
    """Run the task that `make` adds, here and now, and return it as it ended; as `run_new`."""
    with app.app_context():
        now = clock.now()
        task = make(db.session, now)
        for name, value in _claimed(now).items():
            setattr(task, name, value)
        task.attempts = 1
        db.session.commit()
    _run(app, task, on_progress)
    return run_inline(app, task.id, on_progress)


def run_next(app: Flask) -> int | None:
    """Run the oldest task that waits, or was left by a dead worker; return its id, or None."""
    with app.app_context():
        now = clock.now()
        _bury(db.session, now)
        waiting = select(Task.id).where(_is_free(now)).order_by(Task.id).limit(1)
        task_id = db.session.scalar(waiting)
        task = _claim(db.session, task_id, now) if task_id is not None else None
    if task is None:
        return None
    _run(app, task, lambda done, total: None)
    return task.id


def run_inline(app: Flask, task_id: int, on_progress: Report) -> Task:
    """Run this task here and now and return it as it ended; progress goes to `on_progress` too.

    Where a worker was quicker, follow it to the end instead.
    """
    while True:
        with app.app_context():
            task = _claim(db.session, task_id, clock.now())
        if task is not None:
            _run(app, task, on_progress)
        with app.app_context():
            found = db.session.get_one(Task, task_id)
            _bury(db.session, clock.now())
        if found.state in (TaskState.DONE, TaskState.FAILED):
            return found
        on_progress(found.done, found.total)
        time.sleep(0.3)


def _is_free(now: dt.datetime) -> Any:
    """Queued, or claimed by a worker that died."""
    left = and_(Task.state == TaskState.RUNNING, Task.lease_until < now)
    return and_(Task.attempts < ATTEMPTS, or_(Task.state == TaskState.QUEUED, left))


def _claim(session: Session, task_id: int, now: dt.datetime) -> Task | None:
    """Make a free task ours, or return None where somebody was quicker."""
    claimed = session.scalars(
        update(Task)
        .where(Task.id == task_id, _is_free(now))
        .values(attempts=Task.attempts + 1, **_claimed(now))
        .returning(Task)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    session.commit()
    return claimed


def _claimed(now: dt.datetime) -> dict[str, Any]:
    """The columns of a task whose claim begins."""
    return {
        "state": TaskState.RUNNING,
        "claim_token": secrets.token_hex(16),
        "lease_until": now + LEASE,
    }


def _bury(session: Session, now: dt.datetime) -> None:
    """Fail the tasks whose workers died again and again."""
    lost = and_(Task.state == TaskState.RUNNING, Task.lease_until < now, Task.attempts >= ATTEMPTS)
    if session.scalar(select(Task.id).where(lost).limit(1)) is None:
        return
    message = _l("It was started several times and never finished.")
    buried = session.execute(
        update(Task)
        .where(lost)
        .values(state=TaskState.FAILED, error=_error(message), finished_at=now, claim_token=None)
        .returning(Task.kind, Task.arguments)
        .execution_options(synchronize_session=False)
    ).all()
    session.commit()
    for kind, arguments in buried:
        _clear_up(kind, arguments)


def _clear_up(kind: str, arguments: dict[str, Any]) -> None:
    """Do what is left to do after a failure; that it cannot be done fails nothing more."""
    try:
        if kind in AFTER_FAILURE:
            AFTER_FAILURE[kind](arguments)
    except Exception:  # what an old version wrote down may be anything
        log.exception("could not clear up after a task", kind=kind)


def _run(app: Flask, task: Task, on_progress: Report) -> None:
    """Run a claimed task to its end, whatever that is, and write it down."""
    outcome: dict[str, Any]
    with Pulse(app, task, LEASE, on_progress) as pulse:
        try:
            with app.app_context():
                result = KINDS[task.kind](app, task, pulse.report)
            outcome = {"state": TaskState.DONE, "result": result or {}}
        except ClaimLost:
            log.warning("task taken over by another worker", task=task.id, kind=task.kind)
            return
        except Refused as refused:
            outcome = {"state": TaskState.FAILED, "error": _error(refused)}
        except OperationalError:
            # The database went away; the claim runs out and the task is begun again.
            log.exception("task interrupted", task=task.id, kind=task.kind)
            return
        except Exception:  # whatever a task does, the worker lives on
            log.exception("task failed", task=task.id, kind=task.kind)
            message = _l("Something went wrong that nobody foresaw. The log has the details.")
            outcome = {"state": TaskState.FAILED, "error": _error(message)}
    with app.app_context():
        was_ours = pulse.write_last(db.session, finished_at=clock.now(), **outcome)
        db.session.commit()
        if was_ours and outcome["state"] is TaskState.FAILED:
            _clear_up(task.kind, task.arguments)


def _error(reason: Refused | LazyText) -> dict[str, Any]:
    """What is kept of a refusal: its code where it has one, else its message, with parameters."""
    code = getattr(reason, "code", None)
    if code is not None:
        return {"code": code, "params": _plain(getattr(reason, "params", {}))}
    text = reason.message if isinstance(reason, Refused) else reason
    if isinstance(text, LazyText) and text.message:
        return {"message": text.message, "params": _plain(text.params)}
    return {"message": str(text), "params": {}}


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | str) else str(value)
        for name, value in params.items()
    }
