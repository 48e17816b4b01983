"""`irm backup` and `irm restore`: all of an installation in one file, and back."""

import json
from pathlib import Path

import click
from flask import current_app

from irm import clock
from irm.backups import making, restoring
from irm.backups.making import Made
from irm.backups.restoring import Ways
from irm.cli.db import upgrade
from irm.cli.revision import head
from irm.db import db
from irm.i18n import _


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of a file of that name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def backup(file: Path, replace: bool, as_json: bool) -> None:
    """Back up the database, the secret key and the uploads into FILE, while irm works."""
    made = making.make(current_app.config["IRM"], file, clock.now(), replaces=replace)
    if as_json:
        click.echo(json.dumps(_plain(made)))
        return
    click.echo(
        _(
            "%(path)s holds everything: %(size)s MB, %(rows)s rows, revision %(revision)s. "
            "It holds the secret key too: keep it where nobody else reads it.",
            path=made.path,
            size=round(made.size / 1e6, 1),
            rows=sum(made.manifest.counts.values()),
            revision=made.manifest.revision,
        )
    )


def _plain(made: Made) -> dict[str, object]:
    return {
        "file": str(made.path),
        "bytes": made.size,
        "engine": made.manifest.engine,
        "revision": made.manifest.revision,
        "made_at": made.manifest.made_at,
        "rows": sum(made.manifest.counts.values()),
    }


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Even while irm runs on this data.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Put the backup FILE in the place of what is here, which is kept; sending is paused."""
    db.session.close()
    db.engine.dispose()
    settings = current_app.config["IRM"]
    done = restoring.restore(settings, file, clock.now(), Ways(head(), upgrade), force=force)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "made_at": done.manifest.made_at,
                    "rows": sum(done.manifest.counts.values()),
                    "revision": head(),
                    "kept": str(done.kept) if done.kept else None,
                    "sending": "paused",
                }
            )
        )
    else:
        click.echo(_("Restored: the data of %(moment)s.", moment=done.manifest.made_at))
        if done.kept is not None:
            click.echo(_("What was here before is kept as %(path)s.", path=done.kept))
        click.echo(
            _(
                "No mail goes out until an administrator decides, "
                "on the page Sending or by `irm outbox release`."
            )
        )
    if done.has_other_key:
        click.echo(
            _(
                "IRM_SECRET_KEY is not the key of the backup: "
                "links in mails that were already sent no longer open."
            ),
            err=True,
        )
