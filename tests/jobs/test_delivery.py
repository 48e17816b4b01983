"""From the outbox to the server: once, in order, and never forgotten."""

import datetime as dt
from email import policy
from email.parser import BytesParser

import pytest
from post_office import GREETING, Inbox, Script, free_port
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from irm import clock
from irm.db import db
from irm.jobs import delivery
from irm.mail import channel, doubt, outbox, proof
from irm.mail.smtp import Outcome, Wire
from irm.models import (
    Category,
    ChannelHealth,
    DoubtPolicy,
    MailState,
    Suppression,
)
from tests.jobs.mailed import deliver, fresh, tries

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


def test_what_waits_is_sent_once(session, mail, inbox):
    waiting = mail()
    assert deliver()["sent"] == 1
    assert deliver()["sent"] == 0
    assert inbox.recipients == [waiting.to_address]
    sent = fresh(session, waiting)
    assert (sent.state, sent.attempts, sent.last_code) == (MailState.SENT, 1, 250)
    assert sent.relay_queue_id == "2.0.0 queued as Q1"
    assert tries(session) == ["accepted"]
    assert not proof.violations(session, clock.now())


def test_a_mail_carries_all_that_was_rendered(mail, inbox):
    mail(subject="Zoé — été", body_text="Où ?\n.\nLà", body_html="<p>Où ?</p>")
    deliver()
    [arrived] = inbox.mails
    assert arrived["Subject"] == "Zoé — été"
    assert arrived["From"] == "irm <irm@example.com>"
    assert arrived["Message-ID"] == "<1@example.com>"
    assert arrived.get_body(("plain",)).get_content().split() == ["Où", "?", ".", "Là"]
    assert arrived.get_body(("html",)).get_content().strip() == "<p>Où ?</p>"


def test_many_mails_go_over_one_connection_the_urgent_first(mail, inbox):
    late = mail(category=Category.CAMPAIGN, priority=30)
    for _ in range(45):
        mail()
    urgent = mail(category=Category.SECURITY, priority=0)
    assert deliver()["sent"] == 47
    assert inbox.connections == 1
    assert inbox.recipients[0] == urgent.to_address
    assert inbox.recipients[-1] == late.to_address


def test_without_a_server_mail_waits(session, mail):
    waiting = mail()
    assert not any(deliver().values())
    assert fresh(session, waiting).state is MailState.PENDING


def test_while_the_server_is_down_mail_waits_and_goes_out_later_once(session, mail, send_to):
    port = free_port()
    send_to(f"smtp://127.0.0.1:{port}")
    waiting = [mail() for _ in range(3)]

    assert not any(deliver().values())
    states = {fresh(session, one).state for one in waiting}
    assert states == {MailState.PENDING}
    assert tries(session) == []

    with Inbox(port) as inbox:
        assert deliver()["sent"] == 3
        assert deliver()["sent"] == 0
    assert sorted(inbox.recipients) == sorted(one.to_address for one in waiting)
    assert session.get_one(ChannelHealth, "smtp").consecutive_failures == 0


def test_a_server_that_stays_down_is_tried_less_and_less(session, send_to, mail):
    send_to(f"smtp://127.0.0.1:{free_port()}")
    mail()
    for _ in range(channel.FAILURES):
        deliver()
    health = session.get_one(ChannelHealth, "smtp")
    assert (health.state, health.consecutive_failures) == ("open", 5)
    assert "Connection refused" in health.last_error
    assert dt.timedelta(0) < health.until - clock.now() <= MINUTE

    deliver()
    session.refresh(health)
    assert health.consecutive_failures == 5  # it was not tried

    health.until = clock.now() - MINUTE
    session.commit()
    deliver()
    session.refresh(health)
    assert health.until - clock.now() > MINUTE


def test_a_round_that_insists_tries_in_spite_of_the_breaker(session, mail, inbox):
    now = clock.now()
    for _ in range(channel.FAILURES):
        channel.failed(session, "down", now)
    session.commit()
    mail()
    assert deliver()["sent"] == 0
    assert deliver(insist=True)["sent"] == 1


def test_a_wrong_password_stops_the_channel_at_once(session, mail, send_to):
    with Script(b"220 hello", b"250-hello\r\n250 AUTH PLAIN", b"535 5.7.8 no") as script:
        send_to(f"smtp://ana:wrong@127.0.0.1:{script.port}")
        waiting = mail()
        deliver()
    assert session.get_one(ChannelHealth, "smtp").state == "open"
    assert fresh(session, waiting).state is MailState.PENDING


