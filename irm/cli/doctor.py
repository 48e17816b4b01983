"""`irm doctor`: one line for each thing that must be right, and what to do where it is not."""

import json
from typing import cast

import click
from flask import Flask, current_app

from irm import clock
from irm.cli.checks import registry
from irm.cli.checks.finding import Finding, Ground, State
from irm.config import Settings
from irm.db import db
from irm.errors import Refused
from irm.i18n import _, _l
from irm.mail import trial
from irm.mail.server import server_of

COLOURS = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}


@click.command("doctor")
@click.option("--deploy", is_flag=True, help="Add what must hold where a team depends on it.")
@click.option("--mail", "address", metavar="ADDRESS", help="Only send a test there, and show how.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(deploy: bool, address: str | None, as_json: bool) -> int:
    """Look whether all is well: 0 if nothing fails, else 1."""
    if address is not None:
        return _send_test(address, as_json)
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    ground = Ground(app, app.config["IRM"], db.session, clock.now())
    found: list[tuple[str, Finding]] = []
    for name, finding in registry.run(ground, is_deploy=deploy):
        found.append((name, finding))
        if not as_json:
            _show(name, finding)
    states = {finding.state for _name, finding in found}
    worst = next((one for one in (State.FAIL, State.WARN) if one in states), State.OK)
    if as_json:
        checks = [
            {"name": name, "state": one.state, "said": one.said, "advice": one.advice}
            for name, one in found
        ]
        click.echo(json.dumps({"state": worst, "checks": checks}, ensure_ascii=False))
    return 1 if worst is State.FAIL else 0


def _show(name: str, finding: Finding) -> None:
    state = click.style(f"{finding.state:<4}", fg=COLOURS[finding.state])
    advice = f" → {finding.advice}" if finding.advice else ""
    click.echo(f"{state}  {name:<17}  {finding.said}{advice}")


def _send_test(address: str, as_json: bool) -> int:
    settings: Settings = current_app.config["IRM"]
    url = settings.smtp_url.get_secret_value()
    if not url:
        raise Refused(_l("No mail server is set (IRM_SMTP_URL): there is nothing to test."))
    mail = trial.letter(settings, address, address.partition("@")[0], settings.locale)
    result = trial.send(server_of(url), mail.sender, address, mail.data)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "sent": result.is_good,
                    "stage": result.stage,
                    "said": result.said,
                    "advice": result.advice,
                    "lines": [{"who": line.who, "text": line.text} for line in result.lines],
                },
                ensure_ascii=False,
            )
        )
        return 0 if result.is_good else 1
    marks = {"irm": ">", "server": "<", "note": " "}
    for line in result.lines:
        click.echo(f"{marks[line.who]} {line.text}")
    click.echo(_("The server took the test.") if result.is_good else result.advice)
    return 0 if result.is_good else 1
