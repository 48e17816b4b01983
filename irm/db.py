"""The engine, the session, and the writer's turn on SQLite.

On SQLite a session reads in autocommit: each statement sees what is committed. At its first
write, or SELECT … FOR UPDATE, it takes a turn (a lock on a file beside the database, handed on in
the order of asking) and begins a transaction that nobody else can be in; commit or rollback gives
the turn back. That is what PostgreSQL does by READ COMMITTED and row locks, so the same code is
right on both, and no writer starves as with SQLite's own busy handler.
See docs/decisions/0002-the-writers-turn.md.
"""

import contextlib
import fcntl
import importlib
import os
import sqlite3
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Engine, event, make_url
from sqlalchemy.orm import Session

from irm.config import Settings

#: The SQLite in use: that of pysqlite3, whose wheel exists for Linux alone, else Python's own.
dbapi: Any = sqlite3
with contextlib.suppress(ImportError):
    dbapi = importlib.import_module("pysqlite3")

db = SQLAlchemy(session_options={"expire_on_commit": False})

#: What a connection to SQLite keeps of its database in memory, in KiB, if nobody asks for more.
PAGES = 2000

#: Statements that leave the database as it was, and those that end a transaction.
_NO_TURN = ("SELECT", "PRAGMA", "EXPLAI", "VALUES", "VACUUM", "COMMIT", "ROLLBA", "RELEAS")


class TurnConnection(dbapi.Connection):  # type: ignore[misc]  # pysqlite3 ships no types
    """A SQLite connection that writes only in its turn."""

    _turn_path: str | None = None
    _turn_file: int | None = None
    _has_turn = False

    def take_turn(self) -> None:
        """Wait for the turn and begin a write transaction, unless it is ours already."""
        if self._has_turn:
            return
        if self._turn_path is not None:
            if self._turn_file is None:
                self._turn_file = os.open(self._turn_path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._turn_file, fcntl.LOCK_EX)
        self._has_turn = True
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._give_turn()
            raise

    def _give_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            if self._turn_file is not None:
                fcntl.flock(self._turn_file, fcntl.LOCK_UN)

    def commit(self) -> None:
        """Commit, then let the next writer begin."""
        super().commit()
        self._give_turn()

    def rollback(self) -> None:
        """Undo, then let the next writer begin."""
        try:
            super().rollback()
        finally:
            self._give_turn()

    def close(self) -> None:
        """Close the database and the turn's file."""
        try:
            super().close()
        finally:
            self._has_turn = False
            if self._turn_file is not None:
                os.close(self._turn_file)
                self._turn_file = None


def may_use_wal(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the fault that can lose a commit in WAL mode.

    Every release from 3.7.0 to 3.51.2 has it, but for the corrected 3.50.7 and 3.44.6.
    """
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (3, 44, 6) <= version < (3, 45, 0)
    )


def engine_options(settings: Settings) -> dict[str, Any]:
    """What create_engine needs for this database."""
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite":
        return {
            "url": url,
            "hide_parameters": True,
            "module": dbapi,
            # One who writes again and again keeps the connection that knows the pages.
            "pool_use_lifo": True,
            "connect_args": {
                "factory": TurnConnection,
                "isolation_level": None,
                "check_same_thread": False,
                "timeout": 15.0,
            },
        }
    return {
        "url": url,
        # What a statement carries, a secret of a mail among it, does not stand in a log.
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {
            "connect_timeout": 5,
            "application_name": "irm",
            "options": "-c timezone=UTC -c lock_timeout=5s"
            " -c statement_timeout=300s -c idle_in_transaction_session_timeout=60s",
        },
    }


def _keep_to_ourselves(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
    """Make a new database file readable by us alone; its journal takes over the mode."""
    file = Path(arguments[0])
    if file.parent.is_dir() and not file.exists():
        file.touch(mode=0o600)


def _open_sqlite(connection: TurnConnection, _record: object) -> None:
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    connection._turn_path = f"{path}.turn" if path else None
    journal = "WAL" if may_use_wal(dbapi.sqlite_version_info) else "DELETE"
    for pragma in (
        "foreign_keys=ON",
        "busy_timeout=15000",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_in_turn(
    connection: Any,
    _cursor: object,
    statement: str,
    _parameters: object,
    context: Any,
    _executemany: bool,
) -> None:
    head = statement.lstrip()[:6].upper()
    is_read = head in _NO_TURN or (head.startswith("WITH") and not _writes(statement))
    if is_read and not _locks(context):
        return
    connection.connection.dbapi_connection.take_turn()


def _locks(context: Any) -> bool:
    """Whether a statement is a SELECT … FOR UPDATE: SQLite has none, but it has the turn."""
    compiled = getattr(context, "compiled", None)
    return getattr(getattr(compiled, "statement", None), "_for_update_arg", None) is not None


def _writes(statement: str) -> bool:
    upper = statement.upper()
    return any(f"{verb} " in upper for verb in ("INSERT INTO", "UPDATE", "DELETE FROM"))


def keep_pages(session: Session, kibibytes: int = PAGES) -> None:
    """Let the connection of a session keep so much of a SQLite database in memory.

    Work that goes through all of a database, as a scoring does, comes to the same pages of its
    indexes again and again. Without a number the memory is given back.
    """
    if session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        connection.exec_driver_sql(f"PRAGMA cache_size=-{kibibytes}")
        if kibibytes == PAGES:
            connection.exec_driver_sql("PRAGMA shrink_memory")


def listen(engine: Engine) -> None:
    """Give an engine the manners of the house; nothing to do on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _keep_to_ourselves)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "before_cursor_execute", _write_in_turn)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the app to its database."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(settings)}
    db.init_app(app)
    # The library would also close asynchronous sessions, of which there are none: that starts a
    # thread at the end of every request, a tenth of the whole.
    app.teardown_appcontext_funcs[:] = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    with app.app_context():
        listen(db.engine)
