"""Import a file: a hundred rows at a time, each hundred wholly or not at all.

How far a batch has come is written with the rows themselves. Whoever takes over after a crash
reads the file again, passes over what is written and goes on to the same end.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from irm import clock
from irm.audit import Action, record
from irm.db import db
from irm.imports import lists, matching, repeats, writing
from irm.imports.influencers import People
from irm.imports.orders import Order
from irm.imports.repeats import Repeats, Told
from irm.imports.writing import Superseded
from irm.models import Brand, ImportBatch, Task, User
from irm.scoring.rules import Rules, rules

#: Rows written in one transaction: nobody waits longer for their turn.
CHUNK = 100

#: Seconds between two transactions, so that who waits for their turn gets it.
NAP = 0.001

#: So often a hundred rows are tried when others write the same people meanwhile.
TRIES = 4

#: Tables that rows are looked up in.
GROWING = ("influencers", "accounts", "account_handles", "contact_points", "relationships")

#: The columns of a batch that say what became of its rows, in the order they are reported.
COUNTS = ("rows", "created", "updated", "same", "conflicts", "refused")

Report = Callable[[int, int], None]


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "import": its arguments are an order.

    Returns the batch's id and counts, and as `scoring` the task that scores whom it touched.
    Raises Refused where the file cannot be taken; nothing of it is written then, and its task
    ends: whoever ends it calls `clear_away`.
    """
    order = Order.from_json(task.arguments)
    session = db.session
    batch = session.scalar(select(ImportBatch).where(ImportBatch.task_id == task.id))
    if batch is None or batch.finished_at is None:
        batch = _import(session, task, order, batch, report)
    clear_away(task.arguments)
    following = session.scalar(
        select(Task.id).where(Task.kind == "score", Task.arguments["after"].as_integer() == task.id)
    )
    return {**_counts(batch), "scoring": following}


def preview(session: Session, order: Order, brand: Brand, report: Report) -> dict[str, Any]:
    """Say what an import would do, row by row as it would, and write nothing."""
    people = _understood(order)
    found = repeats.find(people)
    counts = dict.fromkeys(COUNTS, 0)
    for chunk in _chunks(repeats.tell(people, found)):
        for decision in matching.decide(session, chunk, brand.id, order.as_of):
            counts["rows"] += 1
            counts[writing.COUNTED[decision.verdict]] += 1
        report(counts["rows"], found.rows)
    return {"batch": None, **counts}


def _import(
    session: Session, task: Task, order: Order, batch: ImportBatch | None, report: Report
) -> ImportBatch:
    order.check()
    people = _understood(order)
    found = repeats.find(people)
    order.check()
    if batch is None:
        batch = _begin(session, task, order, people)
    while batch.finished_at is None:
        try:
            _go_through(session, batch, people, found, report)
            _end(session, task, batch)
        except Superseded:
            # Whoever had the task before us was slower to die than its claim: one hundred more is
            # written, or all. Where it is we who lost the claim, the report raises.
            session.rollback()
            session.refresh(batch)
            report(batch.rows, found.rows)
    return batch


def _go_through(
    session: Session, batch: ImportBatch, people: People, found: Repeats, report: Report
) -> None:
    """Write the rows that are not written yet. Raises Superseded where somebody else does."""
    organisation = rules(session)
    rest = islice(repeats.tell(people, found), batch.rows, None)
    counted = 0
    for chunk in _chunks(rest):
        _write(session, batch, chunk, organisation)
        if batch.created > 4 * counted + CHUNK:
            _take_stock(session)
            counted = batch.created
        report(batch.rows, found.rows)
        time.sleep(NAP)


def _understood(order: Order) -> People:
    return lists.understand(
        order.path, order.name, kind=order.kind, platform=order.platform, limit=order.limit
    )


def _begin(session: Session, task: Task, order: Order, people: People) -> ImportBatch:
    brand = session.get_one(Brand, task.brand_id)
    batch = ImportBatch(
        brand_id=brand.id,
        user_id=task.user_id,
        task_id=task.id,
        kind="influencers",
        file_name=order.name,
        as_of=order.as_of,
        source=(order.source or order.name)[:200],
        lawful_basis=order.lawful_basis or brand.lawful_basis,
        platform=people.platform,
        reading=dict(lists.reading(people)),
        created_at=clock.now(),
        **dict.fromkeys(COUNTS, 0),
    )
    session.add(batch)
    session.commit()
    return batch


def _write(session: Session, batch: ImportBatch, chunk: list[Told], organisation: Rules) -> None:
    """Decide on some rows and write them; again where somebody else wrote the same meanwhile."""
    written = batch.rows
    for attempt in range(1, TRIES + 1):
        try:
            writing.go_on(session, batch, written)
            decisions = matching.decide(session, chunk, batch.brand_id, batch.as_of, to_write=True)
            writing.write(session, batch, decisions, organisation, clock.now())
            session.commit()
            return
        except (IntegrityError, OperationalError):
            session.rollback()
            if attempt == TRIES:
                raise
            time.sleep(attempt * NAP)


def _take_stock(session: Session) -> None:
    """Let PostgreSQL count tables that have grown many times over since it last did.

    Until then it believes them nearly empty, and reads all of them for each hundred rows.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {', '.join(GROWING)}"))
        session.commit()


def _end(session: Session, task: Task, batch: ImportBatch) -> None:
    """Close the batch, and queue the scoring of whom it brought, in one transaction.

    Raises Superseded where somebody else has done it.
    """
    writing.go_on(session, batch, batch.rows)
    batch.finished_at = clock.now()
    user = session.get(User, task.user_id) if task.user_id else None
    record(
        session,
        user,
        Action.IMPORTED,
        batch.finished_at,
        brand_id=batch.brand_id,
        batch_id=batch.id,
    )
    if batch.created or batch.updated:
        session.add(
            Task(
                kind="score",
                arguments={"after": task.id},
                brand_id=batch.brand_id,
                user_id=task.user_id,
                created_at=batch.finished_at,
            )
        )
    session.commit()


def _chunks(told: Iterable[Told]) -> Iterator[list[Told]]:
    """Cut the rows into hundreds in which no account stands twice.

    What repeats was merged before; what is left are ids and handles that contradict each other,
    and of those the later must see what the earlier one wrote.
    """
    chunk: list[Told] = []
    seen: set[tuple[str, str]] = set()
    for one in told:
        keys = _keys(one)
        if len(chunk) == CHUNK or not seen.isdisjoint(keys):
            yield chunk
            chunk, seen = [], set()
        chunk.append(one)
        seen.update(keys)
    if chunk:
        yield chunk


def _keys(told: Told) -> list[tuple[str, str]]:
    if told.row is None:
        return []
    account = told.row.account
    keys = [(account.platform.value, account.handle_key)]
    if account.platform_id:
        keys.append((account.platform.value, f"#{account.platform_id}"))
    return keys


def _counts(batch: ImportBatch) -> dict[str, Any]:
    return {"batch": batch.id, **{name: getattr(batch, name) for name in COUNTS}}


def clear_away(arguments: dict[str, Any]) -> None:
    """Remove our copy of an upload, once its task has ended; a file of the user's own stays."""
    order = Order.from_json(arguments)
    if order.is_copy:
        order.path.unlink(missing_ok=True)
