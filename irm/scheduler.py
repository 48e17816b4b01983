"""The worker: one timetable, and the process that follows it.

APScheduler is no more than the metronome here. What is due stands in the database; a run that was
missed, doubled or cut short changes nothing, because every job claims what it does. So the only
schedule is "every so many seconds", which no change of clocks can upset.
"""

import contextlib
import datetime as dt
import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask

from irm import clock
from irm.db import db
from irm.directory import downloads, resets, sessions
from irm.jobs import (
    backing_up,
    bouncing,
    bulk_editing,
    clock_watch,
    delivery,
    duplicates,
    handing_over,
    importing,
    network,
    noticing,
    planning,
    proving,
    readings,
    reminders,
    scoring,
    tasks,
    ticks,
    tying,
)
from irm.mail import outbox, proof
from irm.stocktaking import take_stock

log = structlog.get_logger(__name__)

#: After so many seconds without a beat the process ends, so that whoever keeps it starts another.
SILENCE = 120.0

#: A job that runs every second says so twice a minute, unless something changed.
NEWS = 30.0

#: The exit status of a worker that found itself stuck (EX_SOFTWARE of sysexits.h).
STUCK = 70

#: So far beyond its turn a job may be appointed before the clock is taken to have been set back.
SLACK = dt.timedelta(seconds=5)

#: So long a worker that was told to stop waits for what it is doing.
FAREWELL = 15.0


