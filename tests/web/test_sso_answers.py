"""What the sign-in service answers and is not believed, or does not answer at all."""

import re
import threading
import time
from urllib.parse import parse_qs, urlsplit

import make
import pytest
from identity_provider import ID, path_of, signed_in
from joserfc.jwk import RSAKey
from sqlalchemy import select

from irm.db import db
from irm.models import LoginAttempt, Session, UserIdentity
from irm.sso import wire
from tests.house.asked import NONSENSE
from tests.web.by_service import REFUSED, go, sentence, sign_in


@pytest.fixture
def ana(saved):
    return saved(make.member(user=make.user(name="Ana", email="Ana@Example.com"))).user


@pytest.mark.parametrize(
    "bent",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another program"},
        {"aud": None},
        {"aud": [ID, "another program"]},
        {"aud": [ID], "azp": "another program"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "9999999999"},
        {"iat": 9999999999},
        {"iat": None},
        {"nbf": 9999999999},
        {"sub": None},
        {"sub": 1},
        {"sub": ""},
        {"sub": "a\0b"},
        {"sub": "x" * 256},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_signs_nobody_in(app, session, service, ana, bent):
    service.bent = bent

    response = sign_in(app.test_client())

    assert response.status_code == 403
    assert REFUSED in sentence(response)
    assert session.scalars(select(Session)).all() == []
    assert session.scalars(select(UserIdentity)).all() == []


def unsigned(token):
    """The same claims with the header of a token that needs no signature."""
    return "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + token.split(".")[1] + "."


def cut(token):
    return token[:-8] + "AAAAAAAA"


@pytest.mark.parametrize(
    "spoil", [unsigned, cut, lambda _token: "a.b.c", lambda _token: "", lambda _token: None]
)
def test_a_token_without_its_signature_signs_nobody_in(app, session, service, ana, spoil):
    service.spoil = spoil

    response = sign_in(app.test_client())

    assert (response.status_code, REFUSED in sentence(response)) == (403, True)
    assert session.scalars(select(Session)).all() == []


def test_a_token_signed_by_somebody_else_signs_nobody_in(app, session, service, ana):
    service.signing_key = service.other_key

    assert REFUSED in sentence(sign_in(app.test_client()))
    assert session.scalars(select(Session)).all() == []


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_short_key_is_no_key(app, service, ana):
    service.signing_key = RSAKey.generate_key(1024, {"kid": "one"})
    service.shown_keys = [service.signing_key]

    assert REFUSED in sentence(sign_in(app.test_client()))


def test_new_keys_of_the_service_are_asked_for_when_they_sign(app, service, ana):
    client = app.test_client()
    sign_in(client)
    client.post("/logout")
    service.signing_key, service.shown_keys = service.other_key, [service.other_key]

    assert sign_in(client).location == "/today"
    assert len(service.asked_of("/keys")) == 2


def test_what_it_says_of_itself_is_asked_once(app, service, ana):
    for _ in range(3):
        assert sign_in(app.test_client()).location == "/today"

    assert len(service.asked_of("/.well-known/openid-configuration")) == 1
    assert len(service.asked_of("/keys")) == 1


@pytest.mark.parametrize("said", ["https://evil.example", ""])
def test_an_answer_of_another_service_signs_nobody_in(app, service, ana, said):
    client = app.test_client()
    address = re.sub(r"iss=[^&]+", f"iss={said}", path_of(go(client)))

    assert REFUSED in sentence(client.get(address))
    assert service.asked_of("/token") == []


def test_a_service_that_names_itself_always_is_held_to_it(app, service, ana):
    service.discovery = {"authorization_response_iss_parameter_supported": True}
    client = app.test_client()

    assert REFUSED in sentence(client.get(re.sub(r"&iss=[^&]+", "", path_of(go(client)))))


def test_a_refusal_of_the_service_is_said_in_our_words(app, service, ana):
    client = app.test_client()
    state = parse_qs(urlsplit(client.get("/login/sso").location).query)["state"][0]

    said = {"state": state, "error": "access_denied", "error_description": "Call 555!"}
    response = client.get("/login/sso/return", query_string=said)

    assert response.status_code == 403
    assert sentence(response) == "Acme ID did not sign you in."
    assert "555" not in response.text


@pytest.mark.parametrize("where", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_while_it_is_away_one_sentence_says_so_and_the_password_remains(app, service, ana, where):
    service.broken = {where}
    client = app.test_client()

    begun = client.get("/login/sso?next=/funnel")
    response = client.get(path_of(signed_in(begun.location))) if begun.location else begun

    assert response.status_code == 503
    assert sentence(response).startswith("Acme ID does not answer just now.")
    form = {"email": ana.email, "password": make.PASSWORD}
    assert client.post("/login", data=form).location == "/today"


def test_a_service_that_is_away_is_not_asked_by_everybody(app, service, ana):
    service.broken = {"/.well-known/openid-configuration"}

    for _ in range(5):
        assert app.test_client().get("/login/sso").status_code == 503

    assert len(service.asked_of("/.well-known/openid-configuration")) == 1


@pytest.mark.parametrize("where", ["/.well-known/openid-configuration", "/token"])
def test_a_service_that_takes_its_time_is_not_waited_for(app, service, ana, where, monkeypatch):
    monkeypatch.setattr(wire, "PATIENCE", 0.3)
    service.slow = {where: 1.0}
    client = app.test_client()

    begun = client.get("/login/sso")
    response = client.get(path_of(signed_in(begun.location))) if begun.location else begun

    assert sentence(response).startswith("Acme ID does not answer just now.")


def test_no_database_is_held_while_the_service_is_asked(app, session, service, ana):
    client = app.test_client()
    address = path_of(go(client))
    session.close()
    with app.app_context():
        pool = db.engine.pool
    service.slow = {"/token": 1.0}
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(client.get(address).location))
    waiting.start()
    while not service.asked_of("/token"):
        time.sleep(0.01)
    held, is_waiting = pool.checkedout(), waiting.is_alive()
    waiting.join()

    assert (held, is_waiting, answers) == (0, True, ["/today"])


def test_guessing_ends_soon_and_the_service_is_not_asked_any_more(app, session, service, ana):
    service.signing_key = service.other_key
    for _ in range(5):
        assert sign_in(app.test_client()).status_code == 403
    asked = len(service.asked_of("/token"))
    service.signing_key = service.key

    response = sign_in(app.test_client())

    assert response.status_code == 429
    assert len(service.asked_of("/token")) == asked
    assert {one.kind.value for one in session.scalars(select(LoginAttempt))} == {"provider"}
    form = {"email": ana.email, "password": make.PASSWORD}
    assert app.test_client().post("/login", data=form).location == "/today"


@pytest.mark.parametrize("value", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_on_the_way_back_is_refused_in_a_sentence(app, service, ana, value):
    client = app.test_client()
    address = client.get("/login/sso").location
    state = parse_qs(urlsplit(address).query)["state"][0]
    said = {"state": state, "code": "x", "iss": service.url, "error": ""}

    for name in ("state", "code", "iss"):
        response = client.get("/login/sso/return", query_string={**said, name: value})
        assert response.status_code in (403, 422), name
        assert sentence(response), name
