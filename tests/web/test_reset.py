"""A forgotten password: who gets a link, what it opens, and how long."""

import datetime as dt
import re

import invited
import make
import pytest
from at_once import at_once
from sqlalchemy import select, update

from irm import clock
from irm.directory import resets, sessions, tokens
from irm.directory.tokens import Purpose
from irm.jobs import delivery
from irm.models import (
    AuditEntry,
    LoginAttempt,
    MailState,
    Outbox,
    PasswordReset,
    Session,
    User,
)

NEW = "seven small grey donkeys"


@pytest.fixture
def app(app):
    """irm with a mail server, which nobody speaks to here."""
    app.config["IRM"] = app.config["IRM"].model_copy(
        update={
            "smtp_url": type(app.config["IRM"].smtp_url)("smtp://127.0.0.1:9"),
            "public_url": "https://irm.example.org",
        }
    )
    return app


def ask(app, email, **more):
    return app.test_client().post("/forgot", data={"email": email}, **more)


def links(session):
    """The secrets of all links that were mailed, the oldest first."""
    texts = session.scalars(
        select(Outbox.body_text).where(Outbox.letter == "reset").order_by(Outbox.id)
    )
    return [found[1] for text in texts if (found := re.search(r"/reset/(\S+)", text))]


def link(app, session, user):
    ask(app, user.email)
    return links(session)[-1]


def choose(app, token, password=NEW):
    client = app.test_client()
    client.get(f"/reset/{token}")
    return client.post("/reset", data={"password": password})


def signs_in(app, user, password):
    data = {"email": user.email, "password": password}
    return app.test_client().post("/login", data=data).status_code == 302


def test_by_the_link_she_sets_a_new_password_and_is_signed_out_everywhere(
    app, session, saved, client_of
):
    ana = saved(make.member()).user
    elsewhere = client_of(ana)
    response = choose(app, link(app, session, ana))

    assert (response.status_code, response.location) == (303, "/login")
    assert elsewhere.get("/today").status_code == 302
    assert session.scalars(select(Session)).all() == []
    assert signs_in(app, ana, NEW)
    assert not signs_in(app, ana, make.PASSWORD)


def test_she_is_told_so_on_the_page_and_by_mail(app, session, saved):
    ana = saved(make.member()).user
    client = app.test_client()
    client.get(f"/reset/{link(app, session, ana)}")

    page = client.post("/reset", data={"password": NEW}, follow_redirects=True)

    assert "you are signed out everywhere" in page.text
    told = session.scalars(select(Outbox).where(Outbox.letter == "password_changed")).one()
    assert (told.to_address, told.category, told.user_id) == (ana.email, "security", ana.id)


def test_the_letter_is_queued_with_a_deadline_and_not_sent_by_the_page(app, session, saved):
    ana = saved(make.member()).user
    ask(app, ana.email)

    mail = session.scalars(select(Outbox)).one()

    assert (mail.state, mail.category, mail.doubt_policy) == ("pending", "security", "resend")
    assert (mail.priority, mail.user_id) == (0, ana.id)
    assert mail.deadline_at - mail.created_at == dt.timedelta(minutes=30)


def test_known_and_unknown_and_deactivated_are_answered_alike(app, session, saved):
    ana, gone = saved(make.member()).user, saved(make.user(is_active=False))
    answers = []
    for email in (ana.email, "nobody@example.com", gone.email):
        client = app.test_client()
        answer = client.post("/forgot", data={"email": email})
        page = client.get(answer.location)
        answers.append((answer.status_code, answer.location, answer.text, page.text))

    # The one token that every page carries is of one length.
    plain = [re.sub(r'"csrf-token" content="[^"]+"', "", page) for *_rest, page in answers]
    assert answers[0][:3] == answers[1][:3] == answers[2][:3]
    assert plain[0] == plain[1] == plain[2]
    assert max(len(a[3]) for a in answers) - min(len(a[3]) for a in answers) <= 1
    assert [mail.to_address for mail in session.scalars(select(Outbox))] == [ana.email]


