"""What the handovers of a brand came to, and who looks after how many people."""

from collections.abc import Sequence

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from irm.models import BrandMember, Handover, HandoverItem, Relationship, StageCounter, User


def team(brand_id: int, only: int | None = None) -> Select[int, str, int]:
    """Who is of the brand, by name, with how many people each looks after (id, name, people)."""
    counts = (
        select(StageCounter.owner_id, func.sum(StageCounter.people).label("people"))
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.owner_id)
        .subquery()
    )
    found = (
        select(User.id, User.name, func.coalesce(counts.c.people, 0).label("people"))
        .join(BrandMember, BrandMember.user_id == User.id)
        .join(counts, counts.c.owner_id == User.id, isouter=True)
        .where(BrandMember.brand_id == brand_id, User.is_active)
        .order_by(User.name, User.id)
    )
    return found if only is None else found.where(User.id == only)


def made(brand_id: int) -> Select[Handover, str, int]:
    """The handovers of a brand, the newest first: each, whose people they were, how many."""
    people = (
        select(func.count())
        .where(HandoverItem.handover_id == Handover.id)
        .correlate(Handover)
        .scalar_subquery()
    )
    return (
        select(Handover, User.name, people.label("people"))
        .join(User, User.id == Handover.from_id, isouter=True)
        .where(Handover.brand_id == brand_id)
        .order_by(Handover.at.desc(), Handover.id.desc())
    )


def to_whom(session: Session, handover_id: int) -> Sequence[Row[str, int, int]]:
    """Who got how many people with how many open touchpoints (name, people, touchpoints)."""
    return session.execute(
        select(
            User.name,
            func.count().label("people"),
            func.coalesce(func.sum(HandoverItem.touchpoints), 0).label("touchpoints"),
        )
        .select_from(HandoverItem)
        .join(User, User.id == HandoverItem.to_id, isouter=True)
        .where(HandoverItem.handover_id == handover_id)
        .group_by(User.id, User.name)
        .order_by(User.name)
    ).all()


def items_left(session: Session, handover_id: int) -> int:
    """How many of a handover are still with whom they were given to."""
    return (
        session.scalar(
            select(func.count())
            .select_from(HandoverItem)
            .join(Relationship, Relationship.id == HandoverItem.relationship_id)
            .where(
                HandoverItem.handover_id == handover_id,
                Relationship.owner_id == HandoverItem.to_id,
            )
        )
        or 0
    )
