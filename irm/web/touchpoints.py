"""Planning a contact, and closing a planned one: done, snoozed, skipped; and taking that back."""

import datetime as dt
from typing import Any

from flask import Blueprint, flash, redirect, render_template

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.errors import Refused, Stale
from irm.forms.touchpoint import CloseForm, PlanForm
from irm.funnel import acting, skips, touchpoint_undo, touchpoints
from irm.i18n import _
from irm.models import Kind, Outcome, Relationship, State, Touchpoint
from irm.web import busy, closing, filters, person
from irm.web.ageing import pause_then
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.closing import RELOAD, undo_of
from irm.web.guard import is_fragment
from irm.web.offers import asked, next_of, what_next
from irm.web.words import words

bp = Blueprint("touchpoints", __name__)


#: What is offered where it is put off, by the key that chooses it.
SNOOZES = (1, 3, 7)


@bp.post("/relationships/<int:id>/touchpoints")
def plan(id: int) -> Answer:
    """Plan one contact; the message about it offers to take it back."""
    relationship = load(Relationship, id, Permission.LOG)
    form = PlanForm()
    if form.kind.data is Kind.ASK and not is_fragment():
        return _think_first(relationship, form)
    try:
        refuse_faults(form)
        planned = touchpoints.plan(
            db.session,
            relationship,
            due_on=form.due_on.data,
            today=words().today,
            at=clock.now(),
            author=me(),
            kind=form.kind.data,
            purpose=form.purpose.data,
            tactic=form.tactic.data,
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if is_fragment() or form.back.data:
            raise
        if not form.errors:
            form.due_on.errors = [refused.message]
        return person.page(relationship.influencer, relationship, plan_form=form), refused.status
    said = _(
        "Planned with %(name)s: %(when)s.",
        name=relationship.influencer.name,
        when=words().both[planned.due_on],
    )
    said += pause_then(planned)
    if is_busy := busy.said(relationship, planned.due_on):
        said += f" {is_busy}."
    message = undoable(
        said, f"/touchpoints/{planned.id}/skip", closing.seen(planned, form.back.data)
    )
    if form.back.data == RELOAD:
        return closing.for_the_next_page(message)
    if is_fragment():
        return render_template("touchpoints/_planned.html", message=message)
    return back_to(closing.page_of(planned, form.back.data), message)


def _think_first(relationship: Relationship, form: PlanForm) -> Answer:
    """An ask is planned on the ask form alone; what was written goes along."""
    written = {"wish": form.purpose.data or "", "due_on": form.due_on.data or ""}
    flash(_("An ask is thought through before it is planned: answer these questions."), "info")
    return redirect(filters.address(f"/relationships/{relationship.id}/ask", written), 303)


@bp.get("/touchpoints/<int:id>/complete")
def ask_what(id: int) -> str:
    """What happened, and of an ask how it ended: asked in the row, or on a page of its own."""
    touchpoint = _still_open(id)
    outcomes = tuple(Outcome) if touchpoint.kind == Kind.ASK else ()
    return closing.ask("complete", touchpoint, outcomes=outcomes)


@bp.get("/touchpoints/<int:id>/snooze")
def ask_until(id: int) -> str:
    """Until when it is put off."""
    touchpoint = _still_open(id)
    tomorrow = words().today + dt.timedelta(days=1)
    return closing.ask("snooze", touchpoint, offers=_snoozes(touchpoint.due_on), tomorrow=tomorrow)


@bp.get("/touchpoints/<int:id>/skip")
def ask_why(id: int) -> str:
    """Why it is dropped; no reason is one, too."""
    reasons = [one for one in skips.Reason if one is not skips.Reason.OTHER]
    return closing.ask("skip", _still_open(id), reasons=reasons)


def _still_open(id: int) -> Touchpoint:
    touchpoint = load(Touchpoint, id, Permission.LOG)
    touchpoints.refuse_closed(touchpoint)
    return touchpoint


def _snoozes(due_on: dt.date) -> list[tuple[int, dt.date, str, str]]:
    """The days offered: their number, which is the key as well, the day, in words, and its name."""
    said = words()
    first = max(said.today, due_on)
    days = [(number, first + dt.timedelta(days=number)) for number in SNOOZES]
    names = {7: _("1 week")}
    return [(n, day, names.get(n) or said.days[n], said.both[day]) for n, day in days]


@bp.post("/touchpoints/<int:id>/complete")
def complete(id: int) -> Answer:
    """The contact took place: log it, unless that was done already, and ask for the next one."""
    touchpoint, form = _loaded(id)
    relationship = touchpoint.relationship
    if form.logged.data:
        touchpoints.close_as_done(db.session, touchpoint, user=me(), at=clock.now())
        touchpoints.plan_by_cadence(db.session, relationship, at=clock.now(), author=me())
    else:
        acting.keep(
            db.session,
            touchpoint,
            summary=form.summary.data,
            outcome=form.outcome.data,
            author=me(),
            at=clock.now(),
        )
    db.session.commit()
    planned = next_of(relationship)
    said = _("Done and logged with %(name)s.", name=relationship.influencer.name)
    if planned is not None and planned.due_on > words().today:
        said += " " + _("Next touchpoint %(when)s.", when=words().both[planned.due_on])
    if form.logged.data:
        if is_fragment():
            return what_next(relationship, planned, said)
        return back_to(closing.page_of(touchpoint, form.back.data), said)
    message = undo_of(said, "reopen", touchpoint, form.back.data)
    if not is_fragment():
        return back_to(closing.page_of(touchpoint, form.back.data), message)
    more = asked(relationship, planned, said)
    return render_template("today/_after.html", key=f"t{id}", message=message, **more)


@bp.post("/touchpoints/<int:id>/snooze")
def snooze(id: int) -> Answer:
    """Put it off: to the day after, unless another one is given; other days are still offered."""
    touchpoint, form = _loaded(id)
    today, before = words().today, touchpoint.due_on
    if form.instead.data and touchpoint.why.get("put_off"):
        touchpoint_undo.bring_forward(db.session, touchpoint)
        before = touchpoint.due_on
    until = form.until.data or max(today, before) + dt.timedelta(days=1)
    touchpoints.snooze(db.session, touchpoint, until=until, today=today)
    db.session.commit()
    said = _(
        "%(name)s put off: %(when)s.",
        name=touchpoint.relationship.influencer.name,
        when=words().both[until],
    )
    message = undo_of(said + pause_then(touchpoint), "bring-forward", touchpoint, form.back.data)
    others = [one for one in _snoozes(before) if one[1] != until]
    return _closed(touchpoint, form, message, others=others, before=before)


@bp.post("/touchpoints/<int:id>/skip")
def skip(id: int) -> Answer:
    """Drop it without a contact, with a reason where there is one."""
    touchpoint, form = _loaded(id)
    because = skips.stored(form.reason.data, form.words.data)
    touchpoints.skip(db.session, touchpoint, user=me(), at=clock.now(), because=because)
    db.session.commit()
    said = _("Skipped with %(name)s.", name=touchpoint.relationship.influencer.name)
    return _closed(touchpoint, form, undo_of(said, "reopen", touchpoint, form.back.data))


@bp.post("/touchpoints/<int:id>/reopen")
def reopen(id: int) -> Answer:
    """Take a skip back, or that it was done: what that logged is taken back with it."""
    touchpoint, form = _loaded(id)
    if touchpoint.state is State.DONE:
        touchpoint_undo.take_back(db.session, touchpoint, user=me(), at=clock.now())
    else:
        touchpoints.reopen(db.session, touchpoint, at=clock.now())
    db.session.commit()
    return _open_again(touchpoint, form)


@bp.post("/touchpoints/<int:id>/bring-forward")
def bring_forward(id: int) -> Answer:
    """Take back that it was put off."""
    touchpoint, form = _loaded(id)
    touchpoint_undo.bring_forward(db.session, touchpoint)
    db.session.commit()
    return _open_again(touchpoint, form)


def _open_again(touchpoint: Touchpoint, form: CloseForm) -> Answer:
    said = _(
        "Planned with %(name)s: %(when)s.",
        name=touchpoint.relationship.influencer.name,
        when=words().both[touchpoint.due_on],
    )
    return closing.open_again(touchpoint, form.back.data, said)


def _loaded(id: int) -> tuple[Touchpoint, CloseForm]:
    """The touchpoint and its form, if what was seen is what is there."""
    touchpoint = load(Touchpoint, id, Permission.LOG)
    form = CloseForm()
    refuse_faults(form)
    if form.row_version.data != touchpoint.row_version:
        raise Stale()
    return touchpoint, form


def _closed(touchpoint: Touchpoint, form: CloseForm, message: Message, **more: Any) -> Answer:
    return closing.closed(touchpoint, form.back.data, message, **more)
