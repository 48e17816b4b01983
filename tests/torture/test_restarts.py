"""PostgreSQL is torn down and started again under senders at work: none ends, nothing is lost."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from post_office import free_port
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from torture.stage import ROOT, Nursery, fill, ledger, under_way, wait_until

from irm.models import MailState

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if os.name == "posix" else []

SENDERS = 4

#: Nobody here is slow, so claims and doubts may be short; both are longer than any mail takes.
PACE = {"every": 0.1, "lease": 5, "grace": 8}

#: Seconds within which mail goes out again.
RECOVERY = 10


class Cluster:
    """A PostgreSQL of the test's own, which may be torn down at any moment."""

    def __init__(self, programs: Path, folder: Path, port: int) -> None:
        self._programs, self._folder, self._port = programs, folder, port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8")
        self._control("start")

    def restart(self) -> None:
        """End it as a power cut would, and start it again."""
        self._control("restart")

    def stop(self) -> None:
        self._control("stop")

    def _control(self, order: str) -> None:
        where = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1"
        log = str(self._folder / "log")
        self._run("pg_ctl", order, "--mode=immediate", "--wait", f"--log={log}", f"-o{where}")

    def _run(self, program: str, *arguments: str) -> None:
        # It refuses to run as root.
        as_whom = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        given = [str(self._programs / program), f"--pgdata={self._folder / 'data'}", *arguments]
        subprocess.run([*as_whom, *given], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def cluster():
    """A cluster in a folder of its own, gone after the test."""
    if not PROGRAMS:
        pytest.skip("no PostgreSQL here of which a second one could be started")
    folder = Path(tempfile.mkdtemp(prefix="irm-cluster-"))
    if os.geteuid() == 0:
        whose = pwd.getpwnam("postgres")
        os.chown(folder, whose.pw_uid, whose.pw_gid)
    made = Cluster(PROGRAMS[-1], folder, free_port())
    yield made
    made.stop()
    shutil.rmtree(folder)


@pytest.fixture
def elsewhere(cluster, mail_server, tmp_path):
    """Senders on that cluster, and a look into its outbox."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("IRM_")},
        "IRM_DATABASE_URL": cluster.url,
        "IRM_DATA_DIR": str(tmp_path),
        "IRM_SMTP_URL": mail_server.url,
    }
    irm = [sys.executable, "-m", "irm.cli.main", "db", "upgrade"]
    subprocess.run(irm, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    nursery = Nursery(environment)
    engine = create_engine(cluster.url.replace("://", "+psycopg://"), pool_pre_ping=True)
    with Session(engine) as session:
        yield nursery, session
    nursery.clear()
    nursery.end()
    engine.dispose()


def test_a_database_that_goes_away_ends_no_sender_and_loses_no_mail(
    cluster, elsewhere, mail_server, size, figure
):
    nursery, session = elsewhere
    mails, restarts = max(240, size.mails // 10), max(2, size.kills // 2)
    fill(session, mails, doubt_policy="hold")
    senders = [nursery.spawn(**PACE) for _one in range(SENDERS)]
    slowest = 0.0
    for n in range(1, restarts + 1):
        wait_until(lambda: mail_server.count >= mails * n // (restarts + 1), 600, often=0.001)  # noqa: B023
        cluster.restart()
        before, began = mail_server.count, time.monotonic()
        wait_until(lambda: mail_server.count > before, RECOVERY)  # noqa: B023
        slowest = max(slowest, time.monotonic() - began)

    wait_until(lambda: not _under_way(session), 600, often=0.2)

    came, said = Counter(to for to, _id in mail_server.taken), ledger(session)
    missing = {f"ana{n}@example.com" for n in range(1, mails + 1)} - set(came)
    assert max(came.values()) == 1
    assert missing <= said.held
    assert len(said.held) <= SENDERS * restarts
    assert set(said.states) <= {MailState.SENT, MailState.HELD}
    assert said.states.total() == mails
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    assert [nursery.kill(pid, 15) for pid in senders] == [0] * SENDERS
    figure(
        mails=mails,
        restarts=restarts,
        senders=SENDERS,
        lost=len(missing - said.held),
        doubled=0,
        held_and_listed=len(said.held),
        ended=0,
        seconds_until_mail_goes_out_again=round(slowest, 1),
    )


def _under_way(session: Session) -> int:
    """How many mails are not at their end; the look itself may meet a database that is gone."""
    try:
        return under_way(session)
    except OperationalError:
        session.rollback()
        return 1
