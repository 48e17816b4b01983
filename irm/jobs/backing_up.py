"""The backup of the night, and once a week the proof that one can be restored.

A backup that nobody has restored is a hope. So the worker restores the newest by the very commands
a person would use, into a folder or a database that is thrown away, and has irm check itself there.
"""

import datetime as dt
import os
import secrets
import subprocess  # nosec B404  # our own command
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, make_url
from sqlalchemy.orm import Session

import irm
from irm import clock
from irm.backups import keeping, making, postgres, runs
from irm.backups.runs import MADE, TRIED
from irm.config import Settings
from irm.errors import Refused
from irm.i18n import LazyText, _l
from irm.jobs.nights import NIGHT
from irm.models import BackupRun

#: By night (IRM_TIMEZONE) one may be made so long after the last; by day, only then.
APART = dt.timedelta(hours=20)
AT_LATEST = dt.timedelta(hours=30)

#: How often a restore is tried, and how long one that failed waits for the next.
WEEK = dt.timedelta(days=7)
AGAIN = dt.timedelta(hours=1)
AGAIN_TRIED = dt.timedelta(days=1)

#: Runs are remembered so long.
REMEMBERED = dt.timedelta(days=90)

#: Seconds that one step of a trial may take.
LIMIT = 3600


def back_up_due(session: Session, settings: Settings, now: dt.datetime) -> bool:
    """Make the backup of the night if it is due, and throw old ones away; whether it was; commits.

    Raises Refused, after writing it down, where it could not be made.
    """
    is_night = now.astimezone(ZoneInfo(settings.timezone)).hour in NIGHT
    if not _is_due(session, MADE, now, APART if is_night else AT_LATEST, AGAIN):
        return False
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    name, size, error = keeping.name_of(day), None, None
    session.rollback()  # No reading is kept open while the database is copied.
    try:
        folder = keeping.folder(settings.data_dir)
        making.clear_away(folder, now)
        size = making.make(settings, folder / name, now, replaces=True).size
        keeping.rotate(folder)
    except Refused as refused:
        error = refused
    except OSError as failure:
        error = Refused(
            _l("The backup cannot be written: %(reason)s.", reason=making.reason_of(failure))
        )
    _note(session, MADE, now, name, size, error)
    session.execute(delete(BackupRun).where(BackupRun.finished_at < now - REMEMBERED))
    session.commit()
    if error is not None:
        raise error
    return True


def try_due(session: Session, settings: Settings, now: dt.datetime) -> bool:
    """Restore the newest backup aside if that is due, and check it; whether it was; commits.

    Raises Refused, after writing it down, where the backup could not be restored or is not well.
    """
    if not _is_due(session, TRIED, now, WEEK, AGAIN_TRIED):
        return False
    folder = keeping.folder(settings.data_dir)
    found = keeping.nights(folder)
    if not found:
        return False
    newest, error = found[max(found)], None
    session.rollback()
    try:
        attempt(settings, newest)
    except Refused as refused:
        error = refused
    _note(session, TRIED, now, newest.name, newest.stat().st_size, error)
    session.commit()
    if error is not None:
        raise error
    return True


def attempt(settings: Settings, file: Path) -> None:
    """Restore a backup aside, check it there and throw it away.

    Raises Refused with what was found.
    """
    url = make_url(settings.url)
    with making.workshop(file.parent) as folder:
        if url.get_backend_name() == "sqlite":
            _restore_and_check(file, folder, "")
            return
        name = f"irm_try_{secrets.token_hex(6)}"
        aside = postgres.scratch(url, name)
        try:
            _restore_and_check(file, folder, aside.render_as_string(hide_password=False))
        finally:
            postgres.drop(url, name)


def _restore_and_check(file: Path, folder: Path, database_url: str) -> None:
    for step, words in {
        "irm restore": ("restore", str(file)),
        "irm db check": ("db", "check"),
    }.items():
        said = _irm(words, folder, database_url)
        if said is not None:
            raise Refused(_l("`%(step)s` on it fails: %(said)s", step=step, said=said))


def _irm(words: tuple[str, ...], folder: Path, database_url: str) -> str | None:
    """Run a command on what lies aside; return what went wrong, None where nothing did."""
    environment = {name: one for name, one in os.environ.items() if not name.startswith("IRM_")}
    environment |= {
        "IRM_DATA_DIR": str(folder),
        "IRM_DATABASE_URL": database_url,
        # The folder has a key of its own, which is the backup's after the restore.
        "PYTHONPATH": str(Path(irm.__path__[0]).parent),
    }
    command = [sys.executable, "-m", "irm.cli.main", *words]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603  # our own command
            command,
            env=environment,
            cwd=folder,  # There is no .env of somebody's here.
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"> {LIMIT} s"
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [str(done.returncode)])[-1][:300]


def _is_due(
    session: Session, kind: str, now: dt.datetime, apart: dt.timedelta, again: dt.timedelta
) -> bool:
    last = runs.newest(session, kind)
    if last is None:
        return True
    if not last.is_well:
        return abs(now - last.finished_at) >= again
    return abs(now - last.finished_at) >= apart


def _note(
    session: Session,
    kind: str,
    started_at: dt.datetime,
    file: str,
    size: int | None,
    error: Refused | None,
) -> None:
    session.add(
        BackupRun(
            kind=kind,
            started_at=started_at,
            finished_at=clock.now(),
            file=file,
            size=size,
            is_well=error is None,
            error=_kept(error),
        )
    )


def _kept(error: Refused | None) -> dict[str, Any] | None:
    """A refusal as its message and parameters, to be said in the reader's language."""
    if error is None:
        return None
    said = error.message
    if isinstance(said, LazyText) and said.message:
        return {"message": said.message, "params": {k: str(v) for k, v in said.params.items()}}
    return {"message": str(said), "params": {}}
