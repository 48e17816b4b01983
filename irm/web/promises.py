"""Noting who promised what, and how it ended: kept, kept late, broken, taken back."""

import datetime as dt

from flask import Blueprint, render_template, request

from irm.access import Permission, can, load, me
from irm.db import db
from irm.errors import Refused, Stale
from irm.forms.promise import EndForm, PromiseForm
from irm.funnel import promises, questions
from irm.funnel.owed import Standing, standing
from irm.i18n import _
from irm.models import Promise, Promiser, PromiseState, Relationship, Visibility
from irm.web import disclosure, owed
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.words import words

bp = Blueprint("promises", __name__)

#: A promise is for so many days ahead unless another day is chosen.
AHEAD = dt.timedelta(days=7)


@bp.get("/relationships/<int:id>/promises")
def of_one(id: int) -> str:
    """What is open between us and one person: a part of their page, or a page of its own."""
    relationship = load(Relationship, id, Permission.SEE)
    user_id, reads = me().id, disclosure.reads(relationship)
    said, name = words(), relationship.influencer.name
    person = relationship.influencer_id
    promised = db.session.execute(promises.open_of(id, user_id=user_id, reads_private=reads)).all()
    asked = db.session.execute(questions.open_of(id, user_id=user_id, reads_private=reads)).all()
    return render_template(
        "promises/_of_one.html" if is_fragment() else "promises/of_one.html",
        relationship=relationship,
        name=name,
        promises=[owed.promise_row(row, said, person, name) for row in promised],
        questions=[owed.question_row(row, said, person, name) for row in asked],
        today=said.today,
        may_log=can(Permission.LOG, relationship.brand_id),
    )


@bp.get("/relationships/<int:id>/promise")
def new(id: int) -> str:
    """The form that notes a promise; an exchange in the address is where it was made."""
    relationship = load(Relationship, id, Permission.LOG)
    told = owed.exchange(relationship, request.args.get("interaction", type=int))
    form = PromiseForm(
        formdata=None,
        due_on=words().today + AHEAD,
        owner=relationship.owner_id or me().id,
        visibility=told.visibility if told else Visibility.TEAM,
        interaction=told.id if told else 0,
        back=request.args.get("back", ""),
    )
    return _page(relationship, form)


@bp.post("/relationships/<int:id>/promises")
def add(id: int) -> Answer:
    """Note a promise; the message about it offers to take it back."""
    relationship, form = load(Relationship, id, Permission.LOG), PromiseForm()
    at, today = owed.now_and_today()
    try:
        refuse_faults(form)
        made = promises.make(
            db.session,
            relationship,
            promiser=form.promiser.data,
            what=form.what.data,
            due_on=form.due_on.data,
            today=today,
            at=at,
            author=me(),
            owner_id=owed.owner(relationship, form.owner.data),
            visibility=form.visibility.data,
            interaction=owed.exchange(relationship, form.interaction.data),
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _refused(load(Relationship, id, Permission.LOG), form, refused)
    values = {"row_version": made.row_version, "back": form.back.data or ""}
    message = undoable(_noted(made), f"/promises/{made.id}/withdraw", values)
    return back_to(owed.page(relationship, form.back.data), message)


@bp.get("/promises/<int:id>")
def show(id: int) -> str:
    """One promise: to be put otherwise, or closed on another day."""
    promise = owed.readable(Promise, id)
    form = PromiseForm(
        formdata=None,
        promiser=promise.promiser,
        what=promise.what,
        due_on=promise.due_on,
        owner=promise.owner_id or 0,
        visibility=promise.visibility,
        row_version=promise.row_version,
        back=request.args.get("back", ""),
    )
    return _page(promise.relationship, form, promise)


@bp.post("/promises/<int:id>")
def change(id: int) -> Answer:
    """Put a promise otherwise; the message offers what it said before."""
    promise, form = owed.readable(Promise, id), PromiseForm()
    before = {
        "promiser": promise.promiser.value,
        "what": promise.what,
        "due_on": promise.due_on,
        "owner": promise.owner_id or 0,
    }
    try:
        refuse_faults(form)
        if form.row_version.data != promise.row_version:
            raise Stale()
        promises.change(
            db.session,
            promise,
            promiser=form.promiser.data,
            what=form.what.data,
            due_on=form.due_on.data,
            owner_id=owed.owner(promise.relationship, form.owner.data, promise.owner_id),
            today=words().today,
        )
        db.session.commit()
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        promise = owed.readable(Promise, id)
        return _refused(promise.relationship, form, refused, promise)
    said = _("The promise is changed: %(what)s", what=promise.what)
    return owed.done(promise, form.back.data, said, "/", before)


@bp.post("/promises/<int:id>/keep")
def keep(id: int) -> Answer:
    """It was kept, today or on the day that is given."""
    promise, form = owed.loaded(Promise, id, EndForm)
    at, today = owed.now_and_today()
    on = form.on.data or today
    promises.keep(db.session, promise, on=on, today=today, user=me(), at=at)
    db.session.commit()
    ended = standing(promise.state, promise.due_on, promise.closed_on, today)
    said = _("Kept late: %(what)s") if ended is Standing.LATE else _("Kept: %(what)s")
    return owed.done(promise, form.back.data, said % {"what": promise.what}, "/reopen")


@bp.post("/promises/<int:id>/break")
def break_(id: int) -> Answer:
    """It was not kept and will not be."""
    promise, form = owed.loaded(Promise, id, EndForm)
    today = words().today
    on = form.on.data or today
    promises.break_(db.session, promise, on=on, today=today, user=me())
    db.session.commit()
    said = _("Broken: %(what)s", what=promise.what)
    return owed.done(promise, form.back.data, said, "/reopen")


@bp.post("/promises/<int:id>/withdraw")
def withdraw(id: int) -> Answer:
    """It does not hold any more, or never was one."""
    promise, form = owed.loaded(Promise, id, EndForm)
    today = words().today
    promises.withdraw(db.session, promise, on=today, today=today, user=me())
    db.session.commit()
    said = _("Taken back: %(what)s", what=promise.what)
    return owed.done(promise, form.back.data, said, "/reopen")


@bp.post("/promises/<int:id>/reopen")
def reopen(id: int) -> Answer:
    """Take back how it ended."""
    promise, form = owed.loaded(Promise, id, EndForm)
    promises.reopen(db.session, promise)
    db.session.commit()
    said = _("Open again: %(what)s", what=promise.what)
    return owed.done(promise, form.back.data, said, "")


def _noted(made: Promise) -> str:
    when = words().both[made.due_on]
    if made.promiser is Promiser.US:
        return _("Noted: we promised it for %(when)s.", when=when)
    return _("Noted: they promised it for %(when)s.", when=when)


def _refused(
    relationship: Relationship,
    form: PromiseForm,
    refused: Refused,
    promise: Promise | None = None,
) -> Answer:
    if not form.errors:
        form.what.errors = [refused.message]
    return _page(relationship, form, promise), refused.status


def _page(relationship: Relationship, form: PromiseForm, promise: Promise | None = None) -> str:
    said = words()
    stands = None
    if promise is not None:
        stands = standing(promise.state, promise.due_on, promise.closed_on, said.today)
    return render_template(
        "promises/show.html",
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
        promise=promise,
        is_open=promise is None or promise.state is PromiseState.OPEN,
        stands=stands,
        closed=said.both[promise.closed_on] if promise and promise.closed_on else "",
        groups=owed.colleagues(relationship, promise.owner_id if promise else None),
        today=said.today,
        promisers=tuple(Promiser),
    )
