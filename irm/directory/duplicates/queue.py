"""The queue of pairs that may be one person: who sees which, and what was decided."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from irm.audit import Action, record
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.models import (
    Account,
    ContactPoint,
    Duplicate,
    DuplicateState,
    Influencer,
    Interaction,
    Relationship,
    User,
)
from irm.models.base import Rows

#: Pairs shown at once; nobody decides more without a pause.
PAGE = 20

#: What a person may decide again.
DECISIONS = (DuplicateState.OPEN, DuplicateState.LATER, DuplicateState.DISTINCT)

_left, _right = aliased(Influencer, name="one"), aliased(Influencer, name="other")


def open_queue(
    brand_ids: Sequence[int], here_id: int, state: DuplicateState = DuplicateState.OPEN
) -> Select[Duplicate]:
    """Select the pairs of one state, the likeliest first, with both people.

    Only those whose people are both known to one of `brand_ids`, and at least one to `here_id`.
    """
    found: Select[Duplicate] = (
        _seen(select(Duplicate), brand_ids, here_id)
        .where(Duplicate.state == state)
        .order_by(Duplicate.score.desc(), Duplicate.id.desc())
        .options(contains_eager(Duplicate.left.of_type(_left)))
        .options(contains_eager(Duplicate.right.of_type(_right)))
    )
    return found


def counts(brand_ids: Sequence[int], here_id: int) -> Rows:
    """Select how many pairs each state has, as `open_queue` shows them."""
    counted = select(Duplicate.state, func.count()).group_by(Duplicate.state)
    found: Rows = _seen(counted.select_from(Duplicate), brand_ids, here_id)
    return found


def _seen(statement: Any, brand_ids: Sequence[int], here_id: int) -> Any:
    ends = ((Duplicate.left_id, _left), (Duplicate.right_id, _right))
    for _id, person in ends:
        statement = statement.join(person, person.id == _id).where(
            person.merged_into_id.is_(None), person.archived_at.is_(None)
        )
        statement = statement.where(_known(_id, brand_ids))
    return statement.where(or_(*(_known(id, [here_id]) for id, _person in ends)))


def _known(person: Any, brand_ids: Sequence[int]) -> ColumnElement[bool]:
    return (
        select(Relationship.id)
        .where(Relationship.brand_id.in_(brand_ids), Relationship.influencer_id == person)
        .exists()
    )


def below(token: str) -> ColumnElement[bool]:
    """The condition that begins below the pair a token names.

    Raises Refused where it was typed by hand.
    """
    score, _tilde, id = token.rpartition("~")
    try:
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        key = (float(score), int(id))
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None
    return tuple_(Duplicate.score, Duplicate.id) < tuple_(*key)


def token(pair: Duplicate) -> str:
    """What asks for the pairs below this one."""
    return f"{pair.score}~{pair.id}"


def of_person(influencer_id: int) -> Select[Duplicate]:
    """Select the undecided pairs of one person, the likeliest first, with both people.

    Whoever shows them asks first whether the reader may see the other one.
    """
    waiting = (DuplicateState.OPEN, DuplicateState.LATER)
    return (
        select(Duplicate)
        .join(_left, _left.id == Duplicate.left_id)
        .join(_right, _right.id == Duplicate.right_id)
        .where(
            or_(Duplicate.left_id == influencer_id, Duplicate.right_id == influencer_id),
            Duplicate.state.in_(waiting),
            _left.merged_into_id.is_(None),
            _right.merged_into_id.is_(None),
        )
        .order_by(Duplicate.score.desc(), Duplicate.id)
        .options(joinedload(Duplicate.left), joinedload(Duplicate.right))
    )


def known_to(influencer_id: int, brand_ids: Sequence[int]) -> Select[int]:
    """Select the relationships of a person with these brands; one is enough to be known."""
    return (
        select(Relationship.id)
        .where(Relationship.influencer_id == influencer_id, Relationship.brand_id.in_(brand_ids))
        .limit(1)
    )


def decide(
    session: Session,
    pair: Duplicate,
    decision: DuplicateState,
    *,
    user: User,
    at: dt.datetime,
) -> DuplicateState:
    """Note what was decided of a pair; returns what stood there before.

    Raises Stale where the two were merged meanwhile.
    """
    if pair.state is DuplicateState.MERGED or decision not in DECISIONS:
        raise Stale(_l("One of the two was merged meanwhile. Look at the list again."))
    before = pair.state
    is_open = decision is DuplicateState.OPEN
    pair.state = decision
    pair.decided_at, pair.decided_by_id = (None, None) if is_open else (at, user.id)
    what = Action.DUPLICATE_DECIDED
    record(session, user, what, at, duplicate_id=pair.id, decision=decision.value)
    return before


def accounts(people: Sequence[int]) -> Select[Account]:
    """Select the current accounts of some people, the largest first."""
    return (
        select(Account)
        .where(Account.influencer_id.in_(people), Account.is_current)
        .order_by(func.coalesce(Account.followers, -1).desc(), Account.id)
    )


def contacts(people: Sequence[int]) -> Select[ContactPoint]:
    """Select how to reach some people."""
    return (
        select(ContactPoint)
        .where(ContactPoint.influencer_id.in_(people))
        .order_by(ContactPoint.kind, ContactPoint.id)
    )


def standing(people: Sequence[int], brand_ids: Sequence[int]) -> Rows:
    """Select where some people stand with these brands: `influencer_id brand_id stage talks`."""
    talks = (
        select(func.count())
        .where(Interaction.relationship_id == Relationship.id)
        .correlate(Relationship)
        .scalar_subquery()
    )
    return (
        select(
            Relationship.influencer_id,
            Relationship.brand_id,
            Relationship.stage,
            talks.label("talks"),
        )
        .where(Relationship.influencer_id.in_(people), Relationship.brand_id.in_(brand_ids))
        .order_by(Relationship.brand_id)
    )
