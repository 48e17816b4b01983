"""Rules for every address: closed by default, guarded changes, safe headers, no write on GET."""

import re

import make
import pytest
from sqlalchemy import event

from irm.db import db
from irm.models import Role
from irm.web.guard import PUBLIC
from irm.web.headers import HEADERS
from irm.web.letters import PAGE_POLICY
from irm.web.letters import POLICY as ALONE

#: The page that shows letters holds each in a frame, with a style and nothing else of its own.
FRAMING = {
    "/settings/letters": (PAGE_POLICY, "Content-Security-Policy"),
    "/settings/letters/alone": (ALONE, "Content-Security-Policy"),
}


def addresses(app, *methods):
    """Every address of irm with a made-up id in each gap, and its method."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & set(methods)):
            yield rule.endpoint, re.sub(r"<[^>]+>", "1", rule.rule), method


@pytest.fixture
def guarded_forms(app):
    """irm as it is shipped: every change needs its token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_signed_out_visitors_see_public_pages_only(app):
    client = app.test_client()
    for endpoint, address, method in addresses(app, "GET", "POST"):
        if endpoint not in PUBLIC:
            response = client.open(address, method=method)
            assert response.status_code == 302, (method, address)
            assert response.location.startswith("/login"), address


def test_signed_out_fragments_are_answered_401_with_the_way_to_sign_in(app):
    client = app.test_client()
    for endpoint, address, method in addresses(app, "GET", "POST"):
        if endpoint not in PUBLIC:
            response = client.open(address, method=method, headers={"HX-Request": "true"})
            assert response.status_code == 401, (method, address)
            assert response.headers["HX-Redirect"] == "/login"


def test_no_change_without_its_token(guarded_forms, saved, client_of):
    client = client_of(saved(make.member(Role.LEAD)).user)
    posts = list(addresses(guarded_forms, "POST", "PUT", "PATCH", "DELETE"))
    assert posts
    for _endpoint, address, method in posts:
        assert client.open(address, method=method).status_code == 400, (method, address)


def test_every_answer_carries_the_headers_that_keep_browsers_safe(app, saved, client_of):
    client = client_of(saved(make.member(Role.LEAD)).user)
    seen = [client.get(address) for _e, address, _m in addresses(app, "GET")]
    seen += [client.get("/no/such/page"), client.post("/today"), app.test_client().get("/today")]
    for response in seen:
        for name, value in HEADERS.items():
            seen_value = response.headers.get(name)
            # Where a secret stands in the address, nobody at all is told of it.
            is_stricter = name == "Referrer-Policy" and seen_value == "no-referrer"
            is_framing = (seen_value, name) == FRAMING.get(response.request.path)
            assert is_stricter or is_framing or seen_value == value, (response.request.path, name)


def test_files_carry_the_headers_that_keep_browsers_safe(app):
    for address in ("/static/logo.svg", "/static/no-such-file"):
        with app.test_client().get(address) as response:
            for name, value in HEADERS.items():
                assert response.headers.get(name) == value, (address, name)


def test_looking_never_writes(app, saved, client_of):
    card = saved(make.relationship())
    lead = saved(make.member(Role.LEAD, brand=card.brand)).user
    client = client_of(lead)
    written = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        for _endpoint, address, _method in addresses(app, "GET"):
            client.get(address.replace("/1", f"/{card.influencer_id}"))
            assert written == [], address
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_an_address_of_another_brand_is_not_found(app, saved, client_of):
    card = saved(make.relationship())
    stranger = saved(make.member(Role.LEAD)).user
    client = client_of(stranger)

    assert client.get(f"/influencers/{card.influencer_id}").status_code == 404
    assert client.get(f"/funnel?brand={card.brand_id}").status_code == 404
