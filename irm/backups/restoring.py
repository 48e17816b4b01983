"""Restoring: all is proved beside the live data first; then the database changes in one step.

Sending is paused in what was restored: the world went on since the backup, and what looks overdue
in it may have been sent long ago.
"""

import datetime as dt
import os
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from irm.backups import archive, making, postgres, sqlite
from irm.backups.archive import Manifest
from irm.config import Settings
from irm.db import dbapi, engine_options, listen
from irm.errors import Refused
from irm.i18n import _l

#: Why sending is paused in a restored database.
RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where that is which was there before; None where nothing was."""

    manifest: Manifest
    kept: Path | None
    #: Whether the key in use is another one than the backup's: it comes from the environment.
    has_other_key: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """What restoring is given by whom it stands below: revisions are the command line's."""

    #: The newest revision that this irm knows.
    head: str
    #: Brings a database to it.
    upgrade: Callable[[Engine], None]


def restore(
    settings: Settings, path: Path, now: dt.datetime, ways: Ways, *, force: bool = False
) -> Restored:
    """Put a backup in the place of what is there, which is kept as a backup of its own.

    Raises Refused with one sentence where it cannot be done. On SQLite nothing has changed then; on
    PostgreSQL an upgrade that fails afterwards leaves the older database, with sending paused.
    """
    url = make_url(settings.url)
    manifest = archive.read(path)
    _refuse_others(path, manifest, url, ways.head)
    try:
        if not force and _is_in_use(url, now):
            raise Refused(
                _l("irm is running on this data: stop it first, or say --force to restore anyway.")
            )
        making.refuse_without_room(settings.data_dir, 3 * manifest.size)
        with making.workshop(settings.data_dir) as folder:
            archive.extract(path, manifest, folder)
            is_sqlite = url.get_backend_name() == "sqlite"
            put = _put_sqlite if is_sqlite else _put_postgres
            kept = put(settings, url, manifest, folder, now, ways)
            has_other_key = _put_files(settings, folder)
            return Restored(manifest, kept, has_other_key)
    except (OSError, dbapi.Error, SQLAlchemyError) as error:
        raise Refused(
            _l("The backup cannot be restored: %(reason)s.", reason=making.reason_of(error))
        ) from None


def _refuse_others(path: Path, manifest: Manifest, url: URL, head: str) -> None:
    engine = url.get_backend_name()
    if manifest.engine != engine:
        raise Refused(
            _l(
                "%(path)s is a backup of %(theirs)s, and IRM_DATABASE_URL names %(ours)s.",
                path=path,
                theirs=manifest.engine,
                ours=engine,
            )
        )
    if manifest.revision > head:
        raise Refused(
            _l(
                "The backup (%(found)s) is newer than this irm (%(known)s): update irm first.",
                found=manifest.revision,
                known=head,
            )
        )


#: A worker shows that it lives every half minute.
_SILENCE = dt.timedelta(minutes=2)


def _is_in_use(url: URL, now: dt.datetime) -> bool:
    if url.get_backend_name() != "sqlite":
        return postgres.is_in_use(url)
    file = making.file_of(url)
    is_open = sqlite.is_in_use(file)
    if is_open is not None:
        return is_open
    # Without WAL nobody can be seen who is not writing just now: the worker's sign of life is.
    with closing(dbapi.connect(str(file))) as live:
        try:
            seen = live.execute(
                "SELECT 1 FROM ticks WHERE name = 'heartbeat' AND last_finished > ?",
                ((now - _SILENCE).strftime("%Y-%m-%d %H:%M:%S"),),
            ).fetchone()
        except dbapi.DatabaseError:
            return False
    return seen is not None


