"""The derived columns of relationships: kept after each change, and rebuilt from history.

Nothing else writes them. `settle_…` is for one relationship after a change to its history,
`rebuild` for many; both read by the same functions, and a test proves that a rebuild changes
nothing. They are written by plain updates, so that `row_version` counts people's edits alone.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, Update, bindparam, func, select, update
from sqlalchemy.orm import Session, attributes

from irm.ledger import contact, counters
from irm.ledger.orders import day_order, score_order
from irm.models import NEVER, Influencer, Interaction, Relationship, State, Touchpoint
from irm.models.keys import name_order

#: Relationships rebuilt in one step: bounded memory.
CHUNK = 1000


#: Asked with every exchange, so they are put together once.
_HISTORY = (
    select(Interaction.happened_at, Interaction.direction, Interaction.kind, Interaction.channel)
    .where(Interaction.relationship_id == bindparam("of_id"))
    .order_by(Interaction.happened_at, Interaction.id)
)
_NEXT = select(func.min(Touchpoint.due_on)).where(
    Touchpoint.relationship_id == bindparam("of_id"), Touchpoint.state == State.OPEN
)
_HELD = (
    select(
        Relationship.last_contact_at,
        Relationship.last_two_way_at,
        Relationship.last_inbound_at,
        Relationship.last_outbound_at,
        Relationship.gives_since_ask,
        Relationship.unanswered,
        Relationship.contact_order,
        Relationship.next_touchpoint_on,
        Relationship.next_order,
    )
    .where(Relationship.id == bindparam("of_id"))
    .with_for_update()
)


def settle_contact(session: Session, relationship: Relationship) -> None:
    """Read the contact columns anew after an interaction was added, changed or removed."""
    session.flush()
    held = hold(session, relationship)
    history = session.connection().execute(_HISTORY, {"of_id": relationship.id})
    _write(session, relationship, held, _contact_columns(contact.read(history)))


def settle_next(session: Session, relationship: Relationship) -> None:
    """Read the day of the next touchpoint anew after one was planned, moved or closed."""
    session.flush()
    held = hold(session, relationship)
    due = session.connection().scalar(_NEXT, {"of_id": relationship.id})
    _write(session, relationship, held, _next_columns(due))


def set_next(session: Session, relationship: Relationship, due: dt.date) -> None:
    """The same where the caller holds the relationship and knows the day: it is not asked for."""
    session.flush()
    columns = _next_columns(due)
    session.connection().execute(_update(tuple(columns)), {"of_id": relationship.id, **columns})
    for name, value in columns.items():
        attributes.set_committed_value(relationship, name, value)


def settle_next_of(session: Session, ids: Sequence[int]) -> None:
    """The same for many relationships, which the caller holds, by one statement for each chunk."""
    table = Relationship.__table__
    assert isinstance(table, Table)
    session.flush()
    soonest = (
        select(func.min(Touchpoint.due_on))
        .where(Touchpoint.relationship_id == table.c.id, Touchpoint.state == State.OPEN)
        .correlate(table)
        .scalar_subquery()
    )
    values = {"next_touchpoint_on": soonest, "next_order": func.coalesce(soonest, NEVER)}
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        session.connection().execute(update(table).where(table.c.id.in_(some)).values(values))


def hold(session: Session, relationship: Relationship) -> Any:
    """Lock a relationship until the transaction ends; return its derived columns as stored.

    Two who log at once then read history one after the other, each seeing what the other wrote.
    """
    return session.connection().execute(_HELD, {"of_id": relationship.id}).one()


def order_columns(influencer: Any, relationship: Any) -> dict[str, Any]:
    """The sort keys of a relationship from names and scores (of entities or rows)."""
    return {
        "name_order": name_order(influencer.name),
        "fit_order": score_order(relationship.fit),
        "relevance_order": score_order(relationship.relevance),
        "resonance_order": score_order(influencer.resonance),
        "reach_order": score_order(influencer.reach),
    }


def rebuild(session: Session, brand_id: int | None = None) -> int:
    """Rebuild all derived columns and the counters from history, of one brand or of all.

    Returns how many relationships were not as history says; 0 where all was well kept.
    """
    changed = sum(_rebuild_some(session, ids) for ids in _chunks_of_ids(session, brand_id))
    counters.recount(session, brand_id)
    return changed


def rebuild_these(session: Session, ids: Sequence[int]) -> int:
    """Rebuild the derived columns of a few relationships, whose history was moved about."""
    return _rebuild_some(session, sorted(ids)) if ids else 0


def _contact_columns(read: contact.Contact) -> dict[str, Any]:
    return {
        "last_contact_at": read.last_contact_at,
        "last_two_way_at": read.last_two_way_at,
        "last_inbound_at": read.last_inbound_at,
        "last_outbound_at": read.last_outbound_at,
        "gives_since_ask": read.gives_since_ask,
        "unanswered": read.unanswered,
        "contact_order": day_order(read.last_contact_at),
    }


def _next_columns(due: dt.date | None) -> dict[str, Any]:
    return {"next_touchpoint_on": due, "next_order": day_order(due)}


def _write(
    session: Session, relationship: Relationship, held: Any, columns: Mapping[str, Any]
) -> None:
    """Write what differs from what is stored, whatever this session had read of it before."""
    differing = {name: value for name, value in columns.items() if getattr(held, name) != value}
    if differing:
        session.connection().execute(
            _update(tuple(differing)), {"of_id": relationship.id, **differing}
        )
    for name, value in columns.items():
        attributes.set_committed_value(relationship, name, value)


@lru_cache(64)
def _update(names: tuple[str, ...]) -> Update:
    """The update of these columns of the relationship `of_id`; put together once."""
    table = Relationship.__table__
    assert isinstance(table, Table)
    return (
        update(table)
        .where(table.c.id == bindparam("of_id"))
        .values({name: bindparam(name) for name in names})
    )


def _chunks_of_ids(session: Session, brand_id: int | None) -> Iterator[Sequence[int]]:
    last = 0
    while True:
        ids = select(Relationship.id).where(Relationship.id > last)
        if brand_id is not None:
            ids = ids.where(Relationship.brand_id == brand_id)
        found = session.scalars(ids.order_by(Relationship.id).limit(CHUNK)).all()
        if not found:
            return
        yield found
        last = found[-1]


def _rebuild_some(session: Session, ids: Sequence[int]) -> int:
    """Rebuild a run of relationships given by ascending ids; returns how many differed."""
    columns = [c for c in Relationship.__table__.c if c.name in DERIVED]
    of_these = Relationship.id.between(ids[0], ids[-1])
    rows = session.execute(
        select(
            Relationship.id,
            Relationship.fit,
            Relationship.relevance,
            Influencer.name,
            Influencer.reach,
            Influencer.resonance,
            *columns,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(of_these, Relationship.id.in_(ids))
    ).all()
    contacts = _contacts(session, ids)
    soonest = session.execute(
        select(Touchpoint.relationship_id, func.min(Touchpoint.due_on))
        .where(Touchpoint.relationship_id.in_(ids), Touchpoint.state == State.OPEN)
        .group_by(Touchpoint.relationship_id)
    )
    due: dict[int, dt.date] = {row[0]: row[1] for row in soonest}
    differing = []
    for row in rows:
        right = {
            **_contact_columns(contacts.get(row.id, contact.Contact())),
            **_next_columns(due.get(row.id)),
            **order_columns(row, row),
        }
        if any(getattr(row, name) != value for name, value in right.items()):
            differing.append({"of_id": row.id, **right})
    if differing:
        session.connection().execute(_update(DERIVED), differing)
    return len(differing)


def _contacts(session: Session, ids: Sequence[int]) -> dict[int, contact.Contact]:
    history = session.execute(
        select(
            Interaction.relationship_id,
            Interaction.happened_at,
            Interaction.direction,
            Interaction.kind,
            Interaction.channel,
        )
        .where(Interaction.relationship_id.in_(ids))
        .order_by(Interaction.relationship_id, Interaction.happened_at, Interaction.id)
    )
    return {
        id: contact.read((row[1], row[2], row[3], row[4]) for row in of_one)
        for id, of_one in groupby(history, key=itemgetter(0))
    }


DERIVED = (
    "last_contact_at",
    "last_two_way_at",
    "last_inbound_at",
    "last_outbound_at",
    "next_touchpoint_on",
    "gives_since_ask",
    "unanswered",
    "name_order",
    "fit_order",
    "relevance_order",
    "resonance_order",
    "reach_order",
    "next_order",
    "contact_order",
)
