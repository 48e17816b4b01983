"""Logging what happened: from quick log, or from the form on the person's page."""

import datetime as dt

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.errors import NotFound, Refused, Stale
from irm.forms.interaction import LogForm, OutcomeForm
from irm.funnel import interactions
from irm.funnel.interactions import FIRST_DAY, Exchange
from irm.i18n import _, _l
from irm.models import Interaction, Relationship, Touchpoint, Visibility
from irm.web import person
from irm.web.ageing import pause_then
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.offers import next_of, what_next
from irm.web.words import words

bp = Blueprint("interactions", __name__)

#: At what hour something happened of which only the day is known.
NOON = dt.time(12)

ONE_DAY = dt.timedelta(days=1)


@bp.post("/relationships/<int:id>/interactions")
def log(id: int) -> Answer:
    """Log one exchange; quick log is answered with an offer for the next touchpoint."""
    relationship = load(Relationship, id, Permission.LOG)
    form = LogForm()
    page = f"/influencers/{relationship.influencer_id}"
    try:
        refuse_faults(form)
        logged = _log_once(relationship, form)
    except Refused as refused:
        db.session.rollback()
        return _refused(relationship, form, refused)
    planned = next_of(relationship)
    said = _said(relationship, planned)
    if logged.is_breach:
        said += " " + _("This ask came before its time, and is marked as such.")
    return what_next(relationship, planned, said) if form.quick.data else back_to(page, said)


@bp.post("/interactions/<int:id>/outcome")
def settle_outcome(id: int) -> Answer:
    """Say how an ask ended; the message offers to take it back."""
    interaction = load(Interaction, id, Permission.LOG)
    relationship, form = interaction.relationship, OutcomeForm()
    is_readable = interaction.visibility is Visibility.TEAM or interaction.author_id == me().id
    if not is_readable and not can(Permission.PRIVATE, relationship.brand_id):
        raise NotFound()
    refuse_faults(form)
    if form.row_version.data != interaction.row_version:
        raise Stale()
    before = interaction.outcome
    interactions.settle_outcome(db.session, interaction, form.outcome.data, at=clock.now())
    db.session.commit()
    name, now = relationship.influencer.name, interaction.outcome
    said = (
        _("The ask of %(name)s: %(outcome)s.", name=name, outcome=str(now.label).lower())
        if now
        else _("The ask of %(name)s is open again.", name=name)
    )
    values = {"outcome": before or "", "row_version": interaction.row_version}
    page = f"/influencers/{relationship.influencer_id}#interaction-{id}"
    return back_to(page, undoable(said, f"/interactions/{id}/outcome", values))


def _log_once(relationship: Relationship, form: LogForm) -> Interaction:
    """Log and commit, unless the same form did: a double click, a browser that repeats itself.

    Raises Refused where the form was sent before with something else in it.
    """
    try:
        logged = _log(relationship, form)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        key = form.request_key.data
        kept = db.session.scalar(select(Interaction).where(Interaction.request_key == key))
        if kept is None:
            raise
        if (kept.relationship_id, kept.summary) != (relationship.id, form.summary.data):
            raise Refused(
                _l("This form was sent before, with another text. Load the page, then log this.")
            ) from None
        return kept
    return logged


def _log(relationship: Relationship, form: LogForm) -> Interaction:
    user, at = me(), clock.now()
    day, today = form.happened_on.data, at.astimezone(user.zone).date()
    happened_at = at
    if day is not None and day != today:
        # The first and the last days there are have no moment in some zones. Wrong days nearer
        # by are refused in the same words.
        day = max(min(day, today + ONE_DAY), FIRST_DAY - 2 * ONE_DAY)
        happened_at = dt.datetime.combine(day, NOON, user.zone).astimezone(dt.UTC)
    return interactions.log(
        db.session,
        relationship,
        Exchange(
            summary=form.summary.data,
            kind=form.kind.data,
            direction=form.direction.data,
            channel=form.channel.data,
            visibility=form.visibility.data,
            activity=form.activity.data,
            outcome=form.outcome.data,
        ),
        author=user,
        happened_at=happened_at,
        at=at,
        request_key=form.request_key.data or None,
    )


def _refused(relationship: Relationship, form: LogForm, refused: Refused) -> Answer:
    if form.quick.data:
        return str(refused), refused.status, {"HX-Retarget": "#quick-log-errors"}
    if not form.errors:
        form.summary.errors = [refused.message]
    return person.page(relationship.influencer, relationship, log_form=form), refused.status


def _said(relationship: Relationship, planned: Touchpoint | None) -> str:
    name, said = relationship.influencer.name, words()
    if planned is None or planned.due_on <= said.today:
        return _("Logged with %(name)s.", name=name)
    when = said.both[planned.due_on]
    logged = _("Logged with %(name)s. Next touchpoint %(when)s.", name=name, when=when)
    return logged + pause_then(planned)
