"""A line as words with their places, so that whatever is understood can be cut out of it."""

import re
from typing import NamedTuple

from irm.models.keys import fold

#: An @handle, a word (with what may stand within one: `aujourd'hui`, `2026-05-12`), or one sign.
_WORD = re.compile(r"@[\w.\-]*\w|\w+(?:['’.\-]\w+)*|[^\w\s]")

#: Signs that end what is said before them.
SEPARATORS = frozenset(":,;.!?–—-()|")


class Word(NamedTuple):
    """One word or sign: as it is compared, and where it stands."""

    key: str
    start: int
    end: int


class Words:
    """The words of a line. Phrases are patterns over their keys, one blank between two."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [Word(_key(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]
        self._joined = " ".join(word.key for word in self.words)
        self._at: list[int] = []
        self._ends: dict[int, int] = {}
        place = 0
        for index, word in enumerate(self.words):
            self._at.append(place)
            place += len(word.key)
            self._ends[place] = index + 1
            place += 1

    def __len__(self) -> int:
        return len(self.words)

    def match(self, pattern: re.Pattern[str], index: int) -> tuple[re.Match[str], int] | None:
        """A phrase that begins at a word, and the index behind its last word."""
        if index >= len(self.words):
            return None
        found = pattern.match(self._joined, self._at[index])
        end = self._ends.get(found.end()) if found else None
        return (found, end) if found and end is not None else None

    def is_separator(self, index: int) -> bool:
        """Whether the sign at an index ends what is said before it; the line's end does, too."""
        if index >= len(self.words):
            return True
        word = self.words[index]
        if word.key not in SEPARATORS:
            return False
        # `well-known` and `10:30` are one thing said; `call - she` is two.
        return word.end == len(self.text) or self.text[word.end].isspace() or word.key in "();"

    def raw(self, start: int, end: int) -> str:
        """The words from one index to before another, as they were typed."""
        end = min(end, len(self.words))
        return self.text[self.words[start].start : self.words[end - 1].end] if end > start else ""


def phrase(pattern: str) -> re.Pattern[str]:
    """A pattern of folded words that ends where a word ends."""
    return re.compile(rf"(?:{pattern})(?!\S)")


def _key(raw: str) -> str:
    # What folds to nothing, or to several words, is nothing we know.
    return fold(raw.replace("’", "'")).replace(" ", "_") or "_"
