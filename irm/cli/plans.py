"""`irm plan`: plan a brand's weeks, and say what will happen and what will not."""

import datetime as dt
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from sqlalchemy import select

from irm import clock
from irm.db import db
from irm.directory import team
from irm.errors import Refused
from irm.funnel.planner import plans
from irm.funnel.planner.reading import Wish
from irm.i18n import _, _l, _n
from irm.jobs import tasks
from irm.models import TaskState, User


@click.command("plan")
@click.option("--brand", "brand_name", help="The brand, where there are several.")
@click.option("--from", "first", metavar="DAY", help="First day, as 2026-03-31; else today.")
@click.option("--weeks", type=int, default=plans.WEEKS, show_default=True, help="How many weeks.")
@click.option("--dry-run", is_flag=True, help="Only say how it would come out; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(
    brand_name: str | None, first: str | None, weeks: int, dry_run: bool, as_json: bool
) -> None:
    """Plan whom each colleague contacts on which day, and say who does not fit."""
    session = db.session
    brand = team.brand_named(session, brand_name)
    today = clock.today(ZoneInfo(brand.timezone))
    day = _day(first) if first else today
    plans.refuse_weeks(weeks)
    plans.refuse_first(day, today)
    if dry_run:
        outcome = plans.attempt(session, brand, Wish(day, weeks)).outcome()
        session.rollback()
    else:
        outcome = _made(brand.id, day, weeks, is_quiet=as_json or not sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps({"from": day.isoformat(), "weeks": weeks, **outcome}))
        return
    names = {row.id: row.name for row in session.execute(select(User.id, User.name))}
    for line in _lines(outcome, names):
        click.echo(line)
    if dry_run:
        click.echo(_("Tried out only: nothing was written."))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(_l("Write a day as 2026-03-31.")) from None


def _made(brand_id: int, day: dt.date, weeks: int, *, is_quiet: bool) -> dict[str, Any]:
    """Make the plan as a task, as the page does, and draw how far it is."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    db.session.commit()
    with click.progressbar(length=1, label=_("Planning"), file=sys.stderr, hidden=is_quiet) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        arguments = {"weeks": weeks, "first": day.isoformat()}
        ended = tasks.run_new(app, "plan", arguments, show, brand_id=brand_id)
    if ended.state is TaskState.FAILED:
        error = ended.error or {}
        raise Refused(_l(str(error.get("message", "")), **error.get("params", {})))
    result: dict[str, Any] = ended.result
    return result


def _lines(outcome: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[str]:
    """What came out, in sentences: of the whole, then of each colleague."""
    touches, late, duties = outcome["touches"], outcome["late"], outcome["duties"]
    yield _n(
        "%(n)s touch is planned, %(used)s of %(there)s hours.",
        "%(n)s touches are planned, %(used)s of %(there)s hours.",
        touches,
        used=_hours(outcome["used"]),
        there=_hours(outcome["minutes"]),
    )
    yield _n(
        "%(covered)s of %(n)s person never waits beyond the limit.",
        "%(covered)s of %(n)s people never wait beyond the limit.",
        outcome["people"],
        covered=outcome["covered"],
    )
    if late:
        yield _n(
            "%(n)s waits beyond it, %(days)s days in all: debt %(debt)s. Not contacted at all: "
            "%(without)s.",
            "%(n)s wait beyond it, %(days)s days in all: debt %(debt)s. Not contacted at all: "
            "%(without)s.",
            late,
            days=outcome["days"],
            debt=outcome["debt"],
            without=outcome["without"],
        )
    if duties:
        yield _n(
            "%(n)s touch that a campaign owes has no room.",
            "%(n)s touches that campaigns owe have no room.",
            duties,
        )
    for desk in outcome["desks"]:
        yield "  " + _(
            "%(name)s: %(touches)s touches, %(used)s of %(there)s hours, %(covered)s of "
            "%(people)s people, %(days)s days late",
            name=names.get(desk["owner_id"], _("Nobody")),
            touches=desk["touches"],
            used=_hours(desk["used"]),
            there=_hours(desk["minutes"]),
            covered=desk["covered"],
            people=desk["people"],
            days=desk["days"],
        )
        for monday in plans.over(desk["weeks"]):
            yield "    " + _(
                "More is planned than there is time in the week of %(day)s.", day=monday
            )


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}"
