"""The line of delivery: our outbox to a local mail server, against a bare loop of smtplib."""

import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import text

from bench import bare_delivery
from bench.data import ROOT, environment
from bench.data import run as run_irm
from bench.lines import Line
from bench.measure import Result
from irm import clock
from irm.app import create_app
from irm.config import Settings
from irm.db import db
from irm.jobs import delivery
from irm.mail import outbox
from irm.mail.letters import Letter

ROUNDS = 5

#: One mail for so many people: a digest a day for a large team, and a round of some seconds.
PEOPLE_A_MAIL = 100

SENDER = "irm <irm@example.com>"

#: About as long as a digest of twenty lines.
TEXT = "\n".join(f"* Chloé Martin {n}\n  Send the seeds, late since Monday.\n" for n in range(20))
HTML = "".join(
    f'<div class="line" style="margin:0 0 12px;padding:8px 12px;border-left:4px solid #9ca3af">'
    f'<p><a href="https://irm.example.com/influencers/{n}">Chloé Martin {n}</a></p>'
    "<p>Send the seeds, late since Monday.</p></div>"
    for n in range(20)
)

Say = Callable[[str], None]


def results(people: int, folder: Path, say: Say) -> list[Result]:
    """Measure the delivery of a hundredth as many mails as there are people, in each round."""
    mails = people // PEOPLE_A_MAIL
    say(f"delivering {mails:,} mails, {ROUNDS} times by each side …")
    own = folder / "delivery"
    own.mkdir()
    run_irm(own, "db", "upgrade")
    ours, bare = [], []
    with _sink() as port:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
            data_dir=own,
            database_url="",
            secret_key="bench-only-" + "x" * 32,  # type: ignore[arg-type]
            smtp_url=f"smtp://127.0.0.1:{port}",  # type: ignore[arg-type]
            mail_from=SENDER,
        )
        with create_app(settings).app_context():
            journal = db.session.scalar(text("PRAGMA journal_mode"))
            db.session.rollback()
            for round_ in range(ROUNDS):
                _fill(round_, mails)
                began = time.perf_counter()
                counts = delivery.deliver(clock.now())
                ours.append(time.perf_counter() - began)
                database = folder / f"bare-mails-{round_}.db"
                bare_delivery.fill(database, str(journal), _bare(mails))
                seconds, sent = bare_delivery.deliver(database, port)
                bare.append(seconds)
                if (counts["sent"], sent) != (mails, mails):
                    raise RuntimeError(f"of {mails} mails {counts} and {sent} were sent")
    name = f"delivery of {mails:,} mails, each with its durable marker"
    ratios = [one / two for one, two in zip(ours, bare, strict=True)]
    return [
        Result(
            # In the other direction: a rate of 0.6 of the bare one takes 1.67 times as long.
            Line(name, round(1 / 0.6, 2), round(1 / 0.9, 2)),
            statistics.median(ratios),
            min(ratios),
            max(ratios),
            1000 * statistics.median(ours),
            1000 * statistics.median(bare),
            samples=ratios,
        )
    ]


def _fill(round_: int, mails: int) -> None:
    at = clock.now()
    letter = Letter("digest", "Your day", TEXT, HTML, {"Auto-Submitted": "auto-generated"})
    for n in range(mails):
        key = f"bench:{round_}:{n}"
        outbox.put(db.session, key, letter, to=f"r{n}@example.com", sender=SENDER, at=at)
    db.session.commit()


def _bare(mails: int) -> list[tuple[str, str, str, str, str]]:
    return [(SENDER, f"r{n}@example.com", "Your day", TEXT, HTML) for n in range(mails)]


@contextlib.contextmanager
def _sink() -> Iterator[int]:
    """A mail server that is there meanwhile, by its port."""
    command = [sys.executable, "-m", "bench.mail_sink"]
    process = subprocess.Popen(  # our own command
        command, cwd=ROOT, env=environment(ROOT), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
