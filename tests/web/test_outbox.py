"""The Outbox: own mail for a manager, the brand's for a lead, all for an administrator."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import (
    AuditEntry,
    Bounce,
    MailState,
    Outbox,
    OutboxAttempt,
    Role,
    Suppression,
)

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def mail_to(saved):
    """A digest that was written to a colleague."""
    numbers = iter(range(1, 1000))

    def make_one(user, **given):
        n = next(numbers)
        return saved(
            Outbox(
                **{
                    "dedupe_key": f"digest:{user.id}:{n}",
                    "message_id": f"<{n}@example.com>",
                    "letter": "digest",
                    "user_id": user.id,
                    "to_address": user.email,
                    "subject": f"Touchpoints {n}",
                    "body_text": f"Letter to {user.name} <script>",
                    "body_html": "<p>Letter</p>",
                    "headers": {},
                    "category": "team",
                    "doubt_policy": "resend",
                    "not_before": NOW,
                    "created_at": NOW,
                    "deadline_at": NOW,
                    **given,
                }
            )
        )

    return make_one


@pytest.fixture
def team(saved):
    """A brand with a lead, a manager, a viewer, and a stranger's brand beside it."""
    brand = saved(make.brand())
    found = {role: saved(make.member(role, brand=brand)).user for role in Role}
    found["stranger"] = saved(make.member(Role.LEAD)).user
    found["admin"] = saved(make.user(is_admin=True))
    return found


def test_a_manager_sees_her_own_mail_alone(team, mail_to, client_of):
    own, other = mail_to(team[Role.MANAGER]), mail_to(team[Role.LEAD])
    client = client_of(team[Role.MANAGER])

    page = client.get("/outbox")

    assert page.status_code == 200
    assert own.subject in page.text
    assert other.subject not in page.text
    assert client.get(f"/outbox/{other.id}").status_code == 404
    assert "Letter to" in client.get(f"/outbox/{own.id}").text


def test_a_lead_sees_the_mail_of_her_brand(team, mail_to, client_of):
    hers, foreign = mail_to(team[Role.MANAGER]), mail_to(team["stranger"])
    client = client_of(team[Role.LEAD])
    page = client.get("/outbox").text
    assert hers.subject in page
    assert foreign.subject not in page
    assert "Letter to" in client.get(f"/outbox/{hers.id}").text
    assert client.get(f"/outbox/{foreign.id}").status_code == 404


def test_the_links_of_a_mail_act_for_nobody_but_its_recipient(team, mail_to, client_of):
    manager = team[Role.MANAGER]
    said = "Done: https://irm.example/act/aBc-1.d_2\nNo more: https://irm.example/unsubscribe/eF3"
    mail = mail_to(manager, body_text=said)

    assert "/act/aBc-1.d_2" in client_of(manager).get(f"/outbox/{mail.id}").text
    for reader in (team[Role.LEAD], team["admin"]):
        page = client_of(reader).get(f"/outbox/{mail.id}").text
        assert "irm.example/act/…" in page
        assert "aBc" not in page
        assert "eF3" not in page


def test_a_lead_does_not_read_what_tells_of_another_brand(session, team, mail_to, client_of, saved):
    manager = team[Role.MANAGER]
    other = saved(make.member(Role.MANAGER, user=manager))
    mail = mail_to(manager, tells_of=[other.brand_id])
    lead = client_of(team[Role.LEAD])
    assert mail.subject in lead.get(f"/outbox/{mail.id}").text
    assert "Letter to" not in lead.get(f"/outbox/{mail.id}").text

    session.delete(other)
    session.commit()

    assert "Letter to" not in lead.get(f"/outbox/{mail.id}").text


def test_an_administrator_sees_all(team, mail_to, client_of, saved):
    saved(make.brand())
    mail = mail_to(team["stranger"])
    assert mail.subject in client_of(team["admin"]).get("/outbox").text


def test_a_viewer_sees_none(team, client_of):
    assert client_of(team[Role.VIEWER]).get("/outbox").status_code == 403


def test_what_was_written_is_shown_as_text(team, mail_to, client_of):
    mail = mail_to(team[Role.MANAGER], last_text="<b>no</b>")
    page = client_of(team[Role.MANAGER]).get(f"/outbox/{mail.id}").text
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page


def test_mails_of_one_state_are_found(team, mail_to, client_of):
    waiting = mail_to(team[Role.MANAGER])
    sent = mail_to(team[Role.MANAGER], state=MailState.SENT, sent_at=NOW)
    client = client_of(team[Role.MANAGER])
    page = client.get("/outbox?state=sent").text
    assert sent.subject in page
    assert waiting.subject not in page
    assert client.get("/outbox?state=nonsense").status_code < 500


def test_older_mails_come_on_the_next_page(team, mail_to, client_of):
    mails = [mail_to(team[Role.MANAGER], subject=f"Number {n:03}") for n in range(53)]
    client = client_of(team[Role.MANAGER])
    assert "Number 002" not in client.get("/outbox").text
    second = client.get(f"/outbox?before={mails[3].id}").text
    assert "Number 002" in second
    assert "Number 003" not in second


