"""When a digest is due: once for every day on a colleague's clock, whatever clocks do."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irm.funnel import digest

PARIS = ZoneInfo("Europe/Paris")
ZONES = sorted(available_timezones() - {"localtime", "Factory", "posixrules"})
EVENTFUL = ("Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza", "America/Nuuk")

zones = st.sampled_from(ZONES) | st.sampled_from(EVENTFUL)


def wall(*parts: int) -> dt.datetime:
    """What a clock on a wall shows."""
    return dt.datetime(*parts)  # noqa: DTZ001  # a wall knows no zone


moments = st.datetimes(wall(2020, 1, 1), wall(2040, 1, 1))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_a_time_that_a_spring_leaves_out_is_the_first_moment_after():
    assert digest.utc_of(wall(2026, 3, 29, 2, 30), PARIS) == utc(2026, 3, 29, 1)


def test_a_time_that_an_autumn_shows_twice_is_the_first_of_them():
    assert digest.utc_of(wall(2026, 10, 25, 2, 30), PARIS) == utc(2026, 10, 25, 0, 30)


def test_half_an_hour_can_be_left_out_too():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert digest.utc_of(wall(2026, 10, 4, 2, 15), lord_howe) == utc(2026, 10, 3, 15, 30)


def test_a_day_that_a_zone_left_out_has_no_digest():
    apia = ZoneInfo("Pacific/Apia")
    following = digest.next_at(8, apia, utc(2011, 12, 29, 19))
    assert following.astimezone(apia).date() == dt.date(2011, 12, 31)


def test_the_next_digest_is_today_before_the_hour_and_tomorrow_from_it_on():
    assert digest.next_at(8, PARIS, utc(2026, 3, 2, 6, 59)) == utc(2026, 3, 2, 7)
    assert digest.next_at(8, PARIS, utc(2026, 3, 2, 7)) == utc(2026, 3, 3, 7)


@settings(max_examples=2000, deadline=None)
@given(zone=zones, local=moments)
def test_every_local_time_has_one_moment(zone, local):
    zone = ZoneInfo(zone)
    moment = digest.utc_of(local, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    if shown == local:
        # The first of two, if there are two.
        assert moment.astimezone(zone).fold == 0
    else:
        # A gap: no clock ever showed it, and a second before it was still earlier.
        assert shown > local
        earlier = (moment - dt.timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert earlier < local


@settings(max_examples=500, deadline=None)
@given(zone=zones, hour=st.integers(0, 23), start=moments, days=st.integers(2, 20))
def test_each_local_day_has_its_digest_once(zone, hour, start, days):
    zone = ZoneInfo(zone)
    at = start.replace(tzinfo=dt.UTC)
    seen = []
    for _ in range(days):
        at = digest.next_at(hour, zone, at)
        seen.append(at.astimezone(zone).date())
    assert len(set(seen)) == len(seen)
    assert (seen[-1] - seen[0]).days == days - 1


@pytest.mark.parametrize("hour", [0, 2, 8, 23])
@pytest.mark.parametrize("zone", EVENTFUL)
def test_a_year_has_as_many_digests_as_days(zone, hour):
    zone = ZoneInfo(zone)
    at = utc(2026, 1, 1, 12)
    count = 0
    while at < utc(2027, 1, 1, 12):
        at = digest.next_at(hour, zone, at)
        count += 1
    assert count in (365, 366)
