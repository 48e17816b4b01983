"""The review: a sitting that goes card by card through what moved, or should have.

A brand has one open review at a time. Several may decide in it at once: each card is decided by
whoever is first, and the other is told what was decided.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from irm.errors import Refused, Stale
from irm.funnel import claims, review_items, touchpoints
from irm.funnel.review_items import Cause
from irm.i18n import _l
from irm.models import (
    Brand,
    Decision,
    Influencer,
    Kind,
    Relationship,
    Review,
    ReviewItem,
    Stage,
    StageMove,
    Touchpoint,
    User,
)
from irm.models.base import Rows

#: Where no review was closed yet, it is looked back so far.
USUAL = dt.timedelta(days=30)

#: Past reviews shown at once.
PAGE = 30


def open_one(session: Session, brand_id: int) -> Review | None:
    """The review of a brand that is not closed yet, if there is one."""
    return session.scalars(_OPEN, {"brand_id": brand_id}).first()


_OPEN = (
    select(Review)
    .where(Review.brand_id == bindparam("brand_id"), Review.closed_at.is_(None))
    .order_by(Review.id)
)


def begins(session: Session, brand_id: int, at: dt.datetime) -> dt.datetime:
    """From when on the next review looks: since the first one did, or for some weeks.

    What was decided since is left out person by person, not by this moment.
    """
    first = select(func.min(Review.since)).where(
        Review.brand_id == brand_id, Review.closed_at.is_not(None)
    )
    return session.scalar(first) or at - USUAL


def start(
    session: Session, brand: Brand, kinds: Collection[Cause], *, user: User, at: dt.datetime
) -> Review:
    """Begin a review of these kinds; its cards are chosen now and stay.

    Raises Refused where nobody is to be looked at, Stale where one is open already.
    """
    # Two who begin at once: the second waits here, and then sees the first one's.
    session.execute(select(Brand.id).where(Brand.id == brand.id).with_for_update())
    since = begins(session, brand.id, at)
    review = Review(brand_id=brand.id, user_id=user.id, since=since, started_at=at)
    session.add(review)
    session.flush()
    first = open_one(session, brand.id)
    if first is not review:
        raise Stale(_l("A review is open already: go on with that one."))
    found = review_items.find(session, brand, since, at, kinds)
    if not found.causes:
        raise Refused(_l("There is nobody to look at: nothing moved, and nothing should have."))
    whys = review_items.whys(session, since, found.causes)
    session.add_all(
        ReviewItem(review_id=review.id, relationship_id=id, place=place, why=whys[id])
        for place, id in enumerate(found.causes, 1)
    )
    session.flush()
    return review


#: The items of the review `review_id` in their order, as plain rows.
ITEMS: Rows = (
    select(
        ReviewItem.id,
        ReviewItem.place,
        ReviewItem.decision,
        ReviewItem.decided_at,
        Influencer.name,
    )
    .join(Relationship, Relationship.id == ReviewItem.relationship_id)
    .join(Influencer, Influencer.id == Relationship.influencer_id)
    .where(ReviewItem.review_id == bindparam("review_id"))
    .order_by(ReviewItem.place, ReviewItem.id)
)


def items(session: Session, review_id: int) -> Sequence[Any]:
    """All items of a review in their order."""
    return session.execute(ITEMS, {"review_id": review_id}).all()


def decide(
    session: Session,
    item: ReviewItem,
    decision: Decision,
    *,
    user: User,
    at: dt.datetime,
    note: str = "",
    seen: dt.datetime | None = None,
) -> Relationship:
    """Take a card for a decision; what it says is done by the functions below, before or after.

    Returns its relationship. Raises Stale where somebody decided since `seen`, Refused where the
    review is closed.
    """
    refuse_closed(item.review)
    taken = session.execute(
        update(ReviewItem)
        .where(ReviewItem.id == item.id, ReviewItem.decided_at.is_not_distinct_from(seen))
        .values(
            decision=decision, note=note, decided_at=at, decided_by_id=user.id, touchpoint_id=None
        )
        .returning(ReviewItem.id),
        execution_options={"synchronize_session": False},
    ).first()
    if taken is None:
        raise Stale(_l("Somebody decided on this card meanwhile."))
    hold_open(session, item)
    session.refresh(item)
    return item.relationship


def stay(session: Session, relationship: Relationship, *, user: User, at: dt.datetime) -> None:
    """They stay: what the evidence proposes is dismissed."""
    if review_items.proposal(relationship) is not None:
        claims.decide(session, relationship, is_dismissed=True, user=user, at=at)


def plan(
    session: Session,
    item: ReviewItem,
    *,
    due_on: dt.date,
    today: dt.date,
    kind: Kind,
    purpose: str,
    owner_id: int | None,
    user: User,
    at: dt.datetime,
) -> Touchpoint:
    """Plan a touchpoint that the minutes tell of."""
    planned = touchpoints.plan(
        session,
        item.relationship,
        due_on=due_on,
        today=today,
        at=at,
        author=user,
        owner_id=owner_id,
        kind=kind,
        purpose=purpose,
    )
    session.flush()
    item.touchpoint_id = planned.id
    return planned


def close(
    session: Session,
    review: Review,
    *,
    recipients: Sequence[int],
    at: dt.datetime,
    rests_on: Sequence[Mapping[str, Any]] = (),
) -> bool:
    """Close a review for good; returns False where it was closed already, and nothing changed.

    `rests_on` is what the brand's reach rests on now, as codes: the minutes keep it.
    """
    taken = session.execute(
        update(Review)
        .where(Review.id == review.id, Review.closed_at.is_(None))
        .values(
            closed_at=at,
            recipients=list(recipients),
            rests_on=list(rests_on),
            row_version=Review.row_version + 1,
        )
        .returning(Review.id),
        execution_options={"synchronize_session": False},
    ).first()
    session.refresh(review)
    return taken is not None


def hold_open(session: Session, item: ReviewItem) -> None:
    """Keep a review open until what is decided in it is written: its minutes tell all of it.

    Raises Refused where it was closed meanwhile.
    """
    review = session.get_one(
        Review, item.review_id, with_for_update={"read": True}, populate_existing=True
    )
    refuse_closed(review)


def refuse_closed(review: Review) -> None:
    """Raise Refused where a review is closed."""
    if review.closed_at is not None:
        raise Refused(_l("This review is closed. What was decided stands in its minutes."))


def past(brand_id: int) -> Rows:
    """Select a brand's reviews, the newest first: `id started_at closed_at name cards decided`."""
    cards = select(func.count()).where(ReviewItem.review_id == Review.id).correlate(Review)
    return (
        select(
            Review.id,
            Review.started_at,
            Review.closed_at,
            User.name,
            cards.scalar_subquery().label("cards"),
            cards.where(ReviewItem.decision.is_not(None)).scalar_subquery().label("decided"),
        )
        .join(User, User.id == Review.user_id, isouter=True)
        .where(Review.brand_id == brand_id)
        .order_by(Review.started_at.desc(), Review.id.desc())
    )


