"""Moves that the evidence proposes: collected, accepted or dismissed, never made by themselves."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory.columns import owner
from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.errors import Refused, Stale
from irm.funnel import stages
from irm.i18n import _l
from irm.ledger import claims
from irm.models import Influencer, Relationship, Stage, StageMove, User
from irm.models.base import Rows

#: Proposals shown at once.
PAGE = 30

#: Counted exactly up to so many.
MOST = 10_000


def proposed(row: Any) -> Stage:
    """The stage that the evidence proposes for a relationship."""
    earned: Stage | None = row.earned_stage
    return earned or Stage.UNAWARE


def _is_open(brand_id: int, owner_id: int | None = None) -> list[ColumnElement[bool]]:
    asked = [
        Relationship.brand_id == brand_id,
        or_(
            Relationship.dismissed_from.is_(None),
            Relationship.dismissed_from != Relationship.stage,
        ),
        is_listed(),
    ]
    return asked if owner_id is None else [*asked, Relationship.owner_id == owner_id]


def waiting(brand_id: int, owner_id: int | None = None) -> Rows:
    """Select what is proposed, the best fit first; of one owner where one is named."""
    return (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Relationship.row_version,
            Relationship.stage,
            Relationship.earned_stage,
            Relationship.earned_on,
            Relationship.fit_order,
            Influencer.name,
            owner.name.label("owner_name"),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(owner, owner.id == Relationship.owner_id, isouter=True)
        .where(*_is_open(brand_id, owner_id), claims.differs())
        .order_by(Relationship.fit_order, Relationship.id)
    )


def below(token: str) -> ColumnElement[bool]:
    """The condition that begins below the row a token names.

    Raises Refused where the token was typed by hand.
    """
    try:
        fit, id = token.split("~")
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        key = float(fit), int(id)
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None
    return tuple_(Relationship.fit_order, Relationship.id) > tuple_(*key)


def token(row: Any) -> str:
    """What asks for the rows below this one."""
    return f"{row.fit_order}~{row.id}"


def count(session: Session, brand_id: int, owner_id: int | None = None, most: int = MOST) -> int:
    """How many moves are proposed; one more than `most` where there are more than that."""
    return session.scalar(counting(brand_id, owner_id, most)) or 0


def counting(brand_id: int, owner_id: int | None = None, most: int = MOST) -> Rows:
    """Select what `count` says."""
    some = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*_is_open(brand_id, owner_id), claims.differs())
        .limit(most + 1)
    )
    return select(func.count()).select_from(some.subquery())


def uncovered(session: Session, brand_id: int) -> int:
    """How many claims the evidence does not cover; MOST + 1 where they are more than that."""
    some = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id, claims.UNCOVERED, is_listed())
        .limit(MOST + 1)
    )
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def accept(
    session: Session,
    relationship: Relationship,
    to: Stage,
    *,
    user: User,
    at: dt.datetime,
    reason: str,
    seen_version: int | None = None,
) -> StageMove:
    """Move as the evidence proposes; `to` is what the user was shown.

    Raises Stale where the card was moved, or the evidence is another meanwhile.
    """
    if proposed(relationship) is not to:
        raise Stale(
            _l(
                "The evidence on %(name)s is another meanwhile. Look at it again.",
                name=relationship.influencer.name,
            )
        )
    return stages.move(
        session, relationship, to, user=user, at=at, reason=reason, seen_version=seen_version
    )


def decide(
    session: Session, relationship: Relationship, *, is_dismissed: bool, user: User, at: dt.datetime
) -> None:
    """Say no to what is proposed, or let it be proposed again.

    It is not proposed again until the evidence changes, or the claim does.
    """
    kept = relationship.stage if is_dismissed else None
    session.execute(
        update(Relationship)
        .where(Relationship.id == relationship.id)
        .values(dismissed_from=kept, row_version=Relationship.row_version),
        execution_options={"synchronize_session": False},
    )
    session.expire(relationship, ["dismissed_from"])
    change = "dismissed" if is_dismissed else "reopened"
    record(
        session, user, Action.PROPOSAL_DECIDED, at, relationship_id=relationship.id, change=change
    )


def chosen(session: Session, reader: Reader, ids: Sequence[int]) -> list[Relationship]:
    """Those of some relationships of a brand for which something is proposed, in order of id."""
    found = (
        select(Relationship)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            *_is_open(reader.brand_id),
            *reader.seen,
            claims.differs(),
            Relationship.id.in_(ids),
        )
        .order_by(Relationship.influencer_id)
    )
    return list(session.scalars(found))


def moved(
    session: Session, reader: Reader, ids: Sequence[int]
) -> list[tuple[StageMove, Relationship]]:
    """Some moves at a brand with whom they moved, in the order in which people are held."""
    found = (
        select(StageMove, Relationship)
        .join(Relationship, Relationship.id == StageMove.relationship_id)
        .where(StageMove.id.in_(ids), Relationship.brand_id == reader.brand_id, *reader.seen)
        .order_by(Relationship.influencer_id)
    )
    return [(row[0], row[1]) for row in session.execute(found)]
