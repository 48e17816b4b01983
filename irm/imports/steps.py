"""What some rows of a batch left behind: counts, lines for the page, and what they did.

All of it is written in the transaction of the rows themselves, so it says how far a batch is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from irm.imports.kinds import Decision, Step
from irm.models import BatchState, ImportBatch, ImportRow, ImportStep, Verdict, inserts

#: Cells of a row that are kept, and how long each; a row of a book is not kept whole.
_MOST_CELLS, _LONGEST_CELL = 200, 2000

#: Of rows that say nothing new, what nobody needs to hear of.
_QUIET = frozenset({"repeated", "added_up"})

COUNTED = {
    Verdict.CREATED: "created",
    Verdict.UPDATED: "updated",
    Verdict.SAME: "same",
    Verdict.CONFLICT: "conflicts",
    Verdict.REFUSED: "refused",
}


class Superseded(RuntimeError):
    """Somebody else goes on with the batch; whoever meets this stops and writes nothing more."""


def go_on(session: Session, batch: ImportBatch, state: BatchState, rows: int) -> None:
    """Make sure that the batch is ours, and stands at `rows`: of two that go on, one stops.

    Raises Superseded where it does not. To be called before anything is decided: as the first
    write it waits for the turn on SQLite, so what is read after it cannot change until the
    commit. PostgreSQL has no such turn; there `decide` keeps the rows it reads.
    """
    table = inserts.table_of(ImportBatch)
    stands = update(table).where(
        table.c.id == batch.id,
        table.c.rows == rows,
        table.c.state == state,
        table.c.task_id == batch.task_id,
    )
    if session.connection().execute(stands.values(rows=rows)).rowcount != 1:
        raise Superseded


def note(
    session: Session,
    batch: ImportBatch,
    decisions: Sequence[Decision],
    cells: Mapping[int, Sequence[str]],
    *,
    whole: bool = False,
) -> None:
    """Count the rows, and keep a line for each that changes something, was not taken or not wholly.

    `whole` keeps a line for every row, with all that it would change. Of rows that were not taken
    the cells are kept, for the file of refused rows.
    """
    batch.rows += len(decisions)
    for verdict, count in Counter(one.verdict for one in decisions).items():
        name = COUNTED[verdict]
        setattr(batch, name, getattr(batch, name) + count)
    inserts.put(
        session,
        ImportRow,
        [
            {
                "number": one.number,
                "verdict": one.verdict,
                "reason": one.complaint and one.complaint.to_json(),
                "influencer_id": one.influencer_id,
                "twin_id": one.twin_id,
                "changes": _changes(one, whole),
                "cells": _cells(one, cells),
            }
            for one in decisions
            if whole or one.verdict is not Verdict.SAME or _is_loud(one)
        ],
        batch_id=batch.id,
    )


def keep(session: Session, batch: ImportBatch, number: int, step: Step) -> None:
    """Keep what was done after `number` rows, if anything was, so that it can be undone."""
    created = {table: _ranges(ids) for table, ids in step.made.items() if ids}
    if created or step.changed:
        row = {"batch_id": batch.id, "number": number}
        inserts.put(session, ImportStep, [{**row, "created": created, "changed": step.changed}])


def touched(session: Session, batch_id: int, limit: int) -> list[int]:
    """Return the people whom a batch made or changed and who are here; at most `limit`."""
    found = (
        select(ImportRow.influencer_id)
        .where(
            ImportRow.batch_id == batch_id,
            ImportRow.verdict.in_((Verdict.CREATED, Verdict.UPDATED)),
            ImportRow.influencer_id.is_not(None),
        )
        .group_by(ImportRow.influencer_id)
        .order_by(func.min(ImportRow.id))
        .limit(limit)
    )
    return [one for one in session.scalars(found) if one is not None]


def _is_loud(one: Decision) -> bool:
    """Say whether a row that says nothing new has a complaint that somebody should hear of."""
    return one.complaint is not None and one.complaint.code not in _QUIET


def _changes(one: Decision, whole: bool) -> dict[str, list[Any]] | None:
    """What a new row brings stands in the person; what it would bring, nowhere else."""
    is_kept = whole or one.is_telling or one.verdict is Verdict.UPDATED
    return one.changes or None if is_kept else None


def _cells(one: Decision, cells: Mapping[int, Sequence[str]]) -> list[str] | None:
    if one.verdict not in (Verdict.REFUSED, Verdict.CONFLICT):
        return None
    if one.complaint is not None and one.complaint.code == "erased":
        return None  # Whoever was erased does not stay behind in the file of refused rows.
    return [_plain(cell) for cell in cells.get(one.number, ())[:_MOST_CELLS]]


def _plain(cell: str) -> str:
    """PostgreSQL stores no NUL, not even in JSON, and no half of a pair."""
    cut = cell[:_LONGEST_CELL].replace("\x00", "\ufffd")
    return cut.encode("utf-8", "replace").decode()


def _ranges(ids: Iterable[int]) -> list[list[int]]:
    """Fold ids into runs: 1, 2, 3, 7 become [[1, 3], [7, 7]]."""
    runs: list[list[int]] = []
    for id in sorted(set(ids)):
        if runs and id == runs[-1][1] + 1:
            runs[-1][1] = id
        else:
            runs.append([id, id])
    return runs
