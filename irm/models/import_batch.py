"""What was imported, when, from where, and what became of each row."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, Json, LabelledEnum, closed
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.task import Task
from irm.models.user import User


class Verdict(LabelledEnum):
    """What became of a row."""

    CREATED = "created", _l("New")
    UPDATED = "updated", _l("Updated")
    SAME = "same", _l("Unchanged")
    CONFLICT = "conflict", _l("Conflict")
    REFUSED = "refused", _l("Refused")


class BatchState(LabelledEnum):
    """How far an import has come, from the upload to the undoing."""

    DRAFT = "draft", _l("Columns to check")
    TRYING = "trying", _l("Being tried")
    TRIED = "tried", _l("Tried, not yet imported")
    RUNNING = "running", _l("Running")
    DONE = "done", _l("Done")
    FAILED = "failed", _l("Failed")
    UNDOING = "undoing", _l("Being undone")
    UNDONE = "undone", _l("Undone")


class ImportBatch(Base):
    """One file read into one brand."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: The task that tries, runs or undoes it now, or did so last.
    task_id: Mapped[int | None] = mapped_column(ForeignKey(Task.id, ondelete="SET NULL"))
    state: Mapped[BatchState] = mapped_column(closed(BatchState, "state"), default=BatchState.DRAFT)
    #: What is imported and how, as irm/imports/orders.py writes it.
    order: Mapped[Json] = mapped_column(default=dict)
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(255))
    #: The day whose figures these are.
    as_of: Mapped[dt.date]
    source: Mapped[str] = mapped_column(String(200))
    lawful_basis: Mapped[str] = mapped_column(String(40))
    platform: Mapped[str | None] = mapped_column(String(32))
    #: How the file was read: encoding, separator, column → field.
    reading: Mapped[Json] = mapped_column(default=dict)
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    conflicts: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: What the undoing left alone, and why: codes with counts.
    undo_report: Mapped[Json] = mapped_column(default=dict)


class ImportRow(Base):
    """What became of one row, and why, as a code with parameters."""

    __tablename__ = "import_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey(ImportBatch.id, ondelete="CASCADE"))
    #: The row's number in the file, the header being row 1.
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(closed(Verdict))
    reason: Mapped[Json | None]
    influencer_id: Mapped[int | None] = mapped_column(
        ForeignKey(Influencer.id, ondelete="SET NULL"), index=True
    )
    #: Somebody here already who may be the same person; the row was or will be taken all the same.
    twin_id: Mapped[int | None] = mapped_column(ForeignKey(Influencer.id, ondelete="SET NULL"))
    #: What the row changes: {field: [before, after]}.
    changes: Mapped[Json | None]
    #: The row's own cells, where it was not taken: they go into the file of refused rows.
    cells: Mapped[Json | None]


Index(None, ImportRow.batch_id, ImportRow.verdict, ImportRow.number)
_twin = ImportRow.twin_id.is_not(None)
Index(None, ImportRow.twin_id, sqlite_where=_twin, postgresql_where=_twin)


class ImportStep(Base):
    """What a hundred rows of a batch did to the database, so that it can be undone."""

    __tablename__ = "import_steps"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey(ImportBatch.id, ondelete="CASCADE"))
    #: So many rows of the file were written before this step.
    number: Mapped[int]
    #: Ids of rows that were made: {table: [[first, last], …]}.
    created: Mapped[Json] = mapped_column(default=dict)
    #: Rows that were changed: [[table, id, {column: [before, after]}], …].
    changed: Mapped[Json] = mapped_column(default=list)


class ImportMapping(Base):
    """How a file with these headings was read last time."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("brand_id", "headings_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: A hash of the folded headings in their order.
    headings_key: Mapped[str] = mapped_column(String(64))
    #: Kind, columns, platform, rules: as an order keeps them.
    mapping: Mapped[Json] = mapped_column(default=dict)
    used_at: Mapped[dt.datetime]
