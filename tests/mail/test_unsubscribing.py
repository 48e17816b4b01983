"""What a letter says of how it is stopped: in its headers, whole, and in its foot."""

import datetime as dt
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest

from irm.mail import unsubscribing
from irm.mail.message import wire_bytes
from irm.models import Notice

ANA = SimpleNamespace(id=1, email="ana@example.com")


@pytest.fixture
def https(app):
    """irm as it is reached from outside, at a long address."""
    url = "https://" + "relationships." * 8 + "example.com/irm"
    app.config["IRM"] = app.config["IRM"].model_copy(update={"public_url": url})
    with app.app_context():
        yield url


@pytest.mark.parametrize("notice", [None, *Notice])
def test_the_headers_are_those_of_rfc_8058(https, notice):
    found = unsubscribing.of(ANA, notice)

    assert found.href.startswith(f"{https}/unsubscribe/")
    assert found.headers == {
        "List-Unsubscribe": f"<{found.href}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_they_go_over_the_wire_in_one_line_each(https):
    found = unsubscribing.of(ANA)
    mail = SimpleNamespace(
        subject="Hello",
        to_address=ANA.email,
        created_at=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
        message_id="<1@example.com>",
        headers={"From": "irm <irm@example.com>", **found.headers},
        body_text="Text\n",
        body_html="<p>Text</p>\n",
    )

    data = wire_bytes(mail)

    assert f"List-Unsubscribe: <{found.href}>\r\n".encode() in data
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data
    read = message_from_bytes(data, policy=policy.default)
    assert read["List-Unsubscribe"] == f"<{found.href}>"


def test_without_https_no_mail_program_is_asked_to_post(app):
    with app.app_context():
        found = unsubscribing.of(ANA)

    assert list(found.headers) == ["List-Unsubscribe"]
