"""Finding people by part of a name, a handle, a note …, alike on both databases, best first.

Texts are folded in Python and indexed by trigrams: FTS5 on SQLite, pg_trgm on PostgreSQL. Each
indexed row carries who may find it, so that nobody finds what they may not read.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    String,
    Table,
    and_,
    any_,
    bindparam,
    case,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from irm.directory.beginnings import begins_with
from irm.directory.needles import TRIGRAM, Needles, folded, needles
from irm.models import Interaction, Relationship, SearchEntry, Visibility, inserts
from irm.models.base import Rows

#: What of the ways to reach somebody can be searched.
CONTACTS = ("email", "phone")

#: Up to this many hits a search sorts the hits; beyond, it walks the sorted list and keeps what
#: matches. Where both cost the same, measured on 100,000 people.
FEW = 6000

#: Where fewer than one in so many has the needle, to look all hits up costs less than to walk the
#: list until a page is full. Measured on a million people.
RARE = 50

#: Up to this many people are named one by one; more go as one list.
NAMED = 500

#: Before a sign that LIKE would read as "anything".
_ESCAPE = "/"

_index = table("search_index", column("rowid"), column("text", String))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who searches: the current brand, the user, and whether she reads others' private notes."""

    brand_id: int
    user_id: int
    reads_private: bool = False
    #: She finds and is shown those alone whom she owns: a partner; see irm/access.py.
    only_own: bool = False

    @property
    def seen(self) -> list[ColumnElement[bool]]:
        """The conditions on Relationship that keep those at the brand whom she may see."""
        return [Relationship.owner_id == self.user_id] if self.only_own else []


_ADD_ONE = insert(cast(Table, SearchEntry.__table__)).returning(SearchEntry.__table__.c.id)
_INDEX_ONE = insert(_index).values(rowid=bindparam("id"), text=bindparam("text"))


