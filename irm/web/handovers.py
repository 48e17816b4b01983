"""Passing people on: whose, to whom, what goes along; and what became of it."""

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from irm import clock
from irm.access import Permission, can, here, load, me, require
from irm.db import db
from irm.errors import Forbidden, Refused
from irm.forms.handover import HandoverForm
from irm.funnel import handover, handover_preview, handover_reading
from irm.funnel.handover_terms import Terms
from irm.i18n import _n
from irm.models import Handover, Task, TaskState, User
from irm.web import handover_form
from irm.web.answers import Answer, back_to, undoable
from irm.web.words import words

bp = Blueprint("handovers", __name__)

#: Handovers listed, the newest first.
PAGE = 30


@bp.get("/handovers")
def index() -> str:
    """What waits for a colleague, who has how many people, and the handovers so far."""
    require(Permission.BULK_EDIT)
    brand_id, leads = here().brand_id, can(Permission.HAND_OVER)
    team = handover_reading.team(brand_id, None if leads else me().id).limit(PAGE * 3)
    return render_template(
        "handovers/index.html",
        left=handover_preview.left(db.session, brand_id) if leads else [],
        team=db.session.execute(team).all(),
        made=db.session.execute(handover_reading.made(brand_id).limit(PAGE)).all(),
    )


@bp.get("/handovers/new")
def new() -> Answer:
    """The form; once it is filled in, what would pass on."""
    require(Permission.BULK_EDIT)
    form = HandoverForm(request.args)
    known = handover_form.offer(form)
    if not request.args.get("from", "").isdecimal():
        return handover_form.of_oneself()
    from_id, name = handover_form.from_whom(request.args["from"])
    if "look" not in request.args:
        return handover_form.page(form, from_id, name, known)
    if not handover_form.is_valid(form):
        return handover_form.page(form, from_id, name, known), 422
    return handover_form.page(form, from_id, name, known, handover_form.terms_of(form, from_id))


@bp.post("/handovers")
def run() -> Answer:
    """Do it: at once where they are few, else by the worker."""
    require(Permission.BULK_EDIT)
    form = HandoverForm()
    known = handover_form.offer(form)
    if "from" not in request.form:
        return handover_form.of_oneself(), 422
    from_id, name = handover_form.from_whom(request.form["from"])
    if not handover_form.is_valid(form):
        return handover_form.page(form, from_id, name, known), 422
    terms, at = handover_form.terms_of(form, from_id), clock.now()
    try:
        made = handover.begin(
            db.session,
            terms,
            back_on=form.until.data,
            why=form.why.data,
            today=words().today,
            user=me(),
            at=at,
        )
    except Refused as refused:
        db.session.rollback()
        form.to.errors = [refused.message]
        return handover_form.page(form, from_id, name, known), refused.status
    people = handover_preview.preview(db.session, terms, words().today).people
    if people > handover.INLINE:
        leave_to_worker(made, people, terms)
    else:
        while not handover.go_on(db.session, made, terms, user=me(), at=at):
            pass
    db.session.commit()
    said = _n("%(n)s person was handed over.", "%(n)s people were handed over.", people)
    return back_to(
        f"/handovers/{made.id}",
        undoable(said, f"/handovers/{made.id}/undo", {}) if people <= handover.INLINE else None,
    )


@bp.get("/handovers/<int:id>")
def show(id: int) -> str:
    """What passed on, to whom, and whether it went back; how far it is, while it goes on."""
    made = load(Handover, id, Permission.BULK_EDIT)
    task = _task(made)
    to = handover_reading.to_whom(db.session, made.id)
    names = _names(made.from_id, made.author_id)
    return render_template(
        "handovers/_progress.html" if "progress" in request.args else "handovers/show.html",
        made=made,
        task=task,
        is_running=task is not None and task.state in (TaskState.QUEUED, TaskState.RUNNING),
        is_failed=task is not None and task.state is TaskState.FAILED,
        from_name=names.get(made.from_id or 0, ""),
        author=names.get(made.author_id or 0, ""),
        to=to,
        people=sum(row.people for row in to),
        touchpoints=sum(row.touchpoints for row in to),
        still=handover_reading.items_left(db.session, made.id),
        may_undo=_may_change(made),
    )


@bp.post("/handovers/<int:id>/undo")
def undo(id: int) -> Answer:
    """Take it back, or let them go back before their day; whom others have since stays there."""
    made = load(Handover, id, Permission.BULK_EDIT)
    if not _may_change(made):
        raise Forbidden()
    handover.refuse_return(db.session, made)
    still = handover_reading.items_left(db.session, made.id)
    if still > handover.INLINE or not _back_now(id):
        leave_to_worker(db.session.get_one(Handover, id), still, None)
    db.session.commit()
    said = _n("%(n)s person went back.", "%(n)s people went back.", still)
    return back_to(f"/handovers/{id}", said if still <= handover.INLINE else None)


def _back_now(id: int) -> bool:
    """Give all of them back in this request; False, with nothing done, where that cannot be."""
    try:
        made = db.session.get_one(Handover, id)
        while not handover.go_back(db.session, made, user=me(), at=clock.now(), is_undo=True):
            pass
    except OperationalError:
        db.session.rollback()
        return False
    return True


def leave_to_worker(made: Handover, people: int, terms: Terms | None) -> None:
    asked = {"terms": terms.plain()} if terms else {"undo": True}
    db.session.add(
        Task(
            kind="handover",
            arguments={"handover": made.id, "people": people, **asked},
            brand_id=made.brand_id,
            user_id=me().id,
            total=people,
            created_at=clock.now(),
        )
    )


def _task(made: Handover) -> Task | None:
    """The task that works on a handover, or did so last."""
    tasks = db.session.scalars(
        select(Task)
        .where(Task.kind == "handover", Task.brand_id == made.brand_id, Task.created_at >= made.at)
        .order_by(Task.id.desc())
        .limit(PAGE)
    )
    return next((task for task in tasks if task.arguments.get("handover") == made.id), None)


def _may_change(made: Handover) -> bool:
    """Whoever made it, whose people they are, or a lead."""
    return can(Permission.HAND_OVER, made.brand_id) or me().id in (made.author_id, made.from_id)


def _names(*ids: int | None) -> dict[int, str]:
    found = db.session.execute(
        select(User.id, User.name).where(User.id.in_([id for id in ids if id]))
    )
    return {row.id: row.name for row in found}
