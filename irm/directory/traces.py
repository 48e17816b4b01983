"""What we hold of some people, in whichever table: read from the keys of the tables themselves.

A table that hangs on people by a key that deletes along with them (`ondelete="CASCADE"`), directly
or over others, holds what is theirs. One whose key is set to null then only mentions them. So a
new table cannot be forgotten, and a test asks of each one without such keys what it may hold.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, or_, select
from sqlalchemy.orm import Session

from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    ImportRow,
    ImportStep,
    Influencer,
    Prospect,
    Relationship,
)
from irm.models.base import Base

_people = cast(Table, Influencer.__table__)
_twin = cast(Table, ImportRow.__table__).c.twin_id

#: Ways of contact that tell who it is.
TELLING = ("email", "phone")

#: Kinds of tasks that are told whom to work on, as `people`.
OF_PEOPLE = ("score", "duplicates")

#: The ways in which rows of a table belong to some people: each is a condition on the table.
Ways = tuple[ColumnElement[bool], ...]


class Marks(NamedTuple):
    """What some people are known by, as it is written and as it is compared."""

    names: frozenset[str]
    handles: frozenset[str]
    #: Of their profiles.
    addresses: frozenset[str]
    #: E-mail addresses and numbers; a website may be that of their agency.
    contacts: frozenset[str]
    #: Kinds and keys, for the hashes that outlive them.
    keys: frozenset[tuple[str, str]]


def family(session: Session, influencer_id: int) -> list[int]:
    """The ids of a person and of everybody who was merged into them, directly or over others."""
    found = [influencer_id]
    newest: Sequence[int] = found
    while newest:
        newest = session.scalars(
            select(Influencer.id).where(
                Influencer.merged_into_id.in_(newest), Influencer.id.not_in(found)
            )
        ).all()
        found += newest
    return sorted(found)


def theirs(ids: Sequence[int]) -> dict[Table, Ways]:
    """The tables that hold what belongs to these people, parents first, and how to find it."""
    found: dict[Table, Ways] = {_people: (_people.c.id.in_(ids),)}
    for table in Base.metadata.sorted_tables:
        ways = _ways(table, found, ids, ondelete="CASCADE")
        if table is not _people and ways:
            found[table] = ways
    return found


def mentions(ids: Sequence[int]) -> dict[Table, Ways]:
    """The tables that name these people beside other things, and how to find where.

    A line of a list that only points at them as at a namesake is about somebody else.
    """
    own = theirs(ids)
    found = {
        table: _ways(table, own, ids, ondelete="SET NULL")
        for table in Base.metadata.sorted_tables
        if table not in own
    }
    return {table: ways for table, ways in found.items() if ways}


def rows(session: Session, table: Table, ways: Ways) -> list[dict[str, Any]]:
    """The rows of a table that one of these ways finds, each once, in the order of their keys."""
    key = tuple(table.primary_key.columns)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    # One statement for each way: an OR over two of them may read the whole table.
    for way in ways:
        for row in session.execute(select(table).where(way)).mappings():
            found[tuple(row[column.name] for column in key)] = dict(row)
    return [found[one] for one in sorted(found)]


def marks(session: Session, ids: Sequence[int]) -> Marks:
    """What these people are known by."""
    names = session.scalars(select(Influencer.name).where(Influencer.id.in_(ids)))
    accounts = session.scalars(select(Account).where(Account.influencer_id.in_(ids))).all()
    former = session.scalars(
        select(AccountHandle)
        .join(Account, Account.id == AccountHandle.account_id)
        .where(Account.influencer_id.in_(ids))
    ).all()
    points = session.scalars(select(ContactPoint).where(ContactPoint.influencer_id.in_(ids))).all()
    had: list[Account | AccountHandle] = [*accounts, *former]
    handles = {one.handle for one in had}
    addresses = {one.url for one in accounts if one.url}
    platform_ids = {one.platform_id for one in accounts if one.platform_id}
    keys = {("account", f"{one.platform.value}:{one.handle_key}") for one in had}
    keys |= {
        ("account_id", f"{one.platform.value}:{one.platform_id}")
        for one in accounts
        if one.platform_id
    }
    telling = [point for point in points if point.kind in TELLING]
    keys |= {(point.kind, point.value_key) for point in telling}
    return Marks(
        names=frozenset(names),
        handles=frozenset(handles | platform_ids),
        addresses=frozenset(addresses),
        contacts=frozenset(text for point in telling for text in (point.value, point.value_key)),
        keys=frozenset(keys),
    )


def row_ids(session: Session, ids: Sequence[int]) -> dict[str, set[int]]:
    """The ids of these people's rows, by table: what imports noted of them is found by these."""
    return {
        table.name: {row["id"] for row in rows(session, table, ways)}
        for table, ways in theirs(ids).items()
        if "id" in table.columns
    }


def steps(ids: Sequence[int]) -> Select[int, Any, Any]:
    """Select `id changed created` of the steps of imports that touched these people."""
    batches = select(ImportRow.batch_id).where(ImportRow.influencer_id.in_(ids))
    return (
        select(ImportStep.id, ImportStep.changed, ImportStep.created)
        .where(ImportStep.batch_id.in_(batches))
        .order_by(ImportStep.id)
    )


def relationships(session: Session, ids: Sequence[int]) -> list[int]:
    """The ids of these people's relationships, with whichever brand."""
    return list(session.scalars(select(Relationship.id).where(Relationship.influencer_id.in_(ids))))


def brands(session: Session, ids: Sequence[int]) -> set[int]:
    """The ids of the brands that have a relationship with these people, or brought them in."""
    related = select(Relationship.brand_id).where(Relationship.influencer_id.in_(ids))
    own = select(Prospect.brand_id).where(Prospect.influencer_id.in_(ids), Prospect.is_own)
    return set(session.scalars(related.union_all(own)))


def _ways(table: Table, found: Mapping[Table, Ways], ids: Sequence[int], ondelete: str) -> Ways:
    ways: list[ColumnElement[bool]] = []
    for column in table.columns:
        if column is _twin:
            continue
        for key in column.foreign_keys:
            parent = key.column.table
            if parent is table or parent not in found or key.ondelete != ondelete:
                continue
            # Of people the ids are known: no need to look them up.
            keys = ids if parent is _people else select(key.column).where(or_(*found[parent]))
            ways.append(column.in_(keys))
    return tuple(ways)
