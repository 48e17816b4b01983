"""Signing in and out, as a browser sees it."""

import datetime as dt
import re

import argon2
import make
import pytest
from crowd import crowd
from factored import factor
from sqlalchemy import event, select, update

from irm.directory import sessions
from irm.models import AuditEntry, LoginAttempt, Session


def sign_in(client, email, password=make.PASSWORD, **more):
    return client.post("/login", data={"email": email, "password": password, **more})


def test_the_right_password_leads_to_today(app, saved):
    ana = saved(make.member()).user

    response = sign_in(app.test_client(), ana.email)

    assert (response.status_code, response.location) == (302, "/today")


def test_the_address_may_be_written_in_any_case(app, saved):
    saved(make.member(user=make.user(email="Ana@Example.com")))

    assert sign_in(app.test_client(), "ANA@example.COM").status_code == 302


@pytest.mark.parametrize("who", ["ana@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(app, saved, who):
    saved(make.user(email="ana@example.com"))

    response = sign_in(app.test_client(), who, "not the password")

    assert response.status_code == 422
    assert "The address or the password is wrong." in response.text


@pytest.mark.parametrize("who", ["ana@example.com", "nobody@example.com"])
def test_where_too_many_sign_in_at_once_one_is_asked_to_come_again(app, session, saved, who):
    ana = saved(make.member(user=make.user(email="ana@example.com"))).user
    client = app.test_client()

    with crowd():
        response = sign_in(client, who, next="/funnel")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "irm is checking many passwords at this moment. Wait five seconds" in response.text
    assert f'value="{who}"' in response.text
    assert 'name="next" value="/funnel"' in response.text
    assert make.PASSWORD not in response.text
    assert session.scalars(select(LoginAttempt)).all() == []
    assert sign_in(client, ana.email).status_code == 302


def test_a_page_is_answered_while_too_many_sign_in(saved, client_of):
    client = client_of(saved(make.member()).user)

    with crowd():
        assert client.get("/today").status_code == 200


def test_a_hash_of_older_parameters_is_made_anew_at_sign_in(app, session, saved):
    older = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=2)
    ana = saved(make.member(user=make.user(password_hash=older.hash(make.PASSWORD)))).user
    before = ana.password_hash

    assert sign_in(app.test_client(), ana.email, "not the password").status_code == 422
    session.refresh(ana)
    assert ana.password_hash == before

    assert sign_in(app.test_client(), ana.email).status_code == 302
    session.refresh(ana)
    renewed = ana.password_hash
    assert "m=8,t=1,p=1" in renewed

    assert sign_in(app.test_client(), ana.email).status_code == 302
    session.refresh(ana)
    assert ana.password_hash == renewed


def test_a_hash_is_made_anew_before_the_second_step_is_asked_for(app, session, saved):
    older = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=2)
    ana = saved(make.member(user=make.user(password_hash=older.hash(make.PASSWORD)))).user
    saved(factor(ana))
    client = app.test_client()

    assert sign_in(client, ana.email).location.startswith("/login/code")

    assert client.get("/login/code").status_code == 200
    session.refresh(ana)
    assert "m=8,t=1,p=1" in ana.password_hash


def test_a_deactivated_user_cannot_sign_in(app, saved):
    ravi = saved(make.user(is_active=False))

    assert sign_in(app.test_client(), ravi.email).status_code == 422


def test_deactivating_ends_what_is_open(app, session, saved, client_of):
    ana = saved(make.member()).user
    client = client_of(ana)
    assert client.get("/today").status_code == 200

    ana.is_active = False
    session.commit()

    assert client.get("/today").status_code == 302


def test_signing_out_ends_the_session_on_the_server(app, session, saved, client_of):
    client = client_of(saved(make.member()).user)
    with client.session_transaction() as cookie:
        token = cookie["token"]

    client.post("/logout")

    assert session.scalars(select(Session)).all() == []
    with client.session_transaction() as cookie:
        cookie["token"] = token
    assert client.get("/today").status_code == 302


def test_signing_in_anew_ends_the_session_there_was(app, session, saved, client_of):
    ana, ravi = (saved(make.member()).user for _ in range(2))
    client = client_of(ana)
    with client.session_transaction() as cookie:
        before = cookie["token"]

    sign_in(client, ravi.email)

    with client.session_transaction() as cookie:
        assert cookie["token"] != before
    assert session.scalars(select(Session.user_id)).all() == [ravi.id]


def test_signing_out_leaves_nothing_in_the_browser(saved, client_of):
    response = client_of(saved(make.member()).user).post("/logout")

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("irm=;")


@pytest.mark.parametrize("almost", ["{} ", " {}", "upper", "{}x", "half"])
def test_a_password_is_taken_as_it_was_typed(app, saved, almost):
    ana = saved(make.member()).user
    typed = {"upper": make.PASSWORD.upper(), "half": make.PASSWORD[:-1]}.get(
        almost, almost.format(make.PASSWORD)
    )

    assert sign_in(app.test_client(), ana.email, typed).status_code == 422


def test_a_password_is_masked_and_a_password_manager_may_fill_it_in(app):
    page = app.test_client().get("/login").text

    [field] = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page


@pytest.mark.parametrize("column", ["last_seen_at", "expires_at"])
def test_a_session_runs_out(app, session, saved, client_of, column):
    client = client_of(saved(make.member()).user)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)

    session.execute(update(Session).values({column: long_ago}))
    session.commit()

    assert client.get("/today").status_code == 302


