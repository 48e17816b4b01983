"""Signing in at the organisation's own service, as a browser and the service see it."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import make
import pytest
from factored import factor, shown
from identity_provider import ID, path_of, signed_in
from sqlalchemy import select

from irm import clock
from irm.models import AuditEntry, Session, User, UserIdentity, Way
from tests.web.by_service import REFUSED, go, sentence, sign_in


@pytest.fixture
def ana(saved):
    return saved(make.member(user=make.user(name="Ana", email="Ana@Example.com"))).user


def test_whoever_signs_in_there_is_signed_in_here(app, session, service, ana):
    client = app.test_client()

    response = sign_in(client)

    assert (response.status_code, response.location) == (302, "/today")
    assert client.get("/today").status_code == 200
    tied = session.scalars(select(UserIdentity)).one()
    assert (tied.user_id, tied.issuer, tied.subject) == (ana.id, service.url, "ana-1")
    assert session.scalars(select(Session)).one().way is Way.PROVIDER
    assert [(one.action, one.ids) for one in session.scalars(select(AuditEntry))] == [
        ("user.identity_changed", {"user_id": ana.id, "change": "tied"}),
        ("user.signed_in", {"user_id": ana.id, "way": "provider"}),
    ]


def test_it_is_asked_by_code_with_pkce_and_for_this_address_whatever_the_browser_calls_us(
    app, service, ana
):
    address = app.test_client().get("/login/sso", headers={"Host": "evil.example"}).location

    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    assert asked.pop("redirect_uri") == "http://127.0.0.1:5000/login/sso/return"
    assert {asked.pop(name) != "" for name in ("state", "nonce", "code_challenge")} == {True}
    assert asked == {
        "response_type": "code",
        "client_id": ID,
        "scope": "openid email profile",
        "code_challenge_method": "S256",
    }


def test_the_sign_in_page_offers_it_beside_the_password(app, service, ana):
    page = app.test_client().get("/login?next=/funnel").text

    assert 'href="/login/sso?next=/funnel"' in page
    assert "Sign in with Acme ID" in page
    assert 'type="password"' in page


def test_without_a_service_nothing_is_offered_and_nothing_is_there(app, ana):
    client = app.test_client()

    assert "/login/sso" not in client.get("/login").text
    assert client.get("/login/sso").status_code == 422
    assert client.get("/login/sso/return").status_code == 422


def test_the_session_is_another_one_than_before(app, service, ana):
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = "planted"
        cookie["brand"] = 7
    sign_in(client)

    with client.session_transaction() as cookie:
        first = cookie["token"]
        assert first != "planted"
        assert set(cookie) == {"token", "_permanent"}
    client.post("/logout")
    sign_in(client)
    with client.session_transaction() as cookie:
        assert cookie["token"] != first


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(app, session, service, ana):
    address = path_of(go(app.test_client()))
    victim = app.test_client()

    response = victim.get(address)

    assert response.status_code == 422
    assert sentence(response).startswith("This was not begun in this browser")
    assert session.scalars(select(Session)).all() == []
    assert service.asked_of("/token") == []


def test_a_wrong_state_signs_nobody_in_and_the_right_one_still_does(app, service, ana):
    client = app.test_client()
    address = path_of(go(client))

    assert client.get(re.sub(r"state=[^&]+", "state=x", address)).status_code == 422
    assert client.get(re.sub(r"state=[^&]+&?", "", address)).status_code == 422
    assert client.get(address).location == "/today"


def test_what_was_begun_long_ago_is_begun_again(app, service, ana, monkeypatch):
    client = app.test_client()
    address = path_of(go(client))
    later = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert client.get(address).status_code == 422


def test_an_answer_works_once(app, session, service, ana):
    client = app.test_client()
    asked = client.get("/login/sso").location
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    address = path_of(signed_in(asked))
    assert client.get(address).location == "/today"

    # The way back in her own browser leads on; a cookie and an address that were copied do not.
    assert client.get(address).location == "/today"
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(kept)
    response = thief.get(address)

    assert response.status_code == 403
    assert REFUSED in sentence(response)
    assert len(session.scalars(select(Session)).all()) == 1


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_an_address_that_was_not_confirmed_ties_nobody(app, session, service, ana, said):
    service.claims["email_verified"] = said

    response = sign_in(app.test_client())

    assert response.status_code == 403
    assert "does not say which e-mail address is yours" in sentence(response)
    assert session.scalars(select(UserIdentity)).all() == []


def test_nobody_gets_an_account_by_signing_in_there(app, session, service, ana):
    service.claims |= {"sub": "x", "email": "stranger@example.com"}

    response = sign_in(app.test_client())

    assert response.status_code == 403
    assert sentence(response).startswith("Nobody signs in here as stranger@example.com.")
    assert session.scalars(select(User.id)).all() == [ana.id]


@pytest.mark.parametrize("is_tied", [False, True])
def test_whoever_was_deactivated_stays_out(app, session, service, ana, is_tied):
    if is_tied:
        sign_in(app.test_client())
    session.refresh(ana)
    ana.is_active = False
    session.commit()
    before = len(session.scalars(select(Session)).all())

    response = sign_in(app.test_client())

    assert response.status_code == 403
    assert "Your account was deactivated" in sentence(response)
    assert len(session.scalars(select(Session)).all()) == before


def test_another_address_there_is_still_the_same_colleague(app, session, service, ana):
    sign_in(app.test_client())
    for email, is_confirmed in (("ana.lopes@example.com", True), ("x@example.com", False)):
        service.claims |= {"email": email, "email_verified": is_confirmed}
        assert sign_in(app.test_client()).location == "/today"

    assert set(session.scalars(select(Session.user_id))) == {ana.id}


def test_an_address_that_was_given_to_somebody_else_opens_nothing(app, session, service, ana):
    sign_in(app.test_client())
    service.claims["sub"] = "her-successor"

    response = sign_in(app.test_client())

    assert response.status_code == 403
    assert "is tied to another account" in sentence(response)
    assert len(session.scalars(select(Session)).all()) == 1


def test_an_account_that_is_one_colleague_with_the_address_of_another_opens_neither(
    app, session, saved, service, ana
):
    sign_in(app.test_client())
    saved(make.user(email="ravi@example.com"))
    service.claims["email"] = "ravi@example.com"

    response = sign_in(app.test_client())

    assert response.status_code == 403
    assert "belongs to one colleague here, and its e-mail to another" in sentence(response)
    assert len(session.scalars(select(Session)).all()) == 1


def test_an_address_that_the_token_lacks_is_asked_for(app, session, service, ana):
    service.userinfo = dict(service.claims)
    service.claims = {"sub": "ana-1"}

    assert sign_in(app.test_client()).location == "/today"

    service.userinfo["sub"] = "ravi-1"
    assert REFUSED in sentence(sign_in(app.test_client()))


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_it_leads_nowhere_but_here(app, service, ana, wanted):
    assert sign_in(app.test_client(), next=wanted).location == "/today"


def test_it_leads_to_where_she_wanted_to_go(app, service, ana):
    assert sign_in(app.test_client(), next="/funnel?by=tier").location == "/funnel?by=tier"


def test_whoever_is_signed_in_already_is_led_on(app, service, ana, client_of):
    response = client_of(ana).get("/login/sso?next=/funnel")

    assert response.location == "/funnel"


@pytest.mark.parametrize("methods", [None, ["pwd"], ["otp"], "mfa"])
def test_the_second_step_is_asked_for_here(app, session, saved, service, ana, methods):
    one = saved(factor(ana))
    service.claims["amr"] = methods
    client = app.test_client()

    response = sign_in(client, next="/funnel")

    assert response.location == "/login/code?next=/funnel"
    assert client.get("/today").status_code == 302
    done = client.post("/login/code", data={"code": shown(one), "next": "/funnel"})
    assert done.location == "/funnel"
    assert session.scalars(select(Session)).one().way is Way.PROVIDER


@pytest.mark.parametrize("methods", [["mfa"], ["pwd", "otp"], ["pwd", "mfa", 7]])
def test_the_second_step_was_taken_there(app, saved, service, ana, methods):
    saved(factor(ana))
    service.claims["amr"] = methods

    assert sign_in(app.test_client()).location == "/today"


def test_the_list_of_browsers_says_how_each_was_signed_in(app, service, ana, client_of):
    client = app.test_client()
    sign_in(client)
    client_of(ana)

    page = client.get("/settings/sign-in").text

    assert "by single sign-on" in page
    assert "by password" in page
    assert "Your account there lets you in here" in page
