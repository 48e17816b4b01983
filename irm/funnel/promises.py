"""Promises between us and a person: made, kept on time or late, broken, taken back, taken up again.

A promise that an answer will come carries its question: kept, it has answered it. Whoever changes
promises holds their relationship first, so that two never wait for each other.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.errors import Done, Refused
from irm.funnel.owed import (
    BACK_DAYS,
    OF_ONE,
    is_readable,
    is_seen_to,
    ours_first,
    refuse_away,
)
from irm.funnel.touchpoints import HORIZON_DAYS
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import (
    Influencer,
    Interaction,
    Promise,
    Promiser,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    User,
    Visibility,
)
from irm.models.base import Rows


def make(
    session: Session,
    relationship: Relationship,
    *,
    promiser: Promiser,
    what: str,
    due_on: dt.date,
    today: dt.date,
    at: dt.datetime,
    author: User,
    owner_id: int | None = None,
    visibility: Visibility = Visibility.TEAM,
    interaction: Interaction | None = None,
) -> Promise:
    """Note who promised what by when; `today` is the author's own.

    `owner_id` sees to it: else who looks after the person, else the author. What is private stays
    with its author. Raises Refused where the day is not meant, nothing is promised or the person
    is in the archive; Done where the same is noted and open.
    """
    _refuse_day(due_on, today)
    refuse_away(relationship)
    if not what:
        raise Refused(_l("Write what was promised."))
    ledger.hold(session, relationship)
    _refuse_repeated(session, relationship, promiser, what, due_on)
    is_private = visibility is Visibility.PRIVATE
    promise = Promise(
        relationship_id=relationship.id,
        promiser=promiser,
        what=what,
        due_on=due_on,
        owner_id=author.id if is_private else owner_id or relationship.owner_id or author.id,
        state=PromiseState.OPEN,
        visibility=visibility,
        interaction_id=interaction.id if interaction else None,
        author_id=author.id,
        created_at=at,
    )
    session.add(promise)
    session.flush()
    return promise


def change(
    session: Session,
    promise: Promise,
    *,
    promiser: Promiser,
    what: str,
    due_on: dt.date,
    owner_id: int | None,
    today: dt.date,
) -> None:
    """Put an open promise otherwise.

    Raises Refused where it is closed, the day is not meant, nothing is promised, or a private one
    is to be seen to by somebody else than its author.
    """
    ledger.hold(session, promise.relationship)
    _refuse_closed(promise)
    if due_on != promise.due_on:
        _refuse_day(due_on, today)
    if not what:
        raise Refused(_l("Write what was promised."))
    is_private = promise.visibility is Visibility.PRIVATE
    if is_private and owner_id not in (promise.owner_id, promise.author_id):
        raise Refused(_l("A private promise stays with whoever noted it."))
    promise.promiser, promise.what, promise.due_on = promiser, what, due_on
    promise.owner_id = owner_id
    session.flush()


def keep(
    session: Session, promise: Promise, *, on: dt.date, today: dt.date, user: User, at: dt.datetime
) -> None:
    """A promise was kept on a day: late, if that lies after the one that was promised.

    A question that waited on it is answered with it. Raises Refused where it is closed, or the day
    lies ahead or absurdly far back.
    """
    _close(session, promise, PromiseState.KEPT, on, today, user)
    for question in _waiting_on(session, promise, QuestionState.OPEN):
        question.state = QuestionState.ANSWERED
        question.answered_at, question.answered_by_id = at, user.id
    session.flush()


def break_(session: Session, promise: Promise, *, on: dt.date, today: dt.date, user: User) -> None:
    """A promise was not kept and will not be; a question that waited on it waits by itself again.

    Raises Refused as `keep` does.
    """
    _close(session, promise, PromiseState.BROKEN, on, today, user)
    session.flush()


def withdraw(
    session: Session, promise: Promise, *, on: dt.date, today: dt.date, user: User
) -> None:
    """A promise does not hold any more, with both agreed, or never was one: it is not counted.

    Raises Refused as `keep` does.
    """
    _close(session, promise, PromiseState.WITHDRAWN, on, today, user)
    session.flush()


def reopen(session: Session, promise: Promise) -> None:
    """Take back how a promise ended; a question that was answered with it is open again.

    Raises Done where it is open.
    """
    ledger.hold(session, promise.relationship)
    if promise.state is PromiseState.OPEN:
        raise Done(_l("This promise is open already."))
    if promise.state is PromiseState.KEPT:
        for question in _waiting_on(session, promise, QuestionState.ANSWERED):
            question.state = QuestionState.OPEN
            question.answered_at = question.answered_by_id = None
    promise.state = PromiseState.OPEN
    promise.closed_on = promise.closed_by_id = None
    session.flush()


def due(
    user_id: int | BindParameter[int],
    by: dt.date | BindParameter[dt.date],
    brand_id: int | None = None,
    *,
    reads_private: bool = False,
    with_private: bool = True,
    whose: ColumnElement[bool] | None = None,
) -> Rows:
    """Select the open promises a colleague sees to that are due by a day, as plain rows.

    Ours first, then theirs, the oldest first. Of what nobody sees to any more she has that of her
    own people. Private ones are hers alone, or all if she reads them, or left out (for a mail).
    `whose` narrows it to a part of these.
    """
    statement = (
        open_rows()
        .where(
            Promise.due_on <= by,
            is_seen_to(Promise, user_id) if whose is None else whose,
            is_readable(Promise, user_id, reads_private, with_private),
        )
        .order_by(ours_first(), Promise.due_on, Promise.id)
    )
    return statement if brand_id is None else statement.where(Relationship.brand_id == brand_id)


@cache
def open_rows() -> Rows:
    """What is open, whoever's it is, without an order; kept, as it is put together often."""
    return (
        select(
            Promise.id,
            Promise.relationship_id,
            Promise.promiser,
            Promise.what,
            Promise.due_on,
            Promise.owner_id,
            Promise.visibility,
            Promise.interaction_id,
            Promise.row_version,
            Relationship.influencer_id,
            Relationship.brand_id,
            Relationship.stage,
            Influencer.name,
            Influencer.tier,
        )
        .join(Relationship, Relationship.id == Promise.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Promise.state == PromiseState.OPEN, is_listed())
    )


