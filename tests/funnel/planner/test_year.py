"""A year with too few hours, spent by the planner and in the two ways people spend it otherwise."""

import sys
from collections.abc import Callable

from tests.funnel.planner.year import Way, Year, at_random, live, oldest_first, planned

SEEDS = (1, 2, 3)

WAYS: dict[str, Callable[[], Way]] = {
    "planner": planned,
    "oldest first": lambda: oldest_first,
    "random": lambda: at_random,
}


def test_in_a_year_the_planner_keeps_more_people_within_their_limit(capsys):
    years = {name: [live(way(), seed) for seed in SEEDS] for name, way in WAYS.items()}
    shares = {
        name: (_mean(lived, "within"), _mean(lived, "weighted")) for name, lived in years.items()
    }

    with capsys.disabled():
        say = sys.stdout.write
        say("\nA year, 300 people, 6 hours a week: within the limit, weighted, contacts\n")
        for name, lived in years.items():
            contacts = sum(year.contacts for year in lived) / len(lived)
            say("{:>14}  {:6.1%}  {:6.1%}  {:5.0f}\n".format(name, *shares[name], contacts))

    for other in ("oldest first", "random"):
        assert shares["planner"][0] > 1.1 * shares[other][0]
        assert shares["planner"][1] > 1.4 * shares[other][1]
    assert not any(year.nagged for year in years["planner"])


def _mean(years: list[Year], what: str) -> float:
    days = [share for year in years for share in getattr(year, what)]
    return sum(days) / len(days)
