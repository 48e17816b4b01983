"""What people asked us: the clock that runs from then on, the holding reply, and the answer.

A holding reply says when the answer comes. It makes a promise, and the question waits on that one
as long as it is open. The first word they hear, be it that or the answer, stops the clock.
"""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, or_, select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.errors import Done, Refused
from irm.funnel import promises
from irm.funnel.answering import answer_by, answering
from irm.funnel.holding import is_held, refuse_closed
from irm.funnel.owed import BACK_DAYS, OF_ONE, is_readable, is_seen_to, refuse_away
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import (
    Influencer,
    Interaction,
    Promise,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    User,
    Visibility,
)
from irm.models.base import Rows

#: Clocks of two machines are never quite alike.
_SLACK = dt.timedelta(minutes=5)


def ask(
    session: Session,
    relationship: Relationship,
    *,
    text: str,
    asked_at: dt.datetime,
    at: dt.datetime,
    author: User,
    is_urgent: bool = False,
    owner_id: int | None = None,
    visibility: Visibility = Visibility.TEAM,
    interaction: Interaction | None = None,
) -> Question:
    """Note what they asked and when: the clock runs from then on, by the hours of the brand.

    `owner_id` answers: else who looks after the person, else the author. What is private stays
    with its author. Raises Refused where they asked in the future or too long ago, nothing is
    asked or the person is in the archive; Done where the same waits already.
    """
    _refuse_moment(asked_at, at)
    refuse_away(relationship)
    if not text:
        raise Refused(_l("Write what they asked."))
    ledger.hold(session, relationship)
    _refuse_repeated(session, relationship, text)
    owner = author.id
    if visibility is Visibility.TEAM:
        owner = owner_id or relationship.owner_id or author.id
    question = Question(
        relationship_id=relationship.id,
        text=text,
        asked_at=asked_at,
        is_urgent=is_urgent,
        answer_by=_until(session, relationship, owner, asked_at, is_urgent),
        owner_id=owner,
        state=QuestionState.OPEN,
        visibility=visibility,
        interaction_id=interaction.id if interaction else None,
        author_id=author.id,
        created_at=at,
    )
    session.add(question)
    session.flush()
    return question


def change(
    session: Session,
    question: Question,
    *,
    text: str,
    is_urgent: bool,
    owner_id: int | None,
) -> None:
    """Put an open question otherwise; the clock is set anew where it is urgent or not any more.

    Raises Refused where it is closed, nothing is asked, or a private one is to be answered by
    somebody else than its author.
    """
    ledger.hold(session, question.relationship)
    refuse_closed(question)
    if not text:
        raise Refused(_l("Write what they asked."))
    is_private = question.visibility is Visibility.PRIVATE
    if is_private and owner_id not in (question.owner_id, question.author_id):
        raise Refused(_l("A private question stays with whoever noted it."))
    if is_urgent != question.is_urgent:
        question.answer_by = _until(
            session, question.relationship, owner_id, question.asked_at, is_urgent
        )
    question.text, question.is_urgent, question.owner_id = text, is_urgent, owner_id
    session.flush()


def answer(
    session: Session, question: Question, *, today: dt.date, user: User, at: dt.datetime
) -> None:
    """They have their answer: the clock stops, and a promise of it is kept.

    Raises Done where the question is closed.
    """
    ledger.hold(session, question.relationship)
    refuse_closed(question)
    question.state = QuestionState.ANSWERED
    question.answered_at, question.answered_by_id = at, user.id
    if is_held(question) and question.promise is not None:
        promises.keep(session, question.promise, on=today, today=today, user=user, at=at)
    session.flush()


def drop(session: Session, question: Question, *, today: dt.date, user: User) -> None:
    """It needs no answer any more; a promise of one is taken back.

    Raises Done where the question is closed.
    """
    ledger.hold(session, question.relationship)
    refuse_closed(question)
    if is_held(question) and question.promise is not None:
        promises.withdraw(session, question.promise, on=today, today=today, user=user)
    question.state = QuestionState.DROPPED
    session.flush()


def reopen(session: Session, question: Question) -> None:
    """Take an answer back, or that none is needed; a promise closed with it is open again.

    Raises Done where the question is open.
    """
    ledger.hold(session, question.relationship)
    if question.state is QuestionState.OPEN:
        raise Done(_l("This question is open already."))
    closed_with_it = (
        PromiseState.KEPT if question.state is QuestionState.ANSWERED else PromiseState.WITHDRAWN
    )
    question.state = QuestionState.OPEN
    question.answered_at = question.answered_by_id = None
    session.flush()
    promise = question.promise
    if promise is not None and promise.state is closed_with_it:
        promises.reopen(session, promise)


