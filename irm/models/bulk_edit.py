"""One change to many people at once, so kept that it can be undone."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Json
from irm.models.brand import Brand
from irm.models.relationship import Relationship
from irm.models.task import Task
from irm.models.user import User


class BulkEdit(Base):
    """What was to be changed, for whom, and how far it went."""

    __tablename__ = "bulk_edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: The task that does or undoes it now, or did so last.
    task_id: Mapped[int | None] = mapped_column(ForeignKey(Task.id, ondelete="SET NULL"))
    #: {"owner": id, "add_tags": […], "remove_tags": […], "tier": …, "stage": …, "reason": …,
    #: "archive": true, "pause": {"until": day, "why": …}}; only what was asked for.
    changes: Mapped[Json] = mapped_column(default=dict)
    #: Whom: {"ids": […]} of relationships, or {"query": …} with how many matched.
    selection: Mapped[Json] = mapped_column(default=dict)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: What the undoing left alone: codes with counts.
    undo_report: Mapped[Json] = mapped_column(default=dict)


class BulkEditRow(Base):
    """What it changed for one person, or why it did not."""

    __tablename__ = "bulk_edit_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    edit_id: Mapped[int] = mapped_column(ForeignKey(BulkEdit.id, ondelete="CASCADE"))
    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    #: {what: [before, after]}; empty where nothing changed.
    changed: Mapped[Json] = mapped_column(default=dict)
    #: Why it was refused, as a code with parameters.
    problem: Mapped[Json | None]


Index(None, BulkEditRow.edit_id, BulkEditRow.id)
