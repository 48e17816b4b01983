"""Many at once, one asleep, one stuck: whoever else is there, each mail goes out once."""

import datetime as dt
import os
import signal
from collections import Counter
from pathlib import Path

import make
import pytest
from sqlalchemy import func, select
from torture.stage import fill, ledger, let_time_pass, under_way, wait_until

from irm import clock
from irm.models import MailState, Outbox, Role, Tick

PACE = {"every": 0.1, "lease": 120, "grace": 900}

#: What these show does not depend on the database, and each takes seconds.
on_one_database = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def is_asleep(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


def be_due(saved, many):
    """Colleagues whose digest is due, each with something to do."""
    day = clock.now().date() - dt.timedelta(days=1)
    for _one in range(many):
        due = clock.now() - dt.timedelta(minutes=1)
        user = make.user(work_days="1234567", next_digest_at=due)
        member = saved(make.member(Role.MANAGER, user=user))
        person = make.relationship(brand=member.brand)
        saved(make.touchpoint(relationship=person, owner=member.user, due_on=day))


def test_two_schedulers_and_four_senders_at_once_do_as_one_would(
    saved, session, nursery, mail_server, size, figure
):
    each, deaths = min(size.mails, 10_000), []
    for n in range(1, size.repeats + 1):
        fill(session, each - 20, first=n * each)
        be_due(saved, 20)
        workers = [nursery.spawn() for _one in range(2)]
        workers += [nursery.spawn(**PACE) for _one in range(4)]
        wait_until(lambda: mail_server.count >= n * each, 1200)  # noqa: B023
        wait_until(lambda: not under_way(session))
        ends = [nursery.kill(pid, signal.SIGTERM) for pid in workers]
        deaths += [status for status in ends if status != 0]

    everything = size.repeats * each
    came = Counter(mail_server.taken)
    assert len(came) == came.total() == everything
    assert session.scalar(select(func.count()).select_from(Outbox)) == everything
    assert not deaths
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    figure(rounds=size.repeats, mails=everything, processes=6, lost=0, doubled=0, deaths=0)


@pytest.mark.parametrize("stage", ["mail", "data"], ids=["after its claim", "after the 354"])
def test_a_sender_that_slept_over_its_claim_sends_nothing_when_it_wakes(
    session, nursery, mail_server, size, stage, figure
):
    rounds, each = size.rounds, 3
    sleeper = nursery.spawn(**PACE)
    for n in range(1, rounds + 1):
        mail_server.tell(do="hold", stage=stage)
        fill(session, each, first=each * n)
        assert mail_server.held() == stage
        os.kill(sleeper, signal.SIGSTOP)
        wait_until(lambda: is_asleep(sleeper))
        mail_server.tell(do="release")
        let_time_pass(session, sleeper)
        other = nursery.spawn(**PACE)
        wait_until(lambda: mail_server.count == n * each)  # noqa: B023
        wait_until(lambda: not under_way(session))
        assert nursery.kill(other, signal.SIGTERM) == 0
        os.kill(sleeper, signal.SIGCONT)
    assert nursery.kill(sleeper, signal.SIGTERM) == 0
    came = Counter(mail_server.taken)
    assert len(came) == came.total() == rounds * each
    assert ledger(session).states == {MailState.SENT: rounds * each}
    assert not ledger(session).in_doubt
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    figure(rounds=rounds, lost=0, doubled=0)


@on_one_database
def test_told_to_stop_a_sender_ends_in_time_and_leaves_no_doubt(
    session, nursery, mail_server, size, figure
):
    rounds, slowest = size.rounds, 0.0
    fill(session, 60 * rounds)
    for _round in range(rounds):
        # What those before it sent does not count: this one is to be at work.
        enough = mail_server.count + 20
        sender = nursery.spawn(**PACE)
        wait_until(lambda: mail_server.count >= enough)  # noqa: B023
        began = clock.now()
        assert nursery.kill(sender, signal.SIGTERM) == 0
        slowest = max(slowest, (clock.now() - began).total_seconds())
        left = ledger(session).states
        assert set(left) <= {MailState.SENT, MailState.PENDING}
        assert left[MailState.SENT] == mail_server.count
    assert slowest < 15
    assert not ledger(session).in_doubt
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    figure(sigterms=rounds, in_doubt=0, exit_status=0, seconds_at_most=round(slowest, 1))


@on_one_database
def test_a_job_that_fails_every_time_says_so_in_its_tick_and_stops_nobody(session, nursery):
    worker = nursery.spawn("failing")

    def ticks():
        session.rollback()
        session.expire_all()
        return {tick.name: tick for tick in session.scalars(select(Tick))}

    wait_until(lambda: {"burst", "heartbeat"} <= set(ticks()))
    assert ticks()["burst"].last_error == "RuntimeError: the disk is on fire"
    assert ticks()["burst"].last_ok is None
    assert ticks()["heartbeat"].last_error is None
    assert nursery.kill(worker, signal.SIGTERM) == 0


@on_one_database
def test_a_worker_whose_scheduler_is_stuck_ends_itself(nursery, figure):
    began = clock.now()
    worker = nursery.spawn("stuck", silence=1)
    assert nursery.wait(worker) == 70
    figure(exit_status=70, seconds=round((clock.now() - began).total_seconds(), 1))
