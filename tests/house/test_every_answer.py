"""What holds for every answer, failures included: its headers, its lines in the log."""

import io
import json

import make
import pytest
import structlog

from irm.cli import logs
from irm.models import Role
from irm.web.guard import FORM_BYTES, SIGNED
from irm.web.headers import HEADERS
from tests.house.test_doors import FRAMING, addresses, guarded_forms

__all__ = ["guarded_forms"]

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def lacking(response):
    """The headers that an answer ought to have and has not."""
    name = "Content-Security-Policy"
    framing = FRAMING.get(response.request.path, ("", ""))[0]
    held = response.headers
    return [
        one
        for one, value in HEADERS.items()
        if held.get(one) != value
        and not (one == name and held.get(one) == framing)
        and not (one == "Referrer-Policy" and held.get(one) == "no-referrer")
    ]


@pytest.fixture
def failing(app, monkeypatch):
    """A page that breaks."""

    def fail(*_given, **_more):
        raise RuntimeError("broken on purpose")

    monkeypatch.setitem(app.view_functions, "today.index", fail)


def test_failures_carry_the_headers_that_keep_browsers_safe(app, saved, client_of, failing):
    client = client_of(saved(make.member(Role.LEAD)).user)
    large = {"text": "x" * (FORM_BYTES * 3)}
    seen = {
        200: client.get("/funnel"),
        302: app.test_client().get("/funnel"),
        303: client.post("/settings/language", data={"locale": "fr"}),
        400: client.get("/funnel?q=%00"),
        401: app.test_client().get("/funnel", headers={"HX-Request": "true"}),
        403: client.post("/funnel/fields", headers={"Sec-Fetch-Site": "cross-site"}),
        404: client.get("/no/such/page"),
        405: client.delete("/funnel"),
        413: client.post("/settings/language", data=large),
        422: client.post("/settings/profile", data={}),
        500: client.get("/today"),
    }
    assert {wanted: one.status_code for wanted, one in seen.items()} == {one: one for one in seen}
    assert {wanted: lacking(one) for wanted, one in seen.items() if lacking(one)} == {}
    for status, one in seen.items():
        assert one.headers["Cache-Control"] == "no-store", status
        assert "Server" not in one.headers, status
    with app.test_client().get("/static/logo.svg") as file:
        assert not lacking(file)


def test_every_change_carries_the_headers_that_keep_browsers_safe(app, saved, client_of):
    client = client_of(saved(make.member(Role.LEAD)).user)
    wrong = []
    for endpoint, address, method in addresses(app, *UNSAFE):
        if endpoint == "auth.sign_out":
            continue
        for headers in ({}, {"HX-Request": "true"}):
            with client.open(address, method=method, headers=headers) as response:
                if lacking(response) or response.headers.get("Cache-Control") != "no-store":
                    wrong.append((method, address, response.status_code, lacking(response)))
    assert wrong == []


def test_no_change_is_made_for_another_site(app, saved, client_of):
    """With the cookie and all: only what a signature in the address stands for is heard."""
    client = client_of(saved(make.member(Role.LEAD)).user)
    wrong = []
    for endpoint, address, method in addresses(app, *UNSAFE):
        headers = {"Sec-Fetch-Site": "cross-site"}
        with client.open(address, method=method, headers=headers) as response:
            if response.status_code != 403 and endpoint not in SIGNED:
                wrong.append((endpoint, response.status_code))
    assert wrong == []


def test_a_token_of_another_browser_is_none(guarded_forms, saved, client_of):
    lead = saved(make.member(Role.LEAD)).user
    hers, mine = client_of(lead), client_of(lead)
    page = hers.get("/settings/profile").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert token

    values = {"locale": "en", "csrf_token": token}
    assert hers.post("/settings/language", data=values).status_code == 303
    assert mine.post("/settings/language", data=values).status_code == 400


@pytest.mark.parametrize(
    "typed", ["a\r\nb", "a\nlevel=error", "\x1b[31mred\x1b[0m", "a\u2028b", "a\u0085b", "\x07"]
)
def test_what_somebody_typed_is_one_line_of_the_log_and_no_command_of_a_terminal(
    monkeypatch, typed
):
    stream = io.StringIO()
    logs.configure("json")
    monkeypatch.setattr("sys.stderr", stream)
    structlog.get_logger("test").warning("refused", user=typed, file=typed)

    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()
    assert json.loads(stream.getvalue())["user"] == typed
