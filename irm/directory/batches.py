"""Imports of a brand: what was read, and what became of each row."""

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from irm.models import (
    ImportBatch,
    ImportRow,
    Influencer,
    Prospect,
    Relationship,
    Task,
    User,
    Verdict,
)
from irm.models.base import Rows

#: Imports shown at once, the newest first.
PAGE = 50

#: Rows of one import shown at once.
ROWS = 100


def of_brand(brand_id: int) -> Rows:
    """Select a brand's imports, the newest first: batch, its last task if any, and `by`."""
    by = aliased(User)
    return (
        select(ImportBatch, Task, by.name.label("by"))
        .join(Task, Task.id == ImportBatch.task_id, isouter=True)
        .join(by, by.id == ImportBatch.user_id, isouter=True)
        .where(ImportBatch.brand_id == brand_id)
        .order_by(ImportBatch.id.desc())
    )


def rows(
    batch_id: int, verdict: Verdict | None = None, after: int = 0, *, twins: bool = False
) -> Rows:
    """Select what became of a batch's rows that come after a number, in the order of the file.

    Each is the ImportRow, the `name` of whom it is about, and the `twin_name` of whom that may be
    as well. Without a verdict, those that want a look: refused, in conflict, taken with a
    complaint, or perhaps a double; `twins` keeps these last alone. Whom the brand does not know,
    as a row that was but tried may be about, stays nameless.
    """
    about, twin = aliased(Influencer), aliased(Influencer)
    brand_id = select(ImportBatch.brand_id).where(ImportBatch.id == batch_id).scalar_subquery()
    of_person = Relationship.influencer_id == ImportRow.influencer_id
    is_prospect = Prospect.influencer_id == ImportRow.influencer_id
    is_seen = or_(
        exists().where(of_person, Relationship.brand_id == brand_id).correlate(ImportRow),
        exists()
        .where(is_prospect, Prospect.is_own, Prospect.brand_id == brand_id)
        .correlate(ImportRow),
    )
    found = (
        select(ImportRow, about.name.label("name"), twin.name.label("twin_name"))
        .select_from(ImportRow)
        .join(about, (about.id == ImportRow.influencer_id) & is_seen, isouter=True)
        .join(twin, twin.id == ImportRow.twin_id, isouter=True)
        .where(ImportRow.batch_id == batch_id, ImportRow.number > after)
    )
    if twins:
        found = found.where(ImportRow.twin_id.is_not(None))
    if verdict is not None:
        found = found.where(ImportRow.verdict == verdict)
    elif not twins:
        wanting = (Verdict.REFUSED, Verdict.CONFLICT)
        found = found.where(
            or_(
                ImportRow.verdict.in_(wanting),
                ImportRow.reason.is_not(None),
                ImportRow.twin_id.is_not(None),
            )
        )
    return found.order_by(ImportRow.number, ImportRow.id)


def count_twins(session: Session, batch_id: int) -> int:
    """Count the rows of a batch that may be about somebody who is here already."""
    twins = select(func.count()).where(
        ImportRow.batch_id == batch_id, ImportRow.twin_id.is_not(None)
    )
    return session.scalar(twins) or 0
