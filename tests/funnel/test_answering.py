"""The clock of a question, in every zone and on the days on which clocks are put."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.funnel.answering import (
    Answering,
    answer_by,
    answering,
    set_answering,
    working_day_after,
)
from irm.models import AuditEntry
from tests import make

#: Clocks put forward and back, offsets of 45 minutes, and a zone that once left a day out.
ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
)

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(
    dt.datetime(2010, 1, 1),  # noqa: DTZ001  (the zone is given beside it)
    dt.datetime(2030, 1, 1),  # noqa: DTZ001  (the zone is given beside it)
    timezones=st.just(dt.UTC),
)
hours = st.builds(
    Answering,
    st.integers(min_value=1, max_value=168),
    st.none() | st.integers(min_value=1, max_value=168),
)


@given(moments, st.booleans(), zones, hours)
def test_a_clock_ends_after_it_began_in_utc_and_never_after_the_usual_hours(at, urgent, zone, own):
    until = answer_by(at, is_urgent=urgent, zone=zone, hours=own)

    assert at < until <= at + dt.timedelta(hours=own.normal)
    assert until.utcoffset() == dt.timedelta(0)


@given(moments, zones)
def test_what_is_urgent_has_its_answer_by_the_end_of_a_day_or_within_a_day(at, zone):
    until = answer_by(at, is_urgent=True, zone=zone, hours=Answering())

    local = until.astimezone(zone)
    assert (local.hour, local.minute) == (18, 0) or until == at + dt.timedelta(hours=24)


@given(moments, zones, hours)
def test_what_is_urgent_never_waits_longer(at, zone, own):
    urgent = answer_by(at, is_urgent=True, zone=zone, hours=own)

    assert urgent <= answer_by(at, is_urgent=False, zone=zone, hours=own)


@pytest.mark.parametrize(
    ("zone", "asked", "until"),
    [
        # An hour is left out this night: 24 hours end an hour later by the clock on the wall.
        ("America/New_York", "2026-03-07 20:00", "2026-03-08 21:00"),
        # And one comes twice.
        ("America/New_York", "2026-10-31 20:00", "2026-11-01 19:00"),
        ("Asia/Kathmandu", "2026-03-02 09:15", "2026-03-03 09:15"),
        # Apia had no 30 December.
        ("Pacific/Apia", "2011-12-29 12:00", "2011-12-31 12:00"),
    ],
)
def test_hours_are_those_of_a_clock_however_clocks_are_put(zone, asked, until):
    zone = ZoneInfo(zone)
    at = dt.datetime.fromisoformat(asked).replace(tzinfo=zone)

    found = answer_by(at, is_urgent=False, zone=zone, hours=Answering())

    assert f"{found.astimezone(zone):%Y-%m-%d %H:%M}" == until


@pytest.mark.parametrize(
    ("zone", "asked", "until"),
    [
        ("America/New_York", "2026-03-08 01:30", "2026-03-08 18:00"),
        ("America/New_York", "2026-11-01 17:59", "2026-11-01 18:00"),
        ("Asia/Kathmandu", "2026-03-02 09:15", "2026-03-02 18:00"),
        ("Pacific/Apia", "2026-03-02 19:00", "2026-03-03 18:00"),
        ("Europe/Paris", "2026-03-02 18:00", "2026-03-03 18:00"),
    ],
)
def test_the_same_day_ends_at_six_in_the_zone_of_whoever_answers(zone, asked, until):
    zone = ZoneInfo(zone)
    at = dt.datetime.fromisoformat(asked).replace(tzinfo=zone)

    found = answer_by(at, is_urgent=True, zone=zone, hours=Answering())

    assert f"{found.astimezone(zone):%Y-%m-%d %H:%M}" == until


@pytest.mark.parametrize(
    "stored", [None, [], "x", {"normal": 0}, {"normal": 169}, {"normal": True}, {"urgent": "soon"}]
)
def test_hours_that_are_not_sound_are_our_own(stored):
    assert answering(stored) == Answering(24, None)


def test_a_brand_keeps_its_own_hours_and_who_set_them(session, saved):
    brand, lead = saved(make.brand()), saved(make.user())

    assert set_answering(session, brand, Answering(48, 4), user=lead, at=make.MONDAY)
    assert not set_answering(session, brand, Answering(48, 4), user=lead, at=make.MONDAY)
    session.commit()

    assert answering(brand.answering) == Answering(48, 4)
    assert session.query(AuditEntry).one().action == "brand.changed"
    set_answering(session, brand, Answering(), user=lead, at=make.MONDAY)
    assert brand.answering == {}


@pytest.mark.parametrize(
    ("day", "work_days", "expected"),
    [
        ("2026-03-02", "12345", "2026-03-04"),
        ("2026-03-05", "12345", "2026-03-09"),
        ("2026-03-07", "12345", "2026-03-10"),
        ("2026-03-02", "67", "2026-03-08"),
        ("2026-03-02", "", "2026-03-04"),
    ],
)
def test_working_days_are_those_of_the_colleague(day, work_days, expected):
    found = working_day_after(dt.date.fromisoformat(day), 2, work_days)

    assert found == dt.date.fromisoformat(expected)