def _put_sqlite(
    settings: Settings, url: URL, manifest: Manifest, folder: Path, now: dt.datetime, ways: Ways
) -> Path | None:
    new, live = folder / archive.DATABASE, making.file_of(url)
    sqlite.check(new, dict(manifest.counts))
    _refuse_other_revision(sqlite.revision(new), manifest)
    # Upgraded before it is anybody's: an upgrade that fails has changed nothing.
    beside = settings.model_copy(update={"database_url": f"sqlite:///{new}"})
    engine = create_engine(**engine_options(beside))
    listen(engine)
    try:
        ways.upgrade(engine)
    finally:
        engine.dispose()
    sqlite.execute(new, _pausing())
    kept = _keep_what_is_there(settings, url, now)
    sqlite.replace(new, live)
    return kept


def _put_postgres(
    settings: Settings, url: URL, manifest: Manifest, folder: Path, now: dt.datetime, ways: Ways
) -> Path | None:
    kept = _keep_what_is_there(settings, url, now)
    postgres.replace(url, folder / archive.DATABASE, manifest.counts, _pausing(), folder)
    _refuse_other_revision(postgres.revision(url), manifest)
    engine = create_engine(url)
    try:
        ways.upgrade(engine)
    finally:
        engine.dispose()
    return kept


def _pausing() -> list[tuple[str, tuple[Any, ...]]]:
    """How a restored database begins: without sending mail, and with nobody signed in.

    What was signed out since the backup must not be signed in again by it. Columns that every
    revision has are enough.
    """
    pause = "UPDATE instance SET sending = 'paused', paused_reason = ?, host_fingerprint = NULL"
    make = """
        INSERT INTO instance (id, install_id, sending, paused_reason)
        SELECT 1, ?, 'paused', ? WHERE NOT EXISTS (SELECT 1 FROM instance)
    """
    return [
        ("DELETE FROM sessions", ()),
        (pause, (RESTORED,)),
        (make, (uuid.uuid4().hex, RESTORED)),
    ]


def _refuse_other_revision(found: str | None, manifest: Manifest) -> None:
    """Believe the database, not its label, about how new it is."""
    if found != manifest.revision:
        raise Refused(
            _l("The copy of the database is not whole: %(said)s.", said=f"revision {found}")
        )


def _keep_what_is_there(settings: Settings, url: URL, now: dt.datetime) -> Path | None:
    """Back up what the restore takes the place of; where that cannot be read, set it aside."""
    folder = settings.data_dir / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = now.strftime("%Y-%m-%d-%H%M%S")
    target = folder / f"before-restore-{stamp}.zip"
    if url.get_backend_name() != "sqlite":
        if making.revision_of(url) is None:
            return None
        return making.make(settings, target, now, replaces=True).path
    live = making.file_of(url)
    if not live.exists() or not live.stat().st_size:
        return None
    try:
        if making.revision_of(url) is not None:
            return making.make(settings, target, now, replaces=True).path
    except Refused:
        if sqlite.revision(live) is not None and not _is_damaged(live):
            raise  # The database is well, and only its copy was refused: no room, no right.
    aside = folder / f"damaged-{stamp}"
    sqlite.set_aside(live, aside)
    return aside


def _is_damaged(live: Path) -> bool:
    try:
        with closing(dbapi.connect(str(live))) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok")
    except dbapi.DatabaseError:
        return True


def _put_files(settings: Settings, folder: Path) -> bool:
    """Put the key and the uploads in their places; whether the key in use is another one."""
    data_dir = settings.data_dir
    for one in sorted(folder.glob("imports/*")):
        (data_dir / "imports").mkdir(mode=0o700, exist_ok=True)
        one.replace(data_dir / "imports" / one.name)
    made, kept = folder / archive.SECRET, data_dir / archive.SECRET
    if not made.exists():
        return False
    theirs = made.read_text()
    in_file = kept.read_text().strip() if kept.exists() else None
    comes_from_outside = settings.secret_key.get_secret_value() != in_file
    with made.open("r+b") as file:
        os.fsync(file.fileno())
    made.replace(kept)
    making.flush(data_dir)
    return comes_from_outside and settings.secret_key.get_secret_value() != theirs
