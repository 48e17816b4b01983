"""Prove that the migrations lead to what the models say, on both databases.

SQLite always; PostgreSQL where IRM_TEST_POSTGRES_URL leads to one, in a database of its own.
With IRM_REQUIRE=postgres it may not be missing.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

DEFAULT_POSTGRES = "postgresql://127.0.0.1:5432/test"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        check("SQLite", folder, "")
        try:
            with postgres_database() as url:
                check("PostgreSQL", folder, url)
        except psycopg.OperationalError as error:
            if "postgres" in os.environ.get("IRM_REQUIRE", ""):
                sys.exit(f"Migrations on PostgreSQL: {error}")
            print("Migrations on PostgreSQL: skipped, no server answers.")


def check(name: str, folder: str, url: str) -> None:
    """Build a database by the migrations and compare it with the models."""
    program = Path(sys.executable).parent / "irm"
    env = {**os.environ, "IRM_DATA_DIR": folder, "IRM_DATABASE_URL": url}
    for command in ("upgrade", "check"):
        done = subprocess.run(
            [program, "db", command], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"Migrations on {name}: irm db {command}:\n{done.stdout}{done.stderr}")
    print(f"Migrations on {name}: they match the models.")


@contextlib.contextmanager
def postgres_database() -> Iterator[str]:
    """Make a database with a name of its own beside the given one, and drop it afterwards."""
    given = make_url(os.environ.get("IRM_TEST_POSTGRES_URL", DEFAULT_POSTGRES))
    name = f"irm_check_{secrets.token_hex(6)}"
    address = given.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield given.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    main()
