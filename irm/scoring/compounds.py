"""Words written in one: `#jeuxvideo`, `#CuisineFacile`."""

import itertools
from collections.abc import Iterator, Sequence

from irm.scoring.stems import words

SHORTEST = 3
"""Letters of the shortest word that is looked for in a longer one: `a` and `de` are everywhere."""

MOST_WORDS = 4
"""A phrase of more words is no hashtag that anybody writes."""


class Compounds:
    """Topics' keywords, to be found in a word that joins them or joins them with their like.

    Such a word must be made of a topic's own words and nothing else, so that "foot" stands in
    `#footpsg` where "psg" is a keyword too, and never in "footing". A keyword of one word that
    stands alone is left to the stems. A bit of a mask is a topic.
    """

    def __init__(self, topics: Sequence[Sequence[str]]) -> None:
        self._words: dict[str, int] = {}
        self._keywords: dict[str, int] = {}
        self._phrases: dict[str, int] = {}
        for place, keywords in enumerate(topics):
            for keyword in keywords:
                phrase = words(keyword)
                self._add(self._keywords, phrase, 1 << place)
                if len(phrase) > 1:
                    self._add(self._phrases, phrase, 1 << place)
                for word in phrase:
                    self._add(self._words, [word], 1 << place)
        self._longest = max(map(len, (*self._words, *self._keywords)), default=0)

    def match(self, word: str) -> int:
        """Tell which topics' words a folded word is made of, a whole keyword among them."""
        if len(word) < 2 * SHORTEST:
            return 0
        # By how far one has come: of which topics all was a word, and a keyword has been.
        made, named = [0] * (len(word) + 1), [0] * (len(word) + 1)
        made[0] = -1
        for start in range(len(word) - SHORTEST + 1):
            if not made[start]:
                continue
            for end in range(start + SHORTEST, min(len(word), start + self._longest) + 1):
                if end - start == len(word):
                    continue
                keyword = self._keywords.get(word[start:end], 0)
                either = self._words.get(word[start:end], 0) | keyword
                made[end] |= made[start] & either
                named[end] |= made[start] & keyword | named[start] & either
        return named[-1] | self._phrases.get(word, 0)

    @staticmethod
    def _add(known: dict[str, int], phrase: Sequence[str], mask: int) -> None:
        for joined in spellings(phrase):
            if len(joined) >= SHORTEST:
                known[joined] = known.get(joined, 0) | mask


def spellings(phrase: Sequence[str]) -> Iterator[str]:
    """Join the words of a phrase, each in the singular and in the plural."""
    if len(phrase) > MOST_WORDS:
        return
    for spelling in itertools.product(*({word, _other_number(word)} for word in phrase)):
        yield "".join(spelling)


def _other_number(word: str) -> str:
    """Give a word without its final `s`, or with one; short words have one number."""
    if len(word) <= SHORTEST:
        return word
    return word.removesuffix("s") if word.endswith("s") else word + "s"
