"""Logging what happened: from quick log, or from the form on the person's page."""

import datetime as dt

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.errors import Refused
from irm.forms.interaction import LogForm
from irm.funnel import interactions
from irm.funnel.interactions import FIRST_DAY, Exchange
from irm.i18n import _, _l
from irm.models import Interaction, Relationship, Touchpoint
from irm.web import person
from irm.web.answers import Answer, back_to, refuse_faults
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
        _log_once(relationship, form)
    except Refused as refused:
        db.session.rollback()
        return _refused(relationship, form, refused)
    planned = next_of(relationship)
    said = _said(relationship, planned)
    return what_next(relationship, planned, said) if form.quick.data else back_to(page, said)


def _log_once(relationship: Relationship, form: LogForm) -> None:
    """Log and commit, unless the same form did: a double click, a browser that repeats itself.

    Raises Refused where the form was sent before with something else in it.
    """
    try:
        _log(relationship, form)
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


def _log(relationship: Relationship, form: LogForm) -> None:
    user, at = me(), clock.now()
    day, today = form.happened_on.data, at.astimezone(user.zone).date()
    happened_at = at
    if day is not None and day != today:
        # The first and the last days there are have no moment in some zones. Wrong days nearer
        # by are refused in the same words.
        day = max(min(day, today + ONE_DAY), FIRST_DAY - 2 * ONE_DAY)
        happened_at = dt.datetime.combine(day, NOON, user.zone).astimezone(dt.UTC)
    interactions.log(
        db.session,
        relationship,
        Exchange(
            summary=form.summary.data,
            kind=form.kind.data,
            direction=form.direction.data,
            channel=form.channel.data,
            visibility=form.visibility.data,
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
    return _("Logged with %(name)s. Next touchpoint %(when)s.", name=name, when=when)
