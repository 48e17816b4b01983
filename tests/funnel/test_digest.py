"""When a digest is due: once for every day on a colleague's clock, whatever clocks do."""

import datetime as dt
import os
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irm.funnel import timing

PARIS = ZoneInfo("Europe/Paris")
ZONES = sorted(available_timezones() - {"localtime", "Factory", "posixrules"})
EVENTFUL = ("Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza", "America/Nuuk")

#: How many cases are generated: IRM_TIME_CASES=20000 is the full proof.
CASES = int(os.environ.get("IRM_TIME_CASES", "1000"))

zones = st.sampled_from(ZONES) | st.sampled_from(EVENTFUL)


def wall(*parts: int) -> dt.datetime:
    """What a clock on a wall shows."""
    return dt.datetime(*parts)  # noqa: DTZ001  # a wall knows no zone


moments = st.datetimes(wall(2020, 1, 1), wall(2040, 1, 1))
dates = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_a_time_that_a_spring_leaves_out_is_the_first_moment_after():
    assert timing.utc_of(wall(2026, 3, 29, 2, 30), PARIS) == utc(2026, 3, 29, 1)


def test_a_time_that_an_autumn_shows_twice_is_the_first_of_them():
    assert timing.utc_of(wall(2026, 10, 25, 2, 30), PARIS) == utc(2026, 10, 25, 0, 30)


def test_half_an_hour_can_be_left_out_too():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert timing.utc_of(wall(2026, 10, 4, 2, 15), lord_howe) == utc(2026, 10, 3, 15, 30)


def test_a_day_that_a_zone_left_out_has_no_digest():
    apia = ZoneInfo("Pacific/Apia")
    following = timing.next_at(8, apia, utc(2011, 12, 29, 19))
    assert following.astimezone(apia).date() == dt.date(2011, 12, 31)


def test_the_next_digest_is_today_before_the_hour_and_tomorrow_from_it_on():
    assert timing.next_at(8, PARIS, utc(2026, 3, 2, 6, 59)) == utc(2026, 3, 2, 7)
    assert timing.next_at(8, PARIS, utc(2026, 3, 2, 7)) == utc(2026, 3, 3, 7)


