"""Where passwords are for administrators alone."""

import invited
import make
import pytest
from identity_provider import path_of, signed_in
from sqlalchemy import select, update

from irm.directory import tokens
from irm.models import Outbox, Session, User

PASSWORD = "seven small grey donkeys"


@pytest.fixture
def only(app, service):
    """The service, past which nobody but an administrator comes in."""
    service.serve(app, oidc_only=True, smtp_url=type(app.config["IRM"].smtp_url)("smtp://x"))
    return service


@pytest.fixture
def ana(saved):
    return saved(make.member(user=make.user(email="ana@example.com"))).user


def enter(client, user):
    return client.post("/login", data={"email": user.email, "password": make.PASSWORD})


def test_a_right_password_lets_nobody_else_in(app, session, saved, only, ana):
    response = enter(app.test_client(), ana)

    assert response.status_code == 422
    assert "Passwords are for administrators here: sign in with Acme ID." in response.text
    assert session.scalars(select(Session)).all() == []
    assert enter(app.test_client(), saved(make.user(is_admin=True))).location == "/today"


def test_the_service_lets_her_in(app, only, ana):
    client = app.test_client()

    back = client.get(path_of(signed_in(client.get("/login/sso").location)))

    assert back.location == "/today"


def test_no_link_to_a_new_password_is_sent_to_her(app, session, only, ana):
    client = app.test_client()
    assert "Passwords are for administrators here" in client.get("/forgot").text

    assert client.post("/forgot", data={"email": ana.email}).location == "/forgot/sent"

    assert session.scalars(select(Outbox)).all() == []


def test_she_neither_sees_nor_changes_a_password(app, session, only, ana, client_of):
    client = client_of(ana)
    before = ana.password_hash

    assert 'type="password"' not in client.get("/settings/sign-in").text
    sent = {"current": make.PASSWORD, "password": PASSWORD}
    assert client.post("/settings/sign-in/password", data=sent).status_code == 422
    session.refresh(ana)
    assert ana.password_hash == before


def test_her_password_does_not_show_who_she_is(app, session, only, ana, client_of):
    client = client_of(ana)
    session.execute(update(Session).values(entered_at=None))
    session.commit()

    asked = client.post("/settings/sign-in/factor")
    assert (asked.status_code, 'type="password"' in asked.text) == (403, False)
    sent = {"password_again": make.PASSWORD}
    assert client.post("/settings/sign-in/factor", data=sent).status_code == 403
    client.get(path_of(signed_in(client.get("/login/sso/again").location)))
    assert client.post("/settings/sign-in/factor").status_code == 303


def test_an_invitation_is_accepted_there_alone(app, session, saved, only):
    token = tokens.new()
    saved(invited.invitation(email="mira@example.com", token=token, brands=[make.brand()]))
    client = app.test_client()
    client.get(f"/invitation/{token}")

    assert 'type="password"' not in client.get("/invitation").text
    sent = {"name": "Mira", "password": PASSWORD, "locale": "en", "timezone": "UTC"}
    assert client.post("/invitation", data=sent).status_code == 422
    assert session.scalars(select(User)).all() == []
