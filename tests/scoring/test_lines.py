"""The usual rate of a platform: fitted on many accounts, not bent by the loudest of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from irm.jobs.scoring.world import keep_lines
from irm.models import Setting
from irm.scoring import rules
from irm.scoring.batch.accounts import CLOUD, block, cloud, fit_lines
from irm.scoring.batch.formulas import fit_line
from irm.scoring.resonance import Expectation
from tests.scoring.strategies import DAY

SLOPE, INTERCEPT = -0.25, -0.8

#: Where nearly everybody stands; who is larger is known to all without a score.
SIZES = (1_000, 10_000, 100_000)


def planted(seed, count=1000):
    random = np.random.default_rng(seed)
    x = random.uniform(3, 7, count)
    return 10**x, 10 ** (INTERCEPT + SLOPE * x + random.normal(0, 0.1, count))


def least_squares(followers, rate):
    slope, intercept = np.polyfit(np.log10(followers), np.log10(rate), 1)
    return Expectation(float(intercept), float(slope))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("share", "most"), [(0.1, 1.15), (0.25, 1.6)])
@pytest.mark.parametrize("wild", [1000, 1 / 1000])
def test_the_celebrities_tail_hardly_moves_what_is_usual_for_the_others(seed, share, most, wild):
    followers, rate = planted(seed)
    before = fit_line(followers, rate)
    celebrities = followers > np.quantile(followers, 1 - share)
    rate[celebrities] *= wild

    after, plain = fit_line(followers, rate), least_squares(followers, rate)

    for size in SIZES:
        assert 1 / most < after.rate(size) / before.rate(size) < most
    # An ordinary fit of the same accounts is no use to anybody.
    assert max(abs(np.log10(plain.rate(size) / before.rate(size))) for size in SIZES) > 0.5


@pytest.mark.parametrize("seed", range(3))
def test_a_quarter_of_wild_accounts_of_every_kind_hardly_moves_what_is_usual(seed):
    followers, rate = planted(seed)
    before = fit_line(followers, rate)
    random = np.random.default_rng(seed)
    largest = followers > np.quantile(followers, 0.75)
    rate[largest] *= 10 ** random.uniform(-3, 3, int(largest.sum()))

    after = fit_line(followers, rate)

    for size in (*SIZES, 1_000_000):
        assert after.rate(size) == pytest.approx(before.rate(size), rel=0.1)


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 10)), max_size=60), st.randoms())
def test_a_cloud_is_the_same_in_whatever_order_its_accounts_come(accounts, random):
    shuffled = random.sample(accounts, len(accounts))
    one, other = (
        cloud(*np.array(some, dtype=float).reshape(-1, 2).T, most=20)
        for some in (accounts, shuffled)
    )

    assert one == other
    assert len(one) == min(20, sum(f > 0 and r > 0 for f, r in accounts))


def test_a_cloud_shows_the_smallest_and_the_largest_and_evenly_between():
    followers, rate = planted(1, count=5000)

    sizes = [x for x, _y in cloud(followers, rate)]

    assert len(sizes) == CLOUD
    assert sizes == sorted(sizes)
    assert sizes[0] == pytest.approx(np.log10(followers.min()), abs=0.01)
    assert sizes[-1] == pytest.approx(np.log10(followers.max()), abs=0.01)
    assert sizes[CLOUD // 2] == pytest.approx(np.median(np.log10(followers)), abs=0.02)


def test_a_fitted_line_brings_its_cloud_and_few_accounts_bring_neither():
    accounts = [(1, n, "x", 1000 * n, 20 * n, None, None, None, None) for n in range(1, 41)]
    few = [(1, n, "blog", 1000, 20, None, None, None, None) for n in range(41, 60)]

    lines = fit_lines([block([1], accounts + few, [], DAY)])

    assert set(lines) == {"x"}
    assert len(lines["x"].cloud) == 40
    assert fit_lines([]) == {}


def test_clouds_are_kept_beside_the_lines_and_forgotten_with_them(session):
    line = Expectation(-0.5, -0.25, 31, ((3.25, -1.5), (4.0, -1.75)))
    keep_lines(session, {"x": line})
    session.commit()

    # What scores depend on is read without them.
    assert session.scalars(select(Setting.name)).all() != []
    assert [one.name for one in session.scalars(rules.settings())] == ["expectation:x"]
    stored = session.scalars(rules.clouds()).one()
    assert rules.cloud(stored.value) == list(line.cloud)
    assert rules.rules(session).expectations == {"x": line}

    keep_lines(session, {})
    session.commit()
    assert session.scalars(select(Setting)).all() == []


def test_a_cloud_that_is_not_sound_is_read_as_far_as_it_is():
    nan = float("nan")
    points = [[1, 2], [1], "x", [nan, 1], [3, "y"], [2.5, -1.0, 3], None, [4.0, -2.0]]

    assert rules.cloud({"points": points}) == [(1.0, 2.0), (4.0, -2.0)]
    assert rules.cloud(None) == rules.cloud({"points": "many"}) == rules.cloud([]) == []
