"""Why a search found somebody: the text that was found, with what stands around it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import String, func, literal, select, union_all
from sqlalchemy.orm import Session

from irm.directory.needles import folded, needles
from irm.directory.search import Best
from irm.models import Account, ContactPoint, Fact, Interaction, Post

#: Letters shown before and after what was found.
BEFORE, AFTER = 24, 60


class Excerpt(NamedTuple):
    """What was found, as the words around it: `source` says in what."""

    source: str
    before: str
    match: str
    after: str


_TEXTS = {
    "handle": (Account.id, Account.handle),
    "contact": (ContactPoint.id, ContactPoint.value),
    "note": (Interaction.id, Interaction.summary),
    "fact": (Fact.id, Fact.text),
    "post": (Post.id, Post.text),
}


def of(
    session: Session, query: str, best: Mapping[int, Best], people: Iterable[int]
) -> dict[int, Excerpt]:
    """The excerpts of those whom something else than their name was found of, by person.

    `best` holds only what the reader may read. One statement, or none.
    """
    wanted = {
        (best[person].source, best[person].source_id): person
        for person in people
        if person in best and best[person].source in _TEXTS
    }
    texts = _texts(session, list(wanted))
    asked = needles(query)
    return {
        person: Excerpt(key[0], *around(texts[key], asked.phrase, *asked.words))
        for key, person in wanted.items()
        if key in texts
    }


def around(text: str, *needles: str) -> tuple[str, str, str]:
    """Where a folded needle stands in a text: what is before, the place itself, what is after.

    Of several needles the first that is there.
    """
    text = " ".join(text.split())
    letters = [(_folded(letter), at) for at, letter in enumerate(text)]
    whole = "".join(part for part, _at in letters)
    places = [at for part, at in letters for _letter in part]
    needle = next((one for one in needles if one in whole), None)
    if needle is None:
        return _cut(text[: BEFORE + AFTER], text), "", ""
    found = whole.index(needle)
    start, end = places[found], places[found + len(needle) - 1] + 1
    first, last = max(0, start - BEFORE), min(len(text), end + AFTER)
    before = ("…" if first else "") + text[first:start]
    return before, text[start:end], text[end:last] + ("…" if last < len(text) else "")


@lru_cache(4096)
def _folded(letter: str) -> str:
    return " " if letter == " " else folded(letter)


def _cut(part: str, whole: str) -> str:
    return part if len(part) == len(whole) else f"{part}…"


def _texts(session: Session, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    each = [
        select(
            literal(source, String).label("source"), id.label("id"), func.substr(text, 1, 4000)
        ).where(id.in_([key[1] for key in keys if key[0] == source]))
        for source, (id, text) in _TEXTS.items()
        if any(key[0] == source for key in keys)
    ]
    if not each:
        return {}
    return {(source, id): text for source, id, text in session.execute(union_all(*each))}
