"""Every letter as mail programs read it: two parsers that share no code find what was written."""

import datetime as dt
import html
import re
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace

import fast_mail_parser
import pytest

from irm.mail.message import wire_bytes

LETTERS = sorted((Path(__file__).parent / "approved").glob("*.html"))

#: What a mail is read and signed by, each once (RFC 5322, 3.6; RFC 6376, 5.4).
ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")

pytestmark = pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)


def letter(path):
    return SimpleNamespace(
        subject=path.with_suffix(".subject").read_text().strip(),
        to_address="ana@example.com",
        created_at=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
        message_id="<8c2f@example.com>",
        headers={"From": "Équipe irm <irm@example.com>", "Auto-Submitted": "auto-generated"},
        body_text=path.with_suffix(".text").read_text(),
        body_html=path.read_text(),
    )


def lines(text):
    return text.replace("\r\n", "\n").rstrip("\n")


def test_two_parsers_find_the_same_letter(path):
    written = letter(path)
    data = wire_bytes(written)

    ours = message_from_bytes(data, policy=policy.default)
    theirs = fast_mail_parser.parse_email(data)

    assert not ours.defects
    assert not theirs.warnings
    assert ours["Subject"] == theirs.subject == written.subject
    assert ours["From"] == "Équipe irm <irm@example.com>"
    assert theirs.headers["Message-ID"] == [ours["Message-ID"]] == [written.message_id]
    (text,) = theirs.text_plain
    (body,) = theirs.text_html
    plain, rich = (ours.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert lines(text) == lines(plain) == lines(written.body_text)
    assert lines(body) == lines(rich) == lines(written.body_html)
    assert theirs.attachments == []


def test_a_relay_can_sign_it_as_it_is(path):
    head, _, body = wire_bytes(letter(path)).partition(b"\r\n\r\n")
    names = Counter(line.split(b":")[0].decode() for line in re.split(rb"\r\n(?![ \t])", head))
    assert {name: names[name] for name in ONCE} == dict.fromkeys(ONCE, 1)
    # Seven bits, so that no relay on the way writes it anew and breaks the signature.
    assert (head + body).isascii()
    assert re.fullmatch(rb"(?:[^\r\n]{0,998}\r\n)*", body)


def test_the_text_alone_leads_everywhere_the_letter_does(path):
    written = letter(path)
    linked = {html.unescape(link) for link in re.findall(r'href="([^"]+)"', written.body_html)}
    assert linked
    # The page of a touchpoint has a button for each thing that can be done with it.
    pages = {re.sub(r"(/act/[^/]+)/(?:skip|snooze/\d+)$", r"\1", link) for link in linked}
    assert [link for link in sorted(pages) if link not in written.body_text] == []
