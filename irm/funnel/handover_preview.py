"""What a handover would do, and what waits for one: counted, nothing changed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from irm.funnel import known_by, sharing
from irm.funnel.handover_terms import Terms, selected
from irm.funnel.hands import ALONG, owned_by
from irm.models import (
    BrandMember,
    Influencer,
    Relationship,
    Stage,
    StageCounter,
    Touchpoint,
    User,
)

#: Counted exactly up to so many.
MOST = 10_000


@dataclass(slots=True)
class Preview:
    """How many pass on, with what, and who gets how many."""

    people: int = 0
    by_stage: Mapping[Stage, int] = field(default_factory=dict)
    touchpoints: int = 0
    overdue: int = 0
    promises: int = 0
    questions: int = 0
    #: Known to nobody else of us.
    alone: int = 0
    #: Open touchpoints of theirs with people of other colleagues.
    strays: int = 0
    shares: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What has no colleague any more who would do it: of one who is gone, or of nobody."""

    user_id: int
    name: str
    people: int
    touchpoints: int
    promises: int
    questions: int


def preview(session: Session, terms: Terms, today: dt.date) -> Preview:
    """Say what a handover on these terms would do now; a constant number of statements."""
    found = session.execute(
        select(Relationship.stage, func.count())
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*selected(terms))
        .group_by(Relationship.stage)
    )
    stages: dict[Stage, int] = {row[0]: row[1] for row in found}
    shown = Preview(people=sum(stages.values()), by_stage=stages)
    if not shown.people:
        return shown
    counts = [_going_along(session, model, is_open, terms) for model, is_open in ALONG]
    shown.touchpoints, shown.promises, shown.questions = counts
    late = ALONG[0][1] & (Touchpoint.due_on < today)
    shown.overdue = _going_along(session, Touchpoint, late, terms)
    if terms.from_id:
        alone = known_by.only_by(terms.from_id)
        shown.alone = known_by.counted(session, *selected(terms), alone)
        shown.strays = _strays(session, terms)
    if terms.to:
        shown.shares = _shares(stages, terms.to)
    return shown


def left(session: Session, brand_id: int) -> list[Left]:
    """What waits for another colleague: of each who has left, and of nobody where that is open.

    Who has left is signed out for good, or no member of the brand any more. People whom nobody
    ever looked after are not waiting; what is planned or promised with nobody to do it is.
    """
    member = select(BrandMember.user_id).where(BrandMember.brand_id == brand_id)
    gone = or_(User.is_active.is_(False), User.id.not_in(member))
    owners = (
        select(StageCounter.owner_id, func.sum(StageCounter.people).label("people"))
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.owner_id)
        .subquery()
    )
    has_open = [
        exists().where(
            model.owner_id == User.id,
            is_open,
            Relationship.id == model.relationship_id,
            Relationship.brand_id == brand_id,
        )
        for model, is_open in ALONG
    ]
    rows = session.execute(
        select(User.id, User.name, func.coalesce(owners.c.people, 0).label("people"))
        .join(owners, owners.c.owner_id == User.id, isouter=True)
        .where(gone, or_(owners.c.people > 0, *has_open))
        .order_by(User.name, User.id)
        .limit(sharing.SHOWN)
    ).all()
    ids = [row.id for row in rows]
    open_of = [_open_of(session, model, is_open, brand_id, ids) for model, is_open in ALONG]
    found = [
        Left(row.id, row.name, row.people, *(of.get(row.id, 0) for of in open_of)) for row in rows
    ]
    nobodys = [of.get(0, 0) for of in open_of]
    return [*found, Left(0, "", 0, *nobodys)] if any(nobodys) else found


def _going_along(session: Session, model: Any, is_open: ColumnElement[bool], terms: Terms) -> int:
    theirs = owned_by(model.owner_id, terms.from_id) | model.owner_id.is_(None)
    some = (
        select(model.id)
        .join(Relationship, Relationship.id == model.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(is_open, theirs, *selected(terms))
        .limit(MOST + 1)
    )
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _strays(session: Session, terms: Terms) -> int:
    some = (
        select(Touchpoint.id)
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .where(
            ALONG[0][1],
            Touchpoint.owner_id == terms.from_id,
            Relationship.brand_id == terms.brand_id,
            Relationship.owner_id != terms.from_id,
        )
        .limit(MOST + 1)
    )
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _shares(stages: Mapping[Stage, int], to: Sequence[int]) -> dict[int, int]:
    """How many each would get, as the handover itself shares them out."""
    weights = sorted(
        (sharing.weight(stage) for stage, n in stages.items() for _one in range(n)), reverse=True
    )
    shares = dict.fromkeys(to, 0)
    for one in sharing.share(weights, dict.fromkeys(to, 0.0)):
        shares[one] += 1
    return shares


def _open_of(
    session: Session, model: Any, is_open: ColumnElement[bool], brand_id: int, ids: Sequence[int]
) -> dict[int, int]:
    """How many are open of each of these, and under 0 of nobody."""
    rows = session.execute(
        select(model.owner_id, func.count())
        .join(Relationship, Relationship.id == model.relationship_id)
        .where(
            Relationship.brand_id == brand_id,
            is_open,
            model.owner_id.in_(ids) | model.owner_id.is_(None),
        )
        .group_by(model.owner_id)
    )
    return {row[0] or 0: row[1] for row in rows}