def test_the_link_names_the_address_of_the_settings_whatever_host_was_asked(app, session, saved):
    ana = saved(make.member()).user
    ask(app, ana.email, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    mail = session.scalars(select(Outbox)).one()

    assert "https://irm.example.org/reset/" in mail.body_text
    assert "evil.example" not in mail.body_text + mail.body_html


def test_the_database_keeps_no_link_but_its_hash(app, session, saved):
    token = link(app, session, saved(make.member()).user)

    kept = session.scalars(select(PasswordReset)).one()

    assert len(token) == tokens.LENGTH
    assert kept.token_hash == tokens.kept(token, Purpose.RESET)
    assert kept.expires_at - kept.created_at == dt.timedelta(minutes=30)


def test_looking_uses_nothing_up_and_the_secret_leaves_the_address_at_once(app, session, saved):
    token = link(app, session, saved(make.member()).user)
    for _ in range(3):
        client = app.test_client()
        first = client.get(f"/reset/{token}")
        assert (first.status_code, first.location) == (303, "/reset")
        assert first.headers["Referrer-Policy"] == "no-referrer"
        page = client.get("/reset")
        assert page.status_code == 200
        assert token not in page.text

    assert choose(app, token).status_code == 303


def test_a_link_works_once(app, session, saved):
    ana = saved(make.member()).user
    token = link(app, session, ana)
    choose(app, token)

    again = choose(app, token, "another five black donkeys")

    assert again.status_code == 410
    assert signs_in(app, ana, NEW)


def test_of_two_who_use_it_at_once_one_wins(app, session, saved):
    ana = saved(make.member()).user
    token = link(app, session, ana)
    clients, answers = [app.test_client() for _ in range(2)], []
    for client in clients:
        client.get(f"/reset/{token}")

    def post(n):
        data = {"password": f"{NEW} {n}"}
        answers.append(clients[n].post("/reset", data=data).status_code)

    at_once(post)

    assert sorted(answers) in ([303, 409], [303, 410])
    assert sum(signs_in(app, ana, f"{NEW} {n}") for n in range(2)) == 1
    changed = select(AuditEntry).where(AuditEntry.action == "user.password_changed")
    assert len(session.scalars(changed).all()) == 1


def test_two_who_ask_at_once_leave_one_link(app, session, saved):
    ana = saved(make.member()).user

    at_once(lambda _n: ask(app, ana.email))

    alive = select(PasswordReset).where(PasswordReset.ended_at.is_(None))
    assert len(session.scalars(alive).all()) == 1


def test_a_newer_link_ends_the_older_and_calls_its_letter_back(app, session, saved):
    ana = saved(make.member()).user
    older = link(app, session, ana)
    newer = link(app, session, ana)

    states = session.scalars(select(Outbox.state).order_by(Outbox.id)).all()

    assert states == [MailState.CANCELLED, MailState.PENDING]
    assert older not in "".join(session.scalars(select(Outbox.body_text)))
    assert choose(app, older).status_code == 410
    assert choose(app, newer).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"password_hash": "another"},
        {"email": "new@example.com", "email_key": "new@example.com"},
        {"is_active": False},
    ],
)
def test_it_dies_with_the_password_the_address_and_the_account(app, session, saved, change):
    ana = saved(make.member()).user
    token = link(app, session, ana)

    session.execute(update(User).where(User.id == ana.id).values(**change))
    session.commit()

    assert choose(app, token).status_code == 410


def test_it_runs_out(app, session, saved):
    token = link(app, session, saved(make.member()).user)

    session.execute(update(PasswordReset).values(expires_at=clock.now()))
    session.commit()

    assert choose(app, token).status_code == 410


def test_what_is_no_link_of_ours_opens_nothing(app, session, saved):
    token = link(app, session, saved(make.member()).user)
    for wrong in (token[:-1], f"{token}A", token[:-1] + "é", "x" * 4000, "1", "%00"):
        assert choose(app, wrong).status_code in (400, 410), wrong
    assert app.test_client().get("/reset").status_code == 410
    assert app.test_client().post("/reset", data={"password": NEW}).status_code == 410


def test_a_link_of_another_purpose_is_none(app, session, saved):
    ana = saved(make.member()).user
    token = link(app, session, ana)
    invitation = tokens.new()
    saved(invited.invitation(token=invitation, brands=[saved(make.brand())]))

    client = app.test_client()
    client.get(f"/invitation/{token}")

    assert client.get("/invitation").status_code == 410
    assert choose(app, invitation).status_code == 410


def test_the_password_that_was_forgotten_is_no_new_one(app, session, saved):
    token = link(app, session, saved(make.user()))

    refused = choose(app, token, make.PASSWORD)

    assert refused.status_code == 422
    assert "This is the password so far." in refused.text
    assert choose(app, token).status_code == 303


@pytest.mark.parametrize(("is_admin", "short"), [(False, "x" * 11), (True, "x" * 14)])
def test_a_password_that_will_not_do_uses_nothing_up(app, session, saved, is_admin, short):
    ana = saved(make.user(is_admin=is_admin))
    token = link(app, session, ana)

    refused = choose(app, token, short)

    assert refused.status_code == 422
    assert "A password needs" in refused.text
    assert choose(app, token).status_code == 303


