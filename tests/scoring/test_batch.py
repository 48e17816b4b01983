import dataclasses
import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irm.scoring import batch
from irm.scoring.batch.formulas import fit_line, fits
from irm.scoring.facts import Counts
from irm.scoring.fit import Weights, fit
from irm.scoring.reach import audience, reach
from irm.scoring.relevance import Matcher, relevance
from irm.scoring.resonance import Expectation, of_account, of_person, rate
from tests.scoring.strategies import DAY, accounts, figures, posts, scores, texts, topic_lists

LINES = {"instagram": Expectation(-1.2, -0.3, 40), "youtube": Expectation(-1.5, 0.0, 31)}


def moment(day):
    return None if day is None else dt.datetime.combine(day, dt.time(12), dt.UTC)


def optional(values):
    return [None if math.isnan(value) else value for value in values.tolist()]


@st.composite
def crowds(draw):
    """Draw some people, each with accounts and posts of their own ids."""
    post_ids, account_ids = set(), set()
    one = st.lists(accounts(post_ids, account_ids, most_posts=4), max_size=3)
    return draw(st.lists(one, min_size=1, max_size=5))


def read(crowd):
    account_rows, post_rows = [], []
    for person, owned in enumerate(crowd, start=1):
        for one in owned:
            listed = one.averages
            figures = (
                (None,) * 5
                if listed is None
                else (listed.likes, listed.comments, listed.shares, listed.views, None)
            )
            account_rows.append((person, one.id, one.platform, one.followers, *figures))
            post_rows += [
                (
                    one.id,
                    post.id,
                    moment(post.published_on),
                    *dataclasses.astuple(post.counts),
                )
                for post in one.posts
            ]
    return account_rows, post_rows


@given(crowds(), st.randoms())
@settings(max_examples=200)
def test_many_people_score_as_each_alone(crowd, random):
    account_rows, post_rows = read(crowd)
    random.shuffle(account_rows)
    random.shuffle(post_rows)
    people = list(range(1, len(crowd) + 1))

    found = batch.score_people(batch.block(people, account_rows, post_rows, DAY), 0.5, LINES)

    sizes = [audience(one.followers for one in owned) for owned in crowd]
    assert optional(found.audience) == sizes
    assert optional(found.reach) == [pytest.approx(reach(size), abs=1e-9) for size in sizes]
    assert optional(found.resonance) == [
        pytest.approx(of_person(of_account(one, DAY, LINES) for one in owned), abs=1e-9)
        for owned in crowd
    ]


def test_a_rate_beyond_all_numbers_is_not_known():
    rows = [(1, 1, "youtube", None, 9e6, None, None, 5e-302, None)]
    assert math.isnan(batch.block([1], rows, [], DAY).rate[0])
    assert rate(Counts(9e6, None, None, 5e-302), "youtube", None) is None


@given(figures, figures)
def test_reactions_without_a_split_count_as_likes(followers, engagement):
    rows = [(1, 1, "instagram", followers, None, 7, None, None, engagement)]
    split = [(1, 1, "instagram", followers, engagement, None, None, None, None)]

    unsplit = batch.score_people(batch.block([1], rows, [], DAY), 0.5, {})
    likes = batch.score_people(batch.block([1], split, [], DAY), 0.5, {})

    assert optional(unsplit.resonance) == optional(likes.resonance)


@st.composite
def talks(draw):
    """Draw what some people wrote: posts and a bio each."""
    ids = set()
    one = st.tuples(st.lists(posts(ids), max_size=4), texts)
    return draw(st.lists(one, min_size=1, max_size=4))


