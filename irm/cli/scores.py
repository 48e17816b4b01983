"""`irm score`: score everybody anew."""

import gc
import json
import sys
from typing import cast

import click
from flask import Flask, current_app

from irm.db import db
from irm.directory import team
from irm.errors import Refused
from irm.i18n import LazyText, _, _l
from irm.jobs import tasks
from irm.models import TaskState


@click.command("score")
@click.option("--brand", help="Only the people this brand has a relationship with.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def score(brand: str | None, as_json: bool) -> None:
    """Score people: reach, resonance, tier, and each relationship's relevance and fit."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    brand_id = None if brand is None else team.brand_named(db.session, brand).id
    db.session.commit()

    hidden = as_json or not sys.stderr.isatty()
    with click.progressbar(length=1, label=_("Scoring"), file=sys.stderr, hidden=hidden) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        # As `irm worker` does at its start: what was loaded is not looked through again and again.
        gc.collect()
        gc.freeze()
        ended = tasks.run_new(app, "score", {}, show, brand_id=brand_id)
    if ended.state is TaskState.FAILED:
        raise Refused(_failure(ended.error))
    result = ended.result
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(
        _(
            "%(people)s people, %(relationships)s relationships; %(changed)s scores changed; "
            "%(seconds)s s.",
            **{name: result[name] for name in ("people", "relationships", "changed", "seconds")},
        )
    )


def _failure(error: dict[str, object] | None) -> LazyText:
    error = error or {}
    params = error.get("params")
    return _l(str(error.get("message", "")), **(params if isinstance(params, dict) else {}))