def test_the_sixth_wrong_try_in_a_minute_is_refused_even_with_the_right_password(app, saved):
    ana = saved(make.member()).user
    client = app.test_client()
    for _ in range(5):
        assert sign_in(client, ana.email, "wrong").status_code == 422

    response = sign_in(client, ana.email)

    assert response.status_code == 429
    assert "Too many tries" in response.text


@pytest.mark.parametrize(
    ("ago", "address", "said"),
    [
        (dt.timedelta(seconds=5), "127.0.0.1", "Wait a minute, then try again."),
        (dt.timedelta(minutes=5), "127.0.0.1", "Wait an hour, then try again."),
        (dt.timedelta(hours=5), "192.0.2.1", "Wait a day, or set a new password by a link"),
    ],
)
def test_whoever_tried_too_often_is_told_how_long_to_wait(app, session, saved, ago, address, said):
    ana = saved(make.member()).user
    at = dt.datetime.now(dt.UTC) - ago
    for n in range(5 if "minute" in said else 20):
        email = f"ana{n}@example.org" if "hour" in said else ana.email
        sessions.note_try(session, email, address, at, succeeded=False)
    session.commit()

    response = sign_in(app.test_client(), ana.email)

    assert response.status_code == 429
    assert f"Too many tries. {said}" in response.text


def test_tries_are_counted_without_keeping_the_address_tried(app, session, saved):
    ana = saved(make.user(email="ana@example.com"))
    sign_in(app.test_client(), ana.email, "wrong")

    attempt = session.scalars(select(LoginAttempt)).one()

    assert not attempt.succeeded
    assert "ana" not in attempt.account_key


def test_signing_in_is_audited(app, session, saved):
    ana = saved(make.member()).user
    sign_in(app.test_client(), ana.email)

    entry = session.scalars(select(AuditEntry)).one()

    assert (entry.action, entry.actor_id, entry.ids) == (
        "user.signed_in",
        ana.id,
        {"user_id": ana.id, "way": "password"},
    )


@pytest.mark.parametrize("who", ["ana@example.com", "ANA@example.com", "nobody@example.com"])
@pytest.mark.parametrize("is_active", [True, False])
def test_a_wrong_try_is_audited_with_whose_address_it_was(app, session, saved, who, is_active):
    ana = saved(make.user(email="ana@example.com", is_active=is_active))
    sign_in(app.test_client(), who, "not the password")

    entry = session.scalars(select(AuditEntry)).one()

    whose = None if who == "nobody@example.com" else ana.id
    assert (entry.action, entry.actor_id) == ("user.sign_in_failed", None)
    assert entry.ids == {"user_id": whose, "address": "127.0.0.1"}


def test_administrators_read_at_whom_a_wrong_try_was_aimed(app, saved, client_of):
    ana = saved(make.user(name="Ana", email="ana@example.com"))
    boss = client_of(saved(make.user(name="Boss", is_admin=True)))
    asked = "/settings/audit?what=user.sign_in_failed"

    sign_in(app.test_client(), "my secret phrase@example.com", "not the password")
    page = boss.get(asked).text
    assert "secret" not in page
    assert 'A try to sign in failed<small class="text-break">127.0.0.1<' in page

    sign_in(app.test_client(), ana.email, "not the password")
    page = boss.get(asked).text
    assert 'A try to sign in failed<small class="text-break">Ana · 127.0.0.1<' in page


def test_a_known_and_an_unknown_address_ask_the_database_the_same(app, session, saved):
    saved(make.user(email="ana@example.com"))
    saved(make.user(email="ravi@example.com", is_active=False))
    engine, told = session.get_bind(), []

    def note(_connection, _cursor, statement, *_rest):
        told.append(statement)

    def asked(who):
        told.clear()
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert sign_in(app.test_client(), who, "not the password").status_code == 422
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return list(told)

    unknown = asked("nobody@example.com")
    assert any("audit_entries" in statement for statement in unknown)
    assert asked("ana@example.com") == unknown
    assert asked("ravi@example.com") == unknown


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/today",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/today\r\nX-Evil: 1",
        "evil.example",
        "/%5cevil.example\\",
        "//[",
        "//[x",
        "https://[",
    ],
)
def test_signing_in_leads_nowhere_but_here(app, saved, evil):
    ana = saved(make.member()).user

    response = sign_in(app.test_client(), ana.email, next=evil)

    assert response.location == "/today"


def test_the_sign_in_page_takes_any_address_to_go_back_to(app, saved, client_of):
    signed_in = client_of(saved(make.member()).user)
    for address in ("//[", "/[", "http://[x", "//\uff03"):
        asked = {"query_string": {"next": address}}

        assert app.test_client().get("/login", **asked).status_code == 200
        assert signed_in.get("/login", **asked).status_code == 302


def test_signing_in_leads_back_to_the_page_asked_for(app, saved):
    ana = saved(make.member()).user
    client = app.test_client()
    asked = client.get("/funnel?tier=micro")
    assert asked.location == "/login?next=/funnel?tier%3Dmicro"

    response = sign_in(client, ana.email, next="/funnel?tier=micro")

    assert response.location == "/funnel?tier=micro"


@pytest.mark.parametrize("nonsense", ["", "x" * 300, "\x00", "😀" * 10_000])
def test_nonsense_is_answered_with_a_sentence(app, saved, nonsense):
    response = sign_in(app.test_client(), nonsense, nonsense)

    assert response.status_code in (400, 413, 422)
    assert "Traceback" not in response.text
