"""What is done with a touch of the plan: accept, pin, drop, move; and each taken back."""

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.errors import Refused, Stale
from irm.forms.plan import MoveForm, TouchForm
from irm.funnel import planned, touchpoints
from irm.i18n import _
from irm.models import Touchpoint
from irm.web import plan
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.words import words

bp = Blueprint("plan_touches", __name__)


@bp.post("/plan/touchpoints/<int:id>/accept")
def accept(id: int) -> Answer:
    """Make it one's own: planning again leaves it where it is."""
    touchpoint = _seen(id)
    planned.accept(db.session, touchpoint)
    return _done(touchpoint, _("%(name)s stays: %(when)s."), "give-back")


@bp.post("/plan/touchpoints/<int:id>/give-back")
def give_back(id: int) -> Answer:
    """Take back that it was accepted or moved."""
    touchpoint = _seen(id)
    planned.give_back(db.session, touchpoint)
    return _done(touchpoint, _("%(name)s as before: %(when)s."))


@bp.post("/plan/touchpoints/<int:id>/pin")
def pin(id: int) -> Answer:
    """Pin it to its day."""
    touchpoint = _seen(id)
    planned.pin(db.session, touchpoint, is_pinned=True)
    return _done(touchpoint, _("%(name)s is pinned: %(when)s."), "unpin")


@bp.post("/plan/touchpoints/<int:id>/unpin")
def unpin(id: int) -> Answer:
    """Let it go again."""
    touchpoint = _seen(id)
    planned.pin(db.session, touchpoint, is_pinned=False)
    return _done(touchpoint, _("%(name)s is not pinned any more."), "pin")


@bp.post("/plan/touchpoints/<int:id>/drop")
def drop(id: int) -> Answer:
    """Drop it: nothing is planned with them in its week."""
    touchpoint = _seen(id)
    planned.drop(db.session, touchpoint, user=me(), at=clock.now())
    said = _("%(name)s dropped: nothing is planned with them in that week.")
    return _done(touchpoint, said, "bring-back")


@bp.post("/plan/touchpoints/<int:id>/bring-back")
def bring_back(id: int) -> Answer:
    """Open again what was dropped."""
    touchpoint = _seen(id)
    planned.bring_back(db.session, touchpoint)
    return _done(touchpoint, _("%(name)s as before: %(when)s."))


@bp.get("/plan/touchpoints/<int:id>/move")
def choose(id: int) -> str:
    """The day asked for on a page of its own, for those without script."""
    touchpoint = load(Touchpoint, id, Permission.LOG)
    plan.refuse_others(touchpoint.owner_id, touchpoint.relationship.brand_id)
    touchpoints.refuse_closed(touchpoint)
    day = max(words().today, touchpoint.due_on)
    form = MoveForm(formdata=None, row_version=touchpoint.row_version, to=day)
    return _page(touchpoint, form)


@bp.post("/plan/touchpoints/<int:id>/move")
def move(id: int) -> Answer:
    """Put it on another day, which accepts it."""
    touchpoint = _loaded(id)
    form = MoveForm()
    if form.row_version.data and form.row_version.data != touchpoint.row_version:
        raise Stale()
    try:
        refuse_faults(form)
        planned.move(db.session, touchpoint, to=form.to.data, today=words().today)
    except Refused as refused:
        db.session.rollback()
        if is_fragment():
            raise
        form.to.errors = form.to.errors or [refused.message]
        return _page(touchpoint, form), refused.status
    return _done(touchpoint, _("%(name)s moved: %(when)s."), "give-back")


def _loaded(id: int) -> Touchpoint:
    """The touchpoint, if the reader plans for whoever sees to it."""
    touchpoint = load(Touchpoint, id, Permission.LOG)
    plan.refuse_others(touchpoint.owner_id, touchpoint.relationship.brand_id)
    return touchpoint


def _seen(id: int) -> Touchpoint:
    """The same, if what was seen is what is there."""
    touchpoint, form = _loaded(id), TouchForm()
    refuse_faults(form)
    if form.row_version.data != touchpoint.row_version:
        raise Stale()
    return touchpoint


def _done(touchpoint: Touchpoint, text: str, undo: str = "") -> Answer:
    """Commit, and show the plan as it is now with a word about it and its Undo."""
    db.session.commit()
    shown = plan.asked()
    said = text % {
        "name": touchpoint.relationship.influencer.name,
        "when": words().both[touchpoint.due_on],
    }
    message: Message | str = said
    if undo:
        values = {"row_version": touchpoint.row_version}
        address = f"/plan/touchpoints/{touchpoint.id}/{undo}{shown.query}"
        message = undoable(said, address, values, "#plan-body" if is_fragment() else None)
    if not is_fragment():
        return back_to(shown.address, message)
    return render_template("plan/_again.html", message=message, **plan.body(shown))


def _page(touchpoint: Touchpoint, form: MoveForm) -> str:
    return render_template(
        "plan/move.html",
        form=form,
        touchpoint=touchpoint,
        name=touchpoint.relationship.influencer.name,
        due=words().both[touchpoint.due_on],
        shown=plan.asked(),
        today=words().today,
    )
