import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.facts import Post
from irm.scoring.growth import (
    MOST_A_DAY,
    YEAR,
    Snapshot,
    crowded,
    frequency,
    growth,
    together,
)
from tests.scoring.strategies import DAY, figures


def seen(days_ago, followers):
    return Snapshot(DAY - dt.timedelta(days=days_ago), followers)


def posted(*days_ago):
    return [Post(n, DAY - dt.timedelta(days=days)) for n, days in enumerate(days_ago)]


snapshots = st.lists(
    st.builds(Snapshot, st.dates(DAY - dt.timedelta(900), DAY + dt.timedelta(9)), figures),
    max_size=30,
)


def test_growth_is_measured_from_the_newest_day_to_the_one_nearest_to_30_days_before():
    found = growth([seen(0, 11_000), seen(20, 10_900), seen(33, 10_000), seen(50, 9_000)], DAY)

    assert (found.was, found.now, found.days) == (10_000, 11_000, 33)
    assert found.followers == pytest.approx(1000 * 30 / 33)
    assert found.percent == pytest.approx(100 * (1.1 ** (30 / 33) - 1))


def test_growth_over_a_year_is_said_as_what_it_makes_in_30_days():
    found = growth([seen(0, 20_000), seen(30, 19_000), seen(365, 10_000)], DAY, YEAR)

    assert (found.days, found.was) == (365, 10_000)
    assert found.percent == pytest.approx(5.86, abs=0.01)


@pytest.mark.parametrize(
    "known",
    [
        [],
        [seen(0, 10_000)],
        [seen(0, 10_000), seen(30, None)],
        [seen(0, 10_000), seen(30, -5)],
        [seen(0, 10_000), seen(14, 9_000)],
        [seen(0, 10_000), seen(61, 9_000)],
    ],
)
def test_growth_is_not_known_without_a_second_day_that_is_far_enough_and_not_too_far(known):
    assert growth(known, DAY) is None


def test_days_half_as_far_apart_or_twice_as_far_serve():
    assert growth([seen(0, 10_000), seen(15, 9_000)], DAY).days == 15
    assert growth([seen(0, 10_000), seen(60, 9_000)], DAY).days == 60


def test_of_two_days_equally_near_the_earlier_one_serves():
    assert growth([seen(0, 10_000), seen(27, 9_000), seen(33, 8_000)], DAY).days == 33


def test_who_began_with_nobody_grew_by_followers_and_by_no_percentage():
    found = growth([seen(0, 600), seen(30, 0)], DAY)

    assert (found.followers, found.percent) == (600, None)


def test_who_lost_everybody_lost_a_hundred_per_cent_and_not_more():
    found = growth([seen(0, 0), seen(15, 400)], DAY)

    assert (found.followers, found.percent) == (-800, -100)


def test_figures_of_a_day_that_is_still_to_come_are_left_out():
    ahead = Snapshot(dt.date(2099, 1, 1), 10**9)

    assert growth([seen(0, 110), seen(30, 100), ahead], DAY).now == 110


def test_a_persons_growth_adds_up_the_accounts_that_are_known_on_two_days():
    large = growth([seen(0, 11_000), seen(30, 10_000)], DAY)
    small = growth([seen(1, 900), seen(31, 1_000)], DAY)

    found = together([large, None, small])

    assert (found.accounts, found.followers) == (2, 900)
    assert found.percent == pytest.approx(100 * 900 / 11_000)
    assert together([None]) is None
    assert together([growth([seen(0, 5), seen(30, 0)], DAY)]).percent is None


def test_posts_a_week_are_those_of_the_last_90_days():
    found = frequency(posted(*range(0, 90, 2), 90, 200), DAY)

    assert (found.posts, found.days) == (45, 90)
    assert found.per_week == pytest.approx(3.5)


def test_posts_that_are_known_for_a_shorter_time_are_counted_over_that_time():
    assert frequency(posted(*range(40)), DAY).days == 40
    assert frequency(posted(*range(40)), DAY).per_week == 7
    assert frequency(posted(3), DAY).per_week == 0.25


@pytest.mark.parametrize("posts", [[], posted(91), [Post(1)], [Post(1, dt.date(2099, 1, 1))]])
def test_how_often_somebody_publishes_is_not_known_without_a_post_of_late(posts):
    assert frequency(posts, DAY) is None


def test_a_day_of_10_000_posts_is_left_out_of_posts_a_week():
    posts = posted(*[5] * 10_000, *range(0, 90, 10), 89)

    found = frequency(posts, DAY)

    assert (found.posts, found.days) == (10, 89)
    assert crowded(posts, DAY) == {DAY - dt.timedelta(days=5): 10_000}
    assert frequency(posted(*[5] * 10_000), DAY) is None
    assert not crowded(posted(*[5] * MOST_A_DAY), DAY)


@given(snapshots, st.sampled_from([30, 365]))
def test_growth_is_unknown_or_finite_and_never_below_minus_100_per_cent(known, over):
    found = growth(known, DAY, over)
    if found is not None:
        assert over / 2 <= found.days <= over * 2
        assert math.isfinite(found.followers)
        assert found.percent is None or -100 <= found.percent < math.inf
        assert (found.percent is None) == (found.was == 0)


@given(snapshots, st.sampled_from([30, 365]), st.randoms())
def test_the_order_of_days_never_matters(known, over, random):
    assert growth(random.sample(known, len(known)), DAY, over) == growth(known, DAY, over)


@given(snapshots, st.integers(2, 1000))
def test_ten_times_the_followers_grow_by_the_same_percentage(known, times):
    larger = [
        one if one.followers is None else dataclasses.replace(one, followers=one.followers * times)
        for one in known
    ]
    small, large = growth(known, DAY), growth(larger, DAY)
    assert (small is None) == (large is None)
    if small is not None:
        assert large.followers == pytest.approx(small.followers * times)
        assert large.percent == pytest.approx(small.percent)


@given(st.lists(snapshots, max_size=5), st.randoms())
def test_a_persons_growth_does_not_depend_on_the_order_of_accounts(accounts, random):
    grown = [growth(one, DAY) for one in accounts]
    found = together(grown)
    assert together(random.sample(grown, len(grown))) == found
    if found is not None:
        assert math.isfinite(found.followers)
        percents = [one.percent for one in grown if one and one.percent is not None]
        if found.percent is not None:
            slack = 1e-9 * (1 + max(map(abs, percents)))
            assert min(percents) - slack <= found.percent <= max(percents) + slack


dates = st.none() | st.dates(DAY - dt.timedelta(200), DAY + dt.timedelta(5))


@given(st.lists(dates, max_size=300), st.randoms())
def test_posts_a_week_are_unknown_or_finite_in_any_order(dated, random):
    posts = [Post(n, on) for n, on in enumerate(dated)]
    found = frequency(posts, DAY)
    assert frequency(random.sample(posts, len(posts)), DAY) == found
    if found is not None:
        assert 0 < found.per_week <= 7 * MOST_A_DAY * 90
        assert 0 < found.posts <= len(posts)
