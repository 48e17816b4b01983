import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.facts import Account, Counts, Post
from irm.scoring.resonance import (
    DEFAULTS,
    SLOPES,
    Expectation,
    expectation,
    of_account,
    of_person,
    rate,
    usual,
)
from tests.scoring.strategies import DAY, accounts, people

#: A line on which everybody is expected to react at 2 %.
FLAT = {"instagram": Expectation(math.log10(0.02), 0.0, 30)}


def posted(number, likes=20, days=1, **counts):
    return Post(number, DAY - dt.timedelta(days), Counts(likes, **counts))


def instagram(*posts, followers=1000, averages=None):
    return Account(1, "instagram", followers, averages, posts)


def test_comments_count_twice_and_shares_three_times():
    assert rate(Counts(10, 10, 10), "instagram", 1000) == pytest.approx(0.06)


def test_a_video_is_rated_by_its_views():
    assert rate(Counts(10, views=100), "youtube", 1000) == pytest.approx(0.1)
    assert rate(Counts(10), "youtube", 1000) is None
    assert rate(Counts(10, views=0), "youtube", 1000) is None


def test_hidden_likes_are_not_known_rather_than_none():
    assert rate(Counts(comments=3), "instagram", 1000) is None
    assert rate(Counts(comments=3), "blog", 1000) == pytest.approx(0.006)


@pytest.mark.parametrize("followers", [None, 0, -3])
def test_likes_without_followers_have_no_rate(followers):
    assert rate(Counts(10), "instagram", followers) is None
    assert of_account(instagram(posted(1), followers=followers), DAY) is None


def test_the_usual_rate_is_the_median_of_the_last_24_posts():
    old = [posted(number, likes=900, days=100) for number in range(1, 20)]
    new = [posted(number, likes=10 + number % 3, days=5) for number in range(20, 44)]

    found = usual(instagram(*old, *new), DAY)

    assert (found.rate, found.posts, found.source) == (pytest.approx(0.011), 24, "posts")


def test_posts_older_than_180_days_say_nothing_of_today():
    assert usual(instagram(posted(1, days=181)), DAY) is None
    assert usual(instagram(posted(1, days=180)), DAY).posts == 1


def test_a_post_without_a_believable_date_counts_as_180_days_old():
    undated = Post(1, None, Counts(30))
    ahead = Post(2, dt.date(2099, 1, 1), Counts(30))

    assert usual(instagram(undated, ahead), DAY).posts == 2
    newest = [posted(number, likes=10) for number in range(3, 27)]
    assert usual(instagram(undated, ahead, *newest), DAY).rate == pytest.approx(0.01)


def test_averages_of_a_list_serve_until_posts_are_known():
    found = usual(instagram(averages=Counts(likes=40)), DAY)
    assert (found.rate, found.posts, found.source) == (0.04, 5, "averages")

    found = usual(instagram(posted(1), averages=Counts(likes=40)), DAY)
    assert found.source == "posts"


def test_twice_the_expected_rate_is_75_when_many_posts_say_so():
    many = [posted(number, likes=40) for number in range(1, 25)]
    shrunk = 24 / 29

    assert of_account(instagram(*many), DAY, FLAT).score == pytest.approx(50 + 25 * shrunk)


def test_few_posts_are_believed_less():
    assert of_account(instagram(posted(1, likes=40)), DAY, FLAT).score == pytest.approx(50 + 25 / 6)
    listed = instagram(averages=Counts(likes=40))
    assert of_account(listed, DAY, FLAT).score == pytest.approx(62.5)


def test_as_expected_is_50_and_no_reaction_at_all_is_0():
    assert of_account(instagram(posted(1, likes=20)), DAY, FLAT).score == pytest.approx(50)
    assert of_account(instagram(posted(1, likes=0)), DAY, FLAT).score == 0


def test_accounts_are_weighted_by_followers():
    large = dataclasses.replace(instagram(averages=Counts(likes=80)), id=1, followers=3000)
    small = dataclasses.replace(instagram(averages=Counts(likes=0)), id=2, followers=1000)
    silent = dataclasses.replace(instagram(), id=3, followers=10**9)

    scored = [of_account(one, DAY, FLAT) for one in (large, small, silent)]

    assert of_person(scored) == pytest.approx(0.75 * scored[0].score)
    assert of_person([None]) is None


def test_our_own_line_stands_before_the_one_shipped():
    assert expectation("instagram", FLAT) is FLAT["instagram"]
    assert expectation("x", FLAT) is DEFAULTS["x"]
    assert expectation("other").accounts == 0


def test_lines_shipped_keep_to_the_limits_of_those_fitted():
    for line in DEFAULTS.values():
        assert SLOPES[0] <= line.slope <= SLOPES[1]
        assert 0.00001 < line.rate(10_000) < 0.5


@given(people(), st.dates())
def test_resonance_is_unknown_or_between_0_and_100(accounts, day):
    score = of_person(of_account(one, day) for one in accounts)
    assert score is None or 0 <= score <= 100


@given(people(), st.randoms())
def test_the_order_of_accounts_and_posts_never_matters(accounts, random):
    shuffled = [
        dataclasses.replace(one, posts=tuple(random.sample(one.posts, len(one.posts))))
        for one in random.sample(accounts, len(accounts))
    ]
    assert of_person(of_account(one, DAY) for one in shuffled) == of_person(
        of_account(one, DAY) for one in accounts
    )


@given(accounts(), st.data())
def test_more_reactions_never_lower_resonance(account, data):
    before = of_account(account, DAY)
    if not account.posts or before is None:
        return
    place = data.draw(st.integers(0, len(account.posts) - 1))
    post = account.posts[place]
    kind = data.draw(st.sampled_from(["likes", "comments", "shares"]))
    figure = getattr(post.counts, kind)
    if figure is None or figure < 0:
        return
    more = dataclasses.replace(post.counts, **{kind: figure + data.draw(st.integers(1, 10**6))})
    posts = list(account.posts)
    posts[place] = dataclasses.replace(post, counts=more)

    after = of_account(dataclasses.replace(account, posts=tuple(posts)), DAY)

    assert after.score >= before.score
