"""Whether irm is well: the worker, its jobs, the mail server, what waits, and how large it is."""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Blueprint, current_app, jsonify, render_template
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from irm import clock
from irm.access import Permission, can, require
from irm.config import Settings
from irm.db import db
from irm.i18n import LazyText, _l
from irm.models import ChannelHealth, Instance, MailState, Outbox, Task, TaskState, Tick
from irm.web import backups, installation, job_faults, mail_faults

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
    "network": _l("Measuring the network"),
    "plan": _l("Planning the weeks"),
    "score": _l("Scoring"),
    "ties": _l("Reading who mentions whom"),
    "try": _l("Trying an import"),
    "undo": _l("Taking an import back"),
}

#: The jobs of irm/scheduler.py, in words.
JOBS = {
    "heartbeat": _l("Sign of life"),
    "remind": _l("Write digests"),
    "notices": _l("Write of what happened"),
    "deliver": _l("Send mail"),
    "tasks": _l("Imports and scores"),
    "sweep": _l("Settle doubts"),
    "audit": _l("Prove that no mail was lost"),
    "evidence": _l("Let evidence grow old"),
    "plans": _l("Plan the weeks"),
    "scores": _l("Score anew"),
    "ties": _l("Read who mentions whom"),
    "network": _l("Measure the network"),
    "readings": _l("Read the funnel"),
    "handovers": _l("Give people back"),
    "duplicates": _l("Look for duplicates"),
    "bounces": _l("Read what came back"),
    "tidy": _l("Throw away uploads nobody imports"),
    "forget": _l("Throw away old exports"),
    "stock": _l("Count what grew"),
    "backup": _l("Back up"),
    "backup_trial": _l("Try to restore a backup"),
}

#: How often each runs, in seconds, as irm/scheduler.py has it; a page cannot ask there.
INTERVALS = {
    "heartbeat": 10,
    "remind": 20,
    "deliver": 5,
    "tasks": 1,
    "sweep": 60,
    "notices": 60,
    "bounces": 300,
    "tidy": 3600,
    "duplicates": 600,
    "scores": 600,
    "ties": 600,
    "evidence": 600,
    "plans": 600,
    "network": 900,
    "readings": 900,
    "handovers": 900,
    "stock": 3600,
    "forget": 900,
    "audit": 600,
    "backup": 600,
    "backup_trial": 600,
}

#: What runs more often than this is not worth a moment of its own.
OFTEN = 60

#: A worker that was not seen for so long counts as gone: with all below, within two minutes of its
#: last sign of life every page says so. A living one leaves a sign each half minute.
SILENCE = dt.timedelta(seconds=90)

#: Seconds for which the shell trusts its last look, and for which it is patient after its first:
#: when all of irm starts, the pages are there before the worker is.
LOOK = 15.0
PATIENCE = 60.0

#: A mail server that is away for so long is said on every page.
DOWN = dt.timedelta(minutes=2)


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
        runs=_runs(session, now),
        queue=(queue := _queue(session)),
        held=dict(queue).get(MailState.HELD, 0),
        now=now,
        channel=(channel := session.get(ChannelHealth, "smtp")),
        channel_fault=mail_faults.of_channel(channel),
        paused=session.scalar(select(Instance.sending).limit(1)) == "paused",
        may_test=can(Permission.ADMINISTER),
        has_server=bool(settings.smtp_url.get_secret_value()),
        tasks=session.scalars(running.order_by(Task.id).limit(50)).all(),
        backups=backups.about(session),
        facts=installation.facts(session, settings, now),
        task_names=TASKS,
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


class Look(NamedTuple):
    """What every page says of sending: whether no worker is seen, and since when no server is."""

    is_silent: bool = False
    down_since: dt.datetime | None = None


def look(session: Session, now: dt.datetime) -> Look:
    """What is to be said on every page: cheap enough to be asked by each."""
    moment = time.monotonic()
    remembered: tuple[float, float, Look] = current_app.extensions.get(
        "irm.worker", (moment, moment - LOOK, Look())
    )
    began, looked_at, found = remembered
    if moment - looked_at >= LOOK:
        seen, since = session.execute(_SENDING).one()
        is_down = since is not None and now - since >= DOWN
        found = Look(_is_silent(seen, now), since if is_down else None)
        current_app.extensions["irm.worker"] = began, moment, found
    return found if moment - began >= PATIENCE else found._replace(is_silent=False)


#: When a worker was seen last, and since when the mail server has not answered.
_SENDING = select(
    select(Tick.last_finished).where(Tick.name == "heartbeat").scalar_subquery(),
    select(ChannelHealth.since)
    .where(ChannelHealth.channel == "smtp", ChannelHealth.state != "closed")
    .scalar_subquery(),
)


def _is_silent(seen: dt.datetime | None, now: dt.datetime) -> bool:
    return seen is None or now - seen > SILENCE


@dataclass(frozen=True, slots=True)
class Run:
    """The last and the next run of a job; `next_at` is None where it is now or soon."""

    name: LazyText | str
    tick: Tick
    #: What to do about its fault, if it left one.
    fault: LazyText
    every: int | None
    next_at: dt.datetime | None


def _runs(session: Session, now: dt.datetime) -> list[Run]:
    found = []
    for tick in sorted(session.scalars(select(Tick)), key=_place):
        every = INTERVALS.get(tick.name)
        following = None
        if every is not None and every > OFTEN:
            following = tick.last_started + dt.timedelta(seconds=every)
            following = following if following > now else None
        name = JOBS.get(tick.name, tick.name)
        found.append(Run(name, tick, job_faults.sentence(tick), every, following))
    return found


def _place(tick: Tick) -> tuple[int, str]:
    """Where a job stands in the list: as JOBS has them, then any others."""
    names = list(JOBS)
    return (names.index(tick.name) if tick.name in JOBS else len(names), tick.name)


def _queue(session: Session) -> list[tuple[MailState, int]]:
    """How many mails are in each state; those without any are left out."""
    counted = select(Outbox.state, func.count()).group_by(Outbox.state)
    found: dict[Any, int] = dict(session.execute(counted).all())
    return [(state, found[state]) for state in MailState if state in found]
