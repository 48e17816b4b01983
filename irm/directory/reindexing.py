"""The search index, mended from what it is made of: names, handles, contacts, notes, posts …"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from irm.directory import search
from irm.directory.merged import roots
from irm.directory.needles import folded
from irm.models import (
    Account,
    ContactPoint,
    Fact,
    Influencer,
    Interaction,
    Post,
    Relationship,
    SearchEntry,
    Visibility,
)
from irm.models.base import Rows

#: Source rows looked at in one step: bounded memory.
CHUNK = 1000

#: By source, its rows: id, person, text. Notes and facts say too who may find
#: them: their brand, their relationship, whether they are private, their author.
_SOURCES: dict[str, tuple[Rows, InstrumentedAttribute[int]]] = {
    # Strangers are found by nobody.
    "name": (
        select(Influencer.id, Influencer.id.label("person"), Influencer.name).where(
            Influencer.known
        ),
        Influencer.id,
    ),
    "handle": (
        select(Account.id, Account.influencer_id, Account.handle)
        .join(Influencer, Influencer.id == Account.influencer_id)
        .where(Influencer.known),
        Account.id,
    ),
    "contact": (
        select(ContactPoint.id, ContactPoint.influencer_id, ContactPoint.value)
        .join(Influencer, Influencer.id == ContactPoint.influencer_id)
        .where(Influencer.known, ContactPoint.kind.in_(search.CONTACTS)),
        ContactPoint.id,
    ),
    "note": (
        select(
            Interaction.id,
            Relationship.influencer_id,
            Interaction.summary,
            Relationship.brand_id,
            Relationship.id,
            Interaction.visibility == Visibility.PRIVATE,
            Interaction.author_id,
        ).join(Relationship, Relationship.id == Interaction.relationship_id),
        Interaction.id,
    ),
    "fact": (
        select(
            Fact.id,
            Relationship.influencer_id,
            Fact.text,
            Relationship.brand_id,
            Relationship.id,
            (Fact.visibility == Visibility.PRIVATE) | Fact.is_sensitive,
            Fact.author_id,
        )
        .join(Relationship, Relationship.id == Fact.relationship_id)
        .where(Fact.ended_at.is_(None), Fact.text != ""),
        Fact.id,
    ),
    "post": (
        select(Post.id, Account.influencer_id, Post.text)
        .join(Account, Account.id == Post.account_id)
        .where(Post.text != ""),
        Post.id,
    ),
}


def rebuild(session: Session) -> int:
    """Mend the index from what it is made of; returns how many entries were missing or wrong.

    Entries that are right keep their ids: merges remember them. Commits nothing.
    """
    return sum(_mend(session, source, *of) for source, of in _SOURCES.items())


def mend(session: Session, source: str, ids: Collection[int]) -> int:
    """Mend the entries of a few source rows; returns how many were missing or wrong."""
    rows, id = _SOURCES[source]
    there = select(SearchEntry).where(SearchEntry.source == source, SearchEntry.source_id.in_(ids))
    return _mend_some(session, source, session.execute(rows.where(id.in_(ids))).all(), there)


def _mend(session: Session, source: str, rows: Rows, id: InstrumentedAttribute[int]) -> int:
    changed, last = 0, 0
    while True:
        found = session.execute(rows.where(id > last).order_by(id).limit(CHUNK)).all()
        upto = found[-1][0] if found else None
        there = select(SearchEntry).where(
            SearchEntry.source == source, SearchEntry.source_id > last
        )
        if upto is not None:
            there = there.where(SearchEntry.source_id <= upto)
        changed += _mend_some(session, source, found, there)
        session.expunge_all()
        if upto is None:
            return changed
        last = upto


def _mend_some(
    session: Session, source: str, rows: Sequence[Any], there: Select[SearchEntry]
) -> int:
    """Let the entries that are there be those that some source rows ask for."""
    known = {entry.source_id: entry for entry in session.scalars(there)}
    right = {row[0]: entry for row in rows if (entry := _entry(source, row)) is not None}
    if source == "name":
        # By the name of who was merged the one they are now is found, as the merge left it.
        now = roots(session, right)
        right = {id: {**entry, "influencer_id": now[id]} for id, entry in right.items()}
    missing = [entry for key, entry in right.items() if key not in known]
    search.index_entries(session, missing)
    gone = [entry.id for key, entry in known.items() if key not in right]
    wrong = [
        {"id": known[key].id, **entry, "text": folded(entry["text"])}
        for key, entry in right.items()
        if key in known and not _is_right(known[key], entry)
    ]
    if gone:
        session.execute(delete(SearchEntry).where(SearchEntry.id.in_(gone)))
    if wrong:
        session.execute(update(SearchEntry), wrong)
    return len(missing) + len(gone) + len(wrong)


def _entry(source: str, row: Any) -> dict[str, Any] | None:
    """The entry that a source row asks for; None where nobody but a lead could read it."""
    entry: dict[str, Any] = {
        "source": source,
        "source_id": row[0],
        "influencer_id": row[1],
        "text": row[2],
        "brand_id": None,
        "relationship_id": None,
        "author_id": None,
    }
    if source in ("note", "fact"):
        is_private = row[5]
        if is_private and row[6] is None:
            return None
        author_id = row[6] if is_private else None
        entry |= {"brand_id": row[3], "relationship_id": row[4], "author_id": author_id}
    return entry


def _is_right(known: SearchEntry, entry: dict[str, Any]) -> bool:
    return known.text == folded(entry["text"]) and all(
        getattr(known, name) == value for name, value in entry.items() if name != "text"
    )