@pytest.mark.parametrize(
    ("button", "state"), [("arrived", MailState.SENT), ("send", MailState.PENDING)]
)
def test_a_mail_in_doubt_is_decided_once(team, mail_to, client_of, session, button, state):
    mail = mail_to(team[Role.MANAGER], state=MailState.HELD, doubt=2)
    client = client_of(team[Role.MANAGER])
    assert f"/outbox/{mail.id}/{button}" in client.get(f"/outbox/{mail.id}").text

    first = client.post(f"/outbox/{mail.id}/{button}")
    second = client.post(f"/outbox/{mail.id}/{button}")

    assert (first.status_code, second.status_code) == (303, 409)
    session.expire_all()
    assert session.get_one(Outbox, mail.id).state is state
    assert session.get_one(Outbox, mail.id).resolved_by_id == team[Role.MANAGER].id
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_nobody_decides_about_a_strangers_mail(team, mail_to, client_of, session):
    mail = mail_to(team["stranger"], state=MailState.HELD)
    for button in ("arrived", "send"):
        response = client_of(team[Role.LEAD]).post(f"/outbox/{mail.id}/{button}")
        assert response.status_code == 404
    session.expire_all()
    assert session.get_one(Outbox, mail.id).state is MailState.HELD


def test_every_try_is_shown(team, mail_to, client_of, saved):
    mail = mail_to(team[Role.MANAGER])
    saved(
        OutboxAttempt(
            outbox_id=mail.id, n=1, started_at=NOW, stage="rcpt", code=451, text="4.3.0 later",
            outcome="deferred",
        )
    )  # fmt: skip
    page = client_of(team[Role.MANAGER]).get(f"/outbox/{mail.id}").text
    assert "The server said: later" in page
    assert "451 4.3.0 later" in page


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.FAILED])
def test_a_mail_that_was_not_taken_says_in_a_sentence_why(
    team, mail_to, client_of, saved, send_to, state
):
    send_to("smtp://mail.acme.example")
    raw = "5.7.1 relaying denied"
    mail = mail_to(team[Role.MANAGER], state=state, attempts=2, last_code=550, last_text=raw)
    for n, code in ((1, 451), (2, 550)):
        outcome = "deferred" if code == 451 else "refused"
        text = {451: "4.3.0 later", 550: raw}[code]
        saved(
            OutboxAttempt(
                outbox_id=mail.id, n=n, started_at=NOW, stage="rcpt", code=code, text=text,
                outcome=outcome,
            )
        )  # fmt: skip
    client = client_of(team[Role.MANAGER])

    assert "The server does not pass on mail from here" in client.get("/outbox").text
    assert raw not in client.get("/outbox").text
    page = client.get(f"/outbox/{mail.id}").text
    assert "The server does not pass on mail from here" in page
    assert f'<small class="text-break">550 {raw}</small>' in page


def test_without_a_mail_server_the_page_says_so(team, client_of):
    assert "IRM_SMTP_URL" in client_of(team[Role.MANAGER]).get("/outbox").text


def barred(saved, address, **given):
    return saved(make.suppression(address=address, **given))


def test_an_address_that_is_not_written_to_is_shown_with_why_and_can_be_again(
    team, client_of, saved, session
):
    manager = team[Role.MANAGER]
    mine = barred(saved, manager.email.upper(), reason="soft")
    foreign = barred(saved, team["stranger"].email)
    client = client_of(manager)

    page = client.get("/outbox").text
    assert manager.email in page
    assert "did not take five mails" in page
    assert team["stranger"].email not in page

    assert client.post(f"/outbox/addresses/{foreign.id}/trust").status_code == 404
    assert client.post(f"/outbox/addresses/{mine.id}/trust").status_code == 303
    assert client.post(f"/outbox/addresses/{mine.id}/trust").status_code == 404
    session.expire_all()
    assert session.scalars(select(Suppression.id)).all() == [foreign.id]
    [entry] = session.scalars(select(AuditEntry))
    assert entry.action == "address.trusted"


def test_an_administrator_sees_addresses_of_which_only_the_hash_is_known(team, client_of, saved):
    one = barred(saved, "somebody@else.example", reason="complaint")
    saved(make.brand())
    client = client_of(team["admin"])
    page = client.get("/outbox").text
    assert "only a fingerprint is kept" in page
    assert "called a mail of ours spam" in page
    assert client.post(f"/outbox/addresses/{one.id}/trust").status_code == 303


def test_nobody_writes_again_to_a_person_who_was_erased(team, client_of, saved, session):
    one = barred(saved, "gone@else.example", reason="erased")
    client = client_of(team["admin"])
    assert f"/outbox/addresses/{one.id}/trust" not in client.get("/outbox").text
    assert client.post(f"/outbox/addresses/{one.id}/trust").status_code == 422
    session.expire_all()
    assert session.get(Suppression, one.id) is not None


def test_a_mail_that_came_back_says_so(team, mail_to, client_of, saved):
    mail = mail_to(team[Role.MANAGER], state=MailState.SENT, sent_at=NOW)
    fine = mail_to(team[Role.MANAGER], state=MailState.SENT, sent_at=NOW)
    saved(
        Bounce(
            report_key="x", outbox_id=mail.id, kind="hard", status="5.1.1",
            text="<b>gone</b>", at=NOW,
        )
    )  # fmt: skip
    client = client_of(team[Role.MANAGER])
    assert client.get("/outbox").text.count("Came back") == 1
    page = client.get(f"/outbox/{mail.id}").text
    assert "Came back: There is no such address" in page
    assert "5.1.1 &lt;b&gt;gone" in page
    assert "Came back" not in client.get(f"/outbox/{fine.id}").text
