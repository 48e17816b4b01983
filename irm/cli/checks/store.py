"""Checks of the database: there, of the right shape, whole, and set to keep what it is given."""

from sqlalchemy import text

from irm.cli import revision
from irm.cli.checks.finding import Finding, Ground, fail, ok, warn
from irm.db import dbapi, may_use_wal
from irm.i18n import _

#: The oldest PostgreSQL, as it counts its versions.
OLDEST = 150000


def database(ground: Ground) -> Finding:
    """The database answers."""
    if ground.is_sqlite:
        version = ground.session.scalar(text("SELECT sqlite_version()"))
        return ok(_("SQLite %(version)s answers.", version=version))
    number = int(ground.session.scalar(text("SHOW server_version_num")) or 0)
    version = ground.session.scalar(text("SHOW server_version"))
    if number < OLDEST:
        return fail(_("PostgreSQL %(version)s is too old.", version=version), _("Use 15 or newer."))
    return ok(_("PostgreSQL %(version)s answers.", version=version))


def schema(ground: Ground) -> Finding:
    """The database has the tables this irm needs."""
    found, head = revision.current(ground.session.get_bind().engine), revision.head()
    if found == head:
        return ok(_("The database is at revision %(head)s, the newest.", head=head))
    if found is not None and found > head:
        return fail(
            _(
                "The database (%(found)s) is newer than this irm (%(known)s).",
                found=found,
                known=head,
            ),
            _("Update irm."),
        )
    return fail(
        _(
            "The database is at revision %(found)s, irm needs %(head)s.",
            found=found or 0,
            head=head,
        ),
        _("Run `irm db upgrade`."),
    )


def journal(ground: Ground) -> Finding | None:
    """SQLite writes in the way that is safe for its version."""
    if not ground.is_sqlite:
        return None
    mode = str(ground.session.scalar(text("PRAGMA journal_mode"))).upper()
    synchronous = int(ground.session.scalar(text("PRAGMA synchronous")) or 0)
    version = ".".join(map(str, dbapi.sqlite_version_info))
    if synchronous < 2:
        return fail(
            _("SQLite does not wait for the disk (synchronous=%(n)s).", n=synchronous),
            _("Let nothing but irm set up its connections."),
        )
    if mode == "WAL" and may_use_wal(dbapi.sqlite_version_info):
        return ok(_("SQLite keeps a write-ahead log and waits for the disk."))
    if mode == "WAL":
        return fail(
            _("SQLite %(version)s may lose a commit with a write-ahead log.", version=version),
            _("Stop irm and start it again: it then chooses another journal."),
        )
    return warn(
        _("SQLite %(version)s works without a write-ahead log: safe, but slower.", version=version),
        _("SQLite 3.51.3 or newer, as in the package pysqlite3, is faster."),
    )


def integrity(ground: Ground) -> Finding | None:
    """SQLite finds its file whole."""
    if not ground.is_sqlite:
        return None
    found = str(ground.session.scalar(text("PRAGMA quick_check(1)")))
    if found != "ok":
        return fail(
            _("The database is damaged: %(reason)s.", reason=found[:200]),
            _("Stop irm, keep a copy of the file, and restore the newest backup."),
        )
    return ok(_("The database is whole."))


def durability(ground: Ground) -> Finding | None:
    """PostgreSQL keeps what it said it has saved."""
    if ground.is_sqlite:
        return None
    wanted = {
        "fsync": ("on",),
        "full_page_writes": ("on",),
        "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    }
    wrong = [
        f"{name}={value}"
        for name, good in wanted.items()
        if (value := ground.session.scalar(text(f"SHOW {name}"))) not in good
    ]
    if wrong:
        return fail(
            _("PostgreSQL may forget what it saved: %(settings)s.", settings=", ".join(wrong)),
            _("Set them to on in postgresql.conf."),
        )
    return ok(_("PostgreSQL waits for the disk."))
