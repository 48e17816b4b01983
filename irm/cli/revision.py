"""Which shape the database has, and which one this irm needs.

Every command asks, the web server among them: so without Alembic, which upgrading alone needs.
"""

import importlib
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from irm.errors import Refused
from irm.i18n import _l


def scripts() -> Path:
    """The folder of the migrations, wherever the package was installed."""
    return Path(importlib.import_module("irm.migrations").__path__[0])


def current(engine: Engine) -> str | None:
    """The revision the database is at; None where there is nothing yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def head() -> str:
    """The newest revision this irm knows: migrations are numbered by their files' names."""
    return max(path.name[:4] for path in (scripts() / "versions").glob("[0-9]*.py"))


def refuse_if_behind(engine: Engine) -> None:
    """Stop a command that needs the newest tables.

    Raises Refused, with the command that helps.
    """
    found = current(engine)
    if found is None or found < head():
        raise Refused(_l("The database is not ready: run `irm db upgrade` first."))
    if found > head():
        raise Refused(
            _l(
                "The database (%(found)s) is newer than this irm (%(known)s): update irm.",
                found=found,
                known=head(),
            )
        )
