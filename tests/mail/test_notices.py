"""Letters about what happened as they are read: approved texts, in both languages.

Where a text was changed on purpose, a run with APPROVE_MAILS=1 writes the files anew.
"""

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from irm.mail import notice_samples, notices

APPROVED = Path(__file__).parent / "approved"
AT = dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC)


def reader(locale="en"):
    return SimpleNamespace(
        id=1, name="Ana Ribeiro", email="ana@example.com", locale=locale, timezone="Europe/Paris"
    )


@pytest.fixture
def letter(app):
    def make(name, locale="en"):
        with app.app_context():
            return notice_samples.SAMPLES[name](reader(locale), AT)

    return make


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("name", notice_samples.SAMPLES)
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_a_letter_reads_as_approved(letter, name, locale, part):
    path = APPROVED / f"{name}.{locale}.{part}"
    written = getattr(letter(name, locale), part).rstrip("\n") + "\n"
    if os.environ.get("APPROVE_MAILS"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", notice_samples.SAMPLES)
def test_nothing_is_loaded_from_anywhere_and_what_people_typed_stays_text(letter, name):
    html = letter(name).html
    assert not any(tag in html for tag in ("<img", "<script", "<link", "<organic>"))
    assert "prefers-color-scheme: dark" in html


def test_five_thousand_people_are_one_letter_with_some_names_and_a_link_to_all(letter):
    made = letter("assignment")
    assert made.subject == "5,000 people are entrusted to you now"
    assert made.text.count("* ") == 7 + 2
    assert "and 4991 more" in made.text
    assert "/influencers?owner=me&brand=3" in made.text
    assert made.tells_of == (3, 4)


@pytest.mark.parametrize(
    ("people", "givers", "subject"),
    [
        (1, ["Claire"], "Claire entrusted Chloé Martin to you"),
        (2, ["Claire"], "Claire entrusted 2 people to you"),
        (1, [], "Chloé Martin is entrusted to you now"),
    ],
)
def test_a_letter_says_in_its_subject_who_entrusted_whom(app, people, givers, subject):
    with app.app_context():
        made = notices.assignment(reader(), [notice_samples._person()] * people, givers)
    assert made.subject == subject


@pytest.mark.parametrize(
    ("people", "entrusted", "theirs"),
    [
        (1, "Claire vous confie Chloé Martin.", "avec cette personne"),
        (2, "Claire vous confie 2 personnes.", "avec ces personnes"),
        (5, "Claire vous confie 5 personnes.", "avec ces personnes"),
    ],
)
def test_a_french_letter_agrees_with_how_many_are_entrusted(app, people, entrusted, theirs):
    with app.app_context():
        made = notices.assignment(reader("fr"), [notice_samples._person()] * people, ["Claire"])
    for part in (made.text, made.html):
        assert entrusted in part
        assert f"Ce qui est prévu et en cours {theirs} vous revient désormais." in part


def test_a_moment_is_told_by_the_readers_own_clock(letter):
    # 23:30 in UTC is half past midnight in Paris.
    assert "an answer was due by Mon 2 Mar, 23:30" in letter("question").text


def test_a_long_note_is_one_line_and_cut(app):
    note = notice_samples._note(AT, summary="One\r\nBcc: everybody@example.com\n" * 200)
    with app.app_context():
        made = notices.mention(reader(), [note], AT)
    assert "\nBcc:" not in made.text
    assert max(map(len, made.text.splitlines())) < notices.EXCERPT + 10
