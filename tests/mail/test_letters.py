"""The digest as it is read: approved texts, in both languages.

Where a text was changed on purpose, a run with APPROVE_MAILS=1 writes the files anew.
"""

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from irm.funnel import escalation
from irm.mail import letters
from irm.mail.digest_parts import Beyond, Owed, Section
from irm.models import Stage

APPROVED = Path(__file__).parent / "approved"
TODAY = dt.date(2026, 3, 2)


def recipient(**given):
    return SimpleNamespace(
        **{
            "id": 1,
            "name": "Ana Ribeiro",
            "email": "ana@example.com",
            "locale": "en",
            "timezone": "Europe/Paris",
            **given,
        }
    )


def row(**given):
    """A row of irm/funnel/today.py: a touchpoint due today with what is to be remembered."""
    return SimpleNamespace(
        **{
            "id": 5,
            "influencer_id": 7,
            "brand_id": 3,
            "name": "Chloé Martin",
            "stage": Stage.INTERESTED,
            "due_on": TODAY,
            "purpose": "",
            "why": {"code": "cadence", "days": 10, "stage": "interested"},
            "last_summary": "She liked the samples & asks for the recipe.",
            "last_at": dt.datetime(2026, 2, 20, 23, 30, tzinfo=dt.UTC),
            "busy_at": None,
            "busy_on": None,
            **given,
        }
    )


def owed():
    """A promise that is late, one of tomorrow, a question beyond its time and one that runs."""
    promised = [
        promise_row(due_on=dt.date(2026, 2, 26)),
        promise_row(due_on=dt.date(2026, 3, 3), what="Call <b>her</b> agent"),
    ]
    asked = [
        question_row(answer_by=dt.datetime(2026, 2, 27, 17, tzinfo=dt.UTC)),
        question_row(answer_by=dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC), name="Li Na"),
    ]
    at = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)
    return Owed(Section(promised, 2), Section(asked, 22), at)


def promise_row(**given):
    """A row of `promises.due`."""
    return row(**{"what": "Send the recipe & the pictures", **given})


def question_row(**given):
    """A row of `questions.waiting`."""
    return row(**{"text": "May I show it in my film?", **given})


def told():
    """Two colleagues with somebody left alone, and one person whom nobody looks after."""
    jonas = escalation.Row(8, "Jonas <b>Weber</b>", Stage.ENGAGED, 117)
    mira = escalation.Row(11, "Mira Okafor", Stage.AWARE, 95)
    nobodys = escalation.Row(12, "Li Na", Stage.AWARE, 91)
    groups = [
        escalation.Group(2, "Léa Martin", 11, [jonas]),
        escalation.Group(3, "Ravi Nair", 1, [mira]),
        escalation.Group(None, "", 1, [nobodys]),
    ]
    return Beyond(3, "Fougère & Flint", escalation.Told(13, True, 2, groups))


def full_digest(locale):
    late = row(
        due_on=dt.date(2026, 2, 27),
        name="Jonas <b>Weber</b>",
        influencer_id=8,
        purpose="Send her the pictures of the fair",
        stage=Stage.ENGAGED,
    )
    new = row(name="Zoé", influencer_id=9, last_summary=None, last_at=None, stage=Stage.AWARE)
    soon = row(due_on=dt.date(2026, 3, 5), why={}, name="Li Na", influencer_id=10)
    soon.busy_at = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    return letters.digest(
        recipient(locale=locale),
        TODAY,
        {
            "overdue": Section([late, row(due_on=dt.date(2026, 3, 1))], 23),
            "today": Section([new], 1),
            "soon": Section([soon], 1),
        },
        beyond=[told()],
        owed=owed(),
    )


