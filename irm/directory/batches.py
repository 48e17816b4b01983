"""Imports of a brand: what was read, and what became of each row."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from irm.models import ImportBatch, ImportRow, Task, User, Verdict
from irm.models.base import Rows

#: Imports shown at once, the newest first.
PAGE = 50

#: Rows of one import shown at once.
ROWS = 100


def of_brand(brand_id: int) -> Rows:
    """Select a brand's imports, the newest first: each its task and its batch, if it has one."""
    by = aliased(User)
    return (
        select(Task, ImportBatch, by.name.label("by"))
        .join(ImportBatch, ImportBatch.task_id == Task.id, isouter=True)
        .join(by, by.id == Task.user_id, isouter=True)
        .where(Task.brand_id == brand_id, Task.kind == "import")
        .order_by(Task.id.desc())
    )


def of_task(task_id: int) -> Select[ImportBatch]:
    """Select the batch a task fills."""
    return select(ImportBatch).where(ImportBatch.task_id == task_id)


def rows(batch_id: int, verdict: Verdict | None, after: int = 0) -> Select[ImportRow]:
    """Select what became of a batch's rows, in the order of the file.

    Without a verdict, those that want a look: refused, in conflict, or taken with a complaint.
    """
    found = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.number > after)
    if verdict is not None:
        found = found.where(ImportRow.verdict == verdict)
    else:
        wanting = (Verdict.REFUSED, Verdict.CONFLICT)
        found = found.where(or_(ImportRow.verdict.in_(wanting), ImportRow.reason.is_not(None)))
    return found.order_by(ImportRow.number, ImportRow.id)
