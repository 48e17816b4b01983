"""Routes: the cheapest, as a search of all ways finds them; and what asking somebody costs."""

import datetime as dt
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.models import IntroductionState, Stage
from irm.network import routes, warmth
from irm.network.fatigue import COSTS, HALF_LIFE_DAYS, fatigue, freshness
from irm.network.warmth import Connector

DAY = dt.date(2026, 3, 2)
PEOPLE = range(7)
PAIRS = [(one, other) for one in PEOPLE for other in PEOPLE if one < other]
COST = st.floats(0.01, 10)
LINKS = st.dictionaries(st.sampled_from(PAIRS), COST, max_size=15)
CONNECTORS = st.dictionaries(st.sampled_from(PEOPLE[1:]), st.floats(0, 10), max_size=6)


def neighbours(links):
    """The adjacency of links, the cheapest first."""

    def adjacent(person):
        found = [
            (pair[0] if pair[1] == person else pair[1], cost)
            for pair, cost in links.items()
            if person in pair
        ]
        return sorted(found, key=lambda one: (one[1], one[0]))

    return adjacent


def every_way(links, connectors, steps):
    """The cheapest cost of each connector's ways to 0, of all there are."""
    found = {}
    for connector, asking in connectors.items():
        rest = [one for one in PEOPLE if one not in (0, connector)]
        for between in range(steps):
            for inner in permutations(rest, between):
                way = (connector, *inner, 0)
                pairs = [tuple(sorted(pair)) for pair in pairwise(way)]
                if all(pair in links for pair in pairs):
                    cost = asking + sum(links[pair] for pair in pairs)
                    found[connector] = min(cost, found.get(connector, cost))
    return found


@given(LINKS, CONNECTORS, st.integers(1, 3), st.integers(1, 6))
def test_the_best_routes_are_those_of_a_search_of_all_ways(links, connectors, steps, most):
    expected = every_way(links, connectors, steps)
    found = routes.best(0, neighbours(links), connectors, most, steps)
    assert [one.cost for one in found] == pytest.approx(sorted(expected.values())[:most])
    for one in found:
        assert one.cost == pytest.approx(expected[one.connector])
        pairs = [tuple(sorted(pair)) for pair in pairwise(one.people)]
        walked = connectors[one.connector] + sum(links[pair] for pair in pairs)
        assert walked == pytest.approx(one.cost)
        assert one.people[-1] == 0
        assert len(one.people) <= steps + 1
        assert len(set(one.people)) == len(one.people)
    assert len({one.connector for one in found}) == len(found)


def test_who_is_to_be_reached_is_no_connector():
    assert routes.best(0, neighbours({(0, 1): 1.0}), {0: 0.1}) == []


def test_the_longer_way_of_strong_ties_goes_before_the_short_weak_one():
    links = {(0, 1): 5.0, (0, 2): 1.0, (1, 2): 1.0}
    (found,) = routes.best(0, neighbours(links), {1: 0.0})
    assert found.people == (1, 2, 0)


# Fatigue.

STATES = st.sampled_from([state for state in IntroductionState if COSTS[state]])
AGES = st.integers(0, 2000)


def on(age):
    return DAY - dt.timedelta(days=age)


@given(st.lists(st.tuples(STATES, AGES), max_size=8), STATES, AGES)
def test_each_introduction_asked_tires(asked, state, age):
    before = [(one, on(days)) for one, days in asked]
    assert fatigue([*before, (state, on(age))], DAY) > fatigue(before, DAY)


@given(st.lists(st.tuples(STATES, AGES), min_size=1, max_size=8), st.integers(1, 400))
def test_fatigue_fades_and_freshness_comes_back(asked, days):
    asked = [(state, on(age)) for state, age in asked]
    now, later = (fatigue(asked, DAY + dt.timedelta(days=n)) for n in (0, days))
    assert later < now
    assert freshness(later) > freshness(now)
    half = fatigue(asked, DAY + dt.timedelta(days=HALF_LIFE_DAYS))
    assert half == pytest.approx(now / 2)


def test_fatigue_in_figures():
    assert fatigue([], DAY) == 0
    assert freshness(0) == 1
    assert fatigue([(IntroductionState.PLANNED, None)], DAY) == 1
    assert freshness(1) == 0.5
    assert fatigue([(IntroductionState.DECLINED, DAY)], DAY) == 2
    assert fatigue([(IntroductionState.DROPPED, DAY)], DAY) == 0
    assert fatigue([(IntroductionState.MADE, on(180))], DAY) == 0.25
    assert fatigue([(IntroductionState.ASKED, DAY + dt.timedelta(days=9))], DAY) == 1


# Warmth.


def connector(**given):
    usual = {"stage": Stage.ENGAGED, "earned": Stage.ENGAGED, "gives": 1, "silent": 0}
    usual |= {"fatigue": 0.0, "asked": 0}
    return Connector(1, 2, "Chloé", **{**usual, **given})


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"stage": Stage.AMBASSADOR, "earned": Stage.AMBASSADOR}, {}),
        ({}, {"stage": Stage.INTERESTED}),
        ({}, {"earned": Stage.AWARE}),
        ({}, {"earned": None}),
        ({}, {"gives": 0}),
        ({}, {"silent": 30}),
        ({}, {"fatigue": 0.1}),
    ],
)
def test_whom_we_serve_better_is_readier(better, worse):
    assert 0 < connector(**worse).readiness < connector(**better).readiness < 1
    assert connector(**worse).cost > connector(**better).cost > 0


def test_an_ambassador_need_not_be_given_something_first():
    ambassador = {"stage": Stage.AMBASSADOR, "earned": Stage.AMBASSADOR}
    assert connector(**ambassador, gives=0).readiness == connector(**ambassador).readiness


@given(st.floats(0.001, 1000))
def test_a_step_costs_what_it_is_worth(strength):
    assert warmth.warmth(warmth.step_cost(strength)) == pytest.approx(
        100 * warmth.step_worth(strength)
    )
