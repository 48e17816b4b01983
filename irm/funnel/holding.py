"""The holding reply: a word on when the answer comes, which makes a promise of that day."""

import datetime as dt

from sqlalchemy.orm import Session

from irm.errors import Done, Refused
from irm.funnel import promises
from irm.funnel.answering import working_day_after
from irm.funnel.owed import LENGTH
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import (
    Promise,
    Promiser,
    PromiseState,
    Question,
    QuestionState,
    User,
    Visibility,
)

#: A holding reply promises the answer within so many working days, unless another day is chosen.
HELD_DAYS = 2


def hold(
    session: Session,
    question: Question,
    *,
    what: str,
    due_on: dt.date | None,
    today: dt.date,
    at: dt.datetime,
    user: User,
) -> Promise:
    """They were told when the answer comes: a promise of that day, on which the question waits.

    `what` is what the promise says. Without a day it is HELD_DAYS working days of whoever answers.
    Raises Done where they were told already and that day stands, Refused where the question is
    closed or nobody can mean the day.
    """
    ledger.hold(session, question.relationship)
    refuse_closed(question)
    if is_held(question):
        raise Done(_l("They know already when the answer comes."))
    if due_on is not None and due_on < today:
        raise Refused(_l("Choose today or a later day."))
    owner = session.get(User, question.owner_id) if question.owner_id else None
    promise = promises.make(
        session,
        question.relationship,
        promiser=Promiser.US,
        what=what[:LENGTH],
        due_on=due_on or usual_day(owner or user, today),
        today=today,
        at=at,
        author=user,
        owner_id=question.owner_id,
        visibility=question.visibility,
    )
    promise.interaction_id = question.interaction_id
    if question.visibility is Visibility.PRIVATE:
        # Who noted the question reads it, whoever told them: a lead may have.
        promise.author_id, promise.owner_id = question.author_id, question.owner_id
    question.held_at = question.held_at or at
    question.promise = promise
    session.flush()
    return promise


def release(session: Session, question: Question, *, today: dt.date, user: User) -> None:
    """Take a holding reply back: the promise is taken back, and the clock runs as before.

    Raises Done where none stands.
    """
    ledger.hold(session, question.relationship)
    refuse_closed(question)
    if not is_held(question) or question.promise is None:
        raise Done(_l("They were not told when the answer comes."))
    promises.withdraw(session, question.promise, on=today, today=today, user=user)
    question.held_at = question.promise = None
    session.flush()


def usual_day(owner: User, today: dt.date) -> dt.date:
    """The day a holding reply promises, by the working days of whoever answers."""
    return working_day_after(today, HELD_DAYS, owner.work_days)


def is_held(question: Question) -> bool:
    """Whether they know when the answer comes, and that day stands."""
    return question.promise is not None and question.promise.state is PromiseState.OPEN


def refuse_closed(question: Question) -> None:
    """Raise Done where a question is not open any more."""
    if question.state is not QuestionState.OPEN:
        raise Done(_l("This question is closed already."))
