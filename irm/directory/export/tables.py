"""Whole tables, a thousand rows at a time: however many there are, few are held.

A table is walked by its ids, so that a long export holds nothing open; what others change
meanwhile is in it or not, row by row.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.directory.export import history, influencers, people, published, tied
from irm.directory.export.columns import COLUMNS
from irm.models import Influencer, Interaction, Post, Relationship, Snapshot, StageMove, Touchpoint
from irm.models.base import Rows

CHUNK = 1000

Row = dict[str, Any]


class _Table(NamedTuple):
    """How the rows of one export are read, and by which ids they are walked."""

    key: Any
    rows: Callable[[int, bool], Rows]
    #: Adds what hangs on the rows of one chunk.
    complete: Callable[[Session, Sequence[Row]], None] = lambda session, rows: None
    #: Whether a row is about an account of its own, rather than its person's largest.
    is_published: bool = False


_TABLES: dict[str, _Table] = {
    "relationships": _Table(
        Relationship.id, lambda brand, _: history.relationships(brand), history.with_tags
    ),
    "interactions": _Table(Interaction.id, lambda brand, _: history.interactions(brand)),
    "touchpoints": _Table(
        Touchpoint.id, lambda brand, _: history.touchpoints(brand), history.with_replaced
    ),
    "moves": _Table(StageMove.id, lambda brand, _: history.moves(brand)),
    "posts": _Table(
        Post.id,
        lambda brand, strangers: published.posts(influencers.of_brand(brand, strangers=strangers)),
        published.with_days,
        is_published=True,
    ),
    "snapshots": _Table(
        Snapshot.id,
        lambda brand, strangers: published.snapshots(
            influencers.of_brand(brand, strangers=strangers)
        ),
        is_published=True,
    ),
}


def count(session: Session, kind: str, brand_id: int, *, strangers: bool = False) -> int:
    """Count the rows of an export, for the progress bar."""
    if kind == "ties":
        return session.scalar(tied.count(brand_id)) or 0
    if kind == "influencers":
        found = select(Influencer.id).where(influencers.of_brand(brand_id, strangers=strangers))
    else:
        table = _TABLES[kind]
        found = table.rows(brand_id, strangers).with_only_columns(table.key)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def rows(session: Session, kind: str, brand_id: int, *, strangers: bool = False) -> Iterator[Row]:
    """Yield the rows of an export with the columns of its kind, in the order they were made."""
    return chain.from_iterable(_chunks(session, kind, brand_id, strangers))


def _chunks(session: Session, kind: str, brand_id: int, strangers: bool) -> Iterator[list[Row]]:
    after = 0
    while True:
        if kind == "influencers":
            condition = influencers.of_brand(brand_id, strangers=strangers)
            found = influencers.read(session, condition, after, CHUNK)
        elif kind == "ties":
            found = tied.read(session, brand_id, after, CHUNK)
        else:
            found = _read(session, _TABLES[kind], brand_id, strangers, after)
        if not found:
            return
        after = found[-1]["id"]
        yield [{name: row[name] for name in COLUMNS[kind]} for row in found]


def _read(session: Session, table: _Table, brand_id: int, strangers: bool, after: int) -> list[Row]:
    statement = table.rows(brand_id, strangers).where(table.key > after)
    found = [
        dict(row._mapping) for row in session.execute(statement.order_by(table.key).limit(CHUNK))
    ]
    table.complete(session, found)
    known = people.named(session, {row["influencer_id"] for row in found})
    for row in found:
        person = known[row["influencer_id"]]
        if table.is_published:
            person = {**person, "platform_id": row["platform_id"], "account": _account(row)}
        row |= person
    return found


def _account(row: Row) -> str:
    return f"{row['platform'].value}:{row['handle']}"
