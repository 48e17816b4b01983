"""`irm outbox`: what was sent, what waits, and what needs a decision."""

import json
from typing import Any

import click
from sqlalchemy import select

from irm import clock
from irm.db import db
from irm.errors import Refused
from irm.i18n import _, _l, _n
from irm.mail import doubt, proof, standstill
from irm.mail.standstill import Choice
from irm.models import MailState, Outbox
from irm.models.base import Rows


@click.group("outbox")
def group() -> None:
    """Mails: list them, prove that none was lost, decide about those in doubt."""


@group.command("list")
@click.option("--state", type=click.Choice([state.value for state in MailState]))
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(state: str | None, limit: int, as_json: bool) -> None:
    """List mails, the newest first."""
    rows = [_plain(row) for row in db.session.execute(_newest(state).limit(limit)).mappings()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("{id:>6}  {state:<10} {to:<32} {subject}".format(**row))


def _newest(state: str | None) -> Rows:
    statement: Rows = select(
        Outbox.id,
        Outbox.dedupe_key.label("key"),
        Outbox.letter,
        Outbox.state,
        Outbox.to_address.label("to"),
        Outbox.subject,
        Outbox.message_id,
        Outbox.attempts,
        Outbox.doubt,
        Outbox.not_before,
        Outbox.sent_at,
        Outbox.last_code,
        Outbox.last_text,
    ).order_by(Outbox.id.desc())
    return statement if state is None else statement.where(Outbox.state == MailState(state))


def _plain(row: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row.items()
    }


@group.command("audit")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audit(as_json: bool) -> int:
    """Prove that nothing was lost or doubled; 1 where a promise is broken."""
    found = proof.violations(db.session, clock.now())
    count = sum(len(ids) for ids in found.values())
    if as_json:
        click.echo(json.dumps({"violations": count, "found": found}))
        return 1 if found else 0
    for name, ids in found.items():
        click.echo(f"{name}: {', '.join(map(str, ids))}")
    click.echo(_n("%(n)s violation.", "%(n)s violations.", count))
    return 1 if found else 0


@group.command("release")
@click.argument("ids", nargs=-1, type=click.IntRange(1, 2**31 - 1))
@click.option("--arrived", is_flag=True, help="They arrived: count them as sent.")
@click.option("--digest", is_flag=True, help="Without ids: one digest for each colleague instead.")
@click.option("--elsewhere", is_flag=True, help="Without ids: none of them; they were seen to.")
def release(ids: tuple[int, ...], arrived: bool, digest: bool, elsewhere: bool) -> None:
    """Send held or failed mails (again). Without ids: let mail go out again after a hold.

    What waited meanwhile goes out then, unless --digest or --elsewhere says otherwise.
    """
    if arrived + digest + elsewhere > 1 or (ids and (digest or elsewhere)):
        raise click.UsageError(_("--digest and --elsewhere stand alone, without ids."))
    if not ids:
        if arrived:
            raise Refused(_l("Say which mails arrived."))
        choice = Choice.DIGEST if digest else Choice.ELSEWHERE if elsewhere else Choice.ALL
        if choice is not Choice.ALL or standstill.reason(db.session) is not None:
            standstill.decide(db.session, choice, None, clock.now())
    decide = doubt.say_arrived if arrived else doubt.send_again
    for id in ids:
        decide(db.session, id, None, clock.now())
    db.session.commit()
    click.echo(_done(len(ids)) if ids else _("Mail goes out."))


@group.command("hold")
@click.argument("ids", nargs=-1, type=click.IntRange(1, 2**31 - 1))
def hold(ids: tuple[int, ...]) -> None:
    """Keep waiting mails back. Without ids: let no mail go out at all."""
    if not ids:
        doubt.pause(db.session, "person")
    for id in ids:
        doubt.hold(db.session, id, None, clock.now())
    db.session.commit()
    click.echo(_done(len(ids)) if ids else _("No mail goes out until `irm outbox release`."))


@group.command("cancel")
@click.argument("ids", nargs=-1, required=True, type=click.IntRange(1, 2**31 - 1))
def cancel(ids: tuple[int, ...]) -> None:
    """Have mails not go out at all, unless they may be on their way already."""
    for id in ids:
        doubt.cancel(db.session, id, None, clock.now())
    db.session.commit()
    click.echo(_done(len(ids)))


def _done(count: int) -> str:
    return _n("%(n)s mail changed.", "%(n)s mails changed.", count)