@settings(max_examples=2000, deadline=None)
@given(zone=zones, local=moments)
def test_every_local_time_has_one_moment(zone, local):
    zone = ZoneInfo(zone)
    moment = timing.utc_of(local, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    if shown == local:
        # The first of two, if there are two.
        assert moment.astimezone(zone).fold == 0
    else:
        # A gap: no clock ever showed it, and a second before it was still earlier.
        assert shown > local
        earlier = (moment - dt.timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert earlier < local


def minute_by_minute(wanted, zone):
    """The first minute at which the clocks of a zone show a time, or first show a later one.

    The oracle: it knows of zoneinfo only how a moment is shown.
    """
    start = wanted.replace(tzinfo=dt.UTC) - dt.timedelta(hours=26)
    shown_before = None
    for minute in range(52 * 60):
        moment = start + dt.timedelta(minutes=minute)
        shown = moment.astimezone(zone).replace(tzinfo=None)
        if shown == wanted or (shown_before is not None and shown_before < wanted < shown):
            return moment
        shown_before = shown
    raise AssertionError(f"{wanted} never comes in {zone}")


def by_round_trip(wanted, zone):
    """The first moment that is shown as this; where none is, minute by minute."""
    moments = [wanted.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
    shown = [one for one in moments if one.astimezone(zone).replace(tzinfo=None) == wanted]
    return min(shown) if shown else minute_by_minute(wanted, zone)


@settings(max_examples=CASES, deadline=None)
@given(
    zone=zones, hour=st.integers(0, 23), start=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
)
def test_each_local_occurrence_comes_once_and_none_is_missing(zone, hour, start):
    zone = ZoneInfo(zone)
    days = [start + dt.timedelta(days=shift) for shift in range(4)]
    wanted = [by_round_trip(dt.datetime.combine(day, dt.time(hour)), zone) for day in days]

    at, came = wanted[0] - dt.timedelta(seconds=1), []
    while at < wanted[-1]:
        at = timing.next_at(hour, zone, at)
        came.append(at)

    assert came == wanted
    assert [timing.day_of(one, hour, zone) for one in came] == days


@settings(max_examples=CASES // 10, deadline=None)
@given(zone=zones, at=moments)
def test_a_week_has_one_review_and_it_is_on_its_monday(zone, at):
    zone, at = ZoneInfo(zone), at.replace(tzinfo=dt.UTC)
    first = timing.next_week_at(8, zone, at)
    second = timing.next_week_at(8, zone, first)

    days = [timing.day_of(one, 8, zone) for one in (first, second)]
    assert [day.isoweekday() for day in days] == [1, 1]
    assert (days[1] - days[0]).days == 7
    assert first - at <= dt.timedelta(days=7, hours=2)


@pytest.mark.parametrize(
    ("zone", "wanted", "moment"),
    [
        ("Europe/Paris", wall(2026, 3, 29, 2, 30), utc(2026, 3, 29, 1)),
        ("Europe/Paris", wall(2026, 10, 25, 2, 30), utc(2026, 10, 25, 0, 30)),
        # Half an hour is left out, and half an hour comes twice.
        ("Australia/Lord_Howe", wall(2026, 10, 4, 2), utc(2026, 10, 3, 15, 30)),
        ("Australia/Lord_Howe", wall(2026, 4, 5, 1, 45), utc(2026, 4, 4, 14, 45)),
        # Clocks go back for Ramadan, and forward after it.
        ("Africa/Casablanca", wall(2026, 2, 15, 2, 30), utc(2026, 2, 15, 1, 30)),
        ("Africa/Casablanca", wall(2026, 3, 22, 2, 30), utc(2026, 3, 22, 2)),
        ("Asia/Gaza", wall(2026, 3, 28, 2, 30), utc(2026, 3, 28, 0)),
        ("Asia/Gaza", wall(2026, 10, 24, 1, 30), utc(2026, 10, 23, 22, 30)),
        # The last hour of a day is left out: it comes at midnight.
        ("America/Nuuk", wall(2026, 3, 28, 23), utc(2026, 3, 29, 1)),
    ],
)
def test_places_where_clocks_do_odd_things(zone, wanted, moment):
    zone = ZoneInfo(zone)
    assert timing.utc_of(wanted, zone) == moment
    assert by_round_trip(wanted, zone) == moment


def test_an_hour_that_is_pushed_over_midnight_belongs_to_the_day_it_was_wanted_on():
    nuuk = ZoneInfo("America/Nuuk")
    came, at = [], utc(2026, 3, 27, 12)
    for _ in range(4):
        at = timing.next_at(23, nuuk, at)
        came.append(timing.day_of(at, 23, nuuk))
    assert came == [dt.date(2026, 3, day) for day in (27, 28, 29, 30)]


def test_what_was_planned_by_other_rules_gets_the_hour_it_stood_for():
    planned_for_eight = utc(2026, 7, 1, 7)  # Paris without summer time
    assert timing.nearest(planned_for_eight, 8, PARIS) == utc(2026, 7, 1, 6)
    assert timing.nearest(utc(2026, 7, 1, 6), 8, PARIS) == utc(2026, 7, 1, 6)


@pytest.mark.parametrize("hour", [0, 2, 8, 23])
@pytest.mark.parametrize("zone", EVENTFUL)
def test_a_year_has_as_many_digests_as_days(zone, hour):
    zone = ZoneInfo(zone)
    at, came = timing.occurrence(dt.date(2025, 12, 31), hour, zone), []
    for _ in range(365):
        at = timing.next_at(hour, zone, at)
        came.append(timing.day_of(at, hour, zone))
    assert came == [dt.date(2026, 1, 1) + dt.timedelta(days=shift) for shift in range(365)]