def test_later_means_later_and_not_in_the_same_round(session, mail, inbox):
    inbox.says = {"rcpt": "451 4.3.0 later"}
    waiting = mail()
    tomorrow = clock.now() + dt.timedelta(days=1)
    assert delivery.deliver(tomorrow)["deferred"] == 1
    found = fresh(session, waiting)
    assert (found.state, found.attempts) == (MailState.PENDING, 1)
    assert found.not_before - clock.now() + MINUTE / 60 >= 0.8 * MINUTE
    assert found.not_before - clock.now() <= 1.2 * MINUTE
    assert tries(session) == ["deferred"]

    inbox.says = {}
    assert deliver()["sent"] == 0
    assert delivery.deliver(tomorrow)["sent"] == 1


def test_the_waits_grow_and_end_at_the_deadline(session, mail, inbox):
    inbox.says = {"dot": "452 4.2.2 full"}
    waiting = mail(attempts=6, deadline_at=clock.now() + dt.timedelta(hours=12))
    assert deliver()["failed"] == 1
    found = fresh(session, waiting)
    assert (found.state, found.last_text) == (MailState.FAILED, "4.2.2 full")
    assert [outbox.delay(n) > outbox.delay(n - 1) for n in range(2, 8)] == [True] * 6


def test_a_refused_mail_fails_and_the_others_go_on(session, mail, inbox):
    inbox.says, inbox.times = {"rcpt": "550 5.7.1 not here"}, 1
    refused, other = mail(), mail()
    counts = deliver()
    assert (counts["failed"], counts["sent"]) == (1, 1)
    assert fresh(session, refused).state is MailState.FAILED
    assert inbox.recipients == [other.to_address]
    assert not session.scalars(select(Suppression)).all()


def test_an_address_that_does_not_exist_is_not_written_to_again(session, mail, inbox):
    inbox.says, inbox.times = {"rcpt": "550 5.1.1 no such user"}, 1
    gone = mail(to_address="Gone@example.com")
    deliver()
    again = mail(to_address="gone@example.com")
    assert deliver()["suppressed"] == 1
    assert fresh(session, again).state is MailState.SUPPRESSED

    doubt.send_again(session, gone.id, None, clock.now())
    session.commit()
    assert deliver()["sent"] == 1


@pytest.mark.parametrize(
    "poison",
    [
        {"to_address": "nobody"},
        {"to_address": "zoé@example.com"},
        {"headers": {"From": "a\r\nBcc: b@example.com"}},
        {"subject": "One\r\nBcc: everybody@example.com"},
    ],
    ids=["no address", "not ascii", "header", "subject"],
)
def test_a_poisoned_mail_fails_alone(session, mail, inbox, poison):
    bad, good = mail(**poison), mail()
    deliver()
    assert fresh(session, bad).state is MailState.FAILED
    assert fresh(session, good).state is MailState.SENT
    assert inbox.recipients == [good.to_address]


def test_doubt_goes_out_once_more_under_the_same_name_and_then_waits_for_a_person(
    session, mail, send_to
):
    with Script(*GREETING, b"354 go", None) as script:
        send_to(script.url)
        sent = mail()
        assert deliver()["unknown"] == 1
        assert fresh(session, sent).state is MailState.SENDING
        assert deliver()["unknown"] == 0  # nobody sends it again by accident

        later = clock.now() + doubt.GRACE + MINUTE
        assert doubt.sweep(session, later)["resent"] == 1
        session.commit()
        assert deliver()["unknown"] == 1
        assert doubt.sweep(session, later + doubt.GRACE)["held"] == 1
        session.commit()

    assert fresh(session, sent).state is MailState.HELD
    assert script.heard.count(b"Message-ID: <1@example.com>") == 2
    assert tries(session) == ["unknown", "unknown"]
    mails = [part for part in script.heard.split(b"DATA\r\n") if b"Message-ID" in part]
    first, second = (part.split(b"\r\n.\r\n")[0] for part in mails)
    assert first == second
    assert BytesParser(policy=policy.default).parsebytes(first)["Subject"] == "Mail 1"


