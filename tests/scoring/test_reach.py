import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.reach import audience, reach
from tests.scoring.strategies import figures


@pytest.mark.parametrize(
    ("size", "score"),
    [(0, 0), (999, 37.5), (9_999, 50), (999_999, 75), (99_999_999, 100), (10**12, 100)],
)
def test_reach_grows_by_powers_of_ten(size, score):
    assert reach(size) == pytest.approx(score)


def test_the_largest_account_counts_in_full_and_the_others_half():
    assert audience([1000, 400, 200]) == 1300


def test_the_organisation_sets_how_much_followers_overlap():
    assert audience([1000, 400], overlap=1) == 1400
    assert audience([1000, 400], overlap=0) == 1000


def test_nobody_is_known_to_have_an_audience_without_a_figure():
    assert audience([]) is None
    assert audience([None, -5]) is None
    assert reach(None) is None


def test_an_account_with_no_followers_is_an_audience_of_nobody():
    assert audience([0, None]) == 0
    assert reach(0) == 0


@given(st.lists(figures))
def test_reach_is_unknown_or_between_0_and_100(followers):
    score = reach(audience(followers))
    assert score is None or 0 <= score <= 100


@given(st.lists(figures, min_size=1), st.randoms())
def test_the_order_of_accounts_never_matters(followers, random):
    shuffled = random.sample(followers, len(followers))
    assert audience(shuffled) == audience(followers)


@given(st.lists(figures), st.integers(0, 10**12))
def test_one_more_account_never_lowers_the_audience(followers, more):
    assert (audience([*followers, more]) or 0) >= (audience(followers) or 0)
