"""When the days of facts come round, and how long facts hold."""

import datetime as dt
from calendar import isleap

import make
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irm.errors import Refused
from irm.funnel.facts import days
from irm.funnel.facts.days import Age, Day
from irm.models import FactKind

TODAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
LEAP_DAY = Day(2, 29)


@given(TODAYS, st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)))
@example(dt.date(2026, 2, 28), dt.date(2000, 2, 29))
@example(dt.date(2026, 3, 1), dt.date(2000, 2, 29))
@example(dt.date(2026, 12, 31), dt.date(2000, 1, 1))
def test_a_yearly_day_comes_within_a_year_and_never_lies_behind(today, day):
    coming = Day(day.month, day.day).coming(today)

    assert today <= coming <= today + dt.timedelta(days=366)
    if (day.month, day.day) != (2, 29):
        assert (coming.month, coming.day) == (day.month, day.day)
    else:
        assert (coming.month, coming.day) == (2, 29 if isleap(coming.year) else 28)


@given(TODAYS, st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)), st.integers(0, 30))
def test_whoever_congratulates_a_little_early_means_the_day_that_comes(today, day, early):
    yearly = Day(day.month, day.day)
    coming = yearly.coming(today)
    if coming - today <= dt.timedelta(days=early):
        assert yearly.occasion(today) == str(coming.year)


@given(TODAYS, st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)))
def test_each_birthday_has_one_occasion_and_no_two_share_one(start, day):
    """Walking a year on, the occasion never goes back, and changes exactly once."""
    yearly = Day(day.month, day.day)
    told = [int(yearly.occasion(start + dt.timedelta(days=n))) for n in range(0, 367, 3)]

    assert told == sorted(told)
    assert told[-1] - told[0] in (0, 1, 2)
    # A late wish, too, is for the day that was.
    on = yearly.in_year(start.year)
    assert yearly.occasion(on) == yearly.occasion(on + dt.timedelta(days=60)) == str(start.year)


@given(TODAYS, st.integers(0, days.MOST_DAYS), st.integers(0, days.MOST_DAYS))
def test_the_parts_of_a_time_hold_its_days_and_no_others(first, length, offset):
    last = first + dt.timedelta(days=length)
    held = {
        (part.year, part.month, day)
        for part in days.parts(first, last)
        for day in range(part.first, part.last + 1)
        if not ((part.month, day) == (2, 29) and not isleap(part.year))
    }

    assert len(held) == length + 1
    some = first + dt.timedelta(days=offset)
    assert ((some.year, some.month, some.day) in held) == (some <= last)


def test_a_leap_day_is_kept_on_the_28th_of_other_years():
    assert LEAP_DAY.coming(dt.date(2026, 2, 1)) == dt.date(2026, 2, 28)
    assert LEAP_DAY.coming(dt.date(2028, 2, 1)) == dt.date(2028, 2, 29)
    assert LEAP_DAY.coming(dt.date(2027, 3, 1)) == dt.date(2028, 2, 29)
    [part] = days.parts(dt.date(2026, 2, 20), dt.date(2026, 2, 28))
    assert part.last == 29


def test_a_time_in_which_days_come_twice_is_our_mistake():
    with pytest.raises(ValueError, match="too long"):
        list(days.parts(dt.date(2026, 1, 1), dt.date(2027, 1, 1)))


def test_a_day_of_one_year_comes_once():
    once = Day(5, 12, 2026, is_yearly=False)

    assert once.coming(dt.date(2026, 5, 12)) == dt.date(2026, 5, 12)
    assert once.coming(dt.date(2026, 5, 13)) is None
    assert once.occasion(dt.date(2026, 5, 1)) == once.occasion(dt.date(2026, 6, 1)) == "2026-05-12"


TODAY = dt.date(2026, 3, 2)


def check(kind, month=None, day=None, year=None, *, is_yearly=False):
    return days.checked(kind, month, day, year, is_yearly=is_yearly, today=TODAY)


@pytest.mark.parametrize(
    ("given_day", "said"),
    [
        ((2, 30, None), "no such day"),
        ((2, 29, 2026), "no such day"),
        ((13, 1, None), "no such day"),
        ((0, 0, None), "no such day"),
        ((4, None, None), "both the day and the month"),
        ((None, 4, None), "both the day and the month"),
        ((None, None, 1984), "the day and the month"),
        ((None, None, None), "Which day is it"),
        ((5, 4, 1784), "too far away"),
        ((5, 4, 2031), "too far away"),
        ((5, 4, 2027), "born in the future"),
    ],
)
def test_a_birthday_that_cannot_be_is_refused_in_a_sentence(given_day, said):
    with pytest.raises(Refused, match=said):
        check(FactKind.BIRTHDAY, *given_day)


def test_a_birthday_needs_no_year_and_comes_each_year():
    assert check(FactKind.BIRTHDAY, 2, 29) == Day(2, 29, None, is_yearly=True)
    assert check(FactKind.BIRTHDAY, 2, 29, 1984) == Day(2, 29, 1984, is_yearly=True)


def test_a_day_to_remember_is_of_its_year_unless_it_is_yearly():
    assert check(FactKind.MILESTONE, 5, 12, 2026) == Day(5, 12, 2026, is_yearly=False)
    assert check(FactKind.MILESTONE, 5, 12, 2016, is_yearly=True).is_yearly
    assert check(FactKind.MILESTONE, 5, 12).is_yearly
    assert check(FactKind.PASSION) is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(9999, 12, 31)), st.integers(0, 36500))
def test_a_fact_holds_for_its_shelf_life_to_the_day(known_on, shelf):
    fact = make.fact(relationship_id=1, known_on=known_on, shelf_days=shelf)
    until = days.holds_until(fact)

    assert days.age(fact, until) is Age.FRESH
    if until < dt.date.max:
        assert (until - known_on).days == shelf
        assert days.age(fact, until + dt.timedelta(days=1)) is Age.AGEING


def test_a_day_to_remember_holds_until_it_has_come():
    fact = make.fact(
        relationship_id=1,
        kind=FactKind.MILESTONE,
        on_month=5,
        on_day=12,
        on_year=2026,
        is_yearly=False,
    )

    assert days.age(fact, dt.date(2026, 5, 12)) is Age.FRESH
    assert days.age(fact, dt.date(2026, 5, 13)) is Age.AGEING


def test_what_holds_for_good_never_ages_and_what_ended_is_ended():
    birthday = make.fact(
        relationship_id=1, kind=FactKind.BIRTHDAY, on_month=1, on_day=1, is_yearly=True
    )
    assert days.age(birthday, dt.date(2126, 1, 1)) is Age.FRESH

    birthday.ended_at = make.MONDAY
    assert days.age(birthday, TODAY) is Age.ENDED
