"""When mail waits: for a server that is away or has had enough, for a person, for ever."""

import datetime as dt

import pytest
from post_office import GREETING, Script

from irm import clock
from irm.db import db
from irm.errors import Stale
from irm.jobs import delivery
from irm.mail import channel, doubt, outbox, proof, smtp
from irm.models import ChannelHealth, MailState
from tests.jobs.mailed import deliver, fresh, tries

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


def test_two_workers_send_one_mail_to_see_whether_the_server_is_back(session, mail):
    for _ in range(3):
        mail()
    now = clock.now()
    for _ in range(channel.FAILURES):
        channel.failed(session, "down", now)
    session.commit()
    later = now + 2 * MINUTE

    assert channel.allowance(session, later, 20) == 1
    assert channel.allowance(db.session, later, 20) == 1
    assert channel.enter(session, later, 1)
    session.commit()
    assert not channel.enter(db.session, later, 1)
    db.session.rollback()
    assert session.get_one(ChannelHealth, "smtp").state == "half_open"

    # Who went to see was not heard of again: somebody else may go.
    assert channel.enter(db.session, later + channel.PROBE, 1)
    db.session.rollback()


def test_a_server_that_says_no_to_one_mail_is_there(session, mail, inbox):
    inbox.says, inbox.times = {"rcpt": "550 5.7.1 not here"}, 1
    for _ in range(channel.FAILURES):
        channel.failed(session, "down", clock.now() - 2 * MINUTE)
    session.commit()
    for _ in range(3):
        mail()
    counts = deliver()
    assert (counts["failed"], counts["sent"]) == (1, 2)
    session.expire_all()
    assert session.get_one(ChannelHealth, "smtp").state == "closed"


def test_a_server_that_never_answers_the_dot_is_left_alone_before_all_is_in_doubt(
    session, mail, send_to
):
    waiting = [mail() for _ in range(12)]
    with Script(*GREETING, b"354 go", None) as script:
        send_to(script.url)
        deliver()
    states = [fresh(session, one).state for one in waiting]
    assert states.count(MailState.SENDING) == channel.FAILURES
    assert states.count(MailState.PENDING) == 12 - channel.FAILURES


def test_a_hold_stops_a_round_that_is_under_way(session, mail, inbox):
    for _ in range(delivery.BATCH + 5):
        mail()

    def pause_it():
        if inbox.taken:
            doubt.pause(session, "person")
            session.commit()
        return False

    assert deliver(is_stopping=pause_it)["sent"] == 1


def test_what_is_past_its_deadline_is_not_sent_and_its_history_says_so(session, mail, inbox):
    now = clock.now()
    waiting = mail(deadline_at=now - MINUTE)
    left = mail(
        deadline_at=now - MINUTE,
        state=MailState.CLAIMED,
        claim_token="dead",
        lease_until=now - MINUTE,
    )
    assert deliver()["sent"] == 0
    assert doubt.sweep(session, clock.now())["expired"] == 2
    session.commit()
    assert {fresh(session, one).state for one in (waiting, left)} == {MailState.FAILED}
    assert tries(session) == ["expired", "expired"]
    assert not proof.violations(session, clock.now())


def test_a_cancelled_mail_is_not_sent_even_by_who_had_claimed_it(session, mail):
    waiting = mail()
    now = clock.now()
    _mails, token = outbox.claim(session, "one", due=now, now=now, limit=5)
    session.commit()
    doubt.cancel(session, waiting.id, None, now)
    session.commit()
    assert not outbox.mark(session, waiting.id, token, now)
    assert fresh(session, waiting).state is MailState.CANCELLED


def test_a_mail_that_may_be_on_its_way_cannot_be_cancelled(session, mail):
    sent = mail(state=MailState.SENDING, marked_at=clock.now())
    with pytest.raises(Stale, match="Too late"):
        doubt.cancel(session, sent.id, None, clock.now())


@pytest.mark.parametrize(
    ("code", "said", "is_limit"),
    [
        (421, "4.7.0 too many", True),
        (421, "Too many messages", True),
        (450, "4.7.1 slow down", True),
        (421, "4.3.2 closing down", False),
        (450, "4.2.1 later", False),
        (550, "4.7.1 never", False),
    ],
)
def test_a_server_that_has_had_enough_is_told_from_one_that_is_ill(code, said, is_limit):
    assert smtp.is_limit(code, said) is is_limit
