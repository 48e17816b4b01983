"""The clock of a running worker is set: forward, back, and to where it cannot be."""

import datetime as dt
import signal
from collections import Counter
from pathlib import Path

import make
import pytest
from sqlalchemy import select
from torture.stage import Nursery, environment_of, fill, under_way, wait_until

from irm import clock
from irm.models import Instance, Outbox, Role

LIBRARIES = ("*/faketime/libfaketimeMT.so.1", "faketime/libfaketimeMT.so.1")
PACE = {"every": 0.1, "lease": 120, "grace": 900, "reminds": True}


@pytest.fixture
def set_clock(tmp_path):
    """Set the clock of those who come from `by_that_clock`, while they run: `set_clock("+1h")`."""
    file = tmp_path / "clock"

    def set_to(offset: str) -> None:
        # Renamed, not written: whoever reads it meanwhile finds a whole line.
        new = tmp_path / "new"
        new.write_text(f"{offset}\n")
        new.rename(file)

    set_to("+0")
    set_to.file = file
    return set_to


@pytest.fixture
def by_that_clock(app, mail_server, set_clock):
    """Senders that go by a clock which can be set."""
    found = [path for some in LIBRARIES for path in Path("/usr/lib").glob(some)]
    if not found:
        pytest.skip("no libfaketime to set a clock with")
    clockwork = {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(set_clock.file),
        "FAKETIME_NO_CACHE": "1",
        # What waits goes on waiting as long as it meant to, and files keep their times.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    nursery = Nursery(environment_of(app.config["IRM"], mail_server.url, **clockwork))
    yield nursery
    nursery.clear()
    nursery.end()


def is_paused(session):
    found = session.scalar(select(Instance.paused_reason).where(Instance.sending == "paused"))
    session.rollback()
    return found == "clock"


@pytest.mark.parametrize("jump", ["+1h", "-1h", "-1d", "+10y", "-10y"])
def test_a_clock_that_jumps_doubles_nothing_and_delays_no_longer_than_it_is_wrong(
    saved, session, mail_server, set_clock, by_that_clock, jump, figure
):
    now = clock.now()
    due = now - dt.timedelta(minutes=1)
    user = make.user(email="lead@example.com", work_days="1234567", next_digest_at=due)
    member = saved(make.member(Role.MANAGER, user=user))
    person = make.relationship(brand=member.brand)
    yesterday = now.date() - dt.timedelta(days=1)
    saved(make.touchpoint(relationship=person, owner=user, due_on=yesterday))
    soon = now + dt.timedelta(minutes=30)
    fill(session, 5, not_before=now)
    fill(session, 5, first=11, not_before=soon)

    worker = by_that_clock.spawn(**PACE)
    wait_until(lambda: mail_server.count == 6)
    fill(session, 5, first=21, not_before=soon)
    set_clock(jump)
    if jump == "+1h":
        wait_until(lambda: mail_server.count == 16)
    elif jump.endswith("y"):
        wait_until(lambda: is_paused(session))
    fill(session, 5, first=31, not_before=now)
    before = mail_server.count
    set_clock("+0")
    wait_until(lambda: mail_server.count == before + 5)
    assert not is_paused(session)
    set_clock("+31m")
    wait_until(lambda: not under_way(session))
    assert by_that_clock.kill(worker, signal.SIGTERM) == 0

    came = Counter(to for to, _id in mail_server.taken)
    assert came == Counter(session.scalars(select(Outbox.to_address)))
    assert (len(came), came.total()) == (21, 21)
    assert by_that_clock.ledger_check() == {"violations": 0, "found": {}}
    figure(mails=21, lost=0, doubled=0)
