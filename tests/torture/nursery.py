"""A process that brings up real senders: each is forked from it, with all of irm loaded already.

Orders come as lines of JSON on stdin, each answered by one line:
{"do": "worker", …}  the worker as it is shipped (irm/scheduler.py); with `every`, `lease` and
                     `grace` (seconds) one that only delivers and sweeps, at that pace, and with
                     `reminds` writes digests too; it goes by the clock in the file `clock`, which
                     says by how many seconds that is off
{"do": "stuck", …}   a worker whose scheduler never beats, with a watchdog of `silence` seconds
{"do": "failing"}    a worker in which a job raises every time
{"do": "remind", "die_at": K, "at": T}  writes what is due and dies before its K-th statement
{"do": "audit", "out": FILE}  `irm outbox audit --json`, into a file
                     all answered by {"pid": …}
{"do": "wait", "pid": P}  answered by {"status": …}, its exit status or minus the signal
"""

import datetime as dt
import json
import os
import sys
import threading
import time
from pathlib import Path

from apscheduler.schedulers import base as metronome
from flask import Flask
from sqlalchemy import event

from irm import clock, scheduler
from irm.app import create_app
from irm.cli import logs, outbox
from irm.db import db
from irm.jobs import delivery, reminders
from irm.scheduler import Entry


def _entry(name: str, seconds: float, job, **given) -> Entry:
    return Entry(name, seconds, job, "a test does not wait", **given)


def _beat(worker: scheduler.Worker, _now: dt.datetime) -> None:
    worker.beat_at = time.monotonic()


def go_by(file: Path) -> None:
    """Have irm and its metronome read a clock that somebody sets while they run."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime.now(tz) + dt.timedelta(seconds=float(file.read_text()))

    metronome.datetime = Clock
    clock.now = lambda: Clock.now(dt.UTC)


def work(app: Flask, order: dict) -> None:
    """A worker at the pace of a test, or the one that is shipped."""
    if "clock" in order:
        go_by(Path(order["clock"]))
    if "every" not in order:
        scheduler.run(app)
        return
    lease, grace = (dt.timedelta(seconds=order[name]) for name in ("lease", "grace"))

    def deliver(worker: scheduler.Worker, now: dt.datetime) -> object:
        return delivery.deliver(now, is_stopping=worker.over.is_set, lease=lease)

    timetable = (
        _entry("heartbeat", 1, _beat),
        _entry("deliver", order["every"], deliver),
        _entry("sweep", order["every"], lambda _worker, now: delivery.sweep(now, grace)),
        _entry("remind", order["every"], lambda _worker, now: reminders.remind(now)),
    )[: None if order.get("reminds") else 3]
    scheduler.run(app, timetable=timetable)


def be_stuck(app: Flask, order: dict) -> None:
    """A worker whose heart stands still in the middle of a beat."""
    forever = threading.Event()
    timetable = (_entry("heartbeat", 1, lambda *_given: forever.wait()),)
    scheduler.run(app, timetable=timetable, silence=order["silence"])


def fail(app: Flask, _order: dict) -> None:
    """A worker one of whose jobs raises at every turn."""

    def burst(_worker: scheduler.Worker, _now: dt.datetime) -> None:
        raise RuntimeError("the disk is on fire")

    timetable = (_entry("heartbeat", 1, _beat), _entry("burst", 0.1, burst))
    scheduler.run(app, timetable=timetable)


def remind(app: Flask, order: dict) -> None:
    """Write what is due; die, as by kill -9, just before a statement or a commit."""
    left = order["die_at"]

    def count(*_given: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(137)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
        event.listen(db.engine, "after_cursor_execute", count)
        event.listen(db.engine, "commit", count)
        reminders.remind(dt.datetime.fromisoformat(order["at"]))


def audit(app: Flask, order: dict) -> None:
    """Run the product's own `irm outbox audit`."""
    os.dup2(os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    with app.app_context():
        outbox.group.main(["audit", "--json"], standalone_mode=False)
    sys.stdout.flush()


ROLES = {"worker": work, "stuck": be_stuck, "failing": fail, "remind": remind, "audit": audit}


def bear(app: Flask, order: dict) -> int:
    """Fork a child that does as it is told, with nothing of ours open; return its pid."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        ROLES[order["do"]](app, order)
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)


def tell(what: dict) -> None:
    """Say a line on stdout."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    app = create_app()
    logs.configure("text")
    with app.app_context():
        db.engine.dispose()
    tell({"pid": os.getpid()})
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "wait":
            _pid, status = os.waitpid(order["pid"], 0)
            answer = {"status": os.waitstatus_to_exitcode(status)}
        else:
            answer = {"pid": bear(app, order)}
        tell(answer)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
