"""Looking for doubles among everybody, or of a few newcomers, and keeping the list of pairs right.

A run changes nothing where nothing changed. What somebody decided is never asked again, also not of
people merged since; an open pair that agrees in nothing any more goes.
"""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, cast

from flask import Flask
from rapidfuzz import fuzz
from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.directory.duplicates import traits, verdict
from irm.directory.duplicates.traits import Traits
from irm.jobs.duplicates.blocks import Blocks, Pair, number
from irm.jobs.nights import AT_LATEST, NIGHT
from irm.jobs.pulse import Report
from irm.models import (
    Account,
    ContactPoint,
    Duplicate,
    DuplicateState,
    ImportRow,
    Influencer,
    Task,
    TaskState,
)

#: People read at once.
READ = 4000

#: Pairs compared at once; the few of them that are alike are written in one transaction.
PAIRS = 2000

#: Seconds between two transactions.
NAP = 0.001

#: How long after the last one the search of all begins in the night.
DAILY = dt.timedelta(hours=20)

T = TypeVar("T")

_WAITING = (DuplicateState.OPEN, DuplicateState.LATER)
_table = cast(Table, Duplicate.__table__)


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "duplicates": newcomers (`people`: ids) against all, or all.

    Returns how many people were read, and how many pairs are new, gone and there.
    """
    session, asked = db.session, task.arguments.get("people")
    fresh = None if asked is None else frozenset(int(id) for id in asked)
    started = time.perf_counter()
    blocks = _read(session, report)
    pairs, common = blocks.pairs(fresh)
    shown = _shown(session, fresh)
    pairs |= shown
    apart = _decided(session)
    seen: set[Pair] = set()
    new = 0
    for some in _runs(sorted(pairs), PAIRS):
        found = _compare(session, some, blocks, common, shown)
        seen.update(found)
        new += _write(session, {pair: one for pair, one in found.items() if pair not in apart})
        session.commit()
        time.sleep(NAP)
        report(len(blocks) + len(seen), len(blocks) + len(pairs))
    gone = _clear(session, seen - apart, fresh)
    session.commit()
    return {
        "people": len(blocks),
        "pairs": len(seen - apart),
        "new": new,
        "gone": gone,
        "seconds": round(time.perf_counter() - started, 2),
    }


def queue_nightly(session: Session, now: dt.datetime) -> bool:
    """Queue the search of all, once a night; by day only where the nights were slept through."""
    last = session.scalar(
        select(Task.created_at)
        .where(Task.kind == "duplicates", Task.brand_id.is_(None), Task.user_id.is_(None))
        .order_by(Task.id.desc())
        .limit(1)
    )
    since = AT_LATEST if last is None else now - last
    if since < (DAILY if now.hour in NIGHT else AT_LATEST):
        return False
    busy = (TaskState.QUEUED, TaskState.RUNNING)
    waits = select(Task.id).where(Task.kind == "duplicates", Task.state.in_(busy))
    if session.scalar(waits.limit(1)) is not None:
        return False
    session.add(Task(kind="duplicates", arguments={}, created_at=now))
    session.commit()
    return True


def _read(session: Session, report: Report) -> Blocks:
    """Read everybody there is to compare; strangers and merged people are left out."""
    blocks, last = Blocks(), 0
    while True:
        found = session.execute(
            _people().where(Influencer.id > last).order_by(Influencer.id).limit(READ)
        ).all()
        if not found:
            return blocks
        between = (last + 1, found[-1].id)
        for person in _taken_apart(session, found, between):
            blocks.add(person)
        last = found[-1].id
        report(len(blocks), 0)


def _people() -> Any:
    return select(
        Influencer.id,
        Influencer.name,
        Influencer.country,
        Influencer.city,
        Influencer.language,
        Influencer.categories,
        Influencer.bio,
        Influencer.is_demo,
    ).where(Influencer.known, Influencer.merged_into_id.is_(None))


def _taken_apart(
    session: Session, people: Sequence[Any], between: tuple[int, int] | None = None
) -> Iterator[Traits]:
    """Take people apart, with what hangs on them: by a range of ids, or by the ids themselves."""
    ids = [person.id for person in people]
    accounts: dict[int, list[Any]] = {}
    contacts: dict[int, list[Any]] = {}
    of_account, of_contact = Account.influencer_id, ContactPoint.influencer_id
    columns = select(of_account, Account.platform, Account.handle, Account.url)
    points = select(of_contact, ContactPoint.value_key)
    if between is None:
        columns, points = columns.where(of_account.in_(ids)), points.where(of_contact.in_(ids))
    else:
        columns = columns.where(of_account.between(*between))
        points = points.where(of_contact.between(*between))
    for row in session.execute(columns.where(Account.is_current)):
        accounts.setdefault(row.influencer_id, []).append(row)
    for point in session.execute(points):
        contacts.setdefault(point.influencer_id, []).append(point)
    for person in people:
        yield traits.of(person, accounts.get(person.id, ()), contacts.get(person.id, ()))


def _shown(session: Session, fresh: frozenset[int] | None) -> set[Pair]:
    """The pairs that an import showed as perhaps one person; whoever saw it looks for it here."""
    of_import, twin = ImportRow.influencer_id, ImportRow.twin_id
    there = (of_import.is_not(None), twin.is_not(None), of_import != twin)
    rows = cast("list[Pair]", session.execute(select(of_import, twin).where(*there)).all())
    return {
        (min(one, other), max(one, other))
        for one, other in rows
        if fresh is None or one in fresh or other in fresh
    }


def _compare(
    session: Session, pairs: Sequence[Pair], blocks: Blocks, common: set[int], shown: set[Pair]
) -> dict[Pair, tuple[float, list[verdict.Reason]]]:
    """The pairs that agree in enough, each with its score and reasons.

    A common name weighs little, but where an import showed one of its bearers to somebody.
    """
    ids = sorted({id for pair in pairs for id in pair})
    found = session.execute(_people().where(Influencer.id.in_(ids))).all()
    people = {person.id: person for person in _taken_apart(session, found)}
    told = {}
    for left, right in pairs:
        one, other = people.get(left), people.get(right)
        if one is None or other is None or one.is_demo != other.is_demo:
            continue
        keys = {*one.shareable(), one.name_as_handle(), other.name_as_handle()}
        shared = {key for key in keys if key and number(key) in common}
        is_common = (left, right) not in shown and blocks.is_common_name(one)
        score, reasons = verdict.compare(one, other, fuzz.ratio, shared, is_common_name=is_common)
        if score:
            told[left, right] = (score, reasons)
    return told


def _decided(session: Session) -> set[Pair]:
    """The pairs that are known to be two people; what was said of the merged holds for the kept."""
    merged = select(Influencer.id, Influencer.merged_into_id).where(
        Influencer.merged_into_id.is_not(None)
    )
    kept = {row.id: row.merged_into_id for row in session.execute(merged)}

    def now(id: int) -> int:
        while (into := kept.get(id)) is not None:
            id = into
        return id

    apart = select(Duplicate.left_id, Duplicate.right_id).where(
        Duplicate.state == DuplicateState.DISTINCT
    )
    return {
        cast(Pair, tuple(sorted((now(left), now(right))))) for left, right in session.execute(apart)
    }


def _write(session: Session, found: dict[Pair, tuple[float, list[verdict.Reason]]]) -> int:
    """Add the new pairs and bring the waiting ones up to date; returns how many are new."""
    lefts = sorted({left for left, _right in found})
    rows = session.execute(
        select(
            Duplicate.id,
            Duplicate.left_id,
            Duplicate.right_id,
            Duplicate.state,
            Duplicate.score,
            Duplicate.reasons,
        ).where(Duplicate.left_id.in_(lefts))
    )
    there = {(row.left_id, row.right_id): row for row in rows}
    for pair in found.keys() & there.keys():
        row, (score, reasons) = there[pair], found[pair]
        if row.state in _WAITING and (row.score, row.reasons) != (score, reasons):
            session.execute(
                update(_table).where(_table.c.id == row.id).values(score=score, reasons=reasons)
            )
    added = [
        {
            "left_id": pair[0],
            "right_id": pair[1],
            "score": score,
            "reasons": reasons,
            "state": DuplicateState.OPEN,
            "found_at": clock.now(),
        }
        for pair, (score, reasons) in found.items()
        if pair not in there
    ]
    if added:
        make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.connection().execute(make(_table).on_conflict_do_nothing(), added)
    return len(added)


def _clear(session: Session, seen: set[Pair], fresh: frozenset[int] | None) -> int:
    """Delete the waiting pairs that were not found again; those of merged people wait for undo."""
    of_merged = select(Influencer.id).where(Influencer.merged_into_id.is_not(None))
    waiting = select(Duplicate.id, Duplicate.left_id, Duplicate.right_id).where(
        Duplicate.state.in_(_WAITING),
        Duplicate.left_id.not_in(of_merged),
        Duplicate.right_id.not_in(of_merged),
    )
    stale = [
        id
        for id, left, right in session.execute(waiting)
        if (left, right) not in seen and (fresh is None or left in fresh or right in fresh)
    ]
    for some in _runs(stale, PAIRS):
        session.execute(delete(_table).where(_table.c.id.in_(some)))
    return len(stale)


def _runs(rows: Sequence[T], length: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), length):
        yield rows[start : start + length]
