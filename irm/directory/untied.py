"""Strangers whom nothing names any more: no tie, no list, no brand; they are nobody's, and go.

Whoever has anything beside accounts without posts stays, also where this version does not know
what it is: every table that leads to a person counts.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.orm import Session

from irm.models import Account, Base, ImportStep, Influencer
from irm.models.ids import within

#: What goes with a person, and is no reason to keep one: irm works it out, or it names them alone.
_THEIRS = frozenset({"accounts", "account_handles", "places"})

#: Strangers looked through at once, and at most so many cleared in one transaction.
LOOKED_THROUGH, CLEARED = 2000, 300


def strangers(after: int) -> Select[Any]:
    """Select the next strangers by id, a page of them."""
    return (
        select(Influencer.id)
        .where(Influencer.known.is_(False), Influencer.id > after)
        .order_by(Influencer.id)
        .limit(LOOKED_THROUGH)
    )


def among(session: Session, ids: Collection[int]) -> set[int]:
    """Those of some people who are strangers on whom nothing hangs."""
    if not ids:
        return set()
    return set(session.scalars(select(Influencer.id).where(within(Influencer.id, ids), *_loose())))


def clear(session: Session, ids: Collection[int]) -> int:
    """Delete those of some people who are still strangers on whom nothing hangs; returns how many.

    Whoever ties somebody to one of them meanwhile is waited for, or meets a row that is gone and
    makes another.
    """
    session.execute(
        select(Influencer.id)
        .where(within(Influencer.id, ids))
        .order_by(Influencer.id)
        .with_for_update()
    ).all()
    # Asked again: what was committed while this waited counts.
    gone = among(session, ids)
    if gone:
        session.execute(
            delete(Influencer).where(within(Influencer.id, gone)),
            execution_options={"synchronize_session": False},
        )
    return len(gone)


def held(session: Session, ids: Collection[int]) -> set[int]:
    """Those of some people whom an import made or changed that can still be undone."""
    wanted = set(ids)
    if not wanted:
        return set()
    owners = dict(
        session.execute(
            select(Account.id, Account.influencer_id).where(within(Account.influencer_id, wanted))
        ).all()
    )
    own = {"influencers": {id: id for id in wanted}, "accounts": owners}
    found: set[int] = set()
    steps = select(ImportStep.created, ImportStep.changed).execution_options(yield_per=100)
    for created, changed in session.execute(steps):
        for table, owner in own.items():
            for first, last in created.get(table, ()):
                found |= _between(owner, first, last)
        found |= {own[table][id] for table, id, _both in changed if id in own.get(table, ())}
    return found


def _between(owner: dict[int, int], first: int, last: int) -> set[int]:
    """The owners of what has an id in a range, by whichever of the two is shorter."""
    if last - first < len(owner):
        return {owner[id] for id in range(first, last + 1) if id in owner}
    return {person for id, person in owner.items() if first <= id <= last}


@cache
def _loose() -> tuple[ColumnElement[bool], ...]:
    """What holds of a stranger on whom nothing hangs."""
    conditions: list[ColumnElement[bool]] = [
        Influencer.known.is_(False),
        Influencer.merged_into_id.is_(None),
        # Who asked to be left alone is asked for again by the next list, were they forgotten.
        Influencer.do_not_contact.is_(False),
    ]
    of_accounts = Base.metadata.tables["accounts"]
    # Ties first: hardly anybody has none.
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name != "ties"):
        if table.name in _THEIRS:
            continue
        for column in table.c:
            for key in column.foreign_keys:
                other = table.alias()
                leads = other.c[column.name]
                if key.column.table.name == "influencers":
                    conditions.append(~exists().where(leads == Influencer.id))
                elif key.column.table is of_accounts:
                    own = of_accounts.alias()
                    conditions.append(
                        ~exists().where(leads == own.c.id, own.c.influencer_id == Influencer.id)
                    )
    return tuple(conditions)