def waiting(
    user_id: int | BindParameter[int],
    brand_id: int | None = None,
    *,
    reads_private: bool = False,
    with_private: bool = True,
    whose: ColumnElement[bool] | None = None,
) -> Rows:
    """Select the questions that wait for a colleague's word, the most pressing first.

    Plain rows. What waits on a promise that is open is left out: that one has the day. Of what
    nobody sees to any more she has that of her own people. Private ones as `promises.due` has them.
    `whose` narrows it to a part of these.
    """
    statement = (
        open_rows()
        .where(
            is_unheld(),
            is_seen_to(Question, user_id) if whose is None else whose,
            is_readable(Question, user_id, reads_private, with_private),
        )
        .order_by(Question.answer_by, Question.id)
    )
    return statement if brand_id is None else statement.where(Relationship.brand_id == brand_id)


@cache
def open_rows() -> Rows:
    """What is open, whoever's it is, without an order; `promised_on` is the day it waits for."""
    return (
        select(
            Question.id,
            Question.relationship_id,
            Question.text,
            Question.asked_at,
            Question.is_urgent,
            Question.answer_by,
            Question.held_at,
            Question.owner_id,
            Question.visibility,
            Question.interaction_id,
            Question.row_version,
            Relationship.influencer_id,
            Relationship.brand_id,
            Relationship.stage,
            Influencer.name,
            Influencer.tier,
        )
        .join(Relationship, Relationship.id == Question.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(Promise, Promise.id == Question.promise_id, isouter=True)
        .where(Question.state == QuestionState.OPEN, is_listed())
    )


def is_unheld() -> ColumnElement[bool]:
    """The condition that no open promise says when the answer comes."""
    return or_(Promise.id.is_(None), Promise.state != PromiseState.OPEN)


def open_of(relationship_id: int, *, user_id: int, reads_private: bool = False) -> Rows:
    """Select a person's open questions that a colleague may read, the most pressing first.

    At most OF_ONE. Rows: `id text asked_at is_urgent answer_by held_at visibility row_version
    interaction_id owner_id owner_name promised_on`, where `promised_on` is the day of the promise
    on which it waits, if it does.
    """
    held = (
        select(Promise.due_on)
        .where(Promise.id == Question.promise_id, Promise.state == PromiseState.OPEN)
        .scalar_subquery()
    )
    return (
        select(
            Question.id,
            Question.text,
            Question.asked_at,
            Question.is_urgent,
            Question.answer_by,
            Question.held_at,
            Question.visibility,
            Question.row_version,
            Question.interaction_id,
            Question.owner_id,
            User.name.label("owner_name"),
            held.label("promised_on"),
        )
        .join(User, User.id == Question.owner_id, isouter=True)
        .where(
            Question.relationship_id == relationship_id,
            Question.state == QuestionState.OPEN,
            is_readable(Question, user_id, reads_private),
        )
        .order_by(Question.answer_by, Question.id)
        .limit(OF_ONE)
    )


def _until(
    session: Session,
    relationship: Relationship,
    owner_id: int | None,
    asked_at: dt.datetime,
    is_urgent: bool,
) -> dt.datetime:
    """When the clock runs out, by the hours of the brand and the day of whoever answers."""
    brand = relationship.brand
    owner = session.get(User, owner_id) if owner_id else None
    return answer_by(
        asked_at,
        is_urgent=is_urgent,
        zone=owner.zone if owner else ZoneInfo(brand.timezone),
        hours=answering(brand.answering),
    )


def _refuse_moment(asked_at: dt.datetime, at: dt.datetime) -> None:
    if asked_at > at + _SLACK:
        raise Refused(_l("Nobody asked this in the future: choose today or an earlier day."))
    if (at - asked_at).days > BACK_DAYS:
        raise Refused(_l("This day is too long ago: choose one within the last year."))


def _refuse_repeated(session: Session, relationship: Relationship, text: str) -> None:
    """A double click, or a browser that repeats itself, asks once."""
    same = select(Question.id).where(
        Question.relationship_id == relationship.id,
        Question.text == text,
        Question.state == QuestionState.OPEN,
    )
    if session.scalar(same.limit(1)) is not None:
        raise Done(_l("This question is noted already."))
