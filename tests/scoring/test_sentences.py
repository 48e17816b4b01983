import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.models import Archetype, Tier
from irm.scoring import reasons
from irm.scoring.reach import audience
from irm.scoring.relevance import relevance
from irm.scoring.resonance import Expectation, Usual, of_account
from irm.scoring.sentences import sentence
from irm.scoring.tiers import Thresholds, tier
from tests.scoring.strategies import DAY, figures, people, scores, texts, topic_lists


def rate(platform, usual, expected, accounts):
    return reasons.of_rate(7, platform, 1000, usual, expected, Expectation(-1, -0.2, accounts))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (reasons.of_reach(1200, [(7, "x", 1200)]), "1,200 followers on one account."),
        (
            reasons.of_reach(1300, [(7, "x", 1000), (8, "x", 400), (9, "x", 200)]),
            (
                "An audience of 1,300: the largest account has 1,000 followers, the others count "
                "at 50% because followers overlap."
            ),
        ),
        (reasons.of_reach(None, ()), "No account with a known number of followers."),
        (
            [rate("youtube", Usual(0.04567, 24, "posts", 3), 0.02, 999)],
            (
                "YouTube: people react at 4.57%, where 2% is usual for this size. It rests on "
                "the last 24 posts. The usual rate comes from 999 accounts of yours."
            ),
        ),
        (
            [rate("x", Usual(0.001, 5, "averages"), 0.002, 0)],
            (
                "X: people react at 0.1%, where 0.2% is usual for this size. It rests on the "
                "averages of a list. The usual rate is irm’s own estimate."
            ),
        ),
        (
            [reasons.of_topic(3, "100 % bio", 0.5, 1, [9], in_bio=True)],
            "“100 % bio” appears in the bio and in one post: 50 points.",
        ),
        (
            [reasons.of_topic(3, "Food", 0.5, 4, [9], in_bio=False)],
            "“Food” appears in 4 posts: 50 points.",
        ),
        (reasons.of_topics([], {}, 2), "The brand has no topics yet."),
        (
            reasons.of_topics([], {"3": 1}, 2),
            "2 texts were read, and none speaks of the brand’s topics.",
        ),
        (
            reasons.of_topics(
                [reasons.of_topic(3, "Food", 0.5, 4, [9], in_bio=False)], {"3": 1}, 2
            )[1:],
            "2 texts were read for the brand’s topics.",
        ),
        (reasons.of_fit(75, None, 40), "Made of reach 75, relevance 40."),
        (
            reasons.of_tier(Tier.MACRO, 12_000, Archetype.JOURNALIST, Thresholds()),
            (
                "Journalist: recognised beyond the accounts, with an audience of 12,000 (10,000 or "
                "more)."
            ),
        ),
        (
            reasons.of_tier(Tier.MICRO, 500, None, Thresholds()),
            "An audience of 500 is below 10,000.",
        ),
        (
            reasons.of_tier(Tier.MACRO, 300_000, Archetype.JOURNALIST, Thresholds()),
            "An audience of 300,000 reaches 250,000.",
        ),
        (reasons.of_choice(3, "On TV"), "A colleague chose it: On TV"),
    ],
)
def test_a_reason_reads_as_a_sentence(reason, expected):
    assert sentence(reason[0]) == expected


def test_numbers_are_written_as_the_reader_writes_them():
    reason = reasons.of_reach(1200, [(7, "x", 1200)])[0]
    assert sentence(reason, number=lambda n: f"<{n}>") == "<1200> followers on one account."


def test_a_code_of_another_version_says_nothing():
    assert sentence({"code": "from the future"}) == ""


@given(people(), texts, topic_lists(), scores, st.sampled_from([None, *Archetype]), figures)
def test_every_reason_can_be_stored_and_shown(owned, bio, topics, score, archetype, size):
    told = [post for one in owned for post in one.posts]
    found = relevance(told, bio, topics, DAY)
    size = audience([size])
    named = tier(size, archetype)
    given = [
        *reasons.of_reach(size, [] if size is None else [(7, "x", size)]),
        *reasons.of_resonance([of_account(one, DAY) for one in owned]),
        *reasons.of_relevance(found, topics),
        *reasons.of_fit(score, None, found.score if found else None),
        *reasons.of_tier(named, size, archetype, Thresholds()),
    ]
    for reason in given:
        stored = json.loads(json.dumps(reason, allow_nan=False))
        assert sentence(stored)
        assert stored == reason
