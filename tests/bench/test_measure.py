"""The bench judges fairly: what it prints is what it measured."""

import json
from itertools import cycle

import pytest

from bench import measure, report
from bench.lines import Line, Pair
from bench.measure import Result

LINE = Line("board", bar=4, goal=2)


def steady(*seconds):
    """A deed that takes these times in turn."""
    times = cycle(seconds)
    return lambda: next(times)


def test_the_ratio_is_that_of_the_medians():
    found = measure.compare(Pair(LINE, steady(0.003), steady(0.001), times=6), steady(0.001))
    assert found.ratio == pytest.approx(3)
    assert found.ours == pytest.approx(3)
    assert found.other == pytest.approx(1)
    assert found.is_sound
    assert found.is_within


def test_a_line_over_its_bar_is_not_within():
    found = measure.compare(Pair(LINE, steady(0.005), steady(0.001), times=6), steady(0.001))
    assert not found.is_within


def test_rounds_in_which_the_machine_was_busy_do_not_count():
    quiet, busy = [0.001] * 15, [0.002] * 15
    hello = steady(*quiet, *quiet, *busy)
    found = measure.compare(Pair(LINE, steady(0.003), steady(0.001), times=3), hello)
    assert found.is_sound
    assert len(found.samples) == measure.ROUNDS * 3


def test_a_machine_that_is_never_quiet_voids_the_line():
    hello = steady(*(0.001 * 1.5 ** (n // 15) for n in range(15 * measure.TRIES)))
    found = measure.compare(Pair(LINE, steady(0.003), steady(0.001), times=3), hello)
    assert not found.is_sound
    assert not found.is_within
    assert "void" in report.as_table([found])


def test_the_json_has_what_programs_ask_for():
    result = Result(LINE, 1.5, 1.2, 2.0, 3.0, 2.0)
    (row,) = json.loads(report.as_json([result]))
    assert (row["line"], row["ratio"], row["min"], row["max"]) == ("board", 1.5, 1.2, 2.0)
    assert (row["bar"], row["goal"], row["within"]) == (4, 2, True)
