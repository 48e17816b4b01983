"""The backups the worker made, and whether they could be restored."""

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Big, Json


class BackupRun(Base):
    """One try to back up, or to restore a backup for the sake of trying."""

    __tablename__ = "backup_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: `made` or `tried`.
    kind: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime]
    #: The name of the file, in `backups/` of the data folder.
    file: Mapped[str] = mapped_column(String(80))
    size: Mapped[Big | None]
    is_well: Mapped[bool]
    #: Why it failed: a message with its parameters, as a task keeps it.
    error: Mapped[Json | None]


Index(None, BackupRun.kind, BackupRun.finished_at)
