"""The bytes of a mail: what was written is what is read, and the same bytes every time."""

import datetime as dt
import time
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.mail.message import wire_bytes


def mail(**given):
    return SimpleNamespace(
        **{
            "subject": "Hello",
            "to_address": "ana@example.com",
            "created_at": dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
            "message_id": "<1@example.com>",
            "headers": {"From": "irm <irm@example.com>"},
            "body_text": "Text\n",
            "body_html": "<p>Text</p>\n",
            **given,
        }
    )


def read(data):
    return message_from_bytes(data, policy=policy.default)


def test_a_retry_sends_the_same_bytes():
    assert wire_bytes(mail()) == wire_bytes(mail())


def test_a_french_subject_keeps_its_spaces():
    subject = "Vos points de contact du dim. 22 nov. : 16 en retard, 14 à venir"
    assert read(wire_bytes(mail(subject=subject)))["Subject"] == subject


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=300))
def test_a_subject_of_any_letters_arrives_as_it_is(subject):
    assert read(wire_bytes(mail(subject=subject)))["Subject"] == subject


@given(st.text(st.characters(exclude_categories=("C",)), max_size=2000))
def test_a_text_of_any_letters_arrives_as_it_is(text):
    body = read(wire_bytes(mail(body_text=text))).get_body(("plain",)).get_content()
    assert body.replace("\r\n", "\n").removesuffix("\n") == text


def test_no_line_is_longer_than_smtp_allows():
    long = mail(subject="é" * 300, body_text="a" * 5000, body_html="é" * 5000)
    assert max(map(len, wire_bytes(long).split(b"\r\n"))) <= 998
    assert all(line.endswith(b"\r") for line in wire_bytes(long).split(b"\n")[:-1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "One\r\nBcc: b@example.com"},
        {"headers": {"From": "a\nBcc: b@example.com"}},
        {"headers": {"X-A": "a\nBcc: b@example.com"}},
        {"headers": {"A: b\nBcc": "b@example.com"}},
    ],
)
def test_a_header_cannot_be_smuggled_in(wrong):
    with pytest.raises(ValueError, match="line"):
        wire_bytes(mail(**wrong))


@pytest.mark.parametrize(
    "sender", ["irm <irm@example.com>", "Zoé <irm@example.com>", '"irm, you" <irm@example.com>']
)
def test_a_sender_of_any_name_is_read_as_written(sender):
    [address] = read(wire_bytes(mail(headers={"From": sender})))["From"].addresses
    assert address.addr_spec == "irm@example.com"
    assert address.display_name == sender.split(" <")[0].strip('"')


def test_a_mail_of_many_megabytes_is_made_at_once():
    began = time.process_time()
    assert len(wire_bytes(mail(body_text="A long story. " * 1_500_000))) > 20e6
    assert time.process_time() - began < 5
