import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.facts import Post, Topic
from irm.scoring.relevance import LONG, OPENING, Matcher, relevance
from tests.scoring.strategies import DAY, WORDS, languages, posts, texts, topic_lists

BIKES = Topic(1, "Cycling", ("vélo", "bike", "piste cyclable"))


@st.composite
def post_lists(draw):
    ids = set()
    return draw(st.lists(posts(ids), max_size=6))


def said(number, text, days=0, language=None):
    return Post(number, DAY - dt.timedelta(days), text=text, language=language)


def matches(text, *keywords, language=None):
    return bool(Matcher([Topic(1, "", keywords)]).match(text, language))


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("Mes vélos de course", "vélo"),
        ("VELO !", "vélo"),
        ("le #vélo", "velo"),
        ("L’écologie", "ECOLOGIE"),
        ("she runs marathons", "running marathon"),
        ("Les pistes cyclables de Lyon", "piste cyclable"),
        ("plan a", "a"),
        ("price is (.* or so", "(.*or"),
        ("notre #PisteCyclable", "piste cyclable"),
        ("#pistecyclables", "piste cyclable"),
    ],
)
def test_a_keyword_is_found_by_its_stem(text, keyword):
    assert matches(text, keyword)


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("a bikers' bar in Velodrome street", "vélo"),
        ("cyclable la piste", "piste cyclable"),
        ("anything", ".*"),
        ("🔥🔥", "🔥"),
        ("nothing", ""),
        ("abc", "a"),
        ("#velodrome", "vélo"),
        ("https://velo.example/velo", "vélo"),
    ],
)
def test_what_is_not_the_word_is_not_found(text, keyword):
    assert not matches(text, keyword)


def test_a_post_is_read_in_its_own_language():
    assert matches("des chevaux", "cheval", language="fr")
    assert not matches("des chevaux", "cheval", language="en")
    assert matches("des chevaux", "cheval")


def test_a_post_in_another_language_is_read_by_its_words_as_they_stand():
    assert matches("Das VÉLO, #velo", "vélo", language="de")
    assert matches("zero waste leben", "zero waste", language="de")
    assert matches("#zerowaste", "zero waste", language="de")
    assert not matches("die Gaming-Messe", "games", language="de")
    assert matches("the gaming fair", "games", language="en")


def long(*spoken, places):
    """Fill a text up around what is said in it."""
    words = ["rien"] * (LONG + 1)
    for word, place in zip(spoken, places, strict=True):
        words[place] = word
    return " ".join(words)


def test_a_long_text_speaks_of_what_it_opens_with():
    assert matches(long("vélo", places=[OPENING - 1]), "vélo")
    assert not matches(long("vélo", places=[OPENING]), "vélo")


def test_a_long_text_speaks_of_what_it_names_twice():
    assert matches(long("vélo", "vélos", places=[OPENING, LONG]), "vélo")
    assert matches(long("vélo", "bike", places=[OPENING, LONG]), "vélo", "bike")
    assert not matches(long("vélo", places=[LONG]), "vélo", "vélos")
    two = Matcher([Topic(1, "", ("vélo",)), Topic(2, "", ("bike",))])
    assert two.match(long("vélo", "bike", places=[OPENING, LONG])) == 0


def test_a_short_text_speaks_of_all_it_names():
    assert matches(" ".join(["rien"] * (LONG - 1) + ["vélo"]), "vélo")


def test_hashtags_written_in_one_need_all_their_words_to_be_the_topics():
    assert matches("#veloville", "vélo", "ville")
    assert not matches("#veloville", "vélo")
    two = Matcher([Topic(1, "", ("vélo",)), Topic(2, "", ("ville",))])
    assert two.match("#veloville") == 0


def test_a_bio_alone_is_enough_to_be_relevant():
    found = relevance([], "Je roule à vélo", [BIKES], DAY)

    assert found.score == pytest.approx(100 * (1 - math.exp(-(1 / 4) / 0.15)))
    assert found.topics[0].in_bio
    assert found.topics[0].posts == ()


def test_a_posts_weight_halves_every_90_days_before_the_newest():
    told = [said(1, "vélo", days=90), said(2, "rien", days=0)]

    assert relevance(told, None, [BIKES], DAY).topics[0].share == pytest.approx(0.5 / 4.5)
    later = DAY + dt.timedelta(400)
    assert relevance(told, None, [BIKES], later).score == relevance(told, None, [BIKES], DAY).score


def test_a_post_without_a_believable_date_counts_as_180_days_old():
    for odd in (None, dt.date(2099, 1, 1)):
        told = [Post(1, odd, text="vélo"), said(2, "rien")]
        assert relevance(told, None, [BIKES], DAY).topics[0].share == pytest.approx(0.25 / 4.25)


def test_topics_add_up_without_passing_100():
    food = Topic(2, "Food", ("pain",), 0.5)
    told = [said(number, "du pain à vélo") for number in range(1, 30)]

    found = relevance(told, None, [BIKES, food], DAY)

    one, two = (match.gives for match in found.topics)
    assert found.score == pytest.approx(100 * (1 - (1 - one) * (1 - two)))
    assert two == pytest.approx(one / 2)
    assert found.score < 100


def test_a_reason_names_the_newest_posts_that_speak_of_the_topic():
    told = [said(number, "vélo", days=number) for number in range(1, 9)]

    match = relevance(told, "cycling", [BIKES], DAY).topics[0]

    assert (match.posts, match.matching) == ((1, 2, 3), 8)


def test_silence_is_unknown_and_other_talk_is_0():
    assert relevance([], None, [BIKES], DAY) is None
    assert relevance([said(1, "🔥")], " ", [BIKES], DAY) is None
    assert relevance([said(1, "vélo")], None, [], DAY) is None
    assert relevance([said(1, "rien")], None, [BIKES], DAY).score == 0


@given(
    topic_lists(),
    topic_lists(most=2),
    st.lists(st.sampled_from([*WORDS, "velozero", "zérodéchet", "rien"]), max_size=2 * LONG),
    languages,
)
def test_other_topics_never_change_what_a_text_says_of_one(topics, others, said, language):
    text = " ".join(said)
    among = Matcher([*others, *topics]).match(text, language)
    alone = Matcher(topics).match(text, language)
    assert (among is None) == (alone is None)
    assert (among or 0) >> len(others) == (alone or 0)


@given(post_lists(), texts, topic_lists(), st.dates())
def test_relevance_is_unknown_or_between_0_and_100(told, bio, topics, day):
    found = relevance(told, bio, topics, day)
    assert found is None or 0 <= found.score <= 100


@given(post_lists(), texts, topic_lists(), st.randoms())
def test_the_order_of_posts_and_topics_never_matters(told, bio, topics, random):
    found = relevance(told, bio, topics, DAY)
    mixed = relevance(random.sample(told, len(told)), bio, random.sample(topics, len(topics)), DAY)
    assert mixed == found


@given(post_lists(), texts, topic_lists(), texts.filter(bool), st.data())
def test_one_more_keyword_never_lowers_relevance(told, bio, topics, keyword, data):
    found = relevance(told, bio, topics, DAY)
    if found is None:
        return
    place = data.draw(st.integers(0, len(topics) - 1))
    topics[place] = dataclasses.replace(topics[place], keywords=(*topics[place].keywords, keyword))
    assert relevance(told, bio, topics, DAY).score >= found.score - 1e-9