@pytest.mark.parametrize("who", ["ana@example.com", "nobody@example.com"])
def test_for_one_account_it_can_be_asked_three_times_an_hour_from_anywhere(app, saved, who):
    saved(make.user(email="ana@example.com"))
    for n in range(3):
        answer = ask(app, who.upper(), environ_overrides={"REMOTE_ADDR": f"192.0.2.{n}"})
        assert answer.status_code == 303

    answer = ask(app, who, environ_overrides={"REMOTE_ADDR": "192.0.2.9"})

    assert answer.status_code == 429
    assert "Wait an hour" in answer.text


def test_from_one_address_it_can_be_asked_twenty_times_an_hour(app, session):
    for n in range(20):
        sessions.note_asked(session, f"ana{n}@example.com", "127.0.0.1", clock.now())
    session.commit()

    assert ask(app, "ravi@example.com").status_code == 429


def test_asking_does_not_count_as_a_wrong_password_nor_the_other_way_round(app, session, saved):
    ana = saved(make.member()).user
    for _ in range(3):
        ask(app, ana.email)
    assert signs_in(app, ana, make.PASSWORD)
    for _ in range(5):
        assert not signs_in(app, ana, "wrong")
    asked = session.scalars(select(LoginAttempt).where(LoginAttempt.kind == "reset")).all()
    assert len(asked) == 3


def test_without_a_mail_server_the_page_says_who_can_help(app, session, saved):
    ana = saved(make.member()).user
    empty = type(app.config["IRM"].smtp_url)("")
    app.config["IRM"] = app.config["IRM"].model_copy(update={"smtp_url": empty})

    page = app.test_client().get("/forgot")

    assert "an administrator sets a new password for you" in page.text
    assert "irm user password" in page.text
    assert "<form" not in page.text
    assert ask(app, ana.email).status_code == 422
    assert session.scalars(select(Outbox)).all() == []


def test_an_administrator_does_not_read_somebodys_link_in_the_outbox(
    app, session, saved, client_of
):
    ana = saved(make.member()).user
    token = link(app, session, ana)
    mail = session.scalars(select(Outbox)).one()
    for reader in (saved(make.user(is_admin=True)), ana):
        client = client_of(reader)
        for address in ("/outbox", f"/outbox/{mail.id}"):
            page = client.get(address)
            assert page.status_code == 200
            assert token not in page.text
    assert "shown to nobody" in page.text


@pytest.mark.parametrize("state", [MailState.SENT, MailState.CANCELLED])
def test_the_text_is_forgotten_once_the_letter_was_sent(app, session, saved, state):
    token = link(app, session, saved(make.member()).user)
    with app.app_context():
        delivery.sweep(clock.now())
    assert links(session) == [token]

    session.execute(update(Outbox).values(state=state))
    session.commit()
    with app.app_context():
        delivery.sweep(clock.now())
    session.expire_all()

    mail = session.scalars(select(Outbox)).one()
    assert (mail.body_text, mail.body_html) == ("", "")


def test_a_letter_that_came_too_late_is_forgotten_and_cannot_be_sent_again(
    app, session, saved, client_of
):
    link(app, session, saved(make.member()).user)
    session.execute(update(Outbox).values(deadline_at=clock.now() - dt.timedelta(minutes=1)))
    session.commit()
    with app.app_context():
        delivery.sweep(clock.now())
    session.expire_all()
    mail = session.scalars(select(Outbox)).one()
    assert (mail.state, mail.body_text) == (MailState.FAILED, "")

    answer = client_of(saved(make.user(is_admin=True))).post(f"/outbox/{mail.id}/send")

    assert answer.status_code == 422
    assert "A new one has to be asked for." in answer.text


def test_asking_and_changing_are_audited(app, session, saved):
    ana = saved(make.member()).user
    choose(app, link(app, session, ana))
    ask(app, "nobody@example.com")

    entries = [
        (e.action, e.actor_id, e.ids)
        for e in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]

    assert entries == [
        ("user.reset_asked", None, {"user_id": ana.id, "address": "127.0.0.1"}),
        ("user.password_changed", ana.id, {"user_id": ana.id}),
        ("user.reset_asked", None, {"user_id": None, "address": "127.0.0.1"}),
    ]


def test_links_of_long_ago_are_forgotten(app, session, saved):
    link(app, session, saved(make.member()).user)
    resets.prune(session, clock.now())
    assert session.scalars(select(PasswordReset)).all() != []

    resets.prune(session, clock.now() + resets.KEPT + resets.LASTS + dt.timedelta(minutes=1))

    assert session.scalars(select(PasswordReset)).all() == []