@pytest.fixture
def letter(app):
    def make(locale):
        with app.app_context():
            return full_digest(locale)

    return make


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_a_digest_reads_as_approved(letter, locale, part):
    path = APPROVED / f"digest.{locale}.{part}"
    written = getattr(letter(locale), part).rstrip("\n") + "\n"
    if os.environ.get("APPROVE_MAILS"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


def test_what_people_typed_stays_text(letter):
    assert "Jonas &lt;b&gt;Weber&lt;/b&gt;" in letter("en").html
    assert "Jonas <b>Weber</b>" in letter("en").text


def test_no_picture_and_no_script_is_loaded_from_anywhere(letter):
    html = letter("en").html
    assert "<img" not in html
    assert "<script" not in html
    assert "<link" not in html


def test_a_day_of_the_last_exchange_is_the_recipients_own(letter):
    # 23:30 in UTC is the next day in Paris.
    assert "Sat 21 Feb" in letter("en").text


def test_a_digest_with_nothing_in_it_is_none(app):
    nothing = Section([], 0)
    with app.app_context():
        parts = {"overdue": nothing, "today": nothing, "soon": nothing}
        made = letters.digest(recipient(), TODAY, parts)
    assert made is None


def test_a_long_name_or_summary_is_one_short_line(app):
    long = row(name="😀" * 10_000, last_summary="One\r\nBcc: everybody@example.com\n" * 100)
    nothing = Section([], 0)
    with app.app_context():
        parts = {"overdue": nothing, "today": Section([long], 1), "soon": nothing}
        made = letters.digest(recipient(), TODAY, parts)
    assert max(map(len, made.text.splitlines())) < 250
    assert "\nBcc:" not in made.text


def test_a_lead_who_has_nothing_else_is_told_so(app):
    nothing = Section([], 0)
    with app.app_context():
        parts = {"overdue": nothing, "today": nothing, "soon": nothing}
        made = letters.digest(recipient(), TODAY, parts, beyond=[told()])
    assert made.subject == "Your touchpoints for Monday 2 March: 13 left alone"
    assert "nothing is due to you, but somebody was left alone for too long." in made.text
    assert made.tells_of == (3,)


def test_of_several_brands_each_is_named(app):
    nothing = Section([], 0)
    with app.app_context():
        parts = {"overdue": nothing, "today": nothing, "soon": nothing}
        made = letters.digest(recipient(), TODAY, parts, beyond=[told(), told()])
    assert "Beyond the second limit: 13 people of 2 colleagues · Fougère & Flint" in made.text


def test_who_is_but_waited_for_is_told_so(app):
    nothing = Section([], 0)
    with app.app_context():
        parts = {"overdue": nothing, "today": nothing, "soon": nothing}
        made = letters.digest(recipient(), TODAY, parts, owed=owed())
    assert made.subject == (
        "Your touchpoints for Monday 2 March: 2 promises due, 22 questions waiting"
    )
    assert "no contact is due, but somebody counts on your word." in made.text
    assert "beyond its time since Fri 27 Feb, 18:00" in made.text
    assert "/promises" in made.text
    assert made.tells_of == (3,)


def many(n, of, **given):
    """A section of so many lines as long as lines get, out of even more."""
    said = {"purpose": of * 100, "last_summary": of * 100, "what": of * 100, "text": of * 100}
    return Section([row(id=10_000 + i, **said, **given) for i in range(n)], n + 3)


def full(of):
    """What a digest has room for, filled to the last place."""
    parts = {name: many(20, of) for name in ("overdue", "today", "soon")}
    later = dt.datetime(2026, 3, 2, 17, tzinfo=dt.UTC)
    owing = Owed(many(20, of), many(20, of, answer_by=later), later)
    return {"parts": parts, "beyond": [told()], "owed": owing}


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_sixty_long_lines_are_all_there_and_not_cut_off_by_mail_programs(app, locale):
    with app.app_context():
        parts = full("She asks. ")["parts"]
        made = letters.digest(recipient(locale=locale), TODAY, parts)
    # Gmail shows no more than 102 KB of a mail.
    assert made.html.count("/skip") == 60
    assert len(made.html.encode()) < 102_000


@pytest.mark.parametrize("of", ["She asks. ", "\u5f7c\u5973", "& "])
def test_a_digest_that_would_be_cut_off_says_less_and_counts_the_rest(app, of):
    with app.app_context():
        made = letters.digest(recipient(), TODAY, **full(of))
    lines = made.html.count("/skip") // 3
    assert 5 <= lines < 20
    assert len(made.html.encode()) < 102_000
    assert f"and {23 - lines} more" in made.html
    assert f"and {23 - lines} more" in made.text
    assert "/unsubscribe/" in made.html


def test_each_line_says_where_one_acts_on_it(letter):
    made = letter("en")
    # The plain text is whole without the other: each line leads to a page with all actions.
    assert made.text.count("/act/") == 4
    assert made.html.count(">Done</a>") == 4
    assert made.html.count("/snooze/1") == made.html.count("/snooze/7") == 4


def test_it_says_where_it_is_stopped(letter):
    made = letter("en")
    href = made.headers["List-Unsubscribe"].strip("<>")
    assert href in made.text
    assert href in made.html