#: An item with all that its page shows at once.
WHOLE = (
    joinedload(ReviewItem.review),
    joinedload(ReviewItem.relationship).joinedload(Relationship.influencer),
    joinedload(ReviewItem.relationship).joinedload(Relationship.owner),
    joinedload(ReviewItem.touchpoint),
    joinedload(ReviewItem.decided_by),
)


def last_of(session: Session, review_id: int, user_id: int) -> ReviewItem | None:
    """The card that somebody decided on last in a review, if there is one."""
    return session.scalars(
        select(ReviewItem)
        .where(
            ReviewItem.review_id == review_id,
            ReviewItem.decided_by_id == user_id,
            ReviewItem.decision.is_not(None),
        )
        .order_by(ReviewItem.decided_at.desc(), ReviewItem.id.desc())
        .limit(1)
    ).first()


def made_in(session: Session, review: Review, until: dt.datetime) -> dict[int, StageMove]:
    """The move that each person of a review made while it was open, the last one that stands."""
    undoing = aliased(StageMove)
    found = session.scalars(
        select(StageMove)
        .join(ReviewItem, ReviewItem.relationship_id == StageMove.relationship_id)
        .where(
            ReviewItem.review_id == review.id,
            ReviewItem.decision == Decision.MOVED,
            StageMove.at >= ReviewItem.decided_at,
            StageMove.at <= until,
            StageMove.user_id == ReviewItem.decided_by_id,
            StageMove.undoes_id.is_(None),
            ~select(undoing.id).where(undoing.undoes_id == StageMove.id).exists(),
        )
        .order_by(StageMove.at.desc(), StageMove.id.desc())
    )
    # The first one at or after the decision is the decision's own.
    return {move.relationship_id: move for move in found}


def stage_of(word: str) -> Stage | None:
    """A stage by its stored code; None for one that this version does not know."""
    return next((stage for stage in Stage if stage.value == word), None)
