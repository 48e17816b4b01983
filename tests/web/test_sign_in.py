"""The way in as its owner looks after it: the password, and where she is signed in."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.directory import sessions
from irm.models import AuditEntry, LoginAttempt, Outbox, Session, Tried
from irm.web.browsers import said, shortened

NEW = "seven small grey donkeys"
PAGE = "/settings/sign-in"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ana(saved):
    return saved(make.member(user=make.user(name="Ana Ribeiro"))).user


def change(client, password=NEW, current=make.PASSWORD):
    return client.post(f"{PAGE}/password", data={"current": current, "password": password})


def token_of(client):
    with client.session_transaction() as cookie:
        return cookie["token"]


def open_elsewhere(session, user, at=None, agent=FIREFOX, address="192.0.2.77"):
    sessions.open_for(session, user, at=at or clock.now(), user_agent=agent, address=address)
    session.commit()
    return session.scalars(select(Session).order_by(Session.id.desc()).limit(1)).one()


def actions(session):
    return [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_with_the_old_password_she_sets_a_new_one_and_stays_signed_in_here_alone(
    app, session, ana, client_of
):
    here, elsewhere = client_of(ana), client_of(ana)
    old = token_of(here)

    response = change(here)

    assert (response.status_code, response.location) == (303, PAGE)
    assert here.get("/today").status_code == 200
    assert elsewhere.get("/today").status_code == 302
    assert token_of(here) != old
    assert actions(session) == ["user.password_changed"]
    assert session.scalars(select(Outbox.letter)).all() == ["password_changed"]
    form = {"email": ana.email, "password": NEW}
    assert app.test_client().post("/login", data=form).status_code == 302


def test_the_cookie_of_before_the_change_is_worth_nothing(app, session, ana, client_of):
    here = client_of(ana)
    old = token_of(here)
    change(here)

    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["token"] = old

    assert thief.get("/today").status_code == 302


def test_without_the_old_password_nothing_changes_and_guessing_ends_soon(
    app, session, ana, client_of
):
    client = client_of(ana)
    for _ in range(5):
        response = change(client, current="not the password")
        assert response.status_code == 422
        assert "This is not your password." in response.text

    assert change(client).status_code == 429
    assert actions(session) == []
    # Whoever guesses here does not lock her out of signing in.
    kinds = set(session.scalars(select(LoginAttempt.kind)))
    assert kinds == {Tried.PASSWORD}
    form = {"email": ana.email, "password": make.PASSWORD}
    assert app.test_client().post("/login", data=form).status_code == 302


@pytest.mark.parametrize(
    "bad", ["short", "password1234", "Ribeiro-Ana-2026", "azertyuiop123", "x" * 129]
)
def test_a_password_that_is_guessed_early_is_refused_with_a_sentence(session, ana, client_of, bad):
    response = change(client_of(ana), bad)

    assert response.status_code == 422
    assert 'id="password-fault"' in response.text
    assert actions(session) == []


def test_the_name_of_a_brand_is_no_password(saved, ana, client_of):
    saved(make.brand(name="Quillon & Strabe"))

    assert change(client_of(ana), "QuillonStrabe!26").status_code == 422


def test_the_password_so_far_is_no_new_one(session, ana, client_of):
    answer = change(client_of(ana), make.PASSWORD)

    assert answer.status_code == 422
    assert "This is the password so far. Choose another one." in answer.text
    assert actions(session) == []


def test_she_sees_where_she_is_signed_in(session, ana, client_of):
    client = client_of(ana)
    open_elsewhere(session, ana)
    open_elsewhere(session, ana, at=clock.now() - dt.timedelta(hours=13), agent="Opera")

    page = client.get(PAGE).text

    assert "Firefox on Linux" in page
    assert "192.0.2.x" in page
    assert "192.0.2.77" not in page
    assert page.count("This one") == 1
    assert "Opera" not in page


def test_she_signs_one_browser_out(session, ana, client_of):
    client, elsewhere = client_of(ana), open_elsewhere(session, ana)

    response = client.post(f"{PAGE}/sessions/end", data={"session": elsewhere.id})

    assert response.status_code == 303
    assert len(session.scalars(select(Session)).all()) == 1
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.ids) == (
        "user.sessions_ended",
        {"user_id": ana.id, "sessions": 1},
    )


def test_nobody_ends_the_session_of_somebody_else(session, saved, ana, client_of):
    other = open_elsewhere(session, saved(make.user()))

    client_of(ana).post(f"{PAGE}/sessions/end", data={"session": other.id})

    assert session.get(Session, other.id) is not None
    assert actions(session) == []


def test_she_signs_every_other_browser_out(session, saved, ana, client_of):
    client, stranger = client_of(ana), open_elsewhere(session, saved(make.user()))
    for _ in range(2):
        open_elsewhere(session, ana)

    client.post(f"{PAGE}/others/end")

    assert client.get("/today").status_code == 200
    assert session.get(Session, stranger.id) is not None
    assert len(session.scalars(select(Session)).all()) == 2
    assert session.scalars(select(AuditEntry.ids)).one()["sessions"] == 2
    assert client.post(f"{PAGE}/others/end").status_code == 303


_NT, _WEBKIT = "Mozilla/5.0 (Windows NT 10.0)", "AppleWebKit/605.1.15 (like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            f"{_NT} {_WEBKIT} Chrome/140.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (f"{_NT} {_WEBKIT} Chrome/1 Safari/5 Edg/140.0", "Edge on Windows"),
        (
            f"Mozilla/5.0 (iPhone; like Mac OS X) {_WEBKIT} Safari/604",
            "Safari on iPhone",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {_WEBKIT} Chrome/140 Safari",
            "Chrome on Android",
        ),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 15) {_WEBKIT} Safari/605", "Safari on macOS"),
        ("curl/8.0", "A browser that does not say which"),
        ("", "A browser that does not say which"),
    ],
)
def test_a_browser_is_said_in_words(agent, words):
    assert said(agent) == words


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("192.0.2.77", "192.0.2.x"),
        ("2001:db8:12:3456::1", "2001:db8:12:x"),
        ("::ffff:192.0.2.77", "192.0.2.x"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_an_address_is_shown_without_its_end(address, shown):
    assert shortened(address) == shown
