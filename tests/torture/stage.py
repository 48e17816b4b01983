"""What the torture plays on: the server, the senders, the killer, and the look into the ledger."""

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from irm import clock
from irm.models import MailState, Outbox

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
UNDER_WAY = (MailState.PENDING, MailState.CLAIMED, MailState.SENDING)


def wait_until(is_so: Callable[[], bool], seconds: float = 60, often: float = 0.02) -> None:
    """Wait for something; fail where it does not come to be in time."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(often)


class Spoken:
    """A child process that obeys lines of JSON and answers each."""

    def __init__(self, arguments: list[str], environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.heard = self.hear()

    def hear(self) -> dict:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process has ended"
        return json.loads(line)

    def tell(self, **order) -> dict:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self.hear()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class MailServer(Spoken):
    """fakesmtp.py, and what it took."""

    def __init__(self, folder: Path, certificates: tuple[Path, ...] = ()) -> None:
        self._held: list[str] = []
        self.sink = folder / "sink.jsonl"
        self.sink.touch()
        paths = [str(path) for path in certificates]
        super().__init__([str(HERE / "fakesmtp.py"), str(self.sink), *paths])
        self.port: int = self.heard["port"]
        self.url = f"smtp://127.0.0.1:{self.port}?tls=off"
        self._read = 0
        self._lines = 0

    def mode(self, mode: str, at: int = 1) -> None:
        """Misbehave so from the `at`-th mail from now, or at it."""
        self.tell(do="mode", mode=mode, at=at)

    def held(self) -> str:
        """Wait until somebody came to the stage where they are kept; return the stage."""
        while not self._held:
            self._held.append(super().hear()["held"])
        return self._held.pop()

    def hear(self) -> dict:
        while "held" in (line := super().hear()):
            self._held.append(line["held"])
        return line

    def forget(self) -> None:
        """Behave again, and empty the sink, for the next play."""
        self.tell(do="release")
        self.mode("well")
        os.truncate(self.sink, 0)
        self._read = self._lines = 0

    @property
    def count(self) -> int:
        """How many mails it took."""
        with self.sink.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        self._read += len(new)
        self._lines += new.count(b"\n")
        return self._lines

    @property
    def taken(self) -> list[tuple[str, str]]:
        """Recipient and Message-ID of all it took, in order."""
        lines = self.sink.read_text().splitlines()
        return [(one["to"], one["id"]) for one in map(json.loads, lines)]


class Nursery(Spoken):
    """nursery.py, and the senders it brought up."""

    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__([str(HERE / "nursery.py")], environment)
        self.alive: list[int] = []
        self._paper = Path(environment["IRM_DATA_DIR"]) / "audit.json"

    def ledger_check(self) -> dict:
        """Ask the product itself: `irm outbox audit`."""
        self.wait(self.spawn("audit", out=str(self._paper)))
        return json.loads(self._paper.read_text())

    def spawn(self, do: str = "worker", **given) -> int:
        """Bring up a process; return its pid."""
        pid: int = self.tell(do=do, **given)["pid"]
        self.alive.append(pid)
        return pid

    def wait(self, pid: int) -> int:
        """Wait for its end; return its exit status, or minus the signal that ended it."""
        self.alive.remove(pid)
        return int(self.tell(do="wait", pid=pid)["status"])

    def kill(self, pid: int, with_signal: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a process and see it die; return as `wait` does."""
        os.kill(pid, with_signal)
        return self.wait(pid)

    def clear(self) -> None:
        """End whoever is still there."""
        for pid in list(self.alive):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            self.wait(pid)


@dataclass(frozen=True)
class Ledger:
    """What the outbox says of all its mails."""

    states: Counter
    in_doubt: dict[str, int]
    held: set[str]
    attempts: dict[str, int]


def environment_of(settings, url: str, **extra: str) -> dict[str, str]:
    """The environment of a process on the database of a test."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("IRM_")},
        "IRM_DATABASE_URL": settings.url,
        "IRM_DATA_DIR": str(settings.data_dir),
        "IRM_SECRET_KEY": settings.secret_key.get_secret_value(),
        "IRM_SMTP_URL": url,
        **extra,
    }


def fill(session: Session, count: int, *, first: int = 1, **given) -> None:
    """Write mails `first` and on to the outbox, each with a moment of its own when it is due."""
    now = clock.now()
    begin = given.pop("not_before", now - dt.timedelta(hours=1))
    rows = (
        {
            "dedupe_key": f"torture:{n}",
            "message_id": f"<torture-{n}@example.com>",
            "letter": "digest",
            "to_address": f"ana{n}@example.com",
            "subject": f"Mail {n}",
            "body_text": "What is due today.",
            "body_html": "<p>What is due today.</p>",
            "headers": {"From": "irm <irm@example.com>"},
            "tells_of": [],
            "category": "team",
            "doubt_policy": "resend",
            "state": MailState.PENDING,
            "priority": 10,
            "attempts": 0,
            "doubt": 0,
            "not_before": begin + dt.timedelta(milliseconds=n),
            "deadline_at": begin + dt.timedelta(hours=73),
            "created_at": begin,
            **given,
        }
        for n in range(first, first + count)
    )
    chunk: list[dict] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == 1000:
            session.execute(insert(Outbox), chunk)
            chunk = []
    if chunk:
        session.execute(insert(Outbox), chunk)
    session.commit()


def ledger(session: Session) -> Ledger:
    """Read what the outbox says."""
    rows = session.execute(
        select(Outbox.to_address, Outbox.state, Outbox.doubt, Outbox.attempts)
    ).all()
    session.rollback()
    return Ledger(
        Counter(row.state for row in rows),
        {row.to_address: row.doubt for row in rows if row.doubt},
        {row.to_address for row in rows if row.state is MailState.HELD},
        {row.to_address: row.attempts for row in rows},
    )


def under_way(session: Session) -> int:
    """How many mails have not come to their end."""
    found = session.scalars(select(Outbox.id).where(Outbox.state.in_(UNDER_WAY)).limit(50)).all()
    session.rollback()
    return len(found)


def let_time_pass(session: Session, pid: int) -> None:
    """Let an hour pass for what a process had in hand: claims run out, doubts come of age."""
    then = clock.now() - dt.timedelta(hours=1)
    # The name that irm/jobs/delivery.py gives a worker ends in its pid.
    theirs = Outbox.claimed_by.endswith(f":{pid}")
    for state, value in (
        (MailState.CLAIMED, {"lease_until": then}),
        (MailState.SENDING, {"marked_at": then}),
    ):
        session.execute(update(Outbox).where(theirs, Outbox.state == state).values(value))
    session.commit()
