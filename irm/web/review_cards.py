"""One card of a review: looked at, decided on, taken back."""

import datetime as dt
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.directory import team
from irm.errors import NotFound, Refused, Stale
from irm.forms.review import KINDS, DecisionForm, SeenForm
from irm.funnel import pauses, review_items, review_undo, reviews, stages
from irm.funnel.stages import STAGES
from irm.i18n import _, _l
from irm.ledger.claims import is_uncovered
from irm.models import Decision, Relationship, ReviewItem, Stage, Touchpoint
from irm.web.ageing import pause_then
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.colleague_choice import in_teams
from irm.web.review_words import known
from irm.web.words import words

bp = Blueprint("review_cards", __name__)

#: A touchpoint is offered for so many days ahead.
USUAL_DAYS = 7

_WITH_FIELDS = (Decision.MOVED, Decision.PLANNED, Decision.PAUSED)


@bp.get("/review-items/<int:id>")
def show(id: int) -> str:
    """One card, full screen."""
    load(ReviewItem, id, Permission.SEE)
    return _page(id)


@bp.post("/review-items/<int:id>")
def decide(id: int) -> Answer:
    """Decide on a card, and go on to the next one."""
    load(ReviewItem, id, Permission.MOVE)
    form, item = DecisionForm(), _whole(id)
    if not form.validate():
        first = next((str(fault) for faults in form.errors.values() for fault in faults), "")
        told_in = form.decision.data if form.decision.data in tuple(Decision) else None
        fault = first or _("This form is not complete.")
        return _page(id, fault, form, told_in), Refused.status
    decision, seen = form.decision.data, _seen(form.seen.data)
    try:
        at = clock.now()
        relationship = reviews.decide(
            db.session, item, decision, user=me(), at=at, note=form.note.data or "", seen=seen
        )
        planned = _do(item, relationship, form, at)
        db.session.commit()
    except (Refused, StaleDataError) as refused:
        db.session.rollback()
        told = refused if isinstance(refused, Refused) else Stale()
        at_field = None if isinstance(told, Stale) else decision
        return _page(id, str(told), form, at_field), told.status
    said = _("%(name)s: %(what)s.", name=relationship.influencer.name, what=decision.label)
    if planned is not None:
        said += pause_then(planned)
    taken = item.decided_at.isoformat() if item.decided_at else ""
    return _on(item, undoable(said, f"/review-items/{id}/undo", {"seen": taken}))


def _do(
    item: ReviewItem, relationship: Relationship, form: DecisionForm, at: dt.datetime
) -> Touchpoint | None:
    """Do what was decided; returns the touchpoint, if one was planned."""
    decision = form.decision.data
    if decision is Decision.MOVED:
        if form.stage.data is None:
            raise Refused(_l("Choose a stage."))
        reason = form.reason.data or None
        stages.move(db.session, relationship, form.stage.data, user=me(), at=at, reason=reason)
    elif decision is Decision.STAYS:
        reviews.stay(db.session, relationship, user=me(), at=at)
    elif decision is Decision.PLANNED:
        if form.due_on.data is None:
            raise Refused(_l("Choose a day."))
        return reviews.plan(
            db.session,
            item,
            due_on=form.due_on.data,
            today=words().today,
            kind=form.kind.data,
            purpose=form.purpose.data or "",
            owner_id=_owner(form.owner.data, relationship),
            user=me(),
            at=at,
        )
    elif decision is Decision.PAUSED:
        if form.until.data is None:
            raise Refused(_l("Choose a day."))
        pauses.pause(
            db.session, relationship, until=form.until.data, why=form.why.data, user=me(), at=at
        )
    return None


@bp.post("/review-items/<int:id>/undo")
def undo(id: int) -> Answer:
    """Take a decision back; the card is shown again."""
    load(ReviewItem, id, Permission.MOVE)
    form = SeenForm()
    refuse_faults(form)
    item, seen = _whole(id), _seen(form.seen.data)
    if seen is None:
        raise Refused(_l("This form is not complete."))
    try:
        review_undo.undo(db.session, item, user=me(), at=clock.now(), seen=seen)
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise Stale() from None
    return back_to(
        f"/review-items/{id}",
        _("Taken back: %(name)s. Decide anew.", name=item.relationship.influencer.name),
    )


def _on(item: ReviewItem, message: Message) -> Answer:
    """To the next card that nobody decided on, or to the minutes."""
    rows = reviews.items(db.session, item.review_id)
    waiting = [row for row in rows if row.decision is None]
    later = [row for row in waiting if row.place > item.place]
    following = next(iter(later or waiting), None)
    if following is None:
        return back_to(f"/funnel/reviews/{item.review_id}", message)
    return back_to(f"/review-items/{following.id}", message)


def _whole(id: int) -> ReviewItem:
    wanted = select(ReviewItem).where(ReviewItem.id == id).options(*reviews.WHOLE)
    found = db.session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound()
    return found


def _page(
    id: int, fault: str = "", form: DecisionForm | None = None, told_in: Decision | None = None
) -> str:
    """The card; a fault stands in the form of the decision `told_in`, or else at the head."""
    item = _whole(id)
    rows, said = reviews.items(db.session, item.review_id), words()
    last = None if item.decision else reviews.last_of(db.session, item.review_id, me().id)
    at = next(place for place, row in enumerate(rows) if row.id == id)
    relationship = item.relationship
    to = review_items.proposal(relationship)
    given: dict[str, Any] = form.data if form else {}
    is_open = item.review.closed_at is None and can(Permission.MOVE, relationship.brand_id)
    return render_template(
        "reviews/card.html",
        item=item,
        person=relationship.influencer,
        relationship=relationship,
        known=known(item, said),
        stages=STAGES,
        proposed=to,
        kinds=KINDS,
        owners=in_teams(
            relationship.brand_id,
            db.session.execute(team.may_take(relationship.brand_id, relationship.owner_id)),
        ),
        given=given,
        opened=given.get("decision") if fault else None,
        fault=fault,
        told_in=told_in.value if told_in in _WITH_FIELDS else "",
        unreasoned=[one for one in STAGES if _wants_reason(one, relationship)],
        seen=item.decided_at.isoformat() if item.decided_at else "",
        place=at + 1,
        total=len(rows),
        decided=sum(row.decision is not None for row in rows),
        before=rows[at - 1].id if at else None,
        following=rows[at + 1].id if at + 1 < len(rows) else None,
        may_decide=is_open,
        today=said.today,
        usual=said.today + dt.timedelta(days=USUAL_DAYS),
        usual_pause=said.today + dt.timedelta(days=pauses.USUAL_DAYS),
        me_id=me().id,
        last=last,
        last_seen=last.decided_at.isoformat() if last and last.decided_at else "",
    )


def _wants_reason(stage: Stage, relationship: Relationship) -> bool:
    """Whether a move there says why: it goes back, or the evidence does not cover it."""
    goes_back = STAGES.index(stage) < STAGES.index(relationship.stage)
    return goes_back or is_uncovered(stage, relationship.earned_stage)


def _seen(text: str | None) -> dt.datetime | None:
    """The moment of the decision that was seen. Raises Refused where it was typed by hand."""
    if not text:
        return None
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Refused(_l("This form is not complete.")) from None


def _owner(text: str | None, relationship: Relationship) -> int | None:
    """One of those who may see them. Raises Refused where it is nobody of them."""
    if not text:
        return None
    takers = team.may_take(relationship.brand_id, relationship.owner_id)
    if not any(text == str(id) for id, _name in db.session.execute(takers)):
        raise Refused(_l("Choose one from the list."))
    return int(text)
