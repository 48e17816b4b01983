"""What became of the backups: the runs that the worker wrote down."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.models import BackupRun

#: A backup was made; one was restored for the sake of trying.
MADE = "made"
TRIED = "tried"


def newest(session: Session, kind: str, *, only_well: bool = False) -> BackupRun | None:
    """The newest run of a kind; the newest that went well, if asked; None where there is none."""
    found = select(BackupRun).where(BackupRun.kind == kind)
    if only_well:
        found = found.where(BackupRun.is_well)
    return session.scalar(
        found.order_by(BackupRun.finished_at.desc(), BackupRun.id.desc()).limit(1)
    )