def index_entries(session: Session, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add entries (`influencer_id source source_id text`, and who may find them) to the index.

    Texts are folded here. One statement for the rows and one for the index, however many.
    """
    common: dict[str, Any] = {"brand_id": None, "relationship_id": None, "author_id": None}
    rows = [{**common, **entry, "text": folded(entry["text"])} for entry in entries]
    if not rows:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if len(rows) == 1:
        # As with every logged exchange: two statements, and its id is known from the first.
        id = session.connection().execute(_ADD_ONE, rows[0]).scalar_one()
        if is_sqlite:
            session.connection().execute(_INDEX_ONE, {"id": id, "text": rows[0]["text"]})
        return
    # The highest id is read inside the writer's turn, which the update of no rows takes.
    before = 0
    if is_sqlite:
        session.execute(update(SearchEntry).where(SearchEntry.id < 0).values(source_id=0))
        before = session.scalar(select(func.coalesce(func.max(SearchEntry.id), 0))) or 0
    inserts.put(session, SearchEntry, rows)
    if is_sqlite:
        session.execute(
            text(
                "INSERT INTO search_index (rowid, text)"
                " SELECT id, text FROM search_entries WHERE id > :before"
            ),
            {"before": before},
        )


def index_note(session: Session, interaction: Interaction, relationship: Relationship) -> None:
    """Make the summary of an interaction findable by those who may read it."""
    is_private = interaction.visibility is Visibility.PRIVATE
    if is_private and interaction.author_id is None:
        return  # nobody but a lead could read it, and null means "everybody" here
    index_entries(
        session,
        [
            {
                "influencer_id": relationship.influencer_id,
                "brand_id": relationship.brand_id,
                "relationship_id": relationship.id,
                "author_id": interaction.author_id if is_private else None,
                "source": "note",
                "source_id": interaction.id,
                "text": interaction.summary,
            }
        ],
    )


def reindex(session: Session, source: str, source_id: int, new_text: str) -> None:
    """Change the text of one entry; on SQLite a trigger keeps the index."""
    session.execute(
        update(SearchEntry)
        .where(SearchEntry.source == source, SearchEntry.source_id == source_id)
        .values(text=folded(new_text))
    )


def forget(session: Session, source: str, source_id: int) -> None:
    """Take one entry out; on SQLite a trigger keeps the index."""
    session.execute(
        delete(SearchEntry).where(SearchEntry.source == source, SearchEntry.source_id == source_id)
    )


@dataclass(frozen=True, slots=True)
class Best:
    """The best entry a query finds of somebody: how good it is, and where it stands."""

    rank: int
    source: str
    source_id: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds."""

    #: Keeps the people it finds; on Relationship.
    condition: ColumnElement[bool]
    #: How good the best entry of each is, the best first; None where they are too many to rank.
    rank: ColumnElement[int] | None = None
    #: The best entry by person, where they are ranked.
    best: Mapping[int, Best] = field(default_factory=dict)


def find(session: Session, query: str, reader: Reader) -> Found:
    """Find people by a query. Asks the database once, to see whether the hits are few or many.

    Few are ranked: the beginning of a name, of a word in it, the middle, then handles, ways to
    reach them, notes and facts, posts. Many are not, and each row of a list is probed. Several
    words may stand in any order and in several texts of a person; as they were typed is better.
    Fewer than three letters match the beginning of names alone.
    """
    asked = needles(query)
    if not asked.phrase:
        return Found(true())
    if len(asked.phrase) < TRIGRAM:
        return Found(begins_with(asked.phrase))
    phrase, *each = _hits(session, (asked.phrase, *asked.words), reader)
    if each:
        return _find_words(session, asked, phrase, each, reader)
    if len(phrase) > FEW:
        return Found(_of_many(session, asked.phrase, reader))
    best = _best(phrase)
    return Found(_among(session, best), _rank(session, best), best)


def _find_words(
    session: Session,
    asked: Needles,
    phrase: Sequence[Any],
    each: Sequence[Sequence[Any]],
    reader: Reader,
) -> Found:
    """Who has every word: those whom the rare words have in common, probed for the others."""
    hits, few = list(zip(asked.words, each, strict=True)), _few(1 + len(each))
    probed = [_holds(word, reader) for word, found in hits if len(found) > few]
    probed += [_is_named(word) for word in asked.short]
    rare = [_best(found) for _word, found in hits if len(found) <= few]
    if not rare:
        return Found(and_(*probed))
    whole = _best(phrase)
    best = {
        person: Best(2 * worst.rank + 1, worst.source, worst.source_id)
        for person in set.intersection(*map(set, rare))
        for worst in [max((of[person] for of in rare), key=lambda one: one.rank)]
    }
    for person, one in whole.items():
        if person not in best or 2 * one.rank < best[person].rank:
            best[person] = Best(2 * one.rank, one.source, one.source_id)
    condition = _among(session, best)
    if probed:
        condition &= or_(_among(session, whole), and_(*probed))
    return Found(condition, _rank(session, best), best)


def _few(needles: int) -> int:
    """How many hits of each needle are looked at: together no more than of a single one."""
    return FEW // needles


def _best(hits: Iterable[Any]) -> dict[int, Best]:
    """The best hit of each person."""
    best: dict[int, Best] = {}
    for person, rank, source, source_id in hits:
        known = best.get(person)
        if known is None or rank < known.rank:
            best[person] = Best(rank, source, source_id)
    return best


def _holds(needle: str, reader: Reader) -> ColumnElement[bool]:
    """Whether anything the reader may find of somebody holds the needle."""
    return exists().where(
        SearchEntry.influencer_id == Relationship.influencer_id,
        SearchEntry.text.contains(needle, autoescape=True),
        _may_find(reader),
    )


_HOW_MANY = text(
    "SELECT (SELECT coalesce(max(id), 0) FROM relationships), count(*)"
    " FROM (SELECT rowid FROM search_index WHERE search_index MATCH :phrase"
    " LIMIT max(:few, (SELECT coalesce(max(id), 0) FROM relationships) / :rare) + 1)"
)


def _of_many(session: Session, needle: str, reader: Reader) -> ColumnElement[bool]:
    """Who has a needle that many entries hold.

    Only SQLite has to be told how to find them: PostgreSQL knows its statistics.
    """
    if session.get_bind().dialect.name != "sqlite":
        return _holds(needle, reader)
    asked = {"phrase": _quoted(needle), "few": FEW, "rare": RARE}
    people, hits = session.connection().execute(_HOW_MANY, asked).one()
    if hits > people // RARE:
        return _holds(needle, reader)
    found = (
        select(SearchEntry.influencer_id)
        .join(_index, _index.c.rowid == SearchEntry.id)
        .where(literal_column("search_index").op("MATCH")(asked["phrase"]), _may_find(reader))
    )
    return Relationship.influencer_id.in_(found)


def _quoted(needle: str) -> str:
    """A needle as FTS5 takes it to the letter."""
    return '"' + needle.replace('"', '""') + '"'


def _is_named(needle: str) -> ColumnElement[bool]:
    return exists().where(
        SearchEntry.influencer_id == Relationship.influencer_id,
        SearchEntry.source == "name",
        SearchEntry.text.contains(needle, autoescape=True),
    )


def restrict(session: Session, query: str, reader: Reader) -> ColumnElement[bool]:
    """The condition on Relationship that keeps the people a query finds, as `find` does."""
    return find(session, query, reader).condition


def _hits(session: Session, wanted: Sequence[str], reader: Reader) -> list[list[Any]]:
    """By needle what holds it: `influencer_id rank source source_id`; a few, one more if more do.

    Asked of the connection: thousands of plain rows need nothing that a session does for them.
    """
    values: dict[str, Any] = {"brand": reader.brand_id, "reader": reader.user_id}
    for n, needle in enumerate(wanted):
        escaped = _escaped(needle)
        values |= {
            f"phrase{n}": _quoted(needle),
            f"begins{n}": f"{escaped}%",
            f"begins_word{n}": f"% {escaped}%",
            f"holds{n}": f"%{escaped}%",
        }
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = _asked(is_sqlite, reader.reads_private, _few(len(wanted)) + 1, len(wanted))
    rows = session.connection().execute(statement, values)
    if len(wanted) == 1:
        return [list(rows)]
    found: list[list[Any]] = [[] for _needle in wanted]
    for n, *hit in rows:
        found[n].append(hit)
    return found


@lru_cache(32)
def _asked(is_sqlite: bool, reads_private: bool, limit: int, count: int) -> Any:
    """The statement of `_hits`, kept: to put it together takes longer than to ask it."""
    each = [_asked_one(is_sqlite, reads_private, n).limit(limit) for n in range(count)]
    if count == 1:
        return each[0]
    return union_all(
        *(select(literal_column(str(n)), one.subquery(f"of{n}")) for n, one in enumerate(each))
    )


def _asked_one(is_sqlite: bool, reads_private: bool, n: int) -> Rows:
    found = select(
        SearchEntry.influencer_id, _rank_of(n), SearchEntry.source, SearchEntry.source_id
    ).where(_readable(bindparam("brand"), None if reads_private else bindparam("reader")))
    if not is_sqlite:
        return found.where(_like(f"holds{n}"))
    return found.join(_index, _index.c.rowid == SearchEntry.id).where(
        literal_column("search_index").op("MATCH")(bindparam(f"phrase{n}"))
    )


def _like(name: str) -> ColumnElement[bool]:
    return SearchEntry.text.like(bindparam(name), escape=_ESCAPE)


def _escaped(needle: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        needle = needle.replace(sign, _ESCAPE + sign)
    return needle


_is_name, _is_handle = SearchEntry.source == "name", SearchEntry.source == "handle"


def _rank_of(n: int) -> ColumnElement[int]:
    """How good an entry is that holds the needle: 0 is best."""
    return case(
        (_is_name & _like(f"begins{n}"), 0),
        (_is_name & _like(f"begins_word{n}"), 1),
        (_is_name, 2),
        (_is_handle & _like(f"begins{n}"), 3),
        (_is_handle, 4),
        (SearchEntry.source == "contact", 5),
        (SearchEntry.source.in_(("note", "fact")), 6),
        else_=7,
    ).label("rank")


def _rank(session: Session, best: Mapping[int, Best]) -> ColumnElement[int]:
    """The rank of each relationship, the largest class of people being the rest."""
    classes: dict[int, list[int]] = defaultdict(list)
    for person, one in best.items():
        classes[one.rank].append(person)
    rest = max(classes, key=lambda rank: len(classes[rank]), default=0)
    named = [(_among(session, people), rank) for rank, people in classes.items() if rank != rest]
    return case(*named, else_=rest) if named else literal(rest)


def _among(session: Session, people: Iterable[int]) -> ColumnElement[bool]:
    """Whether a relationship is with one of these people: named one by one, or as one list."""
    ids = sorted(people)
    if len(ids) <= NAMED:
        return Relationship.influencer_id.in_(ids)
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(json.dumps(ids)).table_valued("value")
        return Relationship.influencer_id.in_(select(each.c.value))
    return Relationship.influencer_id == any_(literal(ids, ARRAY(Integer)))


def _may_find(reader: Reader) -> ColumnElement[bool]:
    return _readable(reader.brand_id, None if reader.reads_private else reader.user_id)


def _readable(brand_id: Any, user_id: Any) -> ColumnElement[bool]:
    """Whether an entry is for everybody, or for that brand and, but for None, that user."""
    brand = or_(SearchEntry.brand_id.is_(None), SearchEntry.brand_id == brand_id)
    if user_id is None:
        return brand
    return brand & or_(SearchEntry.author_id.is_(None), SearchEntry.author_id == user_id)
