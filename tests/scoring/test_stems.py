import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring.stems import EXACT, Stems, fold, languages_of, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Écologie d'aujourd’hui", ["l", "ecologie", "d", "aujourd", "hui"]),
        ("#ZéroDéchet #zero_waste", ["zerodechet", "zero", "waste"]),
        ("Cœur ŒUVRE ﬁn ＡＢＣ", ["coeur", "oeuvre", "fin", "abc"]),
        ("e\u0301te\u0301 🔥 50% C++", ["ete", "50", "c"]),
        ("🔥 … !!", []),
        ("ma recette https://shop.example/iPhone?x=1, miam", ["ma", "recette", "miam"]),
        ("http://instagram.example", []),
        ("et/ou a:b //c", ["et", "ou", "a", "b", "c"]),
        ("", []),
    ],
)
def test_words_are_folded_and_parted(text, expected):
    assert words(text) == expected


def test_a_word_without_its_accents_has_the_same_stem():
    stems = Stems("fr")
    for written, typed in (("écologie", "ecologie"), ("beautés", "beautes"), ("Vélo", "velo")):
        assert stems.of(fold(written)) == stems.of(typed)


def test_a_text_is_read_in_its_language_in_both_or_by_its_words():
    assert languages_of("fr-CA") == ("fr",)
    assert languages_of("EN_us") == ("en",)
    assert languages_of("de") == languages_of("pt-BR") == (EXACT,)
    for unknown in (None, "", "und", "zxx", "qme", "?", "  "):
        assert languages_of(unknown) == ("en", "fr")


@given(st.text(max_size=40))
def test_every_word_of_any_text_can_be_stemmed(text):
    stems = Stems("en")
    assert all(isinstance(stems.of(word), str) for word in words(text))
