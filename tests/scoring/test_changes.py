"""What moved a score: every cause by its name, and no difference without one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring import reasons
from irm.scoring.change_sentences import sentence
from irm.scoring.changes import causes
from irm.scoring.facts import Topic
from irm.scoring.fit import Weights
from irm.scoring.reach import audience
from irm.scoring.relevance import relevance
from irm.scoring.resonance import Expectation, Usual, of_account
from tests.scoring.strategies import DAY, people, scores, texts, topic_lists

OLD = Expectation(-1.0, -0.2, 40)
NEW = Expectation(-1.1, -0.2, 44)
POSTS = Usual(0.04, 6, "posts", 31)


def reach(*sizes, overlap=0.5):
    size = audience([followers for _, _, followers in sizes], overlap)
    return reasons.of_reach(size, sizes, overlap)


def rate(account=1, platform="instagram", followers=1000, usual=POSTS, line=OLD):
    expected = line.rate(followers)
    return reasons.of_rate(account, platform, followers, usual, expected, line)


def told(topic, name="Food", gives=0.4, matching=4, posts=(9, 8, 7), bio=False):
    return reasons.of_topic(topic, name, gives, matching, posts, bio)


def read(*found, topics=None, texts=20):
    prints = {str(one["topic"]): 1 for one in found} if topics is None else topics
    return reasons.of_topics(found, prints or {"99": 1}, texts)


def older(given):
    """The reasons as they were written before irm kept what only comparing needs."""
    extra = {"sizes", "formula", "newest", "followers", "intercept", "slope", "weights"}
    return [
        {key: value for key, value in one.items() if key not in extra}
        for one in given
        if one["code"] != "relevance.read"
    ]


FORMULA_2 = "irm has a new formula for it: version 2."
SIX = [told(n, f"topic {n}", gives=0.1 * n) for n in range(1, 7)]

CASES = {
    "followers changed": (
        reach((1, "instagram", 1000)),
        reach((1, "instagram", 1500)),
        ["Instagram: the followers went from 1,000 to 1,500."],
    ),
    "an account was added": (
        reach((1, "instagram", 1000)),
        reach((1, "instagram", 1000), (2, "x", 400)),
        [
            (
                "X counts now, with 400 followers: the account was added, or its followers were "
                "not known."
            )
        ],
    ),
    "an account is gone": (
        reach((1, "instagram", 1000), (2, "x", 400)),
        reach((1, "instagram", 1000)),
        ["X no longer counts; it had 400 followers."],
    ),
    "the overlap was set": (
        reach((1, "instagram", 1000), (2, "x", 400)),
        reach((1, "instagram", 1000), (2, "x", 400), overlap=0.4),
        ["Smaller accounts count at 40% now, at 50% before: a setting was changed."],
    ),
    "an audience of an older record": (
        older(reach((1, "instagram", 1000))),
        reach((1, "instagram", 1500)),
        ["The audience went from 1,000 to 1,500."],
    ),
    "accounts of an older record": (
        older(reach((1, "instagram", 1000), (2, "x", 400))),
        reach((1, "instagram", 1000)),
        ["1 account counts now; before it was 2."],
    ),
    "nobody knew": (
        reasons.of_reach(None, ()),
        reach((1, "instagram", 1000)),
        ["It was not known before. No account with a known number of followers."],
    ),
    "nobody knows": (
        [rate()],
        reasons.of_rates(()),
        [
            (
                "It is not known any more. No reactions are known: no post of the last 180 days "
                "with its counts, and no averages."
            )
        ],
    ),
    "new posts": (
        [rate()],
        [rate(usual=Usual(0.05, 6, "posts", 33))],
        ["Instagram: with other newest posts people react at 5%, at 4% before."],
    ),
    "more posts count": (
        [rate()],
        [rate(usual=Usual(0.04, 7, "posts", 31))],
        ["Instagram: 7 posts count now; before it was 6."],
    ),
    "the same posts do better": (
        [rate()],
        [rate(usual=Usual(0.05, 6, "posts", 31))],
        ["Instagram: people react at 5% now, at 4% before."],
    ),
    "posts instead of averages": (
        [rate(usual=Usual(0.03, 5, "averages"))],
        [rate()],
        [
            (
                "Instagram: the rate comes from posts now, from the averages of a list before: 4% "
                "instead of 3%."
            )
        ],
    ),
    "averages instead of posts": (
        [rate()],
        [rate(usual=Usual(0.03, 5, "averages"))],
        [
            (
                "Instagram: the rate comes from the averages of a list now, from posts before: 3% "
                "instead of 4%."
            )
        ],
    ),
    "a line fitted anew": (
        [rate()],
        [rate(line=NEW)],
        [
            (
                "Instagram: the usual rate was fitted anew on 44 accounts; for this size it is 2% "
                "now, 2.51% before."
            )
        ],
    ),
    "a line of our own again": (
        [rate()],
        [rate(line=Expectation(-1.1, -0.2))],
        ["Instagram: 2% is usual for this size now, 2.51% before; it is irm’s own estimate again."],
    ),
    "followers changed on the same line": (
        [rate()],
        [rate(followers=2000)],
        ["Instagram: the followers went from 1,000 to 2,000."],
    ),
    "an account is rated": (
        [rate()],
        [rate(), rate(2, "x")],
        ["X counts now: the account was added, or nothing was known of how people react."],
    ),
    "an account is no longer rated": (
        [rate(), rate(2, "x")],
        [rate()],
        [
            (
                "X no longer counts: the account is gone, or nothing recent is known of how people "
                "react."
            )
        ],
    ),
    "another account is among the largest": (
        [rate(), rate(2, "x"), rate(3, "tiktok")],
        [rate(), rate(2, "x"), rate(4, "youtube")],
        [
            "TikTok is no longer among the three largest accounts.",
            "YouTube is among the three largest accounts now.",
        ],
    ),
    "new posts speak of a topic": (
        read(told(3)),
        read(told(3, gives=0.5, matching=5, posts=(12, 9, 8)), texts=21),
        [
            "“Food” appears in 5 posts now; before it was 4.",
            "21 texts were read; before it was 20.",
        ],
    ),
    "other posts speak of a topic": (
        read(told(3)),
        read(told(3, posts=(12, 9, 8))),
        ["Other posts than before speak of “Food”."],
    ),
    "the bio speaks of a topic": (
        read(told(3)),
        read(told(3, bio=True)),
        ["“Food” appears in the bio now."],
    ),
    "the bio no longer speaks of a topic": (
        read(told(3, bio=True)),
        read(told(3)),
        ["“Food” no longer appears in the bio."],
    ),
    "a topic is first spoken of": (
        read(topics={"3": 1}),
        read(told(3)),
        ["“Food” appears in 4 posts now; before it was 0."],
    ),
    "a topic was added": (
        read(told(3)),
        read(told(3), told(4, "Travel")),
        ["“Travel” is a new topic."],
    ),
    "a topic was removed": (
        read(told(3), told(4, "Travel")),
        read(told(3)),
        ["“Travel” is no longer a topic of the brand."],
    ),
    "a topic was edited": (
        read(told(3), topics={"3": 1}),
        read(told(3, gives=0.6), topics={"3": 0}),
        ["The keywords or the weight of the topic “Food” were changed."],
    ),
    "a topic was renamed": (
        read(told(3)),
        read(told(3, "Cooking")),
        ["The topic “Food” is called “Cooking” now."],
    ),
    "a topic nobody speaks of was added": (
        read(told(3), topics={"3": 1}),
        read(told(3), topics={"3": 1, "4": 1}),
        ["Other topics of the brand were added, changed or removed."],
    ),
    "a topic fades": (
        read(told(3)),
        read(told(3, gives=0.3), texts=30),
        [
            ("“Food” gives 30 points now, 40 before: its share of all that was said changed."),
            "30 texts were read; before it was 20.",
        ],
    ),
    "another topic is among the strongest": (
        read(*SIX, topics={"1": 1, "2": 1}),
        read(*SIX[2:], told(1, "topic 1", gives=0.9), topics={"1": 1, "2": 1}),
        [
            "“topic 1” is among the five strongest topics now.",
            "“topic 2” is no longer among the five strongest topics.",
        ],
    ),
    "topics of an older record": (
        older(read(told(3))),
        read(told(4, "Travel")),
        [FORMULA_2, "“Food” no longer counts.", "“Travel” counts now."],
    ),
    "the scores of a fit": (
        reasons.of_fit(50, 40, None),
        reasons.of_fit(50, None, 30),
        ["Resonance is no longer known.", "Relevance is known now: 30."],
    ),
    "one score of a fit": (
        reasons.of_fit(50, 40, 30),
        reasons.of_fit(50, 41.5, 30),
        ["Resonance went from 40 to 41.5."],
    ),
    "the weights of a fit": (
        reasons.of_fit(50, 40, 30),
        reasons.of_fit(50, 40, 30, Weights(reach=0.5)),
        ["The brand’s weights of the fit were changed."],
    ),
    "an older record of the same": (
        older([rate()]),
        [rate()],
        ["It moved by less than irm keeps the reasons of."],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_moved_a_score_reads_as_a_sentence(case):
    before, after, expected = CASES[case]

    assert [sentence(cause) for cause in causes(before, after)] == expected


def test_a_new_formula_is_a_cause_by_itself():
    newer = [one | {"formula": 2} for one in reach((1, "x", 5))]

    assert causes(older(reach((1, "x", 5))), newer) == [{"code": "formula", "was": 1, "now": 2}]


def test_new_posts_are_named_for_a_page_to_link_to():
    [cause] = causes([rate()], [rate(usual=Usual(0.05, 6, "posts", 33))])
    assert (cause["account"], cause["since"], cause["posts"]) == (1, 31, [33])

    [cause] = causes(read(told(3)), read(told(3, posts=(12, 9, 8))))
    assert cause["posts"] == [12]


def test_of_very_many_accounts_the_audience_is_told():
    many = [(n, "x", 1000 - n) for n in range(1, 10)]

    found = causes(reach(*many), reach(*many[1:], (10, "x", 5)))

    assert [cause["code"] for cause in found] == ["audience"]


def test_the_keywords_and_the_weight_of_a_topic_leave_their_print():
    food = Topic(3, "Food", ("bread", "tart"), 0.5)
    same = Topic(3, "Cooking", ("tart", "bread"), 0.5)

    assert reasons.prints([food]) == reasons.prints([same])
    for other in (Topic(3, "Food", ("bread",), 0.5), Topic(3, "Food", ("bread", "tart"), 0.6)):
        assert reasons.prints([food]) != reasons.prints([other])


LINES = st.builds(
    Expectation,
    st.sampled_from([-1.0, -1.2]),
    st.sampled_from([0.0, -0.3]),
    st.sampled_from([0, 9]),
)


@st.composite
def of_scores(draw):
    """Draw the reasons of one score: of what was found, with or without what is kept since."""
    owned = draw(people())
    topics = draw(topic_lists(most=7))
    line = draw(LINES)
    sizes = [(one.id, one.platform, one.followers) for one in owned if (one.followers or -1) >= 0]
    size = audience([followers for _, _, followers in sizes], draw(st.sampled_from([0.5, 0.4])))
    said = [post for one in owned for post in one.posts]
    found = draw(
        st.sampled_from(
            [
                reasons.of_reach(size, sizes),
                reasons.of_resonance(
                    [of_account(one, DAY, {one.platform: line}) for one in owned],
                    {one.platform: line for one in owned},
                ),
                reasons.of_relevance(relevance(said, draw(texts), topics, DAY), topics),
                reasons.of_fit(draw(scores), draw(scores), draw(scores), Weights(line.intercept)),
            ]
        )
    )
    kept = draw(st.sampled_from([found, found, older(found)]))
    return json.loads(json.dumps(kept))


def shuffled(random, some):
    return [
        dict(random.sample(list(one.items()), len(one))) for one in random.sample(some, len(some))
    ]


@given(of_scores(), st.randoms())
def test_the_same_reasons_have_no_cause(some, random):
    assert causes(some, some) == []
    assert causes(some, shuffled(random, some)) == []


@given(of_scores(), of_scores(), st.randoms())
def test_the_order_of_reasons_does_not_matter(before, after, random):
    found = causes(before, after)

    assert causes(shuffled(random, before), shuffled(random, after)) == found


@given(of_scores(), of_scores())
def test_every_difference_has_a_cause_that_reads_as_a_sentence(before, after):
    found = causes(before, after)

    key = {json.dumps(one, sort_keys=True) for one in before}
    assert bool(found) == (key != {json.dumps(one, sort_keys=True) for one in after})
    for cause in found:
        assert sentence(cause)
        assert json.loads(json.dumps(cause)) == cause


@given(of_scores(), st.data())
def test_every_single_difference_has_a_cause(before, data):
    after = json.loads(json.dumps(before))
    one = data.draw(st.sampled_from(after)) if after else {}
    names = [name for name, value in one.items() if isinstance(value, int | float)]
    if names:
        name = data.draw(st.sampled_from(names))
        one[name] = one[name] + 1
        assert causes(before, after)


def test_a_code_of_another_version_is_a_cause_without_a_name():
    assert [sentence(one) for one in causes([{"code": "new"}], [{"code": "newer"}])] == [
        "It moved by less than irm keeps the reasons of."
    ]
    assert sentence({"code": "from the future"}) == ""
