"""Relationships that change hands, with what is open in them: touchpoints, promises, questions.

By plain updates of many rows at once; the counters of the board and the audit follow.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from irm.audit import passed_on
from irm.ledger import counters
from irm.models import (
    Influencer,
    Promise,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    State,
    Touchpoint,
    User,
)

#: Stands for whoever has what nobody looks after.
NOBODY = 0

#: What is open and goes along with a relationship.
ALONG: tuple[tuple[Any, Any], ...] = (
    (Touchpoint, Touchpoint.state == State.OPEN),
    (Promise, Promise.state == PromiseState.OPEN),
    (Question, Question.state == QuestionState.OPEN),
)


def owned_by(column: Any, owner_id: int) -> ColumnElement[bool]:
    """Whether a column names this owner; NOBODY: whether it names none."""
    found: ColumnElement[bool] = column == owner_id if owner_id else column.is_(None)
    return found


def pass_on(
    session: Session,
    brand_id: int,
    to: Mapping[int, int],
    before: Mapping[int, int],
    user: User | None,
    at: dt.datetime,
) -> dict[int, int]:
    """Let relationships change hands, with what is open in them; {relationship: open touchpoints}.

    Only those who are still in the hands of whoever `before` says. Person first, then relationship:
    whoever locks both keeps this order.
    """
    people = session.execute(
        select(Influencer.id, Influencer.tier, Influencer.audience, Influencer.archived_at)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(Relationship.id.in_(list(to)))
        .order_by(Influencer.id)
        .with_for_update(of=Influencer)
    )
    known = {row.id: row for row in people}
    cards = [
        row
        for row in session.execute(
            select(
                Relationship.id,
                Relationship.influencer_id,
                Relationship.stage,
                Relationship.owner_id,
            )
            .where(Relationship.id.in_(list(to)))
            .order_by(Relationship.id)
            .with_for_update(of=Relationship)
        )
        if (row.owner_id or NOBODY) == before[row.id]
    ]
    touchpoints = _counted(session, [row.id for row in cards], before)
    hands: dict[tuple[int, int], list[int]] = {}
    changes: list[tuple[counters.Cell, counters.Cell]] = []
    given: dict[int, tuple[int | None, int | None]] = {}
    for row in cards:
        hands.setdefault((before[row.id], to[row.id]), []).append(row.id)
        person = known[row.influencer_id]
        if person.archived_at is None:
            at_first = counters.Cell(
                brand_id, row.stage, person.tier, row.owner_id, person.audience
            )
            changes.append((at_first, at_first._replace(owner_id=to[row.id] or None)))
        given[row.id] = before[row.id] or None, to[row.id] or None
    for (old, new), ids in sorted(hands.items()):
        _change_hands(session, ids, old, new)
    counters.shift(session, changes)
    passed_on(session, given, user.id if user else None, at)
    return {row.id: touchpoints[row.id] for row in cards}


def _change_hands(session: Session, ids: Sequence[int], old: int, new: int) -> None:
    quietly = {"synchronize_session": False}
    session.execute(
        update(Relationship)
        .where(Relationship.id.in_(ids))
        .values(owner_id=new or None, row_version=Relationship.row_version + 1),
        execution_options=quietly,
    )
    for model, is_open in ALONG:
        # What was nobody's is theirs who have the relationship.
        theirs = owned_by(model.owner_id, old) | model.owner_id.is_(None)
        session.execute(
            update(model)
            .where(model.relationship_id.in_(ids), is_open, theirs)
            .values(owner_id=new or None),
            execution_options=quietly,
        )


def give_along(session: Session, relationship_id: int, old: int, new: int | None) -> None:
    """What one colleague has open in a relationship goes to another one, or to nobody by name."""
    for model, is_open in ALONG:
        session.execute(
            update(model)
            .where(model.relationship_id == relationship_id, is_open, owned_by(model.owner_id, old))
            .values(owner_id=new),
            execution_options={"synchronize_session": False},
        )


def let_strays_go(session: Session, brand_id: int, from_id: int) -> None:
    """What is open of somebody with people of others goes to those who look after them, if anybody.

    Of whoever leaves, or sees her own people alone from now on.
    """
    owner = (
        select(Relationship.owner_id)
        .join(User, User.id == Relationship.owner_id)
        .where(User.is_active)
    )
    others = select(Relationship.id).where(
        Relationship.brand_id == brand_id, Relationship.owner_id.is_distinct_from(from_id)
    )
    for model, is_open in ALONG:
        of = owner.where(Relationship.id == model.relationship_id).scalar_subquery()
        session.execute(
            update(model)
            .where(model.owner_id == from_id, is_open, model.relationship_id.in_(others))
            .values(owner_id=of),
            execution_options={"synchronize_session": False},
        )


def give_strays(session: Session, brand_id: int, from_id: int) -> None:
    """What is open of whoever leaves, with people of other colleagues, goes to those colleagues."""
    owner = (
        select(Relationship.owner_id)
        .join(User, User.id == Relationship.owner_id)
        .where(Relationship.brand_id == brand_id, User.is_active)
    )
    for model, is_open in ALONG:
        of = owner.where(Relationship.id == model.relationship_id).scalar_subquery()
        session.execute(
            update(model)
            .where(owned_by(model.owner_id, from_id), is_open, of.is_not(None))
            .values(owner_id=of),
            execution_options={"synchronize_session": False},
        )


def _counted(session: Session, ids: Sequence[int], before: Mapping[int, int]) -> Counter[int]:
    """How many open touchpoints go along with each relationship."""
    rows = session.execute(
        select(Touchpoint.relationship_id, Touchpoint.owner_id).where(
            Touchpoint.relationship_id.in_(ids), Touchpoint.state == State.OPEN
        )
    )
    return Counter(id for id, owner_id in rows if owner_id is None or owner_id == before[id])
