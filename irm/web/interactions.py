"""Logging what happened: from quick log, or from the form on the person's page."""

import datetime as dt

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from irm import clock
from irm.access import Permission, load, me, require
from irm.db import db
from irm.directory import team
from irm.errors import NotFound, Refused, Stale
from irm.forms.interaction import LogForm, OutcomeForm
from irm.funnel import interactions
from irm.funnel.interactions import FIRST_DAY
from irm.funnel.line.chips import Line
from irm.i18n import _, _l
from irm.models import Interaction, Relationship, Touchpoint, Visibility
from irm.web import disclosure, lines, person
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
    try:
        refuse_faults(form)
        line = lines.applied(form, relationship) if form.line.data else None
        logged = _log_once(relationship, form, line)
    except Refused as refused:
        db.session.rollback()
        return _refused(relationship, form, refused)
    return _answer(relationship, form, logged)


@bp.post("/log")
def log_line() -> Answer:
    """Log one exchange of quick log with whomever its line names."""
    require(Permission.LOG)
    form = LogForm()
    try:
        refuse_faults(form)
        found = lines.named(form.summary.data, form.refused.data)
        if found is None:
            raise Refused(
                _l("Choose somebody from the list, or begin the line with their @handle or name.")
            )
        relationship = load(Relationship, found.relationship_id, Permission.LOG)
        logged = _log_once(relationship, form, lines.applied(form, relationship))
    except Refused as refused:
        db.session.rollback()
        return str(refused), refused.status, {"HX-Retarget": "#quick-log-errors"}
    return _answer(relationship, form, logged)


@bp.get("/relationships/<int:id>/colleagues")
def colleagues(id: int) -> str:
    """Who of the brand may have taken part, to be ticked."""
    relationship = load(Relationship, id, Permission.LOG)
    members = db.session.execute(team.around(relationship.brand_id, relationship.owner_id)).all()
    others = [(one.id, one.name) for one in members if one.id != me().id]
    return render_template("interactions/_colleagues.html", members=others)


@bp.post("/interactions/<int:id>/outcome")
def settle_outcome(id: int) -> Answer:
    """Say how an ask ended; the message offers to take it back."""
    interaction = load(Interaction, id, Permission.LOG)
    relationship, form = interaction.relationship, OutcomeForm()
    is_readable = interaction.visibility is Visibility.TEAM or interaction.author_id == me().id
    if not is_readable and not disclosure.reads(relationship):
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


def _log_once(relationship: Relationship, form: LogForm, line: Line | None) -> Interaction:
    """Log and commit, unless the same form did: a double click, a browser that repeats itself.

    Raises Refused where the form was sent before with something else in it.
    """
    try:
        logged = _log(relationship, form, line)
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


def _log(relationship: Relationship, form: LogForm, line: Line | None) -> Interaction:
    user, at = me(), clock.now()
    logged = interactions.log(
        db.session,
        relationship,
        form.exchange,
        author=user,
        happened_at=happened(form.happened_on.data, at),
        at=at,
        next_on=line.next_on if line else None,
        request_key=form.request_key.data or None,
    )
    if line is not None:
        lines.keep_words(line, relationship, logged)
    return logged


def happened(day: dt.date | None, at: dt.datetime) -> dt.datetime:
    """The moment that stands for a day of the reader's: this one, or noon of another day."""
    user = me()
    today = at.astimezone(user.zone).date()
    if day is None or day == today:
        return at
    # The first and the last days there are have no moment in some zones. Wrong days nearer by are
    # refused in the same words.
    day = max(min(day, today + ONE_DAY), FIRST_DAY - 2 * ONE_DAY)
    return dt.datetime.combine(day, NOON, user.zone).astimezone(dt.UTC)


def _refused(relationship: Relationship, form: LogForm, refused: Refused) -> Answer:
    if form.quick.data:
        return str(refused), refused.status, {"HX-Retarget": "#quick-log-errors"}
    if not form.errors:
        form.summary.errors = [refused.message]
    return person.page(relationship.influencer, relationship, log_form=form), refused.status


def _answer(relationship: Relationship, form: LogForm, logged: Interaction) -> Answer:
    planned = next_of(relationship)
    said = _said(relationship, planned)
    if logged.is_breach:
        said += " " + _("This ask came before its time, and is marked as such.")
    if form.quick.data:
        return what_next(relationship, planned, said)
    return back_to(f"/influencers/{relationship.influencer_id}", said)


def _said(relationship: Relationship, planned: Touchpoint | None) -> str:
    name, said = relationship.influencer.name, words()
    if planned is None or planned.due_on <= said.today:
        return _("Logged with %(name)s.", name=name)
    when = said.both[planned.due_on]
    logged = _("Logged with %(name)s. Next touchpoint %(when)s.", name=name, when=when)
    return logged + pause_then(planned)
