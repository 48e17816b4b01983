"""What is asked of a sign-in service over the wire, and what it may answer."""

import pytest
from identity_provider import IdentityProvider

from irm.config import Settings
from irm.sso import wire
from irm.sso.provider import Errand, Provider
from irm.sso.wire import Failed, Silent


@pytest.fixture(scope="module")
def _service():
    service = IdentityProvider()
    yield service
    service.stop()


@pytest.fixture
def service(_service):
    _service.reset()
    return _service


@pytest.fixture
def provider(service, tmp_path):
    return Provider(service.settings(Settings(_env_file=None, data_dir=tmp_path)))


@pytest.mark.parametrize(
    "address",
    [
        "https://login.example.org/token",
        "https://login.example.org:8443/a?b=c",
        "http://localhost:8080/token",
        "http://[::1]:8080/token",
    ],
)
def test_https_and_this_machine_are_safe_to_ask(address):
    assert wire.is_safe(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://login.example.org/token",
        "http://localhost.example.org/token",
        "http://127.0.0.1@login.example.org/",
        "file://localhost/etc/passwd",
        "ftp://login.example.org/",
        "data:application/json,{}",
        "https:///token",
        "https://user@login.example.org/",
        "https://login.example.org:0/",
        "https://login.example.org:x/",
        "https://login.example.org/\r\nX: y",
        "https://login.éxample.org/",
        "//login.example.org/",
    ],
)
def test_nothing_else_is(address):
    assert not wire.is_safe(address)
    with pytest.raises(Failed):
        wire.ask(address)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://login.example.org/token"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file://localhost/etc/passwd"},
        {"userinfo_endpoint": "http://login.example.org/"},
    ],
    ids=str,
)
def test_a_service_that_says_strange_things_of_itself_is_not_used(service, provider, said):
    service.discovery = said

    with pytest.raises(Failed):
        provider.address(Errand("s", "n", "v"))


def test_its_address_may_end_in_a_slash_or_not(service, provider):
    service.discovery = {"issuer": f"{service.url}/"}

    assert provider.place().issuer == f"{service.url}/"


def test_an_address_with_a_query_of_its_own_keeps_it(service, provider):
    service.discovery = {"authorization_endpoint": "https://login.example.org/?realm=acme"}

    address = provider.address(Errand("s", "n", "v"))

    assert address.startswith("https://login.example.org/?realm=acme&response_type=code&")


def test_a_long_answer_is_not_read_to_its_end(service):
    service.discovery = {"more": "x" * wire.LARGEST}

    with pytest.raises(Silent, match="more than 262144 bytes"):
        wire.ask(f"{service.url}/.well-known/openid-configuration")


def test_an_answer_that_drips_is_not_waited_for(service, monkeypatch):
    monkeypatch.setattr(wire, "PATIENCE", 0.5)

    with pytest.raises(Silent, match=r"more than 0\.5 seconds"):
        wire.ask(f"{service.url}/drips")


def test_no_answer_leads_elsewhere(service):
    """What we send holds secrets, so that a redirect is an answer like any wrong one."""
    address = f"{service.url}/authorize?state=x&redirect_uri={service.url}/keys"

    with pytest.raises(Failed, match="status 302"):
        wire.ask(address)
    assert service.asked_of("/keys") == []


@pytest.mark.parametrize("path", ["/userinfo", "/nowhere"])
def test_a_failure_is_told_by_its_status(service, path):
    with pytest.raises(Failed, match=r"status (404|500)"):
        wire.ask(service.url + path)


def test_what_was_heard_last_counts_while_the_service_is_away(service, provider, monkeypatch):
    provider.place()
    service.broken = {"/.well-known/openid-configuration"}
    monkeypatch.setattr(provider._place, "_until", 0.0)

    assert provider.place().issuer == service.url
    assert len(service.asked_of("/.well-known/openid-configuration")) == 2


@pytest.mark.parametrize(
    ("methods", "is_in_form"),
    [
        (None, False),
        (["client_secret_post"], True),
        (["client_secret_post", "client_secret_basic"], False),
    ],
)
def test_the_secret_goes_where_the_service_takes_it(service, provider, methods, is_in_form):
    service.discovery = {"token_endpoint_auth_methods_supported": methods}

    assert provider.place().secret_in_form is is_in_form
