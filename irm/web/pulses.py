"""Taking the pulse on the page of somebody with whom nothing has happened yet."""

import datetime as dt

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.errors import Refused
from irm.forms.pulse import PulseForm
from irm.funnel import pulse as room
from irm.funnel.pulse import Pulse
from irm.i18n import _
from irm.models import Relationship, Stage
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.guard import is_fragment
from irm.web.words import words

bp = Blueprint("pulses", __name__)


@bp.get("/relationships/<int:id>/pulse")
def show(id: int) -> str:
    """The question, while it may be asked; for the person's page, after it."""
    relationship = load(Relationship, id, Permission.SEE)
    return _page(relationship, PulseForm(formdata=None))


@bp.post("/relationships/<int:id>/pulse")
def take(id: int) -> Answer:
    """Add the proof that goes with the answer, and say what may be claimed with it."""
    relationship, form = load(Relationship, id, Permission.LOG), PulseForm()
    try:
        refuse_faults(form)
        claim = add(relationship, form.pulse.data, form.worked_on.data)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if is_fragment():
            raise
        fault = str(refused)
        return _page(load(Relationship, id, Permission.LOG), form, fault), refused.status
    return back_to(f"/influencers/{relationship.influencer_id}", said(claim))


def add(relationship: Relationship, pulse: Pulse, worked_on: dt.date | None) -> Stage | None:
    """Take the pulse as a form has it; returns the stage that may be claimed."""
    return room.take(
        db.session,
        relationship,
        pulse,
        day=worked_on if pulse is Pulse.PARTNER else None,
        today=words().today,
        author=me(),
        at=clock.now(),
    )


def said(claim: Stage | None) -> str:
    """What was done, and what goes with it."""
    if claim is None:
        return _("Nothing to add: everybody begins at “%(stage)s”.", stage=Stage.UNAWARE.label)
    return _(
        "Noted as evidence. It speaks for “%(stage)s”: move them there where that is right.",
        stage=claim.label,
    )


def _page(relationship: Relationship, form: PulseForm, fault: str = "") -> str:
    return render_template(
        "stages/_pulse.html" if is_fragment() else "stages/pulse.html",
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
        fault=fault,
        may_log=can(Permission.LOG, relationship.brand_id),
        is_open=room.is_open(db.session, relationship),
    )
