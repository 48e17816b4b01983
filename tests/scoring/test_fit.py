import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.fit import Weights, fit
from tests.scoring.strategies import scores


def test_three_equal_scores_fit_as_well_as_each():
    assert fit(64, 64, 64) == pytest.approx(64)


def test_the_mean_is_geometric_and_weighted():
    assert fit(100, 25, 25) == pytest.approx(100**0.2 * 25**0.8)


def test_what_is_not_known_is_left_out_of_the_mean():
    assert fit(None, 80, None) == pytest.approx(80)
    assert fit(50, None, 50) == pytest.approx(50)
    assert fit(None, None, None) is None


def test_a_zero_counts_as_one():
    assert fit(None, 0, None) == 1
    assert fit(None, 0, 100) == pytest.approx(10)


def test_a_score_without_a_weight_is_left_out():
    assert fit(10, 90, None, Weights(reach=0, resonance=1, relevance=1)) == pytest.approx(90)
    assert fit(10, None, None, Weights(reach=0, resonance=1, relevance=1)) is None


@given(scores, scores, scores)
def test_fit_stands_between_the_least_and_the_most_of_its_parts(reach, resonance, relevance):
    together = fit(reach, resonance, relevance)
    known = [max(1.0, score) for score in (reach, resonance, relevance) if score is not None]
    if together is None:
        assert not known
    else:
        assert min(known) - 1e-9 <= together <= max(known) + 1e-9


@given(scores, scores, st.floats(0, 100), st.floats(0, 100))
def test_a_better_part_never_lowers_the_fit(reach, resonance, one, other):
    worse, better = sorted((one, other))
    assert fit(reach, resonance, worse) <= fit(reach, resonance, better) + 1e-9
