"""Finding people by part of a name, a handle or a note, alike on both databases.

Texts are folded in Python and indexed by trigrams: FTS5 on SQLite, pg_trgm on PostgreSQL. Each
indexed row carries who may find it, so that nobody finds what they may not read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    bindparam,
    column,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session

from irm.models import Interaction, Relationship, SearchEntry, Visibility
from irm.models.keys import fold

#: A trigram index finds nothing shorter.
TRIGRAM = 3

#: Up to this many hits a search sorts the hits; beyond, it walks the sorted list and keeps what
#: matches. Where both cost the same, measured on 100,000 people.
FEW = 6000

#: Up to this many hits are named one by one; more are asked for again, as a part of the statement.
NAMED = 500

#: Longer needles find nothing more.
QUERY_LENGTH = 100

_index = table("search_index", column("rowid"), column("text", String))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who searches: the current brand, the user, and whether she reads others' private notes."""

    brand_id: int
    user_id: int
    reads_private: bool = False


_ADD_ONE = insert(cast(Table, SearchEntry.__table__)).returning(SearchEntry.__table__.c.id)
_INDEX_ONE = insert(_index).values(rowid=bindparam("id"), text=bindparam("text"))


def index_entries(session: Session, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add entries (`influencer_id source source_id text`, and who may find them) to the index.

    Texts are folded here. One statement for the rows and one for the index, however many.
    """
    common: dict[str, Any] = {"brand_id": None, "relationship_id": None, "author_id": None}
    rows = [{**common, **entry, "text": fold(entry["text"])} for entry in entries]
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
    session.connection().execute(insert(SearchEntry.__table__), rows)  # type: ignore[arg-type]
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
        .values(text=fold(new_text))
    )


def restrict(session: Session, query: str, reader: Reader) -> ColumnElement[bool]:
    """The condition on Relationship that keeps the people a query finds.

    Fewer than three letters match the beginning of names alone. Asks the database once to see
    whether the hits are few (then they are named) or many (then each row is probed).
    """
    needle = fold(query)[:QUERY_LENGTH]
    if not needle:
        return true()
    if len(needle) < TRIGRAM:
        return _begins_with(needle)
    hits = session.scalars(_hits(session, needle, reader).limit(FEW + 1)).all()
    if len(hits) > FEW:
        return exists().where(
            SearchEntry.influencer_id == Relationship.influencer_id,
            SearchEntry.text.contains(needle, autoescape=True),
            _may_find(reader),
        )
    if len(hits) > NAMED:
        return Relationship.influencer_id.in_(_hits(session, needle, reader))
    return Relationship.influencer_id.in_(set(hits))


def _hits(session: Session, needle: str, reader: Reader) -> Select[int]:
    found = select(SearchEntry.influencer_id).where(_may_find(reader))
    if session.get_bind().dialect.name != "sqlite":
        return found.where(SearchEntry.text.contains(needle, autoescape=True))
    phrase = '"' + needle.replace('"', '""') + '"'
    return found.join(_index, _index.c.rowid == SearchEntry.id).where(
        literal_column("search_index").op("MATCH")(phrase)
    )


def _may_find(reader: Reader) -> ColumnElement[bool]:
    brand = or_(SearchEntry.brand_id.is_(None), SearchEntry.brand_id == reader.brand_id)
    if reader.reads_private:
        return brand
    return brand & or_(SearchEntry.author_id.is_(None), SearchEntry.author_id == reader.user_id)


def _begins_with(needle: str) -> ColumnElement[bool]:
    beyond = _after(needle)
    begun = Relationship.name_order >= needle
    return begun if beyond is None else begun & (Relationship.name_order < beyond)


def _after(needle: str) -> str | None:
    """The first text after all those that begin with the needle, if there is any."""
    # Nothing comes after the last code point, and surrogates are in no text.
    bare = needle.rstrip("\U0010ffff")
    if not bare:
        return None
    following = ord(bare[-1]) + 1
    return bare[:-1] + chr(0xE000 if following == 0xD800 else following)
