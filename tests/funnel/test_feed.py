"""The text of a calendar: read by two parsers that know nothing of each other."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from irm.funnel import feed
from irm.funnel.feed import Place

PARIS = Place("https://irm.example.org", "irm.example.org", "en", ZoneInfo("Europe/Paris"), 8)
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def touchpoint(**given):
    """A row as irm/funnel/calendars.py selects it."""
    row = {
        "id": 7,
        "due_on": dt.date(2026, 3, 5),
        "kind": "talk",
        "purpose": "samples",
        "tactic": None,
        "channel": "call",
        "why": {"code": "planned"},
        "created_at": MONDAY,
        "row_version": 3,
        "influencer_id": 11,
        "brand_id": 2,
        "brand_name": "Acme",
        "stage_labels": None,
        "name": "Chloé",
    }
    return SimpleNamespace(**row | given)


def promise(**given):
    row = {
        "id": 5,
        "due_on": dt.date(2026, 3, 6),
        "what": "a pot of glue",
        "created_at": MONDAY,
        "row_version": 1,
        "is_private": False,
        "influencer_id": 11,
        "brand_id": 2,
        "brand_name": "Acme",
        "name": "Chloé",
    }
    return SimpleNamespace(**row | given)


def written(rows, place=PARIS, of=feed.touchpoints):
    return feed.text(of(rows, place))


def events(text):
    """The events as icalendar reads them; the other parser must read as many."""
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    others = IcsCalendarStream.calendar_from_ics(text.decode()).events
    assert [one["UID"] for one in found] == [one.uid for one in others]
    assert [str(one["SUMMARY"]) for one in found] == [one.summary for one in others]
    assert [one["DTSTART"].dt for one in found] == [one.dtstart for one in others]
    return found


def rings(event):
    (alarm,) = event.walk("VALARM")
    return alarm["TRIGGER"].dt


def test_a_touchpoint_is_a_whole_day_that_says_whom_to_contact_and_why():
    (event,) = events(written([touchpoint()]))

    assert event["SUMMARY"] == "Call Chloé: samples"
    assert event["DTSTART"].dt == dt.date(2026, 3, 5)
    assert event["DTEND"].dt == dt.date(2026, 3, 6)
    assert event["UID"] == "touchpoint-7@irm.example.org"
    assert event["SEQUENCE"] == 3
    assert event["DTSTAMP"].dt == MONDAY
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "TRANSPARENT"
    link = "https://irm.example.org/influencers/11?brand=2"
    assert event["DESCRIPTION"] == f"samples\nPlanned by hand\nAcme\n{link}"
    assert event["URL"] == link


@pytest.mark.parametrize(
    ("given", "summary"),
    [
        ({"channel": "email", "purpose": ""}, "E-mail Chloé"),
        ({"channel": None, "kind": "give", "purpose": "a tool"}, "Give something to Chloé: a tool"),
        ({"channel": "other", "kind": "talk", "purpose": ""}, "Contact Chloé"),
        ({"channel": "from later", "kind": "from later", "purpose": ""}, "Contact Chloé"),
    ],
)
def test_the_title_says_what_is_to_be_done(given, summary):
    (event,) = events(written([touchpoint(**given)]))

    assert event["SUMMARY"] == summary


def test_a_private_promise_says_that_there_is_one_and_no_more():
    open_one, private = events(
        written([promise(), promise(id=6, is_private=True)], of=feed.promises)
    )

    assert open_one["SUMMARY"] == "Promised to Chloé: a pot of glue"
    assert private["SUMMARY"] == "Promised to Chloé"
    assert "glue" not in private.to_ical().decode()


def test_the_day_of_a_campaign_rings_for_nobody():
    row = {"id": 3, "day": dt.date(2026, 6, 1), "name": "Repair day", "campaign_name": "Spring"}
    row |= {"created_at": MONDAY, "row_version": 1, "brand_name": "Acme"}
    row |= {"campaign_id": 4, "brand_id": 2}

    (event,) = events(written([SimpleNamespace(**row)], of=feed.days))

    assert event["SUMMARY"] == "Spring: Repair day"
    assert event["URL"] == "https://irm.example.org/campaigns/4?brand=2"
    assert not event.walk("VALARM")


@pytest.mark.parametrize(
    ("zone", "day", "hour", "moment"),
    [
        ("Europe/Paris", "2026-03-05", 8, "2026-03-05T07:00:00"),
        # The clocks go forward in the night before, and back on another day.
        ("Europe/Paris", "2026-03-29", 8, "2026-03-29T06:00:00"),
        ("Europe/Paris", "2026-10-25", 8, "2026-10-25T07:00:00"),
        # An hour that the clocks leave out; one that they show twice.
        ("Europe/Paris", "2026-03-29", 2, "2026-03-29T01:00:00"),
        ("Europe/Paris", "2026-10-25", 2, "2026-10-25T00:00:00"),
        # Thirteen hours ahead of Greenwich: it is still yesterday there.
        ("Pacific/Apia", "2026-03-05", 8, "2026-03-04T19:00:00"),
        ("America/Los_Angeles", "2026-03-05", 23, "2026-03-06T07:00:00"),
        # Where they change by half an hour.
        ("Australia/Lord_Howe", "2026-04-05", 8, "2026-04-04T21:30:00"),
    ],
)
def test_an_alarm_rings_at_the_hour_that_her_clock_shows(zone, day, hour, moment):
    place = PARIS._replace(zone=ZoneInfo(zone), hour=hour)

    (event,) = events(written([touchpoint(due_on=dt.date.fromisoformat(day))], place))

    assert rings(event) == dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    # As a moment, and said to be one: without it a parser expects a duration.
    assert "TRIGGER;VALUE=DATE-TIME:" in event.to_ical().decode()
    # The day itself is a day and needs no zone.
    assert event["DTSTART"].dt == dt.date.fromisoformat(day)


def test_a_name_from_right_to_left_does_not_turn_the_words_around_it():
    (event,) = events(written([touchpoint(name="شلوى", purpose="samples 2")]))

    assert event["SUMMARY"] == "Call \u2068شلوى\u2069: samples 2"


def test_a_sign_that_turns_the_line_around_is_left_out():
    (event,) = events(written([touchpoint(name="Eve \u202ecod.exe", purpose="")]))

    assert event["SUMMARY"] == "Call Eve cod.exe"


def test_lines_are_folded_between_signs_and_never_within_one():
    text = written([touchpoint(name="👩🏽‍🚀é" * 40, purpose="ñ" * 200)])

    assert all(len(part) <= 75 for part in text.split(b"\r\n"))
    for part in text.split(b"\r\n"):
        part.decode()
    (event,) = events(text)
    assert event["SUMMARY"] == f"Call {'👩🏽‍🚀é' * 40}: {'ñ' * 200}"


def test_a_calendar_with_nothing_in_it_is_one_all_the_same():
    assert events(written([])) == []


def test_the_mark_changes_with_what_is_written_and_with_nothing_else():
    def mark(place=PARIS, **given):
        return feed.mark(feed.touchpoints([touchpoint(**given)], place), place)

    assert mark() == mark()
    assert len({mark(), mark(name="Zoé"), mark(row_version=4), mark(PARIS._replace(hour=9))}) == 4


@given(name=st.text(), purpose=st.text(), brand=st.text())
def test_whatever_people_are_called_two_parsers_read_the_same(name, purpose, brand):
    text = written([touchpoint(name=name, purpose=purpose, brand_name=brand), touchpoint(id=8)])

    first, second = events(text)

    assert first["UID"] == "touchpoint-7@irm.example.org"
    assert second["SUMMARY"] == "Call Chloé: samples"
    kept = feed.isolated(feed.line(name))
    assert str(first["SUMMARY"]).startswith(f"Call {kept}".rstrip())
    assert feed.line(purpose) in str(first["SUMMARY"])
