"""The clock of a running worker is set: forward, back, and to where it cannot be."""

import datetime as dt
import signal
from collections import Counter

import make
import pytest
from sqlalchemy import select
from torture.stage import fill, under_way, wait_until

from irm import clock
from irm.models import Instance, Outbox, Role

PACE = {"every": 0.1, "lease": 120, "grace": 900, "reminds": True}
HOUR, DAY, YEAR = 3600, 86_400, 31_557_600


@pytest.fixture
def set_clock(tmp_path):
    """Set the clock of a worker that goes by `set_clock.file`, while it runs: so far off."""
    file = tmp_path / "clock"

    def set_to(seconds: int) -> None:
        # Renamed, not written: whoever reads it meanwhile finds a whole number.
        new = tmp_path / "new"
        new.write_text(str(seconds))
        new.rename(file)

    set_to(0)
    set_to.file = file
    return set_to


def is_paused(session):
    found = session.scalar(select(Instance.paused_reason).where(Instance.sending == "paused"))
    session.rollback()
    return found == "clock"


@pytest.mark.parametrize(
    "jump",
    [HOUR, -HOUR, -DAY, 10 * YEAR, -10 * YEAR],
    ids=["+1 h", "-1 h", "-1 day", "+10 years", "-10 years"],
)
def test_a_clock_that_jumps_doubles_nothing_and_delays_no_longer_than_it_is_wrong(
    saved, session, mail_server, nursery, set_clock, jump, figure
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

    worker = nursery.spawn(**PACE, clock=str(set_clock.file))
    wait_until(lambda: mail_server.count == 6)
    fill(session, 5, first=21, not_before=soon)
    set_clock(jump)
    if jump == HOUR:
        wait_until(lambda: mail_server.count == 16)
    elif abs(jump) > YEAR:
        wait_until(lambda: is_paused(session))
    fill(session, 5, first=31, not_before=now)
    before = mail_server.count
    set_clock(0)
    wait_until(lambda: mail_server.count == before + 5)
    assert not is_paused(session)
    set_clock(HOUR)
    wait_until(lambda: not under_way(session))
    assert nursery.kill(worker, signal.SIGTERM) == 0

    came = Counter(to for to, _id in mail_server.taken)
    assert came == Counter(session.scalars(select(Outbox.to_address)))
    assert (len(came), came.total()) == (21, 21)
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    figure(mails=21, lost=0, doubled=0)
