"""Taking back what was decided on a card of a review, and what that did."""

import datetime as dt
from contextlib import suppress

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from irm.errors import Done, Stale
from irm.funnel import claims, pauses, reviews, stages, touchpoints
from irm.i18n import _l
from irm.ledger.ageing import is_paused
from irm.models import Decision, Pause, Relationship, ReviewItem, StageMove, State, User


def undo(
    session: Session, item: ReviewItem, *, user: User, at: dt.datetime, seen: dt.datetime
) -> None:
    """Take a decision back, and what it did.

    Raises Stale where it is not the one that was seen, or what it did was changed since.
    """
    reviews.refuse_closed(item.review)
    decision, by_id, planned = item.decision, item.decided_by_id, item.touchpoint
    _take_back(session, item, seen)
    relationship = item.relationship
    if decision is Decision.MOVED:
        _undo_move(session, relationship, by_id, seen, user=user, at=at)
    elif decision is Decision.STAYS:
        if relationship.dismissed_from is relationship.stage:
            claims.decide(session, relationship, is_dismissed=False, user=user, at=at)
    elif decision is Decision.PAUSED:
        _undo_pause(session, relationship, seen, user=user, at=at)
    elif planned is not None and planned.state is State.OPEN:
        touchpoints.skip(session, planned, user=user, at=at)


def _take_back(session: Session, item: ReviewItem, seen: dt.datetime) -> None:
    """Let nothing be decided of a card; of two who take it back at once, one is first."""
    nothing = dict.fromkeys(("decision", "touchpoint_id", "decided_at", "decided_by_id"))
    taken = session.execute(
        update(ReviewItem)
        .where(ReviewItem.id == item.id, ReviewItem.decided_at == seen)
        .values(nothing)
        .returning(ReviewItem.id),
        execution_options={"synchronize_session": False},
    ).first()
    if taken is None:
        raise Stale(_l("Somebody decided on this card meanwhile."))
    reviews.hold_open(session, item)
    session.refresh(item)


def _undo_move(
    session: Session,
    relationship: Relationship,
    by_id: int | None,
    seen: dt.datetime,
    *,
    user: User,
    at: dt.datetime,
) -> None:
    """Take back the move that a decision made; one that was taken back elsewhere stays so."""
    made = session.scalars(
        select(StageMove)
        .where(
            StageMove.relationship_id == relationship.id,
            StageMove.at >= seen,
            StageMove.user_id == by_id,
        )
        .order_by(StageMove.at, StageMove.id)
        .limit(1)
    ).first()
    if made is None:
        raise Stale()
    with suppress(Done):
        stages.undo(session, made, relationship, user=user, at=at)


def _undo_pause(
    session: Session, relationship: Relationship, seen: dt.datetime, *, user: User, at: dt.datetime
) -> None:
    """End the pause that a decision made, unless that is over, or another one holds."""
    if not is_paused(relationship.paused_until, pauses.today_of(relationship, at)):
        return
    later = select(Pause.id).where(Pause.relationship_id == relationship.id, Pause.at > seen)
    if session.scalar(later.limit(1)) is not None:
        raise Stale()
    pauses.resume(session, relationship, user=user, at=at)