def open_of(relationship_id: int, *, user_id: int, reads_private: bool = False) -> Rows:
    """Select what is open between us and one person that a colleague may read, ours first.

    At most OF_ONE. Rows: `id promiser what due_on visibility row_version interaction_id owner_id
    owner_name`.
    """
    return (
        select(
            Promise.id,
            Promise.promiser,
            Promise.what,
            Promise.due_on,
            Promise.visibility,
            Promise.row_version,
            Promise.interaction_id,
            Promise.owner_id,
            User.name.label("owner_name"),
        )
        .join(User, User.id == Promise.owner_id, isouter=True)
        .where(
            Promise.relationship_id == relationship_id,
            Promise.state == PromiseState.OPEN,
            is_readable(Promise, user_id, reads_private),
        )
        .order_by(ours_first(), Promise.due_on, Promise.id)
        .limit(OF_ONE)
    )


def _close(
    session: Session,
    promise: Promise,
    state: PromiseState,
    on: dt.date,
    today: dt.date,
    user: User,
) -> None:
    ledger.hold(session, promise.relationship)
    _refuse_closed(promise)
    if on > today:
        raise Refused(_l("Choose today or a day that lies behind."))
    if (today - on).days > BACK_DAYS + HORIZON_DAYS:
        raise Refused(_l("This day is too long ago to be right."))
    promise.state, promise.closed_on, promise.closed_by_id = state, on, user.id


def _waiting_on(session: Session, promise: Promise, state: QuestionState) -> Sequence[Question]:
    """The questions of this state whose answer this promise is."""
    found: Any = select(Question).where(
        Question.relationship_id == promise.relationship_id,
        Question.promise_id == promise.id,
        Question.state == state,
    )
    return session.scalars(found).all()


def _refuse_closed(promise: Promise) -> None:
    if promise.state is not PromiseState.OPEN:
        raise Done(_l("This promise is closed already."))


def _refuse_day(day: dt.date, today: dt.date) -> None:
    if (today - day).days > BACK_DAYS:
        raise Refused(_l("This day is too long ago: choose one within the last year."))
    if (day - today).days > HORIZON_DAYS:
        raise Refused(_l("Choose a day within the next three years."))


def _refuse_repeated(
    session: Session, relationship: Relationship, promiser: Promiser, what: str, due_on: dt.date
) -> None:
    """A double click, or a browser that repeats itself, promises once."""
    same = select(Promise.id).where(
        Promise.relationship_id == relationship.id,
        Promise.promiser == promiser,
        Promise.what == what,
        Promise.due_on == due_on,
        Promise.state == PromiseState.OPEN,
    )
    if session.scalar(same.limit(1)) is not None:
        raise Done(_l("This promise is noted already."))