def test_mail_to_others_is_never_sent_again_without_a_person(session, mail, send_to):
    with Script(*GREETING, b"354 go", None) as script:
        send_to(script.url)
        sent = mail(doubt_policy=DoubtPolicy.HOLD, category=Category.EXTERNAL)
        deliver()
    assert doubt.sweep(session, clock.now() + doubt.GRACE + MINUTE)["held"] == 1
    session.commit()

    doubt.say_arrived(session, sent.id, None, clock.now())
    session.commit()
    assert fresh(session, sent).state is MailState.SENT
    assert not proof.violations(session, clock.now())


def test_while_sending_is_paused_nothing_goes_out(session, mail, inbox):
    mail()
    doubt.pause(session, "person")
    session.commit()
    assert deliver()["sent"] == 0
    doubt.resume(session)
    session.commit()
    assert deliver()["sent"] == 1


def test_a_worker_that_is_told_to_stop_gives_back_what_it_did_not_try(session, mail, inbox):
    waiting = [mail() for _ in range(5)]
    deliver(is_stopping=lambda: len(inbox.taken) == 2)
    states = [fresh(session, one).state for one in waiting]
    assert states.count(MailState.SENT) == 2
    assert states.count(MailState.PENDING) == 3
    assert not proof.violations(session, clock.now())


def test_a_marker_that_cannot_be_written_takes_no_result_with_it(session, mail, inbox, monkeypatch):
    first, second = mail(), mail()
    mark = outbox.mark

    def fail_for_the_second(session, id, token, now):
        if id == second.id:
            session.execute(text("SELECT nonsense"))
        return mark(session, id, token, now)

    monkeypatch.setattr(outbox, "mark", fail_for_the_second)
    with pytest.raises(DatabaseError):
        deliver()

    assert inbox.recipients == [first.to_address]
    assert fresh(session, first).state is MailState.SENT
    assert fresh(session, second).state is MailState.PENDING


@pytest.mark.parametrize("said", [{}, {"rcpt": "550 5.1.1 no such user"}, {"mail": "450 later"}])
def test_nobody_waits_for_a_turn_while_the_server_is_talked_to(app, mail, inbox, said):
    for _ in range(4):
        mail()
    inbox.says = said
    open_ones = []

    class Watched(Wire):
        def send(self, *arguments):
            open_ones.append(db.session.in_transaction())
            return super().send(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "Wire", Watched)
        deliver()
    assert open_ones == [False] * 4


def test_a_claim_is_given_to_one_alone(session, mail):
    mail()
    now = clock.now()
    first, _token = outbox.claim(session, "one", due=now, now=now, limit=5)
    session.commit()
    second, _token = outbox.claim(db.session, "two", due=now, now=now, limit=5)
    assert (len(first), len(second)) == (1, 0)


def test_who_slept_over_a_claim_cannot_send_any_more(session, mail):
    waiting = mail()
    now = clock.now()
    _mails, old = outbox.claim(session, "one", due=now, now=now, limit=5)
    session.commit()
    later = now + outbox.LEASE + MINUTE
    [claimed], new = outbox.claim(session, "two", due=later, now=later, limit=5)
    session.commit()

    assert not outbox.mark(session, waiting.id, old, later)
    assert outbox.mark(session, waiting.id, new, later)
    session.commit()
    answer = delivery.Answer(Outcome.ACCEPTED, "dot", 250, "ok")
    assert outbox.settle(session, claimed, old, answer, started_at=now, now=later) is None
    assert fresh(session, waiting).state is MailState.SENDING


def test_a_mail_past_its_deadline_has_failed(session, mail):
    old = mail(deadline_at=clock.now() - MINUTE)
    assert doubt.sweep(session, clock.now())["expired"] == 1
    session.commit()
    assert fresh(session, old).state is MailState.FAILED


def test_an_idempotency_header_is_the_same_at_every_try(app, mail, inbox):
    settings = app.config["IRM"]
    app.config["IRM"] = settings.model_copy(update={"smtp_idempotency_header": "Idempotency-Key"})
    mail()
    deliver()
    assert inbox.mails[0]["Idempotency-Key"] == "1@example.com"


def test_the_shipped_values_are_those_that_were_thought_about():
    assert outbox.LEASE == 2 * MINUTE
    assert doubt.GRACE == 15 * MINUTE
    assert dt.timedelta(hours=72) == outbox.PATIENCE
    assert [delay / MINUTE for delay in outbox.DELAYS] == [1, 5, 15, 60, 240, 720, 1440]
