"""`irm worker`: mails, imports and scores in the background. `irm remind`: only write digests."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, cast

import click
from flask import Flask, current_app

from irm import clock, scheduler
from irm.cli.moments import MOMENT
from irm.errors import Refused
from irm.i18n import _, _l
from irm.jobs import reminders


@click.command("worker")
@click.option("--once", is_flag=True, help="Do one round of everything due, then end.")
@click.option("--at", type=MOMENT, help="With --once: what counts as due, as 2026-11-21T08:30.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print JSON.")
@click.option("--parent", type=int, hidden=True)
def worker(once: bool, at: dt.datetime | None, as_json: bool, parent: int | None) -> None:
    """Write and send what is due, and do long work, until told to stop."""
    if at is not None and not once:
        raise Refused(_l("--at goes with --once."))
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if not once:
        scheduler.run(app, parent=parent)
        return
    counts = scheduler.run_once(app, at or clock.now())
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(
        _(
            "Digests written: %(written)s. Tasks done: %(tasks)s. "
            "Mails sent: %(sent)s, waiting: %(waiting)s.",
            written=counts["remind"]["written"],
            tasks=counts["tasks"],
            sent=counts["deliver"]["sent"],
            waiting=counts["waiting"],
        )
    )
    if not current_app.config["IRM"].smtp_url.get_secret_value():
        click.echo(_("IRM_SMTP_URL is not set: mail waits in the outbox."), err=True)


@click.command("remind")
@click.option("--at", type=MOMENT, help="What counts as due, as 2026-11-21T08:30.")
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def remind(at: dt.datetime | None, dry_run: bool, as_json: bool) -> None:
    """Write the digests that are due to the outbox; send nothing."""
    counts: Mapping[str, Any] = reminders.remind(at or clock.now(), is_dry=dry_run)
    if as_json:
        click.echo(json.dumps(counts))
    elif dry_run:
        click.echo(_("Digests that would be written: %(written)s.", written=counts["written"]))
    else:
        click.echo(_("Digests written: %(written)s.", written=counts["written"]))
