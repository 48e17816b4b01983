"""People who are only known as an end of a tie: made, found again, and made known.

A stranger is a row like another with an account, and `known` false. Nothing of it is indexed for
search, counted or scored until somebody adds the person, or a list names them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from irm.directory import moving, search, tied
from irm.models import (
    Account,
    Base,
    ContactPoint,
    Influencer,
    Platform,
    Prospect,
    Relationship,
    SearchEntry,
    Tie,
    Tier,
    inserts,
)
from irm.models.ids import draw
from irm.models.keys import fold_handle

#: A row that changes: {column: (before, after)}.
Change = tuple[type[Base], int, dict[str, tuple[Any, Any]]]

#: People named by one statement.
CHUNK = 500


class Newcomer(NamedTuple):
    """An account that nobody here has, met at the end of a tie."""

    platform: Platform
    handle: str
    platform_id: str | None = None
    name: str | None = None
    #: Another account goes by the handle, so this one is not found by it.
    is_taken: bool = False


def make(
    session: Session,
    new: Sequence[Newcomer],
    *,
    source: str,
    lawful_basis: str,
    at: dt.datetime,
) -> tuple[Sequence[int], Sequence[int]]:
    """Add strangers, each with an account; returns the ids of both, in the order given."""
    if not new:
        return (), ()
    drawn = draw(session, {Influencer: len(new), Account: len(new)})
    people, accounts = drawn[Influencer], drawn[Account]
    inserts.put(
        session,
        Influencer,
        [
            {"id": id, "name": (one.name or one.handle)[:200]}
            for id, one in zip(people, new, strict=True)
        ],
        tier=Tier.MICRO,
        source=source,
        lawful_basis=lawful_basis,
        known=False,
        created_at=at,
    )
    inserts.put(
        session,
        Account,
        [
            {
                "id": id,
                "influencer_id": person,
                "platform": one.platform,
                "handle": one.handle,
                "handle_key": fold_handle(one.handle),
                "platform_id": one.platform_id,
                "is_current": not one.is_taken,
            }
            for id, person, one in zip(accounts, people, new, strict=True)
        ],
        created_at=at,
    )
    return people, accounts


def among(session: Session, ids: Collection[int]) -> set[int]:
    """Those of some people who are strangers."""
    if not ids:
        return set()
    found = select(Influencer.id).where(Influencer.id.in_(ids), Influencer.known.is_(False))
    return set(session.scalars(found))


def become_known(session: Session, ids: Collection[int]) -> None:
    """Let strangers be people like others, with the ties they have."""
    session.flush()
    for one in session.scalars(select(Influencer).where(Influencer.id.in_(ids))):
        one.known = True
    session.flush()
    index(session, ids)


def settle(session: Session, ids: Collection[int]) -> None:
    """Say anew of people whom a list made known, and does no more, whether they still are.

    Whom a brand has taken in since stays known.
    """
    if not ids:
        return
    kept = (
        select(Relationship.influencer_id)
        .where(Relationship.influencer_id.in_(ids))
        .union(
            select(Prospect.influencer_id).where(Prospect.influencer_id.in_(ids), Prospect.is_own)
        )
    )
    still = set(session.scalars(kept)) & among(session, ids)
    if still:
        session.execute(update(Influencer).where(Influencer.id.in_(still)).values(known=True))
        session.expire_all()
    forget(session, among(session, ids))


def absorb(session: Session, stranger_id: int, person_id: int) -> list[Change]:
    """Let somebody be who a stranger was all along: accounts and ties are theirs from now on.

    The stranger's row leads to them. A tie that would lead from them to themselves, or that they
    have already, stays with the row that is no more; what it weighed is added to theirs.
    Returns every change, so that an import can be undone.
    """
    session.flush()
    changes: list[Change] = []
    owned = select(Account.id).where(Account.influencer_id == stranger_id).order_by(Account.id)
    changes += [
        (Account, id, {"influencer_id": (stranger_id, person_id)})
        for id in session.scalars(owned).all()
    ]
    changes += [(Tie, id, columns) for id, columns in tied.moved(session, person_id, stranger_id)]
    changes.append((Influencer, stranger_id, {"merged_into_id": (None, person_id)}))
    _write(session, changes)
    session.expire_all()
    return changes


def _write(session: Session, changes: Sequence[Change]) -> None:
    """Write changes, those of the same columns together: a hub has a hundred thousand ties."""
    alike: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for model, id, columns in changes:
        name = model.__tablename__
        values = moving.typed(name, {column: after for column, (_, after) in columns.items()})
        alike[name, tuple(values)].append({"of_id": id, **values})
    for (name, columns_of), rows in alike.items():
        table = moving.table(name)
        values = {column: bindparam(column) for column in columns_of}
        statement = update(table).where(table.c.id == bindparam("of_id")).values(values)
        session.connection().execute(statement, rows)


def index(session: Session, ids: Collection[int]) -> None:
    """Let people who were strangers until now be found by name, handle and address."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        forget(session, some)
        search.index_entries(session, _entries(session, some))


def forget(session: Session, ids: Collection[int]) -> None:
    """Let nobody find these people, as they are strangers again."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        of_them = SearchEntry.influencer_id.in_(some)
        session.execute(
            delete(SearchEntry).where(
                of_them, SearchEntry.source.in_(("name", "handle", "contact"))
            )
        )


def _entries(session: Session, ids: Sequence[int]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for source, rows in (
        (
            "name",
            select(Influencer.id, Influencer.id, Influencer.name).where(Influencer.id.in_(ids)),
        ),
        (
            "handle",
            select(Account.id, Account.influencer_id, Account.handle).where(
                Account.influencer_id.in_(ids)
            ),
        ),
        (
            "contact",
            select(ContactPoint.id, ContactPoint.influencer_id, ContactPoint.value).where(
                ContactPoint.influencer_id.in_(ids), ContactPoint.kind.in_(search.CONTACTS)
            ),
        ),
    ):
        found += [
            {"source": source, "source_id": id, "influencer_id": person, "text": text}
            for id, person, text in session.execute(rows)
        ]
    return found
