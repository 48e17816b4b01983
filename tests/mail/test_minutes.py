"""The minutes as they are read: approved texts, in both languages.

Where a text was changed on purpose, a run with APPROVE_MAILS=1 writes the files anew.
"""

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from irm.funnel.minutes import Entry, Minutes
from irm.mail import letters
from irm.models import Brand, Decision, Review, Stage
from irm.network.resting import Rests
from irm.network.standing import Group

APPROVED = Path(__file__).parent / "approved"
AT = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)
RESTS = Rests(
    [
        {
            "code": "risk.share",
            "of": "audience",
            "on": "people",
            "share": 0.634,
            "ids": [7, 8, 9],
            "high": True,
        },
        {
            "code": "risk.share",
            "of": "ambassadors",
            "on": "community",
            "share": 0.5,
            "ids": [4],
            "high": False,
        },
        {"code": "risk.single", "people": 2, "of": 3, "by": [[1, 2]]},
    ],
    # Number 9 was erased since.
    people={7: "Chloé Martin", 8: "Jonas <b>Weber</b>"},
    groups={4: Group(4, "", 12, ["Li Na", "Zoé"], 0)},
    colleagues={1: "Ana"},
)


def entry(**given):
    return Entry(
        **{
            "item_id": 1,
            "influencer_id": 7,
            "name": "Chloé Martin",
            "stage": Stage.AWARE,
            "decision": None,
            "note": "",
            "by": "Ana",
            **given,
        }
    )


def minutes():
    planned = entry(
        decision=Decision.PLANNED,
        due_on=dt.date(2026, 3, 9),
        purpose="Send the seeds",
        owner="Tom Ashwell",
        note="She asked twice.",
    )
    moved = entry(
        name="Jonas <b>Weber</b>",
        influencer_id=8,
        decision=Decision.MOVED,
        start=Stage.AWARE,
        end=Stage.INTERESTED,
        reason="Answers & asks.",
    )
    paused = entry(decision=Decision.PAUSED, name="Zoé", paused_until=dt.date(2027, 4, 1))
    return Minutes(
        (
            (Decision.PLANNED, (planned,)),
            (Decision.MOVED, (moved,)),
            (Decision.PAUSED, (paused,)),
            (Decision.STAYS, (entry(decision=Decision.STAYS, name="Li Na"),)),
            (Decision.LATER, (entry(decision=Decision.LATER),) * (letters.TOLD + 2)),
        ),
        (entry(name="Finlay"),),
    )


@pytest.fixture
def letter(app):
    def make(locale, labels=None, rests=None, told=None):
        reader = SimpleNamespace(
            id=1, name="Ana", email="ana@example.com", locale=locale, timezone="Europe/Paris"
        )
        review = Review(id=5, brand_id=3, started_at=AT, closed_at=AT, brand=Brand(name="Nova"))
        with app.app_context():
            told = told or minutes()
            return letters.minutes(reader, review, told, labels or {}, rests or Rests())

    return make


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_minutes_read_as_approved(letter, locale, part):
    path = APPROVED / f"minutes.{locale}.{part}"
    written = getattr(letter(locale, rests=RESTS), part).rstrip("\n") + "\n"
    if os.environ.get("APPROVE_MAILS"):
        path.write_text(written)
    assert written == path.read_text()


@pytest.mark.parametrize(
    ("decided", "of", "said"),
    [
        (0, 1, "Décision prise : 0 sur 1."),
        (1, 1, "Décision prise : 1 sur 1."),
        (0, 5, "Décisions prises : 0 sur 5."),
        (1, 5, "Décisions prises : 1 sur 5."),
        (5, 5, "Décisions prises : 5 sur 5."),
    ],
)
def test_french_minutes_agree_however_few_were_decided_on(letter, decided, of, said):
    stay = (entry(decision=Decision.STAYS),) * decided
    told = Minutes(((Decision.STAYS, stay),), (entry(),) * (of - decided))

    assert said.replace(" :", "\xa0:") in letter("fr", told=told).text


def test_minutes_call_the_stages_as_the_brand_does(letter):
    text = letter("en", {"interested": {"en": "Hooked"}}).text

    assert "From “Aware” to “Hooked”" in text


def test_minutes_say_nothing_of_reach_where_no_network_was_measured(letter):
    assert "rests on" not in letter("en").text + letter("en").html


def test_minutes_tell_which_brand_they_are_of(letter):
    assert letter("en").tells_of == (3,)
