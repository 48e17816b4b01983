"""Copying a SQLite database while others write, proving the copy, and putting one in its place."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from irm.db import dbapi
from irm.errors import Refused
from irm.i18n import _l

#: Pages of 4 KiB that are copied between two breaths.
PAGES = 256

#: Seconds for which a copy waits until the writer of the moment is done.
PATIENCE = 60.0

#: Parts of the full-text indexes: to count them is to read them whole, and they are checked anyway.
_UNCOUNTED = ("sqlite_", "search_index", "post_stems")

#: A journal that must not outlive the database it belongs to.
JOURNALS = ("-wal", "-shm", "-journal")


def copy(source: Path, target: Path) -> dict[str, int]:
    """Copy a database as it is at this moment; return how many rows each table has.

    The copy is one file, checked as `check` does. Nobody who writes meanwhile waits in WAL mode:
    an open reading keeps this moment's pages, else each write would begin the copy anew. With a
    rollback journal writers wait until it is done, in one breath therefore.
    """
    with closing(_reader(source)) as live, closing(_opened(target)) as copied:
        live.execute("BEGIN")
        counts = counted(live)
        is_wal = live.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        live.backup(copied, pages=PAGES if is_wal else -1, sleep=0.005)
        live.execute("ROLLBACK")
        copied.execute("PRAGMA journal_mode=DELETE")
    check(target, counts)
    return counts


def revision(file: Path) -> str | None:
    """The revision a database is at; None where there is none, or the file is no database."""
    if not file.exists():
        return None
    with closing(_reader(file)) as live, contextlib.suppress(dbapi.DatabaseError):
        found = live.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None
    return None


def counted(connection: Any) -> dict[str, int]:
    """How many rows each table has."""
    names = [
        row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")
    ]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  # nosec B608  # named by the database
        for name in sorted(names)
        if not name.startswith(_UNCOUNTED)
    }


def check(file: Path, counts: dict[str, int]) -> None:
    """Prove that a copy is whole: its pages, its foreign keys, its rows.

    Raises Refused with what was found.
    """
    with closing(_opened(file)) as copied:
        try:
            said = copied.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                raise Refused(_l("The copy of the database is not whole: %(said)s.", said=said))
            stray = copied.execute("PRAGMA foreign_key_check").fetchone()
            if stray is not None:
                raise Refused(
                    _l(
                        "The copy of the database is not whole: %(said)s.",
                        said=f"foreign key of {stray[0]}",
                    )
                )
            found = counted(copied)
        except dbapi.DatabaseError as error:
            raise Refused(
                _l("The copy of the database is not whole: %(said)s.", said=error)
            ) from None
    if found != counts:
        table = next(name for name in {*found, *counts} if found.get(name) != counts.get(name))
        said = f"{table} {found.get(table)} / {counts.get(table)}"
        raise Refused(_l("The copy of the database is not whole: %(said)s.", said=said))


def execute(file: Path, statements: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
    """Execute statements in one transaction of a database that nobody else has open."""
    with closing(_opened(file)) as copied, copied:
        for statement, values in statements:
            copied.execute(statement, values)


def is_in_use(file: Path) -> bool | None:
    """Whether a process has a database open; None where this cannot be known.

    In WAL mode every open connection holds a lock for as long as it lives.
    """
    if not file.exists():
        return False
    with closing(dbapi.connect(str(file), timeout=0.5, isolation_level=None)) as probe:
        try:
            probe.execute("PRAGMA locking_mode=EXCLUSIVE")
            is_wal = probe.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            probe.execute("BEGIN EXCLUSIVE")
            probe.execute("ROLLBACK")
        except dbapi.OperationalError as error:
            return "lock" in str(error)
        except dbapi.DatabaseError:
            return False  # no database any more: nobody works with it
    return False if is_wal else None


def replace(source: Path, live: Path) -> None:
    """Put a database in the place of another, in one transaction of the other.

    Whoever has that open sees the new rows with his next statement; a crash half-way leaves the old
    ones. Raises Refused where it stays locked, and what SQLite raises where it cannot be written.
    """
    until = time.monotonic() + PATIENCE

    def wait(_status: int, _remaining: int, _total: int) -> None:
        if time.monotonic() > until:
            raise TimeoutError

    live.touch(mode=0o600)
    with _turn(live, until), closing(_reader(source)) as new, closing(_opened(live)) as old:
        try:
            new.backup(old, pages=-1, progress=wait, sleep=0.05)
        except TimeoutError:
            raise Refused(_l("The database stays locked: stop irm first.")) from None


@contextlib.contextmanager
def _turn(live: Path, until: float) -> Iterator[None]:
    """Have the writer's turn, as irm/db.py hands it on."""
    descriptor = os.open(f"{live}.turn", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Refused(_l("The database stays locked: stop irm first.")) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def set_aside(live: Path, folder: Path) -> None:
    """Move what was a database, and cannot be read any more, into a folder."""
    folder.mkdir(mode=0o700, parents=True)
    for suffix in ("", *JOURNALS):
        file = live.with_name(live.name + suffix)
        if file.exists():
            file.rename(folder / file.name)


def _reader(file: Path) -> Any:
    address = f"file:{quote(str(file.resolve()))}?mode=ro"
    return dbapi.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)


def _opened(file: Path) -> Any:
    return dbapi.connect(str(file), timeout=PATIENCE)
