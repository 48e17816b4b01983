"""What is looked for and what is looked into: texts as they are searched, a query as its words."""

import re
from dataclasses import dataclass

from irm.models.keys import fold

#: A trigram index finds nothing shorter.
TRIGRAM = 3

#: Longer needles find nothing more; of more words the longest are looked for.
QUERY_LENGTH, MOST_WORDS = 100, 6

#: Between the words of a query: "Amboise, Océane" is two.
_GAPS = re.compile(r"[ ,;]+")

#: Apostrophes and hyphens of every kind, as keyboards have them; a soft hyphen is none.
_PLAIN = str.maketrans(
    dict.fromkeys("\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-")
    | {"\u00ad": ""}
)


@dataclass(frozen=True, slots=True)
class Needles:
    """What a query looks for: all of it as it was typed, and its words where there are several."""

    phrase: str
    #: Those the index finds, the longest first.
    words: tuple[str, ...] = ()
    #: Those too short for it: they have to stand in the name.
    short: tuple[str, ...] = ()


def folded(text: str) -> str:
    """A text as it is searched: folded, and signs and ligatures as people type them."""
    if text.isascii():
        return fold(text)
    return fold(text.translate(_PLAIN)).replace("œ", "oe").replace("æ", "ae")


def needles(query: str) -> Needles:
    """What is looked for; a word within another of the query asks nothing of its own."""
    phrase = folded(query)[:QUERY_LENGTH]
    each = sorted(
        {word for word in _GAPS.split(phrase) if word}, key=lambda word: (-len(word), word)
    )
    words = [word for n, word in enumerate(each) if not any(word in one for one in each[:n])]
    long = tuple(word for word in words if len(word) >= TRIGRAM)[:MOST_WORDS]
    if not long or each == [phrase]:
        return Needles(phrase)
    return Needles(phrase, long, tuple(word for word in words if len(word) < TRIGRAM)[:MOST_WORDS])
