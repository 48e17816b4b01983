"""Making a backup: one file that holds all a restore needs, proved before it has its name.

In it: the database, the secret key in use, and the uploads that wait to be imported. Not in it:
exports, which are gone a day later, and the settings of the environment, which are the operator's.
"""

import contextlib
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from irm.backups import archive, postgres, sqlite
from irm.backups.archive import Manifest
from irm.config import Settings
from irm.db import dbapi
from irm.errors import Refused
from irm.i18n import _l

#: Where a backup is put together, beside where it will stand.
WORKSHOP = ".backup-"

#: A workshop that nobody has touched for so long was left by a process that was killed.
ABANDONED = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: where it is, its bytes, and what it says of itself."""

    path: Path
    size: int
    manifest: Manifest


def make(settings: Settings, target: Path, now: dt.datetime, *, replaces: bool = False) -> Made:
    """Back the installation up into a file, while it works.

    Raises Refused with one sentence where it cannot be done; nothing is left behind then, and a
    file of that name is as it was.
    """
    target = target.absolute()
    if target.exists() and not replaces:
        raise Refused(_l("%(path)s is there already: it is not overwritten.", path=target))
    if target.is_dir():
        raise Refused(_l("%(path)s is a folder.", path=target))
    url = make_url(settings.url)
    try:
        _refuse_without_room(settings, url, target.parent)
        with workshop(target.parent) as folder:
            return _make(settings, url, target, folder, now)
    except (OSError, dbapi.Error, SQLAlchemyError) as error:
        raise Refused(
            _l("The backup cannot be written: %(reason)s.", reason=reason_of(error))
        ) from None


def reason_of(error: Exception) -> str:
    """The first line of what a disk or a database said, without its last dot."""
    said = getattr(error, "strerror", None) or getattr(error, "orig", None) or error
    return (str(said).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


@contextlib.contextmanager
def workshop(beside: Path) -> Iterator[Path]:
    """A folder for us alone, on the disk where the result will stand; gone in the end."""
    folder = Path(tempfile.mkdtemp(prefix=WORKSHOP, dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_away(beside: Path, now: dt.datetime) -> None:
    """Remove the workshops of those who were killed."""
    for folder in beside.glob(f"{WORKSHOP}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < (now - ABANDONED).timestamp():
                shutil.rmtree(folder, ignore_errors=True)


def _make(settings: Settings, url: URL, target: Path, folder: Path, now: dt.datetime) -> Made:
    copied = folder / archive.DATABASE
    engine, revision = url.get_backend_name(), revision_of(url)
    if revision is None:
        raise Refused(_l("There is no database to back up yet: run `irm db upgrade` first."))
    is_file = engine == "sqlite"
    counts = sqlite.copy(file_of(url), copied) if is_file else postgres.copy(url, copied)
    secret = folder / archive.SECRET
    secret.write_text(settings.secret_key.get_secret_value())
    uploads = sorted(settings.data_dir.glob("imports/*"))
    parts = [(archive.DATABASE, copied), (archive.SECRET, secret)]
    parts += [(f"imports/{one.name}", one) for one in uploads if one.is_file()]
    about = Manifest(engine, revision, now.isoformat(), counts)
    made = folder / "backup.zip"
    manifest = archive.write(made, parts, about)
    archive.check(made, archive.read(made))
    size = made.stat().st_size
    made.replace(target)
    flush(target.parent)
    return Made(target, size, manifest)


def revision_of(url: URL) -> str | None:
    """The revision of a database; None where there is nothing yet."""
    if url.get_backend_name() == "sqlite":
        return sqlite.revision(file_of(url))
    return postgres.revision(url)


def file_of(url: URL) -> Path:
    """The file of a SQLite database. Raises Refused where it has none."""
    if not url.database or url.database == ":memory:":
        raise Refused(_l("A database in memory cannot be backed up."))
    return Path(url.database)


def size_of(url: URL) -> int:
    """How large a database is, in bytes."""
    if url.get_backend_name() != "sqlite":
        return postgres.size(url)
    file = file_of(url)
    found = [file.with_name(file.name + suffix) for suffix in ("", "-wal")]
    return sum(one.stat().st_size for one in found if one.exists())


def _refuse_without_room(settings: Settings, url: URL, folder: Path) -> None:
    """Raise Refused where the copy and the archive of it would not both fit."""
    uploads = sum(one.stat().st_size for one in settings.data_dir.glob("imports/*"))
    refuse_without_room(folder, 2 * (size_of(url) + uploads))


def refuse_without_room(folder: Path, needed: int) -> None:
    """Raise Refused where a disk has less room than so many bytes, OSError where it is gone."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            _l(
                "There is too little room in %(folder)s: %(needed)s MB are needed, %(free)s MB are"
                " free.",
                folder=folder,
                needed=-(-needed // 1_000_000),
                free=free // 1_000_000,
            )
        )


def flush(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
