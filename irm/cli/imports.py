"""`irm import`: read a list of influencers into a brand."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import click
from flask import Flask, current_app

from irm import clock
from irm.db import db
from irm.directory import team
from irm.errors import Refused
from irm.i18n import _, _l
from irm.imports import lists, orders
from irm.imports.complaints import SENTENCES, Complaint
from irm.imports.encoding import COMMAND_LINE_LIMIT
from irm.imports.orders import Order
from irm.jobs import importing, tasks
from irm.models import Brand, Task, TaskState


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--brand", help="Whose list it is; may be left out where there is but one brand.")
@click.option("--kind", type=click.Choice(lists.KINDS), default="auto", help="What the file lists.")
@click.option("--platform", help="Where the accounts are, if the file does not say.")
@click.option("--as-of", help="The day the figures are from. Default: the file's last change.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    file: Path,
    brand: str | None,
    kind: str,
    platform: str | None,
    as_of: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a list of influencers (CSV): one person per account.

    The same file again changes nothing.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    of = team.brand_named(db.session, brand)
    lists.understand(file, file.name, kind=kind, platform=platform, limit=COMMAND_LINE_LIMIT)
    day = orders.as_of(as_of, file, clock.now().date())
    order = Order.of(file, file.name, day, kind=kind, platform=platform)
    db.session.commit()
    if dry_run:
        with _Bar(_("Reading"), as_json) as bar:
            counts = importing.preview(db.session, order, of, bar.show)
        db.session.rollback()
    else:
        counts = _run(app, order, of, as_json)
    click.echo(json.dumps(counts) if as_json else _summary(counts, of))


def _run(app: Flask, order: Order, brand: Brand, is_quiet: bool) -> dict[str, Any]:
    """Import it and score whom it brought, here and now, with progress bars."""
    with _Bar(_("Importing"), is_quiet) as bar:
        ended = tasks.run_new(app, "import", order.to_json(), bar.show, brand_id=brand.id)
    counts = _result(ended)
    scoring = counts.pop("scoring", None)
    if scoring is not None:
        with _Bar(_("Scoring"), is_quiet) as bar:
            _result(tasks.run_inline(app, scoring, bar.show))
    return counts


def _result(task: Task) -> dict[str, Any]:
    """Return what a task brought. Raises Refused with the sentence it failed with."""
    if task.state is not TaskState.FAILED:
        return dict(task.result)
    error = task.error or {}
    params = error.get("params") or {}
    if error.get("code") in SENTENCES:
        raise Complaint(error["code"], **params)
    raise Refused(_l(str(error.get("message", "")), **params))


class _Bar:
    """A progress bar on a terminal, and nothing elsewhere."""

    def __init__(self, label: str, is_quiet: bool) -> None:
        self._bar: Any = click.progressbar(
            length=1, label=label, file=sys.stderr, hidden=is_quiet or not sys.stderr.isatty()
        )

    def __enter__(self) -> "_Bar":
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(*error)

    def show(self, done: int, total: int) -> None:
        """Move the bar to `done` of `total`."""
        self._bar.length = max(total, 1)
        self._bar.update(done - self._bar.pos)


def _summary(counts: dict[str, Any], brand: Brand) -> str:
    return _(
        "%(brand)s, %(rows)s rows: %(created)s created, %(updated)s updated, %(same)s unchanged,"
        " %(conflicts)s in conflict, %(refused)s refused.",
        brand=brand.name,
        **counts,
    )
