"""Writes what was decided about some rows: all of it or nothing, in the caller's transaction."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from irm.directory import search
from irm.imports import bulk, newcomers
from irm.imports.accounts import FIGURES
from irm.imports.matching import Decision
from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    ImportBatch,
    ImportRow,
    Influencer,
    Relationship,
    Snapshot,
    Verdict,
)
from irm.models.keys import name_order
from irm.scoring.rules import Rules


class Superseded(RuntimeError):
    """Somebody else goes on with the batch; whoever meets this stops and writes nothing more."""


COUNTED = {
    Verdict.CREATED: "created",
    Verdict.UPDATED: "updated",
    Verdict.SAME: "same",
    Verdict.CONFLICT: "conflicts",
    Verdict.REFUSED: "refused",
}


def write(
    session: Session,
    batch: ImportBatch,
    decisions: Sequence[Decision],
    rules: Rules,
    at: dt.datetime,
) -> list[int]:
    """Write some decisions and count them in the batch.

    The caller has gone on with the batch (`go_on`) before it decided on them. Returns the ids of
    the people whose scores may have changed.
    """
    newcomers.add(session, batch, decisions, rules, at)
    _change(session, decisions, batch.as_of)
    _add_snapshots(session, decisions, batch.as_of)
    _add_contacts(session, decisions)
    newcomers.relate(session, batch, decisions, at)
    _note(session, batch, decisions)
    return [
        one.influencer_id
        for one in decisions
        if one.influencer_id and one.verdict in (Verdict.CREATED, Verdict.UPDATED)
    ]


def go_on(session: Session, batch: ImportBatch, rows: int) -> None:
    """Make sure that the batch is open and stands at `rows`: of two that go on, one stops.

    Raises Superseded where it does not. To be called before anything is decided: as the first
    write it waits for the turn on SQLite, so what is read after it cannot change until the
    commit. PostgreSQL has no such turn; there `decide` keeps the rows it reads.
    """
    table = bulk.table_of(ImportBatch)
    ours = (table.c.id == batch.id) & (table.c.rows == rows) & table.c.finished_at.is_(None)
    stands = update(table).where(ours).values(rows=rows)
    if session.connection().execute(stands).rowcount != 1:
        raise Superseded


def _add_snapshots(session: Session, decisions: Sequence[Decision], as_of: dt.date) -> None:
    """Keep the figures of the day; what stood there of the same day gives way."""
    changed = [one for one in decisions if one.figures]
    table = bulk.table_of(Snapshot)
    again = [one.account_id for one in changed if one.known is not None]
    if again:
        session.connection().execute(
            table.delete().where(table.c.day == as_of, table.c.account_id.in_(again))
        )
    rows = [
        {"account_id": one.account_id, **dict.fromkeys(FIGURES), **one.figures} for one in changed
    ]
    bulk.put(session, Snapshot, rows, day=as_of)


def _add_contacts(session: Session, decisions: Sequence[Decision]) -> None:
    bulk.put(
        session,
        ContactPoint,
        [
            {
                "influencer_id": one.influencer_id,
                "kind": contact.kind,
                "value": contact.value,
                "value_key": contact.key,
            }
            for one in decisions
            for contact in one.contacts
        ],
    )


def _note(session: Session, batch: ImportBatch, decisions: Sequence[Decision]) -> None:
    """Count the rows, and keep a line for each that changed something or was not taken."""
    batch.rows += len(decisions)
    for verdict, count in Counter(one.verdict for one in decisions).items():
        name = COUNTED[verdict]
        setattr(batch, name, getattr(batch, name) + count)
    bulk.put(
        session,
        ImportRow,
        [
            {
                "number": one.number,
                "verdict": one.verdict,
                "reason": one.complaint and one.complaint.to_json(),
                "influencer_id": one.influencer_id,
            }
            for one in decisions
            if one.verdict is not Verdict.SAME
        ],
        batch_id=batch.id,
    )


def _change(session: Session, decisions: Sequence[Decision], as_of: dt.date) -> None:
    """Write what a list adds to people and accounts that are there already."""
    accounts, people, former = [], [], []
    for one in decisions:
        if one.known is None:
            continue
        if one.account:
            accounts.append({"of_id": one.known.id, **one.account})
        if one.person:
            people.append({"of_id": one.known.influencer_id, **one.person})
        if one.former_handle:
            handle, key = one.former_handle
            of_account = {"account_id": one.known.id, "platform": one.known.platform}
            former.append({**of_account, "handle": handle, "handle_key": key, "until": as_of})
        if "handle" in one.account:
            search.reindex(session, "handle", one.known.id, one.account["handle"])
        if "name" in one.person:
            _rename(session, one.known.influencer_id, one.person["name"])
    bulk.put(session, AccountHandle, former)
    bulk.update(session, Account, accounts)
    bulk.update(session, Influencer, people)


def _rename(session: Session, person: int, name: str) -> None:
    """Let a person whom only a handle named be sorted and found by the name."""
    search.reindex(session, "name", person, name)
    table = bulk.table_of(Relationship)
    session.connection().execute(
        update(table).where(table.c.influencer_id == person).values(name_order=name_order(name))
    )