@given(talks(), topic_lists(), topic_lists(most=2))
def test_many_people_are_as_relevant_as_each_alone(talk, of_others, topics):
    topics = [dataclasses.replace(topic, id=100 + topic.id) for topic in topics]
    matcher = Matcher([*of_others, *topics])
    people = np.arange(1, len(talk) + 1)
    rows = [
        (person, post.id, post.published_on)
        for person, (told, _) in enumerate(talk, start=1)
        for post in told
    ]
    masks = {
        post.id: matcher.match(post.text or "", post.language) for told, _ in talk for post in told
    }
    heard = batch.Heard(
        {post: mask for post, mask in masks.items() if mask},
        [post for post, mask in masks.items() if mask is None],
    )
    bios = [matcher.match(bio or "") for _, bio in talk]
    said = batch.speech(people, rows, heard, bios, len(matcher.topics), DAY)
    nothing = np.full(len(talk), np.nan)
    places = list(range(len(of_others), len(matcher.topics)))

    found = batch.score_relationships(
        batch.PeopleScores(nothing, nothing, nothing, nothing),
        said,
        places,
        [topic.weight for topic in topics],
        Weights(),
    )

    for place, (told, bio) in enumerate(talk):
        alone = relevance(told, bio, topics, DAY)
        if alone is None:
            assert math.isnan(found.relevance[place])
            assert math.isnan(found.fit[place])
            continue
        assert found.relevance[place] == pytest.approx(alone.score, abs=1e-9)
        for match in alone.topics:
            column = topics.index(match.topic)
            at = len(of_others) + column
            assert found.gives[place, column] == pytest.approx(match.gives, abs=1e-9)
            assert said.posts[place, at] == match.matching
            assert tuple(said.named.get((place, at), ())) == match.posts
            assert said.in_bio[place, at] == match.in_bio


@given(st.lists(st.tuples(scores, scores, scores), min_size=1), st.sampled_from([0, 0.2, 1]))
def test_many_people_fit_as_each_alone(rows, weight):
    weights = Weights(reach=weight)
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]

    found = optional(fits(*columns, weights))

    assert found == [pytest.approx(fit(*row, weights), abs=1e-9) for row in rows]


def planted(slope, intercept, count, noise=0.1, seed=1):
    random = np.random.default_rng(seed)
    x = random.uniform(3, 7, count)
    return 10**x, 10 ** (intercept + slope * x + random.normal(0, noise, count))


def test_a_line_is_found_among_its_accounts():
    line = fit_line(*planted(-0.25, -0.8, 5000))

    assert line.slope == pytest.approx(-0.25, abs=0.01)
    assert line.intercept == pytest.approx(-0.8, abs=0.05)
    assert line.accounts == 5000


def test_a_fifth_of_wild_accounts_does_not_bend_the_line():
    followers, rate = planted(-0.25, -0.8, 1000)
    rate[:100] *= 10_000
    rate[followers > np.quantile(followers, 0.9)] *= 50

    line = fit_line(followers, rate)

    assert line.slope == pytest.approx(-0.25, abs=0.08)
    assert line.rate(10_000) == pytest.approx(10 ** (-0.8 - 1), rel=0.25)


def test_the_slope_is_kept_within_its_limits():
    assert fit_line(*planted(-1.3, 2, 200)).slope == -0.6
    assert fit_line(*planted(0.4, -4, 200)).slope == 0.0


def test_a_line_kept_within_limits_still_runs_through_the_middle():
    followers, rate = planted(-1.3, 2, 200)
    line = fit_line(followers, rate)

    above = sum(r > line.rate(f) for f, r in zip(followers, rate, strict=True))

    assert above == 100


def test_fewer_than_thirty_accounts_make_no_line():
    followers, rate = planted(-0.25, -0.8, 29)

    assert fit_line(followers, rate) is None
    silent = np.r_[followers, [1000.0] * 5], np.r_[rate, [0.0] * 4, np.nan]
    assert fit_line(*silent) is None


def test_accounts_of_one_size_make_a_level_line():
    line = fit_line(np.full(30, 1000.0), np.linspace(0.01, 0.03, 30))

    assert (line.slope, line.rate(1000)) == (0.0, pytest.approx(0.02, rel=0.05))


@given(st.randoms())
@settings(max_examples=10)
def test_the_order_of_accounts_never_moves_the_line(random):
    followers, rate = planted(-0.25, -0.8, 1000)
    order = random.sample(range(1000), 1000)

    assert fit_line(followers[order], rate[order]) == fit_line(followers, rate)
