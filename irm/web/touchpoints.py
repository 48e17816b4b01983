"""Planning a contact, and closing a planned one: done, snoozed, skipped."""

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.errors import Refused, Stale
from irm.forms.touchpoint import CloseForm, PlanForm
from irm.funnel import interactions, touchpoints
from irm.funnel.interactions import Exchange
from irm.i18n import _
from irm.models import Channel, Direction, Kind, Relationship, Touchpoint
from irm.web import filters, person
from irm.web.ageing import pause_then
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.offers import asked, next_of, what_next
from irm.web.words import words

bp = Blueprint("touchpoints", __name__)

#: The script will load the page anew: a message in this answer would be lost.
RELOAD = "reload"


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
    message = undoable(said, f"/touchpoints/{planned.id}/skip", _row(planned, form.back.data))
    if form.back.data == RELOAD:
        return _for_the_next_page(message)
    if is_fragment():
        return render_template("touchpoints/_planned.html", message=message)
    return back_to(_page(planned, form.back.data), message)


def _think_first(relationship: Relationship, form: PlanForm) -> Answer:
    """An ask is planned on the ask form alone; what was written goes along."""
    written = {"wish": form.purpose.data or "", "due_on": form.due_on.data or ""}
    flash(_("An ask is thought through before it is planned: answer these questions."), "info")
    return redirect(filters.address(f"/relationships/{relationship.id}/ask", written), 303)


@bp.post("/touchpoints/<int:id>/complete")
def complete(id: int) -> Answer:
    """The contact took place: log it, unless that was done already, and ask for the next one."""
    touchpoint, form = _loaded(id)
    relationship = touchpoint.relationship
    if form.logged.data:
        touchpoints.close_as_done(db.session, touchpoint, user=me(), at=clock.now())
        touchpoints.plan_by_cadence(db.session, relationship, at=clock.now(), author=me())
    else:
        _log(touchpoint, form.summary.data)
    db.session.commit()
    planned = next_of(relationship)
    said = _("Done and logged with %(name)s.", name=relationship.influencer.name)
    if planned is not None and planned.due_on > words().today:
        said += " " + _("Next touchpoint %(when)s.", when=words().both[planned.due_on])
    if not is_fragment():
        return back_to(_page(touchpoint, form.back.data), said)
    if form.logged.data:
        return what_next(relationship, planned, said)
    return render_template("today/_after.html", key=f"t{id}", **asked(relationship, planned, said))


def _log(touchpoint: Touchpoint, summary: str) -> None:
    at = clock.now()
    interactions.log(
        db.session,
        touchpoint.relationship,
        Exchange(
            summary=summary or touchpoint.purpose,
            kind=Kind(touchpoint.kind),
            direction=Direction.OUT,
            channel=_channel(touchpoint),
            activity=touchpoint.tactic,
        ),
        author=me(),
        happened_at=at,
        at=at,
        fulfils=touchpoint,
    )


@bp.post("/touchpoints/<int:id>/snooze")
def snooze(id: int) -> Answer:
    """Put it off: to the day after, unless another one is given."""
    touchpoint, form = _loaded(id)
    today = words().today
    until = form.until.data or max(today, touchpoint.due_on) + dt.timedelta(days=1)
    touchpoints.snooze(db.session, touchpoint, until=until, today=today)
    db.session.commit()
    said = _(
        "%(name)s put off: %(when)s.",
        name=touchpoint.relationship.influencer.name,
        when=words().both[until],
    )
    return _closed(touchpoint, form, said + pause_then(touchpoint))


@bp.post("/touchpoints/<int:id>/skip")
def skip(id: int) -> Answer:
    """Drop it without a contact."""
    touchpoint, form = _loaded(id)
    touchpoints.skip(db.session, touchpoint, user=me(), at=clock.now())
    db.session.commit()
    said = _("Skipped with %(name)s.", name=touchpoint.relationship.influencer.name)
    url = f"/touchpoints/{touchpoint.id}/reopen"
    return _closed(touchpoint, form, undoable(said, url, _row(touchpoint, form.back.data)))


@bp.post("/touchpoints/<int:id>/reopen")
def reopen(id: int) -> Answer:
    """Take a skip back."""
    touchpoint, form = _loaded(id)
    touchpoints.reopen(db.session, touchpoint, at=clock.now())
    db.session.commit()
    said = _(
        "Planned with %(name)s: %(when)s.",
        name=touchpoint.relationship.influencer.name,
        when=words().both[touchpoint.due_on],
    )
    return back_to(_page(touchpoint, form.back.data), said)


def _loaded(id: int) -> tuple[Touchpoint, CloseForm]:
    """The touchpoint and its form, if what was seen is what is there."""
    touchpoint = load(Touchpoint, id, Permission.LOG)
    form = CloseForm()
    refuse_faults(form)
    if form.row_version.data != touchpoint.row_version:
        raise Stale()
    return touchpoint, form


def _closed(touchpoint: Touchpoint, form: CloseForm, message: Message | str) -> Answer:
    if form.back.data == RELOAD:
        return _for_the_next_page(message)
    if not is_fragment():
        return back_to(_page(touchpoint, form.back.data), message)
    said = message if isinstance(message, str) else message["text"]
    return render_template(
        "today/_after.html", key=f"t{touchpoint.id}", said=said, offers=None, message=message
    )


def _for_the_next_page(message: Message | str) -> Answer:
    flash(message, "info")  # type: ignore[arg-type]  # a dict passes through the session as it is
    return "", 204


def _row(touchpoint: Touchpoint, back: str | None) -> dict[str, object]:
    page = "" if back == RELOAD else back or ""
    return {"row_version": touchpoint.row_version, "back": page}


def _page(touchpoint: Touchpoint, back: str | None) -> str:
    """Where the reader came from: Today, or the person's page."""
    if back == "today" or request.headers.get("HX-Current-URL", "").endswith("/today"):
        return "/today"
    return f"/influencers/{touchpoint.relationship.influencer_id}"


def _channel(touchpoint: Touchpoint) -> Channel:
    known = {channel.value: channel for channel in Channel}
    return known.get(touchpoint.channel or "", Channel.MESSAGE)
