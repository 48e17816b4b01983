"""Leaving somebody in peace until a day, because of something; and going on."""

import datetime as dt
from collections.abc import Mapping

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.errors import Refused, Stale
from irm.forms.pause import PauseForm, ResumeForm
from irm.funnel import pauses
from irm.i18n import _
from irm.ledger.ageing import is_paused
from irm.models import Relationship
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.words import words

bp = Blueprint("pauses", __name__)


@bp.get("/relationships/<int:id>/pause")
def choose(id: int) -> str:
    """The form as a page of its own, for those without script; the dialog is the same form."""
    relationship = load(Relationship, id, Permission.MOVE)
    form = PauseForm(
        formdata=None,
        until=relationship.paused_until
        if _holds(relationship)
        else words().today + dt.timedelta(days=pauses.USUAL_DAYS),
        why=relationship.paused_why if _holds(relationship) else "",
        row_version=relationship.row_version,
        back=request.args.get("back", ""),
    )
    return _page(relationship, form)


@bp.post("/relationships/<int:id>/pause")
def pause(id: int) -> Answer:
    """Pause until a day; the message about it offers to take it back."""
    relationship, form = load(Relationship, id, Permission.MOVE), PauseForm()
    if not form.validate():
        return _page(relationship, form), Refused.status
    held = relationship.paused_until, relationship.paused_why
    was_paused = _holds(relationship)
    try:
        pauses.pause(
            db.session,
            relationship,
            until=form.until.data,
            why=form.why.data,
            user=me(),
            at=clock.now(),
            seen_version=form.row_version.data,
        )
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        form.until.errors = [refused.message]
        return _page(relationship, form), refused.status
    db.session.commit()
    said = _(
        "%(name)s is paused until %(day)s.",
        name=relationship.influencer.name,
        day=words().date[form.until.data],
    )
    if was_paused:
        values = {"until": held[0], "why": held[1]}
        return _done(relationship, form, said, "pause", values)
    return _done(relationship, form, said, "resume", {})


@bp.post("/relationships/<int:id>/resume")
def resume(id: int) -> Answer:
    """Go on before the day; the message offers the pause again."""
    relationship, form = load(Relationship, id, Permission.MOVE), ResumeForm()
    refuse_faults(form)
    held = {"until": relationship.paused_until, "why": relationship.paused_why}
    pauses.resume(
        db.session, relationship, user=me(), at=clock.now(), seen_version=form.row_version.data
    )
    db.session.commit()
    said = _("%(name)s is not paused any more.", name=relationship.influencer.name)
    return _done(relationship, form, said, "pause", held)


def _holds(relationship: Relationship) -> bool:
    return is_paused(relationship.paused_until, pauses.today_of(relationship, clock.now()))


def _done(
    relationship: Relationship,
    form: ResumeForm,
    said: str,
    undo: str,
    values: Mapping[str, object],
) -> Answer:
    back = form.back.data or ""
    values = {**values, "row_version": relationship.row_version, "back": back}
    # The board's filters go along, so that it comes back as it was.
    asked = request.query_string.decode("ascii", "ignore")
    query = f"?{asked}" if asked else ""
    url = f"/relationships/{relationship.id}/{undo}{query}"
    person = f"/influencers/{relationship.influencer_id}"
    return back_to(f"/funnel{query}" if back == "funnel" else person, undoable(said, url, values))


def _page(relationship: Relationship, form: PauseForm) -> str:
    return render_template(
        "pauses/show.html",
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
        tomorrow=words().today + dt.timedelta(days=1),
    )
