"""Figures and words that no list should hold, through the whole of the scoring, on both databases.

Whatever comes in, scores are not known or between 0 and 100, the page says what the batch stored,
and what looks wrong is said.
"""

import datetime as dt
import math

import make
import pytest
from sqlalchemy import select

from irm.jobs import scoring
from irm.models import Platform, Post, Relationship, Score, Snapshot
from irm.scoring import doubts, observed, rules
from irm.scoring.doubt_sentences import evidence, sentence
from irm.scoring.explanation import explain
from irm.scoring.growth import YEAR, frequency, growth
from irm.scoring.sentences import sentence as reason_sentence

NOW = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
DAY = NOW.date()
KINDS = ("reach", "resonance", "relevance", "fit")


@pytest.fixture
def brand(saved):
    """A brand with topics that nobody should have typed, and two that somebody may have."""
    found = saved(make.brand())
    for name, keywords in {
        "A": ["a"],
        "A regular expression": ["(.*", "[a-z]+$", "\\d{9,", "^vélo|.*$", "(?i)x", "*", "%", "_"],
        "Mixed scripts": [
            "вело",
            "vеlo",
            "自行车",
            "自転車 🚲",
            "دراجة",
            "ß",
            "İ",
            "\u202evélo",
            "é" * 99,
        ],
        "Emoji": ["🔥", "👩‍👩‍👧", "❤️"],
        "Nothing": ["", " ", "#", "...", "\u200b"],
        "Cycling": ["vélo"],
    }.items():
        saved(make.topic(brand_id=found.id, name=name, keywords=keywords))
    return found


@pytest.fixture
def chloe(saved, brand):
    return saved(make.relationship(brand=brand, name="Chloé"))


@pytest.fixture
def account(saved, chloe):
    """Give Chloé an account with posts of the days and counts that are named."""

    def build(*posts, followers=20_000, platform=Platform.INSTAGRAM, **given):
        of = make.account(
            influencer=chloe.influencer, platform=platform, followers=followers, **given
        )
        made = saved(of)
        for number, counts in enumerate(posts):
            days = counts.pop("days", number + 1)
            at = counts.pop("published_at", NOW - dt.timedelta(days=days))
            saved(Post(account_id=made.id, platform_post_id=str(number), published_at=at, **counts))
        return made

    return build


@pytest.fixture
def scored(session, chloe):
    """Score everybody, hold it against what the page says, and give the scores."""

    def score():
        scoring.score(session, NOW)
        session.expire_all()
        person, relationship = chloe.influencer, session.get(Relationship, chloe.id)
        page = explain(session, person, relationship, DAY)
        stored = {
            "reach": person.reach,
            "resonance": person.resonance,
            "relevance": relationship.relevance,
            "fit": relationship.fit,
        }
        for kind in KINDS:
            value, why = stored[kind], getattr(page, kind)
            assert value is None or 0 <= value <= 100
            assert value is None or math.isfinite(value)
            assert why.value == (None if value is None else pytest.approx(value, abs=0.01))
            assert why.reasons
            assert all(reason_sentence(one) for one in why.reasons)
        rows = session.scalars(select(Score).where(Score.influencer_id == person.id)).all()
        assert {row.kind.value for row in rows} == set(KINDS)
        again = scoring.score(session, NOW)
        assert again.changed == 0
        return stored

    return score


@pytest.fixture
def doubted(session, chloe):
    """Name the doubts about Chloé; each can be said, and so can growth."""

    def doubt():
        whose = chloe.influencer_id
        rows = [
            session.execute(select(whose)).all()
            for select in (observed.accounts, observed.posts, observed.snapshots)
        ]
        lines = rules.rules(session).expectations
        codes = []
        for one in observed.observed(*rows):
            for over in (30, YEAR):
                growth(one.snapshots, DAY, over)
            frequency(one.account.posts, DAY)
            for found in doubts.of(one.account, one.snapshots, DAY, lines):
                assert sentence(found)
                assert all(evidence(found))
                codes.append(found["code"])
        return codes

    return doubt


@pytest.mark.parametrize("platform", [Platform.INSTAGRAM, Platform.YOUTUBE, Platform.BLOG])
@pytest.mark.parametrize(("followers", "reach"), [(None, None), (0, 0.0), (-7, None)])
def test_likes_without_followers(account, scored, doubted, platform, followers, reach):
    account({"likes": 50, "views": 60}, followers=followers, platform=platform)

    found = scored()

    assert (found["reach"], found["resonance"]) == (reach, None)
    assert "likes.alone" in doubted()


