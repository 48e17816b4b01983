"""Sharing people out, and finding days for introductions."""

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from irm.funnel import sharing
from irm.funnel.sharing import Diary
from irm.models import Stage

MONDAY = dt.date(2026, 3, 2)

weights = st.lists(st.sampled_from([sharing.weight(stage) for stage in Stage]), max_size=80)
crowds = st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True)


@given(weights, crowds)
def test_each_goes_to_somebody_and_no_two_have_much_more_than_each_other(weights, crowd):
    found = sharing.share(weights, dict.fromkeys(crowd, 0.0))

    loads = dict.fromkeys(crowd, 0.0)
    for to, weight in zip(found, weights, strict=True):
        loads[to] += weight
    assert max(loads.values()) - min(loads.values()) <= max(weights, default=0)


@given(weights, crowds, st.integers(0, 80))
def test_whoever_goes_on_after_a_halt_shares_out_as_if_there_had_been_none(weights, crowd, at):
    whole = sharing.share(weights, dict.fromkeys(crowd, 0.0))

    first = sharing.share(weights[:at], dict.fromkeys(crowd, 0.0))
    loads = dict.fromkeys(crowd, 0.0)
    for to, weight in zip(first, weights, strict=False):
        loads[to] += weight
    assert first + sharing.share(weights[at:], loads) == whole


def test_equals_are_served_in_the_order_they_are_named():
    assert sharing.share([1.0, 1.0, 1.0], {7: 0.0, 3: 0.0}) == [7, 3, 7]


minutes = st.dictionaries(
    st.integers(0, 40).map(lambda n: MONDAY + dt.timedelta(days=n)), st.integers(0, 90), max_size=20
)
offs = st.sets(st.integers(0, 40).map(lambda n: MONDAY + dt.timedelta(days=n)), max_size=20)


@given(
    st.integers(0, 600),
    st.sets(st.integers(1, 7), min_size=1),
    offs,
    minutes,
    st.integers(0, 60),
    st.integers(1, 60),
)
def test_no_day_is_flooded_and_no_week_fuller_than_her_hours(
    weekly, work_days, off, taken, people, each
):
    diary = Diary(
        MONDAY,
        minutes=each,
        weekly_minutes=weekly,
        work_days=work_days,
        off=off,
        taken=taken,
    )

    booked = [day for _n in range(people) if (day := diary.book()) is not None]

    assert booked == sorted(booked)
    assert all(day.isoweekday() in work_days and day not in off for day in booked)
    weeks = Counter()
    for day, n in taken.items():
        weeks[day.isocalendar()[:2]] += n
    before = dict(weeks)
    for day in booked:
        weeks[day.isocalendar()[:2]] += each
    assert all(n <= max(weekly, before.get(week, 0)) for week, n in weeks.items())
    for day, n in Counter(booked).items():
        # One has room on a day that is empty, however short the day is.
        assert n * each + taken.get(day, 0) <= max(each, -(-weekly // len(work_days)))


def test_nobody_is_introduced_on_a_day_on_which_they_are_away():
    diary = Diary(MONDAY, minutes=20, weekly_minutes=120, work_days={1, 2, 3, 4, 5})
    tour = [(MONDAY, MONDAY + dt.timedelta(days=8))]

    assert diary.book(tour) == MONDAY + dt.timedelta(days=9)
    assert diary.book() == MONDAY


def test_who_is_away_for_half_a_year_is_not_introduced():
    diary = Diary(MONDAY, minutes=20, weekly_minutes=120, work_days={1, 2, 3, 4, 5})

    assert diary.book([(MONDAY, MONDAY + dt.timedelta(days=400))]) is None
