"""Planning the weeks anew, and how far that is."""

from flask import Blueprint, Response, make_response, redirect, render_template, request

from irm import clock
from irm.access import Permission, here, me, require
from irm.db import db
from irm.forms.plan import MakeForm
from irm.funnel import plan_reading
from irm.funnel.planner import plans
from irm.i18n import _
from irm.models import Task
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.guard import is_fragment
from irm.web.plan import asked, refuse_others
from irm.web.plan_progress import progress_of

bp = Blueprint("plan_making", __name__)


@bp.post("/plan")
def make() -> Answer:
    """Plan a colleague's weeks anew, or everybody's; the worker does it."""
    require(Permission.LOG)
    shown, form, brand_id = asked(), MakeForm(), here().brand_id
    refuse_faults(form)
    refuse_others(shown.owner_id, brand_id)
    if db.session.scalar(plan_reading.unfinished(brand_id)) is None:
        before = plans.newest(db.session, brand_id)
        weeks = form.weeks.data or (before.weeks if before else plans.WEEKS)
        arguments = {"weeks": weeks}
        if shown.owner_id is not None:
            arguments["owner"] = shown.owner_id
        db.session.add(
            Task(
                kind="plan",
                arguments=arguments,
                brand_id=brand_id,
                user_id=me().id,
                created_at=clock.now(),
            )
        )
        db.session.commit()
        return back_to(shown.address)
    return back_to(shown.address, _("A plan is being made already."))


@bp.get("/plan/progress")
def progress() -> Answer:
    """How far it is; once it is over the page is loaded anew."""
    require(Permission.SEE)
    shown, given = asked(), request.args.get("task", "")
    id = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
    task = progress_of(id)
    if not is_fragment():
        return redirect(shown.address, 303)
    if task is None or (task.is_over and not task.problem):
        answer: Response = make_response("", 200)
        answer.headers["HX-Redirect"] = shown.address
        return answer
    return render_template("plan/_progress.html", task=task, shown=shown)
