import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.compounds import SHORTEST, Compounds
from irm.scoring.stems import words

COOKING = ("cuisine", "recette facile", "de saison")
GAMES = ("jeux vidéo", "esport", "FIFA 18")

keywords = st.lists(
    st.sampled_from(
        ["foot", "footing", "psg", "jeux vidéo", "recette", "zéro déchet", "ab", "a b"]
    ),
    max_size=5,
)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("jeuxvideo", 0b10),
        ("recettefacile", 0b01),
        ("cuisinefacile", 0b01),
        ("recettesfaciles", 0b01),
        ("facilesaison", 0),
        ("facile", 0),
        ("esportfifa18", 0b10),
        ("recettevideo", 0),
        ("jeuxfacile", 0),
        ("cuisineitalienne", 0),
        ("desaison", 0b01),
        ("", 0),
    ],
)
def test_a_word_made_of_a_topics_own_words_names_it(word, found):
    assert Compounds([COOKING, GAMES]).match(word) == found


def test_a_keyword_that_stands_alone_is_left_to_the_stems():
    assert not Compounds([("Paris", "bonnes news")]).match("paris")
    assert not Compounds([("voyages",)]).match("voyage")
    assert Compounds([("bonnes news",)]).match("bonnenews")


def test_a_longer_word_that_only_begins_like_a_keyword_is_another():
    assert Compounds([("foot", "ball")]).match("football")
    assert not Compounds([("foot",)]).match("football")
    assert not Compounds([("foot", "ing")]).match("footinger")


@given(keywords, keywords, st.data())
def test_keywords_written_in_one_are_found(some, others, data):
    long = [keyword for keyword in some if len("".join(words(keyword))) >= SHORTEST]
    if not long:
        return
    joined = data.draw(st.lists(st.sampled_from(long), min_size=2, max_size=4))
    word = "".join("".join(words(keyword)) for keyword in joined)
    assert Compounds([others, some]).match(word) & 0b10


@given(keywords, keywords, st.lists(st.sampled_from(["foot", "ing", "psg", "jeux", "video"])))
def test_other_topics_never_change_what_a_word_says_of_one(some, others, parts):
    word = "".join(parts)
    alone = Compounds([some]).match(word)
    assert Compounds([others, some]).match(word) >> 1 == alone
