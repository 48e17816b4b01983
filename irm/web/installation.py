"""What this installation is made of and stands on: versions, clocks, the database, the disk."""

import datetime as dt
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from irm import clock
from irm.config import Settings
from irm.db import db
from irm.i18n import _
from irm.web.words import words


def facts(session: Session, settings: Settings, now: dt.datetime) -> list[tuple[str, str]]:
    """Each fact with its name, in the reader's language."""
    return [
        (_("Version"), version_of("irm")),
        (_("Python"), platform.python_version()),
        (_("Database"), database(session)),
        (_("Scheduler"), f"APScheduler {version_of('apscheduler')}"),
        (_("Time zones"), f"tzdata {clock.tzdata_version() or '–'}"),
        (_("Size of the database"), megabytes(size(session))),
        (_("Free on the disk"), _free(settings.data_dir)),
        (_("Clock"), f"{now:%Y-%m-%d %H:%M:%S} UTC"),
        (
            _("The database’s clock"),
            _("differs by %(n)s s", n=words().number(round(apart(session, now), 1))),
        ),
    ]


def version_of(package: str) -> str:
    """The version of an installed package; a dash where it is run from its sources."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"


def database(session: Session) -> str:
    """Which database, and its version."""
    if session.get_bind().dialect.name == "sqlite":
        return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {session.scalar(text('SHOW server_version'))}"


def size(session: Session) -> int:
    """How large the database is, in bytes."""
    if session.get_bind().dialect.name != "sqlite":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    path = Path(str(db.engine.url.database))
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*") if file.is_file())


def apart(session: Session, now: dt.datetime) -> float:
    """By how many seconds the database's clock differs from ours."""
    return abs((clock_of_the_database(session, now) - clock.now()).total_seconds())


def clock_of_the_database(session: Session, now: dt.datetime) -> dt.datetime:
    """What time it is for the database; `now` where it does not say."""
    if session.get_bind().dialect.name == "sqlite":
        seconds = session.scalar(text("SELECT (julianday('now') - 2440587.5) * 86400.0"))
        return dt.datetime.fromtimestamp(float(seconds or 0), dt.UTC)
    return session.scalar(text("SELECT clock_timestamp()")) or now


def megabytes(count: int) -> str:
    """Bytes as people say them."""
    return _("%(size)s MB", size=words().number(round(count / 1e6, 1)))


def _free(folder: Path) -> str:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return "–"
    return _("%(size)s GB", size=words().number(round(free / 1e9, 1)))
