"""`irm outbox`: list, prove, hold and release."""

import datetime as dt
import json

import pytest
from sqlalchemy import select, update

from irm.models import AuditEntry, Instance, MailState, Outbox

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def mail(saved):
    """A mail that waits."""
    return saved(
        Outbox(
            dedupe_key="digest:1:2026-03-02",
            message_id="<1@example.com>",
            letter="digest",
            to_address="ana@example.com",
            subject="Your touchpoints",
            body_text="Text",
            body_html="<p>Text</p>",
            headers={},
            category="team",
            doubt_policy="resend",
            not_before=NOW,
            created_at=NOW,
            deadline_at=dt.datetime(2100, 1, 1, tzinfo=dt.UTC),
        )
    )


def state(session, mail):
    session.expire_all()
    return session.get_one(Outbox, mail.id).state


def test_mails_are_listed(command, mail):
    [row] = json.loads(command("outbox", "list", "--json")[1])
    assert (row["id"], row["key"], row["state"]) == (mail.id, "digest:1:2026-03-02", "pending")
    assert row["to"] == "ana@example.com"
    assert "ana@example.com" in command("outbox", "list")[1]
    assert command("outbox", "list", "--state", "sent", "--json")[1] == "[]\n"


def test_a_mail_is_held_and_released_and_the_audit_trail_says_so(command, session, mail):
    assert command("outbox", "hold", mail.id)[0] == 0
    assert state(session, mail) is MailState.HELD
    assert command("outbox", "release", mail.id)[0] == 0
    assert state(session, mail) is MailState.PENDING
    actions = session.scalars(select(AuditEntry.ids).order_by(AuditEntry.id)).all()
    assert [ids["decision"] for ids in actions] == ["hold", "send_again"]


def test_a_mail_that_arrived_is_counted_as_sent(command, session, mail):
    command("outbox", "hold", mail.id)
    assert command("outbox", "release", "--arrived", mail.id)[0] == 0
    assert state(session, mail) is MailState.SENT
    assert command("outbox", "audit")[:2] == (0, "0 violations.\n")


def test_a_decision_that_is_not_asked_for_is_refused(command, session, mail):
    for arguments in (("release", mail.id), ("release", "--arrived", mail.id), ("hold", 12345)):
        status, _out, err = command("outbox", *arguments)
        assert (status, err) == (1, "This mail is not waiting for that decision any more.")
    assert command("outbox", "release", "--arrived")[0] == 1
    assert state(session, mail) is MailState.PENDING


def test_all_sending_is_paused_and_resumed(command, session):
    for word, sending in (("hold", "paused"), ("release", "on")):
        assert command("outbox", word)[0] == 0
        session.expire_all()
        assert session.scalars(select(Instance.sending)).one() == sending


def test_a_broken_promise_is_found(command, session, mail):
    session.execute(update(Outbox).values(state=MailState.SENT))
    session.commit()
    status, out, _err = command("outbox", "audit", "--json")
    assert status == 1
    assert json.loads(out) == {"violations": 1, "found": {"sent_without_acceptance": [mail.id]}}
