"""`irm network`: measure who reaches whom, and find the way to somebody."""

import json
import sys
from typing import Any, cast

import click
from flask import Flask, current_app
from sqlalchemy import select

from irm.db import db
from irm.directory import team
from irm.errors import Refused
from irm.i18n import LazyText, _, _l, _n
from irm.jobs import network, tasks
from irm.models import Brand, TaskState


@click.group("network")
def group() -> None:
    """Who reaches whom: influence, communities, warm paths."""


@group.command("refresh")
@click.option("--brand", help="Only the network that this brand sees.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def refresh(brand: str | None, as_json: bool) -> None:
    """Measure everybody's influence and community anew."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    brand_id = None if brand is None else team.brand_named(db.session, brand).id
    names = {str(row.id): row.name for row in db.session.execute(select(Brand.id, Brand.name))}
    db.session.commit()
    hidden = as_json or not sys.stderr.isatty()
    label = _("Measuring")
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        ended = tasks.run_new(app, network.KIND, {}, show, brand_id=brand_id)
    if ended.state is TaskState.FAILED:
        raise Refused(_failure(ended.error))
    result = ended.result
    if as_json:
        brands = [{"brand": names.get(id, ""), **one} for id, one in result["brands"].items()]
        click.echo(json.dumps({"seconds": result["seconds"], "brands": brands}))
        return
    for id, one in result["brands"].items():
        click.echo(_told(names.get(id, ""), one))


def _told(name: str, outcome: dict[str, Any]) -> str:
    """What was found of a brand's network, in a line."""
    communities = _n("one community", "%(n)s communities", outcome["communities"])
    return _(
        "%(brand)s: %(people)s people, %(strangers)s strangers, %(ties)s ties, %(communities)s; "
        "%(seconds)s s.",
        brand=name,
        people=outcome["people"],
        strangers=outcome["strangers"],
        ties=outcome["ties"],
        communities=communities,
        seconds=outcome["seconds"],
    )


def _failure(error: dict[str, object] | None) -> LazyText:
    error = error or {}
    params = error.get("params")
    return _l(str(error.get("message", "")), **(params if isinstance(params, dict) else {}))
