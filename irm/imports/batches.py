"""The life of an import: drafted, tried, run, undone; and how its file was read, remembered.

DRAFT and TRIED may be tried or run, TRYING falls back to DRAFT where it fails, RUNNING ends as
DONE or FAILED, or as DRAFT where it fails before the first row. DONE and FAILED may be undone for
30 days. What failed goes on where it stopped.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.i18n import LazyText, _l, _n
from irm.imports.headings import fold
from irm.imports.orders import Order
from irm.models import BatchState, Brand, ImportBatch, ImportMapping, ImportRow, Task

#: So long an import can be undone.
UNDO_DAYS = 30

#: So long an upload that nobody imports is kept.
DRAFT_DAYS = 7

#: The columns of a batch that say what became of its rows, in the order they are reported.
COUNTS = ("rows", "created", "updated", "same", "conflicts", "refused")

#: The kinds of task that work on a batch, what they make of its state, and from which states.
Work = Literal["try", "import", "undo"]
_BEGUN: dict[str, BatchState] = {
    "try": BatchState.TRYING,
    "import": BatchState.RUNNING,
    "undo": BatchState.UNDOING,
}
_FROM: dict[str, frozenset[BatchState]] = {
    "try": frozenset({BatchState.DRAFT, BatchState.TRIED}),
    "import": frozenset({BatchState.DRAFT, BatchState.TRIED, BatchState.FAILED}),
    "undo": frozenset({BatchState.DONE, BatchState.FAILED}),
}

_REFUSALS: dict[BatchState, LazyText] = {
    BatchState.DRAFT: _l("This import has not run yet, so there is nothing to undo."),
    BatchState.TRYING: _l("This list is being tried; wait until that is done."),
    BatchState.TRIED: _l("This import has not run yet, so there is nothing to undo."),
    BatchState.RUNNING: _l("This list is being imported; wait until that is done."),
    BatchState.DONE: _l("This list was imported already."),
    BatchState.FAILED: _l("This import failed; go on with it, or undo what it wrote."),
    BatchState.UNDOING: _l("This import is being undone; wait until that is done."),
    BatchState.UNDONE: _l("This import was undone; send the file again to import it anew."),
}


def draft(
    session: Session, order: Order, brand: Brand, user_id: int | None, at: dt.datetime
) -> ImportBatch:
    """Add an import that waits for a decision; its id is known."""
    batch = ImportBatch(
        brand_id=brand.id,
        user_id=user_id,
        state=BatchState.DRAFT,
        undo_report={},
        created_at=at,
        **dict.fromkeys(COUNTS, 0),
    )
    _take(batch, order, brand)
    batch.reading = {}
    session.add(batch)
    session.flush()
    return batch


def change(session: Session, batch: ImportBatch, order: Order) -> None:
    """Let a draft be read another way: what was tried before counts no more.

    Raises Refused where it is under way or over.
    """
    _hold(session, batch)
    if batch.state not in (BatchState.DRAFT, BatchState.TRIED):
        raise Refused(_REFUSALS[batch.state])
    _take(batch, order, session.get_one(Brand, batch.brand_id))
    batch.state = BatchState.DRAFT
    _count_nothing(batch)


def discard(session: Session, batch: ImportBatch) -> list[Path]:
    """Forget a draft; returns our copies of its files, to be removed once the caller committed.

    Raises Refused where it is under way, or has written something.
    """
    _hold(session, batch)
    if batch.state not in (BatchState.DRAFT, BatchState.TRIED):
        raise Refused(_REFUSALS[batch.state])
    copies = Order.from_json(batch.order).copies
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    session.delete(batch)
    return copies


def queue(
    session: Session, batch: ImportBatch, work: Work, at: dt.datetime, user_id: int | None
) -> Task:
    """Add the task that tries, runs or undoes an import; it is queued once the caller commits.

    Of two who ask at once, one is refused. Raises Refused where the import is not at that point.
    """
    _hold(session, batch)
    # What was begun to be undone can only be undone to the end.
    if batch.state not in _FROM[work] or (batch.undone_at and work != "undo"):
        raise Refused(_REFUSALS[batch.state])
    if work == "undo":
        _check_age(batch, at)
        batch.undone_at, batch.undone_by_id = at, user_id
    elif batch.state is not BatchState.FAILED:
        _count_nothing(batch)
    task = Task(
        kind=work,
        arguments={"batch": batch.id},
        brand_id=batch.brand_id,
        user_id=user_id,
        created_at=at,
    )
    session.add(task)
    session.flush()
    batch.state, batch.task_id = _BEGUN[work], task.id
    session.flush()
    return task


def may_undo(batch: ImportBatch, at: dt.datetime) -> bool:
    """Say whether an import can still be undone; what was begun may be taken to its end."""
    is_in_time = batch.undone_at is not None or at <= undo_until(batch)
    return batch.state in _FROM["undo"] and is_in_time


def undo_until(batch: ImportBatch) -> dt.datetime:
    """The moment until which an import can be undone."""
    return (batch.finished_at or batch.created_at) + dt.timedelta(days=UNDO_DAYS)


def remember(session: Session, batch: ImportBatch, at: dt.datetime) -> None:
    """Keep how the file was read, for the next one of the brand with these headings."""
    key = headings_key(batch.reading.get("headings", ()))
    found = session.scalar(_mapping(batch.brand_id, key).with_for_update())
    if found is None:
        found = ImportMapping(brand_id=batch.brand_id, headings_key=key)
        session.add(found)
    found.mapping = {**Order.from_json(batch.order).mapping(), "kind": batch.kind}
    found.user_id, found.used_at = batch.user_id, at


def remembered(
    session: Session, brand_id: int, headings: Sequence[str]
) -> Mapping[str, Any] | None:
    """Return how a file with these headings was read last, for `Order.mapped`; None: never."""
    found = session.scalar(_mapping(brand_id, headings_key(headings)))
    return dict(found.mapping) if found is not None else None


def headings_key(headings: Sequence[str]) -> str:
    """Reduce headings to what the same list of another month shares with them."""
    return hashlib.sha256("\n".join(map(fold, headings)).encode()).hexdigest()


def undone_sentences(report: Mapping[str, int]) -> list[str]:
    """Say what an undoing did and what it left alone, in the reader's language."""
    sentences: dict[str, Callable[[int], str]] = {
        "deleted": lambda n: _n(
            "%(n)s record that the import made was removed.",
            "%(n)s records that the import made were removed.",
            n,
        ),
        "put_back": lambda n: _n(
            "%(n)s record that it changed is as it was.",
            "%(n)s records that it changed are as they were.",
            n,
        ),
        "changed": lambda n: _n(
            "%(n)s record was left as it is: somebody changed it since.",
            "%(n)s records were left as they are: somebody changed them since.",
            n,
        ),
        "built_on": lambda n: _n(
            "%(n)s record was left: colleagues have added something to it.",
            "%(n)s records were left: colleagues have added something to them.",
            n,
        ),
        "later_import": lambda n: _n(
            "%(n)s record was left: a later import has changed it.",
            "%(n)s records were left: a later import has changed them.",
            n,
        ),
        "taken": lambda n: _n(
            "%(n)s record was left: its former name or id belongs to another account now.",
            "%(n)s records were left: their former names or ids belong to other accounts now.",
            n,
        ),
    }
    return [say(report[code]) for code, say in sentences.items() if report.get(code)]


def _take(batch: ImportBatch, order: Order, brand: Brand) -> None:
    """Copy what an order says to the columns that lists and pages read."""
    batch.order = order.to_json()
    batch.kind = order.kind
    batch.file_name = order.name
    batch.as_of = order.as_of
    batch.source = (order.source or order.name)[:200]
    batch.lawful_basis = order.lawful_basis or brand.lawful_basis
    batch.platform = order.chosen().platform


def _count_nothing(batch: ImportBatch) -> None:
    for name in COUNTS:
        setattr(batch, name, 0)


def _hold(session: Session, batch: ImportBatch) -> None:
    """Keep others from the batch until the caller commits, and read it anew."""
    session.flush()
    session.refresh(batch, with_for_update=True)


def _check_age(batch: ImportBatch, at: dt.datetime) -> None:
    if at > undo_until(batch) and batch.undone_at is None:
        raise Refused(
            _l(
                "This import can no longer be undone: that is possible for %(days)s days.",
                days=UNDO_DAYS,
            )
        )


def _mapping(brand_id: int, key: str) -> Select[ImportMapping]:
    return select(ImportMapping).where(
        ImportMapping.brand_id == brand_id, ImportMapping.headings_key == key
    )
