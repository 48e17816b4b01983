"""Words and their stems, in English and French, accents and case folded."""

import re
import unicodedata

import Stemmer

LANGUAGES = {"en": "english", "fr": "french"}
"""The languages we stem, by code. A text of which no language is known is read as both."""

EXACT = "xx"
"""How a text in another language is read: by its words as they stand, accents and case folded."""

READINGS = (*LANGUAGES, EXACT)

_UNKNOWN = frozenset({"", "un", "mu", "zx"})
"""How codes begin that name no language: `und`, `mul`, `zxx`."""

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_MARKS = re.compile("[\u0300-\u036f]+")
_LINK = re.compile(r"\w+://\S+")


def fold(text: str) -> str:
    """Take away case, accents, ligatures and compatibility forms."""
    if text.isascii():
        return text.lower()
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return folded.replace("œ", "oe").replace("æ", "ae")


def words(text: str) -> list[str]:
    """Split a text into folded words: letters and digits. `#`, `@`, `_` and the rest part them.

    A link is left out: the names in an address are those of shops and platforms.
    """
    folded = fold(_LINK.sub(" ", text) if "://" in text else text)
    return (_ASCII_WORD if folded.isascii() else _WORD).findall(folded)


def languages_of(code: str | None) -> tuple[str, ...]:
    """Name the ways a text is read, given its language ("fr", "fr-CA", "EN_us") or `None`."""
    short = (code or "")[:2].lower()
    if short in LANGUAGES:
        return (short,)
    # Codes from qaa to qtz are anybody's own: X writes `qme` for a text of links alone.
    if short in _UNKNOWN or short.startswith("q") or not short.isalpha():
        return tuple(LANGUAGES)
    return (EXACT,)


class Stems:
    """The stems of one of the `READINGS`. Not to be shared between threads: the stemmer is not."""

    def __init__(self, reading: str) -> None:
        name = LANGUAGES.get(reading)
        self._stemmer = None if name is None else Stemmer.Stemmer(name)

    def of(self, word: str) -> str:
        """Give the stem of one folded word.

        Words are folded before they are stemmed, not after, so that a word typed without its
        accents always has the stem of the word typed with them.
        """
        if self._stemmer is None:
            return word
        stem: str = self._stemmer.stemWord(word)
        return stem
