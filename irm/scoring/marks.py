"""Where a text speaks of a topic: the words that matched, with what stands around them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from irm.scoring.compounds import Compounds
from irm.scoring.stems import READINGS, Stems, languages_of, words

#: Letters shown before the first match, and in all.
BEFORE, SHOWN = 60, 220

#: Words, and links, which are passed over as a whole.
_WORD = re.compile(r"\w+://\S+|\w+")


class Piece(NamedTuple):
    """A part of an excerpt; `is_match` where it is what was looked for."""

    text: str
    is_match: bool


class Marker:
    """The keywords of topics made ready to be found in texts. Not to be shared between threads.

    It finds what irm/scoring/relevance.py counts: forms of words, phrases, words written in one.
    """

    def __init__(self, topics: Sequence[Sequence[str]]) -> None:
        said = [words(keyword) for keywords in topics for keyword in keywords]
        self._phrases = {code: _Phrases(code, said) for code in READINGS}
        self._compounds = Compounds(topics)

    def excerpt(self, text: str, language: str | None = None) -> list[Piece]:
        """Cut out where a text first says one of the keywords, all of them there marked.

        Of a text that says none of them, its beginning.
        """
        text = " ".join(text.split())
        found = list(self._find(text, language))
        first = found[0][0] if found else 0
        start = _after_blank(text, first - BEFORE) if first > BEFORE else 0
        end = len(text) if len(text) - start <= SHOWN else _before_blank(text, start + SHOWN)
        end = max(end, found[0][1] if found else 0)
        pieces, at = [Piece("…", False)] if start else [], start
        for begins, ends in found:
            if begins < at or ends > end:
                continue
            pieces += [Piece(text[at:begins], False), Piece(text[begins:ends], True)]
            at = ends
        pieces.append(Piece(text[at:end] + ("…" if end < len(text) else ""), False))
        return [one for one in pieces if one.text]

    def _find(self, text: str, language: str | None) -> Iterator[tuple[int, int]]:
        """Where matches begin and end, none within another."""
        # What is one word to the eye may be two once it is folded: "l_été".
        places: list[tuple[str, int, int]] = []
        for found in _WORD.finditer(text):
            # Of a link there are no words.
            places += [(word, found.start(), found.end()) for word in words(found[0])]
        tokens = [word for word, _start, _end in places]
        codes = languages_of(language)
        at = 0
        while at < len(tokens):
            length = max(self._phrases[code].length_at(tokens, at) for code in codes)
            if not length and self._compounds.match(tokens[at]):
                length = 1
            if length:
                yield places[at][1], places[at + length - 1][2]
            at += length or 1


class _Phrases:
    """The keywords' stems in one language, by the first."""

    def __init__(self, language: str, said: Sequence[Sequence[str]]) -> None:
        self._stemmer = Stems(language)
        self._known: dict[str, str] = {}
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for keyword in said:
            stems = tuple(map(self._stem, keyword))
            if stems:
                self._by_first.setdefault(stems[0], []).append(stems)

    def length_at(self, tokens: Sequence[str], at: int) -> int:
        """How many words of the longest keyword that stands there; 0 where none does."""
        lengths = [
            len(stems)
            for stems in self._by_first.get(self._stem(tokens[at]), ())
            if tuple(map(self._stem, tokens[at : at + len(stems)])) == stems
        ]
        return max(lengths, default=0)

    def _stem(self, word: str) -> str:
        if word not in self._known:
            self._known[word] = self._stemmer.of(word)
        return self._known[word]


def _after_blank(text: str, at: int) -> int:
    """The beginning of the first word at or after a place, if it is near."""
    blank = text.find(" ", at, at + 20)
    return at if blank < 0 else blank + 1


def _before_blank(text: str, at: int) -> int:
    blank = text.rfind(" ", at - 20, at)
    return at if blank < 0 else blank
