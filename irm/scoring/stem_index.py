"""The index of word stems: which posts may speak of a topic, without reading all of them.

It finds every post that `relevance.Matcher` would, and some more: whoever asks reads the texts of
those alone. The stems are ours, so that SQLite (FTS5) and PostgreSQL (tsvector) answer alike. The
database lists in `unread_posts` what is not in the index yet; `read_new` works that list off.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, column, delete, func, insert, literal_column, select, table
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from irm.models import Post, UnreadPost
from irm.scoring.compounds import MOST_WORDS, SHORTEST, spellings
from irm.scoring.facts import Topic
from irm.scoring.stems import READINGS, Stems, languages_of, words

WORDLESS = "0"
"""Stands for a text without a word: it is left out of what somebody said."""

TERMS = 400
"""How many terms one question has: more of them would nest too deep for the databases."""

PAIRED = 24
"""With more words than this in a topic, joined words are looked for by their beginning alone."""

_READING = 0x49524D01
"""The lock that scorings take in turn on PostgreSQL, while they put posts into the index."""

_index = table("post_stems", column("rowid"), column("post_id"), column("stems"))


class Term(NamedTuple):
    """Tokens that all stand in a text; the last one may go on where `is_open`."""

    tokens: tuple[str, ...]
    is_open: bool = False


class Reader:
    """Turns texts into tokens: `e` and an English stem, `f` and a French one, `x` and a word of
    another language, `w` and a word.

    Words are kept whole from the length on at which they may be written in one of two others. Not
    to be shared between threads: the stemmers are not.
    """

    def __init__(self) -> None:
        self._stems = {code: Stems(code) for code in READINGS}
        self._known = {code: lru_cache(200_000)(stems.of) for code, stems in self._stems.items()}

    def tokens(self, text: str, language: str | None) -> list[str]:
        """Give the tokens of a text, each once."""
        found = set(words(text))
        if not found:
            return [WORDLESS]
        tokens = ["w" + word for word in found if len(word) >= 2 * SHORTEST]
        for code in languages_of(language):
            stem = self._known[code]
            tokens += {code[0] + stem(word) for word in found}
        return tokens

    def terms(self, topics: Iterable[Topic]) -> list[Term]:
        """Give what to look for, so that no text is missed that speaks of one of the topics."""
        found: dict[Term, None] = {}
        for topic in topics:
            phrases = [phrase for keyword in topic.keywords if (phrase := words(keyword))]
            for phrase in phrases:
                for code, stem in self._known.items():
                    found[Term(tuple(code[0] + stem(word) for word in phrase))] = None
                if 1 < len(phrase) <= MOST_WORDS:
                    found.update((Term(("w" + joined,)), None) for joined in spellings(phrase))
            found.update((Term(("w" + start,), True), None) for start in _beginnings(phrases))
        return list(found)


def _beginnings(phrases: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give how a word begins that is made of a topic's own words: by two of them.

    What joins is a word or a whole phrase, in the singular or the plural.
    """
    parts = {(word,) for phrase in phrases for word in phrase} | {*map(tuple, phrases)}
    first = {one for part in parts for one in spellings(part) if len(one) >= SHORTEST}
    # Where more may follow, the singular is how the plural begins.
    second = {one for one in first if not (one.endswith("s") and one[:-1] in first)}
    if len(parts) > PAIRED:
        yield from sorted(second)
    else:
        yield from sorted(map("".join, itertools.product(first, second)))


def read_new(session: Session, reader: Reader, limit: int) -> int:
    """Put up to so many unread posts into the index; say how many. Commits nothing.

    Where another scoring does the same, it waits for it; whatever it says, the turn is the
    caller's until the caller commits.
    """
    if session.scalar(select(UnreadPost.post_id).limit(1)) is None:
        return 0
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_advisory_xact_lock(_READING)))
    posts = session.execute(
        select(Post.id, Post.text, Post.language)
        .join(UnreadPost, UnreadPost.post_id == Post.id)
        .order_by(UnreadPost.post_id)
        .limit(limit)
        # Held, so that none is reworded or removed between its reading and its entry. Whom
        # somebody else holds stays on the list: to wait for an import might be to wait for ever.
        .with_for_update(of=Post, key_share=True, skip_locked=True)
    ).all()
    if not posts:
        return 0
    read = [(id, reader.tokens(text, language)) for id, text, language in posts]
    connection.execute(delete(UnreadPost).where(UnreadPost.post_id.in_([id for id, _ in read])))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO post_stems (rowid, stems) VALUES (?, ?)",
            [(id, " ".join(tokens)) for id, tokens in read],
        )
    else:
        connection.execute(
            insert(_index).values(
                post_id=bindparam("id"),
                stems=func.array_to_tsvector(bindparam("tokens", type_=ARRAY(Text))),
            ),
            [{"id": id, "tokens": tokens} for id, tokens in read],
        )
    return len(read)


def unread(session: Session) -> int:
    """Say how many posts are not in the index yet."""
    return session.scalar(select(func.count()).select_from(UnreadPost)) or 0


def find(session: Session, terms: Sequence[Term]) -> list[int]:
    """Give the ids of the posts in which one of the terms stands, ascending."""
    found: set[int] = set()
    for start in range(0, len(terms), TERMS):
        found.update(_ask(session, terms[start : start + TERMS]))
    return sorted(found)


def wordless(session: Session) -> list[int]:
    """Give the ids of the posts without a word."""
    return find(session, [Term((WORDLESS,))])


def _ask(session: Session, terms: Sequence[Term]) -> Iterable[int]:
    if session.get_bind().dialect.name == "sqlite":
        asked = " OR ".join(_fts5(term) for term in terms)
        statement = select(_index.c.rowid).where(
            literal_column("post_stems").op("MATCH")(bindparam("asked"))
        )
    else:
        asked = " | ".join(_tsquery(term) for term in terms)
        of = bindparam("asked", type_=TSQUERY)
        statement = select(_index.c.post_id).where(_index.c.stems.op("@@")(of))
    return session.connection().scalars(statement, {"asked": asked})


def _fts5(term: Term) -> str:
    # A token holds letters and digits alone: there is nothing to escape.
    asked = " AND ".join(f'"{token}"' for token in term.tokens)
    return f"{asked} *" if term.is_open else f"({asked})"


def _tsquery(term: Term) -> str:
    asked = " & ".join(f"'{token}'" for token in term.tokens)
    return f"{asked}:*" if term.is_open else f"({asked})"
