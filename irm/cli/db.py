"""`irm db`: bring the database to the newest shape, or say how it stands."""

import json
from pathlib import Path
from typing import Any

import click
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection, Engine
from sqlalchemy.schema import SchemaItem

from irm import clock
from irm.backups import keeping, making
from irm.cli.revision import current, head, refuse_if_behind, scripts
from irm.config import Settings
from irm.db import db
from irm.directory import reindexing
from irm.errors import Refused
from irm.i18n import LazyText, _, _l, _n
from irm.ledger import mentions, proving, relationships, replay
from irm.models import Base
from irm.stocktaking import take_stock


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database to a revision, one transaction for each step; nothing to do is fine."""
    before = current(engine)
    with engine.connect() as connection:
        command.upgrade(_config(connection), to)
    if engine.dialect.name == "sqlite" and before != current(engine):
        # Beside indexes that it has counted, SQLite takes one that it has not for the best of all.
        with engine.begin() as connection:
            take_stock(connection, whole=True)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to a revision."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), to)


def _is_compared(
    _item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: SchemaItem | None
) -> bool:
    """Leave out what only one of the two databases has: the full-text tables, the trigrams."""
    if kind == "table":
        return not (name or "").startswith(("search_index", "post_stems"))
    return name not in ("ix_search_entries_trigrams", "ix_post_stems")


def differences(engine: Engine) -> list[Any]:
    """What the models have and the database has not, or the other way; empty is well."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": _is_compared,
            },
        )
        return list(compare_metadata(context, Base.metadata))


def _keep_a_copy(engine: Engine, settings: Settings) -> Path | None:
    """Back a SQLite database up before its shape changes; None where there is nothing to keep.

    On PostgreSQL that is for whoever runs the server: its programs may be elsewhere.
    """
    found = current(engine)
    if engine.dialect.name != "sqlite" or found is None or found == head():
        return None
    # A migration may copy a whole table within the database.
    making.refuse_without_room(settings.data_dir, 3 * making.size_of(engine.url))
    target = keeping.folder(settings.data_dir) / f"before-{head()}.zip"
    return making.make(settings, target, clock.now(), replaces=True).path


@click.group("db")
def group() -> None:
    """The database: upgrade it, or say how it stands."""


@group.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest shape; a SQLite database is backed up before."""
    with current_app.app_context():
        copy = _keep_a_copy(db.engine, current_app.config["IRM"])
        if copy is not None:
            click.echo(_("The database before the upgrade is kept as %(path)s.", path=copy))
        upgrade(db.engine)
        click.echo(_("The database is at %(revision)s.", revision=head()))


@group.command("current")
def current_command() -> None:
    """Print the revision of the database and the newest one."""
    with current_app.app_context():
        click.echo(f"{current(db.engine) or '-'} / {head()}")


@group.command("check")
def check_command() -> None:
    """Compare the database with the models, and the board with its moves; 1 where they differ."""
    with current_app.app_context():
        refuse_if_behind(db.engine)
        found = differences(db.engine)
        if found:
            raise Refused(_l("The database differs from the models: %(first)s.", first=found[0]))
        click.echo(_("The database matches the models."))
        report = replay.check(db.session)
        if report.faults:
            raise Refused(_broken(report))
        click.echo(
            _(
                "Replaying %(moves)s moves of %(people)s relationships gives today’s board.",
                moves=report.moves,
                people=report.relationships,
            )
        )


def _broken(report: replay.Report) -> LazyText:
    """What replaying found, by code, and where to look first."""
    first = report.faults[0]
    counted = ", ".join(f"{code} {n}" for code, n in sorted(report.by_code.items()))
    what = "brand" if first.code == "counter" else "relationship"
    return _l(
        "Replaying all moves does not give today’s board (%(counted)s): look at %(first)s. What is "
        "counted wrong, `irm db rebuild` mends.",
        counted=counted,
        first=f"{what} {first.of_id}",
    )


@group.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rebuild_command(as_json: bool) -> None:
    """Rebuild what is kept for speed: contacts, next days, earned stages, counts, search."""
    with current_app.app_context():
        refuse_if_behind(db.engine)
        changed = relationships.rebuild(db.session)
        db.session.commit()
        mentions.read_all(db.session)
        changed += proving.rebuild(db.session, clock.now())
        db.session.commit()
        entries = reindexing.rebuild(db.session)
        db.session.commit()
        click.echo(
            json.dumps({"changed": changed, "entries": entries})
            if as_json
            else _n("%(n)s relationship was mended.", "%(n)s relationships were mended.", changed)
        )
