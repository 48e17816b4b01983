"""Whether irm is well: the worker, its jobs, the mail server, what waits, and how large it is."""

import datetime as dt
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from irm import clock
from irm.access import Permission, require
from irm.config import Settings
from irm.db import db
from irm.i18n import _, _l
from irm.models import ChannelHealth, Instance, MailState, Outbox, Task, TaskState, Tick
from irm.web.words import words

bp = Blueprint("status", __name__)

TASKS = {
    "bulk_edit": _l("Changing many people"),
    "cadence": _l("Planning by cadence anew"),
    "duplicates": _l("Looking for duplicates"),
    "erase": _l("Erasing a person"),
    "evidence": _l("Reading the evidence"),
    "export": _l("Writing an export"),
    "handover": _l("Handing people over"),
    "import": _l("Importing"),
    "plan": _l("Planning the weeks"),
    "score": _l("Scoring"),
    "try": _l("Trying an import"),
    "undo": _l("Taking an import back"),
}

#: The jobs of irm/scheduler.py, in words.
JOBS = {
    "heartbeat": _l("Sign of life"),
    "remind": _l("Write digests"),
    "deliver": _l("Send mail"),
    "tasks": _l("Imports and scores"),
    "sweep": _l("Settle doubts"),
    "audit": _l("Prove that no mail was lost"),
    "evidence": _l("Let evidence grow old"),
    "plans": _l("Plan the weeks"),
    "scores": _l("Score anew"),
    "readings": _l("Read the funnel"),
    "handovers": _l("Give people back"),
    "duplicates": _l("Look for duplicates"),
    "tidy": _l("Throw away uploads nobody imports"),
    "forget": _l("Throw away old exports"),
    "stock": _l("Count what grew"),
}

#: A worker that was not seen for so long counts as gone.
SILENCE = dt.timedelta(minutes=2)

#: Seconds for which the shell trusts its last look, and for which it doubts a silence.
LOOK = 15.0
PATIENCE = 30.0


@bp.get("/status")
def index() -> str:
    """The state of the installation."""
    require(Permission.STATUS)
    session, now = db.session, clock.now()
    settings: Settings = current_app.config["IRM"]
    running = select(Task).where(Task.state.in_((TaskState.QUEUED, TaskState.RUNNING)))
    seen = worker_seen_at(session)
    return render_template(
        "status/index.html",
        seen=seen,
        is_silent=_is_silent(seen, now),
        ticks=sorted(session.scalars(select(Tick)), key=_place),
        queue=_queue(session),
        channel=session.get(ChannelHealth, "smtp"),
        paused=session.scalar(select(Instance.sending).limit(1)) == "paused",
        has_server=bool(settings.smtp_url.get_secret_value()),
        tasks=session.scalars(running.order_by(Task.id).limit(50)).all(),
        version=_version(),
        database=_database(session),
        size=_("%(size)s MB", size=words().number(round(_size(session) / 1e6, 1))),
        task_names=TASKS,
        job_names=JOBS,
    )


@bp.get("/healthz")
def healthz() -> tuple[Response, int]:
    """For watchdogs: 200 where the database answers and the worker was seen, else 503."""
    try:
        is_silent = _is_silent(worker_seen_at(db.session), clock.now())
    except SQLAlchemyError:
        return jsonify(status="failing", database="unreachable"), 503
    worker = "silent" if is_silent else "ok"
    status = "failing" if is_silent else "ok"
    return jsonify(status=status, database="ok", worker=worker), 503 if is_silent else 200


def worker_seen_at(session: Session) -> dt.datetime | None:
    """Return when a worker last showed that it lives; None where none ever did."""
    return session.scalar(select(Tick.last_finished).where(Tick.name == "heartbeat"))


def worker_is_silent(session: Session, now: dt.datetime) -> bool:
    """Whether every page should say that no worker is seen: cheap enough to be asked by each.

    It looks now and then, and believes what it sees only half a minute later: when all of irm
    starts, the pages are there before the worker is.
    """
    looked_at, silent_since = current_app.extensions.get("irm.worker", (-LOOK, None))
    moment = time.monotonic()
    if moment - looked_at >= LOOK:
        is_silent = _is_silent(worker_seen_at(session), now)
        silent_since = (silent_since or moment) if is_silent else None
        current_app.extensions["irm.worker"] = moment, silent_since
    return silent_since is not None and moment - silent_since >= PATIENCE


def _is_silent(seen: dt.datetime | None, now: dt.datetime) -> bool:
    return seen is None or now - seen > SILENCE


def _place(tick: Tick) -> tuple[int, str]:
    """Where a job stands in the list: as JOBS has them, then any others."""
    names = list(JOBS)
    return (names.index(tick.name) if tick.name in JOBS else len(names), tick.name)


def _queue(session: Session) -> list[tuple[MailState, int]]:
    """How many mails are in each state; those without any are left out."""
    counted = select(Outbox.state, func.count()).group_by(Outbox.state)
    found: dict[Any, int] = dict(session.execute(counted).all())
    return [(state, found[state]) for state in MailState if state in found]


def _version() -> str:
    try:
        return version("irm")
    except PackageNotFoundError:
        return "–"  # run from its sources, not installed


def _database(session: Session) -> str:
    if session.get_bind().dialect.name == "sqlite":
        return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {session.scalar(text('SHOW server_version'))}"


def _size(session: Session) -> int:
    """How large the database is, in bytes."""
    bind = session.get_bind()
    if bind.dialect.name != "sqlite":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    path = Path(str(db.engine.url.database))
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*") if file.is_file())
