"""What the status page says of the backups."""

from typing import Any

from sqlalchemy.orm import Session

from irm.backups import runs
from irm.i18n import _, _l
from irm.models import BackupRun
from irm.web.words import words


def about(session: Session) -> dict[str, Any]:
    """The last backup that was made and the last one tried, each with why a newer one failed."""
    made = runs.newest(session, runs.MADE, only_well=True)
    return {
        "made": made,
        "size": _size(made.size) if made and made.size else None,
        "made_fault": _fault(runs.newest(session, runs.MADE)),
        "tried": runs.newest(session, runs.TRIED, only_well=True),
        "tried_fault": _fault(runs.newest(session, runs.TRIED)),
    }


def _size(size: int) -> str:
    return _("%(size)s MB", size=words().number(round(size / 1e6, 1)))


def _fault(run: BackupRun | None) -> str | None:
    if run is None or run.is_well:
        return None
    error = run.error or {}
    return str(_l(str(error.get("message", "")), **(error.get("params") or {})))
