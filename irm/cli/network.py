"""`irm network`: measure who reaches whom, and find the way to somebody."""

import json
import sys
from typing import Any, cast

import click
from flask import Flask, current_app
from sqlalchemy import select

from irm import clock
from irm.db import db
from irm.directory import team
from irm.errors import Refused
from irm.i18n import LazyText, _, _l, _n
from irm.jobs import network, tasks
from irm.models import Brand, TaskState
from irm.network import paths, sentences


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


@group.command("paths")
@click.option("--to", "wanted", metavar="ID|HANDLE", required=True, help="Whom to reach.")
@click.option("--brand", "brand_name", help="The brand, where there are several.")
@click.option("--most", type=click.IntRange(1, 50), default=paths.SHOWN, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def paths_(wanted: str, brand_name: str | None, most: int, as_json: bool) -> None:
    """Find who could introduce you to somebody you never reached."""
    session = db.session
    brand = team.brand_named(session, brand_name)
    person = paths.wanted(session, brand.id, wanted)
    paths.refuse_reached(session, brand.id, person)
    found = paths.find(session, brand.id, person, clock.now(), most)
    if as_json:
        click.echo(json.dumps(_as_json(found)))
        return
    if not found.paths:
        click.echo(_("Nobody you serve well is within three steps."))
    for number, path in enumerate(found.paths, 1):
        people = " → ".join(found.names.get(id, "?") for id in path.people)
        click.echo(f"{number}. {people} ({path.warmth:.1f})")
        for reason in path.reasons:
            click.echo("   " + sentences.sentence(reason, found.names))
    if found.is_limited:
        click.echo(_("Somebody on the way has more ties than were looked at: the strongest were."))


def _as_json(found: paths.Paths) -> dict[str, Any]:
    return {
        "to": {"id": found.influencer_id, "name": found.names.get(found.influencer_id, "")},
        "limited": found.is_limited,
        "paths": [
            {
                "warmth": path.warmth,
                "connector": {
                    "relationship_id": path.connector.relationship_id,
                    "influencer_id": path.connector.influencer_id,
                    "stage": path.connector.stage.value,
                    "gives_since_ask": path.connector.gives,
                    "fatigue": round(path.connector.fatigue, 3),
                },
                "people": [{"id": id, "name": found.names.get(id, "")} for id in path.people],
                "reasons": path.reasons,
            }
            for path in found.paths
        ],
    }


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
