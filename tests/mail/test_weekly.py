"""The week in review as it is read: approved texts, in both languages.

Where a text was changed on purpose, a run with APPROVE_MAILS=1 writes the files anew.
"""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from irm.funnel import escalation
from irm.funnel.moved import Moved, Way
from irm.funnel.weekly import MOST, Load, Part, Week
from irm.mail import weekly
from irm.models import Stage

APPROVED = Path(__file__).parent / "approved"
MONDAY = dt.date(2026, 3, 2)


def at(day, hour=12):
    return dt.datetime(2026, 2, day, hour, tzinfo=dt.UTC)


def moved(name, start, end, day, by="Léa Martin"):
    return Moved(1, 7, name, start, end, None, 1, 0, at(day), by, None, "")


def row(**given):
    return SimpleNamespace(**{"influencer_id": 7, "name": "Chloé Martin", **given})


def week(**given):
    """A week in which something of everything happened."""
    lost = escalation.Row(8, "Jonas <b>Weber</b>", Stage.ENGAGED, 117)
    nobodys = escalation.Row(12, "Li Na", Stage.AWARE, 91)
    groups = [
        escalation.Group(2, "Léa Martin", 11, [lost]),
        escalation.Group(None, "", 1, [nobodys]),
    ]
    promise = row(what="Send the recipe & the pictures", owner_name="Ravi Nair")
    override = row(
        at=at(25), colleague="Ravi Nair", reason="The fair is tomorrow.", gives=1, gives_needed=3
    )
    return Week(
        **{
            "brand_id": 3,
            "brand_name": "Fougère & Flint",
            "since": MONDAY - dt.timedelta(days=7),
            "until": MONDAY + dt.timedelta(days=6),
            "today": MONDAY,
            "zone": ZoneInfo("Europe/Paris"),
            "counts": {Way.UP: 12, Way.BACK: 1, Way.NEW: 40, Way.ROUND: 0},
            "moved": [
                moved("Zoé", Stage.ENGAGED, Stage.INTERESTED, 26),
                moved("Chloé Martin", Stage.AWARE, Stage.INTERESTED, 24, by=None),
            ],
            "told": escalation.Told(12, True, 1, groups),
            "broken": Part([row(**vars(promise) | {"closed_on": dt.date(2026, 2, 26)})], 1),
            "due": Part(
                [
                    row(**vars(promise) | {"due_on": dt.date(2026, 2, 28)}),
                    row(**vars(promise) | {"due_on": dt.date(2026, 3, 5), "owner_name": None}),
                ],
                14,
            ),
            "overrides": Part([override], 1),
            "breaches": Part([row(at=at(23, 23), colleague="Léa Martin")], 1),
            "loads": [
                Load("Léa Martin", 23, 4, 410, 360),
                Load("Ravi Nair", 1, 0, 30, 360),
            ],
            **given,
        }
    )


NOTHING = {
    "counts": dict.fromkeys(Way, 0),
    "moved": [],
    "told": escalation.Told(),
    "broken": Part(),
    "due": Part(),
    "overrides": Part(),
    "breaches": Part(),
    "loads": [Load("Ravi Nair", 0, 0, 0, 360)],
}


@pytest.fixture
def letter(app):
    def make(*weeks, locale="en", labels=None):
        reader = SimpleNamespace(
            id=1, name="Nora Lind", email="nora@example.com", locale=locale, timezone="Europe/Paris"
        )
        with app.app_context():
            return weekly.letter(reader, weeks, labels or {})

    return make


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_a_week_reads_as_approved(letter, locale, part):
    path = APPROVED / f"weekly.{locale}.{part}"
    written = getattr(letter(week(), locale=locale), part).rstrip("\n") + "\n"
    if os.environ.get("APPROVE_MAILS"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


def test_what_people_typed_stays_text_and_nothing_is_loaded(letter):
    made = letter(week())
    assert "Jonas &lt;b&gt;Weber" in made.html
    assert "Jonas <b>Weber" in made.text
    assert not any(tag in made.html for tag in ("<img", "<script", "<link"))


def test_a_week_with_nothing_in_it_is_no_letter(letter):
    assert letter(week(**NOTHING)) is None
    assert letter() is None


def test_a_brand_with_nothing_to_say_is_left_out(letter):
    made = letter(week(), week(**NOTHING, brand_id=4, brand_name="Quiet & Sons"))
    assert "Quiet" not in made.text
    assert made.tells_of == (3,)


def test_of_several_brands_each_is_named(letter):
    made = letter(week(), week(brand_id=2, brand_name="Nova"))
    assert made.subject.endswith(": Fougère & Flint, Nova")
    assert "== Nova ==" in made.text
    assert made.tells_of == (2, 3)


def test_more_than_can_be_counted_is_said_to_be_more(letter):
    one = week().overrides.rows[0]
    assert "Asks without gives: 999+" in letter(week(overrides=Part([one], MOST + 1))).text


def test_its_stages_are_called_as_the_brand_calls_them(letter):
    labels = {3: {"interested": {"en": "Hooked"}}}
    assert "Aware → Hooked" in letter(week(), labels=labels).text


def test_no_part_has_more_than_ten_lines(letter):
    many = week(
        broken=Part(week().broken.rows * 10, 10),
        due=Part(week().due.rows * 5, 300),
        loads=[replace(week().loads[0], name=f"Colleague {n}") for n in range(40)],
    )
    for part in letter(many).text.split("All of it:"):
        assert part.count("\n* ") <= 10
