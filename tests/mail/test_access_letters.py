"""The letters about who may come in, as they are read: approved texts, in both languages.

Where a text was changed on purpose, a run with APPROVE_MAILS=1 writes the files anew.
"""

import datetime as dt
import os
from pathlib import Path

import pytest

from irm.mail import access_letters
from irm.mail.access_letters import Changed
from irm.models import Role

APPROVED = Path(__file__).parent / "approved"
AT = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)
LETTERS = ("reset", "password_changed", "access_changed", "invitation", "joined")


def written(app, letter, locale):
    with app.app_context():
        return access_letters.example(
            letter, name="Ana Ribeiro", locale=locale, timezone="Europe/Paris", at=AT
        )


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("part", ["subject", "text", "html"])
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_reads_as_approved(app, letter, locale, part):
    path = APPROVED / f"{letter}.{locale}.{part}"
    said = getattr(written(app, letter, locale), part).rstrip("\n") + "\n"
    if os.environ.get("APPROVE_MAILS"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("letter", LETTERS)
def test_its_text_alone_says_everything_and_nothing_is_loaded(app, letter):
    made = written(app, letter, "en")
    assert "http://127.0.0.1:5000/" in made.text
    for loaded in ("<img", "<script", "<link", "url("):
        assert loaded not in made.html


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_each_change_is_said_in_words_of_its_own(app, locale):
    with app.app_context():
        made = [
            access_letters.access_changed(
                one, name="Ana", locale=locale, timezone="Europe/Paris", at=AT
            )
            for one in Changed
        ]

    assert len({one.subject for one in made}) == len({one.text for one in made}) == len(Changed)
    for one in made:
        assert "16:00 (Europe/Paris)" in one.text
        assert "%(" not in one.text + one.subject


def test_what_people_typed_stays_text_on_one_line(app):
    evil = "<b>Eve</b>\r\nBcc: everybody@example.com"
    with app.app_context():
        made = access_letters.invitation(
            name=evil,
            locale="en",
            inviter=evil,
            brands=[evil, "B"],
            role=Role.LEAD,
            until=AT,
            token="t",
        )
    assert "<b>" not in made.html
    assert "\nBcc:" not in made.text
    assert "\n" not in made.subject.strip()