@dataclass(slots=True)
class Worker:
    """One worker process: its app, its name, and whether it was told to stop."""

    app: Flask
    name: str = field(default_factory=delivery.worker_name)
    over: threading.Event = field(default_factory=threading.Event)
    beat_at: float = field(default_factory=time.monotonic)
    told: dict[str, tuple[float, str]] = field(default_factory=dict)

    def is_news(self, job: str, error: str) -> bool:
        """Whether the run of a job is worth a write: not every second, unless it changed."""
        now = time.monotonic()
        told_at, told = self.told.get(job, (-NEWS, ""))
        if now - told_at < NEWS and told == error:
            return False
        self.told[job] = now, error
        return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timetable."""

    name: str
    seconds: float
    #: Is handed the moment of its turn, by a clock that was found to be sound.
    job: Callable[[Worker, dt.datetime], object]
    reason: str
    #: Whether one process at a time is enough; the others save their work.
    is_alone: bool = False
    #: Seconds from the start to the first run.
    first: float = 0.0


def _beat(worker: Worker, _now: dt.datetime) -> None:
    worker.beat_at = time.monotonic()


def _remind(_worker: Worker, now: dt.datetime) -> object:
    return reminders.remind(now)


def _notice(_worker: Worker, now: dt.datetime) -> object:
    return noticing.notice(now)


def _deliver(worker: Worker, now: dt.datetime) -> object:
    return delivery.deliver(now, is_stopping=worker.over.is_set)


def _run_tasks(worker: Worker, _now: dt.datetime) -> object:
    while not worker.over.is_set() and tasks.run_next(worker.app) is not None:
        pass
    return None


def _sweep(_worker: Worker, now: dt.datetime) -> object:
    sessions.prune(db.session, now)
    resets.prune(db.session, now)
    db.session.commit()
    return delivery.sweep(now)


def _tidy(worker: Worker, now: dt.datetime) -> object:
    return importing.sweep(worker.app, now)


def _forget(worker: Worker, now: dt.datetime) -> object:
    bulk_editing.forget_drafts(db.session, now)
    db.session.commit()
    return downloads.sweep(worker.app.config["IRM"].data_dir, now)


def _prove(_worker: Worker, now: dt.datetime) -> object:
    found = proof.violations(db.session, now)
    if found:
        log.error("the outbox breaks a promise", **found)
        raise RuntimeError(f"outbox audit: {', '.join(sorted(found))}")
    return None


def _read_bounces(_worker: Worker, now: dt.datetime) -> object:
    return bouncing.read_due(now)


def _seek_doubles(_worker: Worker, now: dt.datetime) -> object:
    return duplicates.queue_nightly(db.session, now)


def _prove_stages(_worker: Worker, now: dt.datetime) -> object:
    return proving.settle_due(db.session, now)


def _read_funnels(_worker: Worker, now: dt.datetime) -> object:
    return readings.read_due(db.session, now)


def _give_back(_worker: Worker, now: dt.datetime) -> object:
    return handing_over.return_due(db.session, now)


def _score(_worker: Worker, now: dt.datetime) -> object:
    return scoring.queue_nightly(db.session, now)


def _tie(_worker: Worker, now: dt.datetime) -> object:
    return tying.queue_nightly(db.session, now)


def _plan(_worker: Worker, now: dt.datetime) -> object:
    return planning.queue_nightly(db.session, now)


def _measure_networks(_worker: Worker, now: dt.datetime) -> object:
    return network.queue_nightly(db.session, now)


def _back_up(worker: Worker, now: dt.datetime) -> object:
    return backing_up.back_up_due(db.session, worker.app.config["IRM"], now)


def _try_backup(worker: Worker, now: dt.datetime) -> object:
    return backing_up.try_due(db.session, worker.app.config["IRM"], now)


def _take_stock(_worker: Worker, _now: dt.datetime) -> None:
    take_stock(db.session.connection())
    db.session.commit()


TIMETABLE = (
    Entry("heartbeat", 10, _beat, "two minutes without it and every page says so"),
    Entry("remind", 20, _remind, "a digest is at most this late", is_alone=True),
    Entry("notices", 60, _notice, "who is mentioned hears of it within minutes", is_alone=True),
    Entry("deliver", 5, _deliver, "a password reset is waited for"),
    Entry("tasks", 1, _run_tasks, "somebody looks at the progress of an import"),
    Entry("sweep", 60, _sweep, "doubts are settled by the quarter of an hour", is_alone=True),
    Entry("bounces", 300, _read_bounces, "the next mail is a day away", is_alone=True, first=45),
    Entry("tidy", 3600, _tidy, "an upload nobody imports lies a week at most", is_alone=True),
    Entry("duplicates", 600, _seek_doubles, "the night is hours long", is_alone=True, first=300),
    Entry("ties", 600, _tie, "the night is hours long", is_alone=True, first=390),
    Entry("scores", 600, _score, "the night is hours long", is_alone=True, first=420),
    Entry(
        "evidence", 600, _prove_stages, "evidence grows old by the day", is_alone=True, first=240
    ),
    Entry("plans", 600, _plan, "the night is hours long", is_alone=True, first=540),
    Entry("network", 900, _measure_networks, "the night is hours long", is_alone=True, first=720),
    Entry("readings", 900, _read_funnels, "a lead reads in the morning", is_alone=True, first=480),
    Entry("handovers", 900, _give_back, "who is back finds her people", is_alone=True, first=180),
    Entry("stock", 3600, _take_stock, "what grew tenfold is counted", is_alone=True, first=600),
    Entry("backup", 600, _back_up, "the night is hours long", is_alone=True, first=360),
    Entry("backup_trial", 600, _try_backup, "a week is days long", is_alone=True, first=660),
    Entry("forget", 900, _forget, "an export is gone a day later", is_alone=True),
    # Not at once: what is late after a night's rest must have had its turn.
    Entry("audit", 600, _prove, "a broken promise is in the log", is_alone=True, first=120),
)


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler comes without types
    """Again so long after each turn.

    APScheduler's own interval lists every turn that was missed, to run one of them: of a clock
    that is ten years ahead, hundreds of millions.
    """

    def __init__(self, pause: dt.timedelta) -> None:
        self._pause = pause

    def get_next_fire_time(
        self, previous_fire_time: dt.datetime | None, now: dt.datetime
    ) -> dt.datetime:
        """The next turn from now, whatever was missed."""
        return now + self._pause


def guard(worker: Worker, entry: Entry) -> None:
    """Run one line of the timetable: take the lease, run, leave a tick; log what goes wrong.

    Never raises: a scheduler that sees an exception may end its loop.
    """
    started_at = clock.now()
    error = ""
    with contextlib.suppress(Exception), _logged(entry.name), worker.app.app_context():
        # By a clock that is years off a claim would hold for years, and mails be past their time.
        if entry.name != "heartbeat" and not clock_watch.is_sound(db.session, started_at):
            return
        if entry.is_alone and not ticks.may_run(db.session, entry.name, worker.name, started_at):
            return
        try:
            # The moment that was found sound, not a later one: a clock may be set in between.
            entry.job(worker, started_at)
        except Exception as failure:
            db.session.rollback()
            error = f"{type(failure).__name__}: {failure}"
            log.exception("job failed", job=entry.name)
        if worker.is_news(entry.name, error):
            ticks.leave(db.session, entry.name, worker.name, started_at, clock.now(), error)


@contextlib.contextmanager
def _logged(name: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("job could not begin or leave its tick", job=name)
        raise


def run_once(app: Flask, at: dt.datetime) -> dict[str, Any]:
    """Do one round of everything due at a moment, by this process alone; return what was done.

    `at` moves only what counts as due: claims, markers and ticks go by the real time. A mail
    server that was down is tried, whatever the breaker says.
    """
    worker = Worker(app)
    started_at = clock.now()
    counts: dict[str, Any] = {"remind": dict(reminders.remind(at)), "tasks": 0}
    while tasks.run_next(app) is not None:
        counts["tasks"] += 1
    proving.settle_due(db.session, at)
    counts["notices"] = dict(noticing.notice(at))
    counts["deliver"] = dict(delivery.deliver(at, insist=True))
    counts["sweep"] = delivery.sweep(started_at)
    counts["waiting"] = outbox.waiting(db.session)
    for entry in TIMETABLE:
        if entry.name != "audit":
            ticks.leave(db.session, entry.name, worker.name, started_at, clock.now())
    return counts


def run(
    app: Flask,
    *,
    parent: int | None = None,
    timetable: Sequence[Entry] = TIMETABLE,
    silence: float = SILENCE,
) -> None:
    """Follow the timetable until told to stop by SIGTERM, SIGINT or the end of `parent`.

    A process that has not beaten for `silence` seconds ends itself with status STUCK.
    """
    worker = Worker(app)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler = BackgroundScheduler(
        timezone=clock.UTC,
        # A thread for each line: one that takes hours keeps no other from its turn, least of all
        # the heartbeat.
        executors={"default": ThreadPoolExecutor(len(timetable))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for entry in timetable:
        scheduler.add_job(
            guard,
            Every(dt.timedelta(seconds=entry.seconds)),
            (worker, entry),
            id=entry.name,
            next_run_time=_first(entry),
        )
    threading.Thread(target=_watch, args=(worker, silence), name="watchdog", daemon=True).start()
    # To look through all that was loaded for cycles takes a tenth of a second, and it would be
    # done in the middle of a write transaction.
    gc.collect()
    gc.freeze()
    scheduler.start()
    log.info("worker started", worker=worker.name)
    while not worker.over.wait(1.0):
        _mind_the_clock(scheduler, timetable)
        if parent is not None and os.getppid() != parent:
            log.warning("the server is gone; the worker ends too")
            worker.over.set()
    _say_farewell(scheduler)
    log.info("worker stopped", worker=worker.name)


def _first(entry: Entry) -> dt.datetime:
    return clock.now() + dt.timedelta(seconds=entry.first)


def _mind_the_clock(scheduler: BackgroundScheduler, timetable: Sequence[Entry]) -> None:
    """Bring turns back into reach that were appointed by a clock which has been set back since.

    The metronome goes by the clock: it would stand still until that shows again what it showed.
    """
    now = clock.now()
    for entry in timetable:
        furthest = now + dt.timedelta(seconds=max(entry.first, entry.seconds)) + SLACK
        if scheduler.get_job(entry.name).next_run_time > furthest:
            log.warning("the clock was set back; its turn comes anew", job=entry.name)
            scheduler.modify_job(entry.name, next_run_time=_first(entry))
    # It may have gone to sleep by a clock that was wrong for less than a second.
    scheduler.wakeup()


def _say_farewell(scheduler: BackgroundScheduler) -> None:
    """Let what is running come to its end, but not for ever: claims run out by themselves."""
    ending = threading.Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(FAREWELL)
    if ending.is_alive():
        log.warning("a job was still running; its claim runs out by itself")
        os._exit(0)


def _watch(worker: Worker, silence: float) -> None:
    """End a process whose scheduler has stopped beating: nothing else would notice."""
    while not worker.over.wait(min(5.0, silence / 4)):
        if time.monotonic() - worker.beat_at > silence:
            log.critical("the scheduler is stuck; the worker ends", worker=worker.name)
            os._exit(STUCK)
