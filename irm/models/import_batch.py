"""What was imported, when, from where, and what became of each row."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
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


class ImportBatch(Base):
    """One file read into one brand."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey(Task.id, ondelete="SET NULL"))
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


Index(None, ImportRow.batch_id, ImportRow.verdict, ImportRow.number)
