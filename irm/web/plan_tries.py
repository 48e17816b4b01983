"""What if: more hours, or a colleague away, beside the plan as it is; nothing is written."""

from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, can, here, load, me, require
from irm.calendar_words import said_minutes
from irm.db import db
from irm.errors import Forbidden, NotFound, Refused
from irm.forms.plan import TryForm
from irm.funnel import plan_reading
from irm.funnel.planner import plans, trying
from irm.funnel.planner.reading import Wish
from irm.i18n import _, _l
from irm.models import Brand, Task
from irm.web import plan_progress
from irm.web.ageing import rule
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.words import words

bp = Blueprint("plan_tries", __name__)

#: Where a brand has more relationships, the worker tries it out.
AT_ONCE = 5_000


class Line(NamedTuple):
    """One figure: as it is, as it would be, and the difference."""

    name: str
    now: str
    then: str
    more: str
    #: `good`, `danger`, or nothing.
    tone: str


@bp.get("/plan/what-if")
def index() -> Answer:
    """Choose what to try; where it is said already, how it would come out."""
    require(Permission.LOG)
    if "whom" not in request.args:
        form = TryForm(formdata=None, whom=me().id, hours=2.0)
        return _page(form)
    # Nothing is written, so that an address may ask for it.
    form = TryForm(request.args)
    try:
        idea = _idea(form)
    except Forbidden:
        raise
    except Refused as refused:
        form.hours.errors = form.hours.errors or [refused.message]
        return _page(form), refused.status
    brand = load(Brand, here().brand_id, Permission.LOG)
    if plan_reading.is_large(db.session, brand.id, AT_ONCE):
        return _page(form, is_large=True)
    found = trying.both(db.session, brand, Wish(rule().day, _weeks()), idea)
    db.session.rollback()
    return _page(form, found=found)


@bp.post("/plan/what-if")
def queue() -> Answer:
    """Let the worker try it out."""
    require(Permission.LOG)
    form = TryForm()
    idea = _idea(form)
    task = Task(
        kind="plan",
        arguments={
            "weeks": _weeks(),
            "whom": idea.whom,
            "hours": idea.hours,
            "away": idea.is_away,
        },
        brand_id=here().brand_id,
        user_id=me().id,
        created_at=clock.now(),
    )
    db.session.add(task)
    db.session.commit()
    return back_to(f"/plan/what-if/{task.id}")


@bp.get("/plan/what-if/<int:id>")
def show(id: int) -> str:
    """How far the worker is, or what came out; for whoever asked."""
    task = load(Task, id, Permission.LOG)
    if task.kind != "plan" or task.user_id != me().id or not task.arguments.get("whom"):
        raise NotFound()
    said = task.arguments
    form = TryForm(formdata=None, whom=said["whom"], hours=said["hours"], away=said["away"])
    progress = plan_progress.shown(task)
    if "progress" in request.args:
        return render_template("plan/_tried.html", **_parts(form, task.result, progress))
    return _page(form, found=task.result, progress=progress)


def _idea(form: TryForm) -> trying.Idea:
    """What is tried out. Raises Refused where it means nothing, Forbidden: for another one."""
    refuse_faults(form)
    if form.whom.data not in {one.id for one in _whom()}:
        if not can(Permission.PLAN_ALL):
            raise Forbidden(_l("You plan for yourself: a lead plans for the others."))
        raise NotFound()
    idea = trying.Idea(form.whom.data, form.hours.data or 0.0, form.away.data)
    trying.refuse(idea)
    return idea


def _whom() -> list[Any]:
    """Those the reader may try something out with."""
    found = db.session.execute(plan_reading.colleagues(here().brand_id)).all()
    return [one for one in found if one.id == me().id or can(Permission.PLAN_ALL)]


def _weeks() -> int:
    newest = plans.newest(db.session, here().brand_id)
    return newest.weeks if newest else plans.WEEKS


def _page(form: TryForm, *, is_large: bool = False, **more: Any) -> str:
    return render_template(
        "plan/what_if.html",
        is_large=is_large,
        members=_whom(),
        weeks=_weeks(),
        **_parts(form, more.get("found"), more.get("progress")),
    )


def _parts(form: TryForm, found: Any, progress: Any) -> dict[str, Any]:
    return {
        "form": form,
        "lines": _lines(found) if found else [],
        "progress": progress,
    }


def _lines(found: dict[str, Any]) -> list[Line]:
    now, then = found["now"], found["then"]
    number, minutes = words().number, said_minutes
    wanted = (
        ("touches", _("Touches"), number, 1),
        ("used", _("Time planned"), minutes, 0),
        ("minutes", _("Time there is"), minutes, 0),
        ("covered", _("People within their limit"), number, 1),
        ("late", _("People who wait beyond it"), number, -1),
        ("days", _("Days they wait beyond it"), number, -1),
        ("debt", _("Debt"), number, -1),
    )
    lines = []
    for name, title, say, good in wanted:
        more = then[name] - now[name]
        sign = "+" if more > 0 else "−" if more < 0 else ""
        tone = "good" if more * good > 0 else "danger" if more * good < 0 else ""
        difference = f"{sign}{say(abs(round(more, 1)))}" if more else "="
        lines.append(Line(title, say(now[name]), say(then[name]), difference, tone))
    return lines
