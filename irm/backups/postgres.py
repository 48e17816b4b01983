"""PostgreSQL is copied and put back by its own programs: pg_dump, pg_restore, psql."""

import os
import shutil
import subprocess  # nosec B404  # its own programs, no shell
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from irm.errors import Refused
from irm.i18n import _l

#: By this name irm's connections are known to the server (irm/db.py).
OURS = "irm"


def copy(url: URL, target: Path) -> dict[str, int]:
    """Dump a database as it is at one moment; return how many rows each table has then."""
    program = _program("pg_dump")
    engine = create_engine(url, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
            names = inspect(connection).get_table_names("public")
            counts = {
                name: connection.scalar(text(f'SELECT count(*) FROM public."{name}"'))  # noqa: S608  # nosec B608  # named by the database
                for name in sorted(names)
            }
            # pg_dump reads at the very moment at which we counted.
            moment = connection.scalar(text("SELECT pg_export_snapshot()"))
            _run(
                [
                    program,
                    "--format=custom",
                    "--no-owner",
                    "--no-privileges",
                    f"--snapshot={moment}",
                    f"--file={target}",
                    f"--dbname={_address(url)}",
                ],
                url,
            )
    finally:
        engine.dispose()
    listed = _run([_program("pg_restore"), "--list", str(target)], url)
    for name in counts:
        if f" TABLE DATA public {name} " not in listed:
            raise Refused(_l("The copy of the database is not whole: %(said)s.", said=name))
    return {name: int(count or 0) for name, count in counts.items()}


def revision(url: URL) -> str | None:
    """The revision a database is at; None where there is nothing yet."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    finally:
        engine.dispose()


def size(url: URL) -> int:
    """How large the database is on the server, in bytes."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    finally:
        engine.dispose()


def is_in_use(url: URL) -> bool:
    """Whether another process of irm is connected."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            others = connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND application_name = :ours AND pid <> pg_backend_pid()"
                ),
                {"ours": OURS},
            )
            return bool(others)
    finally:
        engine.dispose()


def replace(
    url: URL,
    dump: Path,
    counts: Mapping[str, int],
    after: Sequence[tuple[str, tuple[Any, ...]]],
    folder: Path,
) -> None:
    """Put a dump in the place of all that is in the schema `public`, in one transaction.

    `after` is executed in it too, then the rows are counted: all of it is there, or what was before
    is. Raises Refused with what the server said.
    """
    script = folder / "restore.sql"
    flags = ["--no-owner", "--no-privileges", f"--file={script}"]
    _run([_program("pg_restore"), *flags, str(dump)], url)
    ending = folder / "after.sql"
    ending.write_text("".join(_proof(name, n) for name, n in counts.items()) + _script(after))
    beginning = folder / "before.sql"
    beginning.write_text(
        "SET lock_timeout = '60s';\nDROP SCHEMA IF EXISTS public CASCADE;\nCREATE SCHEMA public;\n"
    )
    files = [f"--file={one}" for one in (beginning, script, ending)]
    _run(
        [
            _program("psql"),
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
            *files,
            f"--dbname={_address(url)}",
        ],
        url,
    )


def _proof(table: str, count: int) -> str:
    """A statement that fails where a table, a plain word, has not so many rows."""
    query = f'SELECT count(*) FROM public."{table}"'  # noqa: S608  # nosec B608  # as above
    return (
        f"DO $irm$ BEGIN IF ({query}) <> {int(count)} THEN"
        f" RAISE EXCEPTION 'rows are missing: {table}'; END IF; END $irm$;\n"
    )


def _script(statements: Sequence[tuple[str, tuple[Any, ...]]]) -> str:
    """Statements as psql reads them; the values are our own words, never a user's."""
    lines = ["SET search_path = public;\n"]
    for statement, values in statements:
        written = statement
        for value in values:
            written = written.replace("?", "'" + str(value).replace("'", "''") + "'", 1)
        lines.append(written + ";\n")
    return "".join(lines)


def scratch(url: URL, name: str) -> URL:
    """Make an empty database beside another one; return its address. Raises Refused."""
    _administer(url, f'CREATE DATABASE "{name}"')
    return url.set(database=name)


def drop(url: URL, name: str) -> None:
    """Drop such a database again. Raises Refused."""
    _administer(url, f'DROP DATABASE IF EXISTS "{name}"')


def _administer(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with closing(engine.connect()) as connection:
            connection.execute(text(statement))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise Refused(_l("PostgreSQL refuses: %(reason)s.", reason=reason)) from None
    finally:
        engine.dispose()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused(
            _l(
                "There is no program %(name)s on this machine: install PostgreSQL’s client programs"
                ", or back the database up where its server runs.",
                name=name,
            )
        )
    return found


def _address(url: URL) -> str:
    """The address without its password, which everybody on this machine could read."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(command: Sequence[str], url: URL) -> str:
    environment = {**os.environ, "LC_ALL": "C", "PGAPPNAME": "irm backup"}
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603  # nosec B603  # PostgreSQL's own programs, no shell
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.strip().splitlines() if "error" in line.lower()]
        reason = (said or done.stderr.strip().splitlines() or [str(done.returncode)])[0]
        raise Refused(_l("PostgreSQL refuses: %(reason)s.", reason=reason.rstrip(".")[:300]))
    return done.stdout
