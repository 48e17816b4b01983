"""Where a text speaks of a topic is where relevance finds that it does."""

from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.facts import Topic
from irm.scoring.marks import SHOWN, Marker
from irm.scoring.relevance import Matcher

TOPICS = [
    ["jeux vidéo", "gaming", "foot", "psg"],
    ["cuisine", "zero waste", "running"],
]
WORDS = [
    "jeux", "vidéo", "JeuxVideo", "#gaming", "foot", "footing", "#footpsg", "Cuisines", "cuisine",
    "videos", "zero", "waste", "l'été", "run", "runs", "🍞", "de", "https://cuisine.example/foot",
    "a_foot",
]  # fmt: skip
texts = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


def marked(text, language=None, topics=TOPICS):
    return [one.text for one in Marker(topics).excerpt(text, language) if one.is_match]


@given(texts, st.sampled_from([None, "en", "fr", "de"]))
def test_a_text_is_marked_where_relevance_counts_it_and_nowhere_else(text, language):
    topics = [Topic(n, str(n), tuple(words)) for n, words in enumerate(TOPICS)]

    assert bool(marked(text, language)) == bool(Matcher(topics).match(text, language))


@given(texts, st.sampled_from([None, "fr"]))
def test_an_excerpt_is_a_piece_of_the_text_and_not_much_longer_than_asked(text, language):
    pieces = Marker(TOPICS).excerpt(text, language)

    said = "".join(one.text for one in pieces).strip("…")
    assert said in " ".join(text.split())
    assert len(said) <= SHOWN + 30


def test_words_are_marked_as_they_are_written():
    assert marked("Mes Jeux Vidéo préférés, et ma #CUISINE !", "fr") == ["Jeux Vidéo", "CUISINE"]


def test_what_stands_far_into_a_text_is_shown_with_what_is_around_it():
    pieces = Marker(TOPICS).excerpt("rien " * 100 + "puis la cuisine du soir " + "fin " * 100)

    assert pieces[0].text == "…"
    assert pieces[-1].text.endswith("…")
    assert "puis la " in pieces[1].text
    assert pieces[2] == ("cuisine", True)


def test_of_a_text_that_says_nothing_of_it_the_beginning_is_shown():
    assert [one.text for one in Marker([[]]).excerpt("Hello   there")] == ["Hello there"]
    assert Marker(TOPICS).excerpt("") == []
