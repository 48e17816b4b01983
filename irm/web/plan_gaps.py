"""Who does not fit into the plan, and files of the plan."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from irm import clock
from irm.access import Permission, can, here, me, require
from irm.audit import Action, record
from irm.db import db
from irm.funnel import plan_reading
from irm.i18n import _
from irm.models import Planner
from irm.web import filters, plan_words, tables
from irm.web.plan import asked, far
from irm.web.reentry import entered_lately
from irm.web.words import Words, words

bp = Blueprint("plan_gaps", __name__)


@bp.get("/plan/gaps")
def index() -> str:
    """All who do not fit, the largest debt first."""
    require(Permission.SEE)
    shown = asked()
    statement = plan_reading.gaps(here().brand_id, shown.owner_id, shown.teams)
    if shown.after:
        statement = statement.where(plan_reading.is_less(shown.after))
    found = db.session.execute(statement.limit(plan_reading.GAPS + 1)).all()
    rows = found[: plan_reading.GAPS]
    of, later = shown.whose, ""
    if len(found) > len(rows):
        later = filters.address("/plan/gaps", of, {"after": plan_reading.gap_key(rows[-1])})
    return render_template(
        "plan/gaps.html",
        gaps=[plan_words.gap(row, words()) for row in rows],
        shown=shown,
        later=later,
        first=filters.address("/plan/gaps", of) if shown.after else "",
        back=filters.address("/plan", of),
        may_export=can(Permission.EXPORT_LIST),
    )


@bp.post("/plan/file")
@entered_lately
def export() -> Response:
    """The touches from the week on, or who does not fit, as a file."""
    require(Permission.EXPORT_LIST)
    shown, said, brand_id = asked(), words(), here().brand_id
    if request.form.get("what") == "gaps":
        statement = plan_reading.gaps(brand_id, shown.owner_id, shown.teams)
        headings = [_("Name"), _("Stage"), _("Colleague"), _("What"), _("Why")]
        headings += [_("Days beyond the limit"), _("Debt")]
        name, cells = _("plan-does-not-fit"), _gap_cells
    else:
        last = far(shown.monday)
        statement = plan_reading.touches(brand_id, shown.owner_id, shown.monday, last, shown.teams)
        headings = [_("Day"), _("Name"), _("Stage"), _("Colleague"), _("What"), _("Minutes")]
        headings += [_("Why"), _("Planned by"), _("Pinned")]
        name, cells = _("plan"), _touch_cells
    rows = db.session.execute(statement.limit(plan_reading.MOST))
    answer, count = tables.sent(name, headings, (cells(row, said) for row in rows))
    at = clock.now()
    record(db.session, me(), Action.LIST_EXPORTED, at, brand_id=brand_id, rows=count, form="csv")
    db.session.commit()
    return answer


def _gap_cells(row: Any, said: Words) -> list[Any]:
    found = plan_words.gap(row, said)
    stage = str(row.stage.label)
    return [row.name, stage, found.owner, found.what, found.why, row.days, round(row.debt, 1)]


def _touch_cells(row: Any, said: Words) -> list[Any]:
    found = plan_words.card(row, said, may=False)
    return [
        row.due_on,
        row.name,
        str(row.stage.label),
        found.owner,
        found.what,
        plan_words.cost(row),
        found.why,
        str(Planner(row.planned_by).label),
        _("yes") if row.is_pinned else _("no"),
    ]