@pytest.mark.parametrize("followers", [None, 0])
def test_an_account_of_which_nothing_is_known(account, scored, doubted, followers):
    account(followers=followers)

    assert scored()["resonance"] is None
    assert doubted() == []


def test_a_person_without_accounts(scored, doubted):
    assert scored() == dict.fromkeys(KINDS)
    assert doubted() == []


def test_a_post_of_2099(account, scored, doubted):
    ahead = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    account({"likes": 300, "published_at": ahead, "text": "Mon vélo"})

    found = scored()

    assert found["resonance"] > 0
    assert found["relevance"] > 0
    assert doubted() == ["posts.ahead"]


def test_a_post_without_a_date_and_one_of_long_ago(account, scored, doubted):
    ancient = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
    account({"likes": 300, "published_at": None}, {"likes": 300, "published_at": ancient})

    assert scored()["resonance"] > 0
    assert doubted() == []


def test_negative_counts(account, scored, doubted):
    account({"likes": -5, "comments": -1, "text": "Mon vélo"}, likes_average=-3.0)

    found = scored()

    assert found["resonance"] is None
    assert found["relevance"] > 0
    assert doubted() == ["negative"]


def test_negative_and_future_figures_of_a_day(session, account, scored, doubted):
    made = account({"likes": 300})
    for day, followers in ((DAY, -9), (dt.date(2099, 1, 1), 10**9), (DAY - dt.timedelta(30), 0)):
        session.add(Snapshot(account_id=made.id, day=day, followers=followers))
    session.commit()

    assert scored()["resonance"] > 0
    assert doubted() == ["figures.ahead", "negative"]


def test_counts_as_large_as_a_database_holds(session, account, scored, doubted):
    most = 2**63 - 1
    made = account(
        {"likes": most, "comments": most, "shares": most, "views": 1},
        followers=1,
        likes_average=1e300,
    )
    session.add_all(
        Snapshot(account_id=made.id, day=DAY - dt.timedelta(30 * n), followers=most if n < 2 else 1)
        for n in range(8)
    )
    session.commit()

    assert scored()["resonance"] <= 100
    doubted()


def test_one_post(account, scored, doubted):
    account({"likes": 300, "text": "Mon vélo"})

    found = scored()

    assert None not in found.values()
    assert doubted() == []


def test_10_000_posts_a_day(session, account, scored, doubted):
    made = account()
    day = NOW - dt.timedelta(days=3)
    session.add_all(
        Post(
            account_id=made.id,
            platform_post_id=f"p{number}",
            published_at=day + dt.timedelta(seconds=number),
            likes=number % 7,
            text="vélo 🔥" if number % 2 else "",
        )
        for number in range(10_000)
    )
    session.commit()

    found = scored()

    assert None not in found.values()
    assert "posts.crowded" in doubted()


TEXTS = [
    "a",
    "A regular expression: (.*)+ [a-z]+$ \\d{9, ^ | $ (?i)x *",
    "Мой велосипед, vеlо (Cyrillic e), вело",
    "我的自行车 자전거 دراجة ποδήλατο",
    "🔥🔥🔥 ❤️ 👩‍👩‍👧 🚲",
    "\u202eolév\u202c \u200b \u0301 ﬁ İi ß ẞ Ｖélo",
    "#" * 500,
    "\ud7ff \uffff \U0010ffff",
    "%s %(name)s {0} <script>alert(1)</script> ' \" ; DROP TABLE posts; --",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_in_mixed_scripts_emoji_and_signs(session, account, chloe, scored, doubted, text):
    chloe.influencer.bio = text
    session.commit()
    account({"likes": 300, "text": text}, {"likes": 200, "text": "Mon vélo"})

    assert scored()["relevance"] > 0
    assert doubted() == []


def test_a_topic_of_one_letter_matches_the_word_and_not_the_letter(session, chloe, account, scored):
    account({"likes": 300, "text": "Banana, bread, pasta"})
    assert scored()["relevance"] == 0

    chloe.influencer.bio = "A banana"
    session.commit()
    assert scored()["relevance"] > 0


def test_a_keyword_that_is_a_regular_expression_is_no_pattern(account, scored):
    account({"likes": 300, "text": "Nothing of the kind: 123456789 zzz"})

    assert scored()["relevance"] == 0


def test_topics_that_are_no_lists_of_words(saved, brand, account, scored):
    for keywords in ({"a": 1}, [None, 3, ["vélo"]], "vélo", []):
        saved(make.topic(brand_id=brand.id, keywords=keywords))
    account({"likes": 300, "text": "Mon vélo"})

    assert scored()["relevance"] > 0
