"""A day without a mail server, a quota that is used up, a mail in fifty that cannot be sent."""

import datetime as dt
import itertools

import pytest
import time_machine
from sqlalchemy import select, update
from torture.stage import fill, ledger

from irm import clock
from irm.jobs import delivery
from irm.mail import channel, proof
from irm.models import ChannelHealth, MailState, Outbox

MORNING = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

#: What these show does not depend on the database, and each takes seconds.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _at_work(app, at_server):
    with app.app_context():
        yield


@pytest.fixture
def time_of_day():
    """A clock that goes when it is told to."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def health_of(session):
    session.rollback()
    session.expire_all()
    return session.get_one(ChannelHealth, channel.CHANNEL)


def test_a_day_without_a_server_burns_no_attempt_and_is_made_up_for_in_order(
    session, mail_server, time_of_day, figure
):
    fill(session, 60, not_before=MORNING - MINUTE)
    mail_server.mode("1 refused")
    tries = []
    while clock.now() < MORNING + 24 * 60 * MINUTE:
        delivery.deliver(clock.now())
        health = health_of(session)
        tries.append(clock.now())
        assert health.consecutive_failures == len(tries)
        time_of_day.shift(MINUTE)
        if health.state == "open" and health.until > clock.now():
            # It is not tried before its time.
            delivery.deliver(clock.now())
            assert health_of(session).consecutive_failures == len(tries)
            time_of_day.move_to(health.until)
    # Five at once, then 1, 2, 4, 8 and 15 minutes apart, and 15 from then on.
    apart = [(later - sooner) // MINUTE for sooner, later in itertools.pairwise(tries)]
    assert apart[:9] == [1, 1, 1, 1, 1, 2, 4, 8, 15]
    assert set(apart[9:]) == {15}
    assert set(ledger(session).attempts.values()) == {0}
    assert health_of(session).since == MORNING

    mail_server.mode("well")
    time_of_day.shift(15 * MINUTE)
    assert delivery.deliver(clock.now())["sent"] == 60
    assert [to for to, _id in mail_server.taken] == [f"ana{n}@example.com" for n in range(1, 61)]
    assert health_of(session).state == "closed"
    assert not proof.violations(session, clock.now())
    figure(hours=24, mails=60, tries=len(tries), attempts_burnt=0, lost=0)


def test_after_a_quota_the_rest_waits_and_the_pace_is_kept_from_then_on(
    session, mail_server, time_of_day, figure
):
    fill(session, 400, not_before=MORNING - MINUTE)
    mail_server.mode("quota", 301)
    assert delivery.deliver(clock.now())["sent"] == 300
    said = ledger(session)
    assert said.states == {MailState.SENT: 300, MailState.PENDING: 100}
    assert sum(said.attempts.values()) == 300
    learned = health_of(session)
    assert (learned.state, learned.per_minute) == ("open", 240)
    assert "too many mails" in learned.last_error

    time_of_day.shift(MINUTE)
    mail_server.mode("well")
    fill(session, 300, first=401, not_before=MORNING - MINUTE)
    assert delivery.deliver(clock.now())["sent"] == 240
    assert delivery.deliver(clock.now())["sent"] == 0
    time_of_day.shift(MINUTE)
    assert delivery.deliver(clock.now())["sent"] == 160
    assert len(set(mail_server.taken)) == mail_server.count == 700
    figure(mails=700, quota=300, learned_per_minute=240, lost=0)


def test_a_pace_is_trusted_more_by_the_hour_and_forgotten_in_a_day(session):
    health = ChannelHealth(channel="smtp", state="closed", per_minute=100, limited_at=MORNING)
    hour = 60 * MINUTE
    assert channel.per_minute(health, MORNING) == 100
    assert channel.per_minute(health, MORNING + hour) == 125
    assert channel.per_minute(health, MORNING + 2 * hour) == 156
    assert channel.per_minute(health, MORNING + 24 * hour) is None


def test_one_poisoned_mail_in_fifty_fails_alone(session, mail_server, figure):
    fill(session, 100)
    poison = {
        "ana7@example.com": {"headers": {"From": "a\r\nBcc: everybody@example.com"}},
        "ana57@example.com": {"to_address": "zoé at home"},
    }
    for to, given in poison.items():
        session.execute(update(Outbox).where(Outbox.to_address == to).values(given))
    session.execute(
        update(Outbox)
        .where(Outbox.to_address == "ana60@example.com")
        .values(body_text="A very long story. " * 100_000)
    )
    session.commit()
    counts = delivery.deliver(clock.now())
    assert (counts["sent"], counts["failed"]) == (98, 2)
    failed = session.scalars(select(Outbox).where(Outbox.state == MailState.FAILED)).all()
    assert all(one.last_text for one in failed)
    assert mail_server.count == 98
    assert not proof.violations(session, clock.now())
    figure(mails=100, poisoned=2, failed=2, sent=98)
