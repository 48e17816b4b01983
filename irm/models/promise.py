"""Who owes what to whom by when, and the questions whose answer we owe."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, LabelledEnum, closed
from irm.models.interaction import Interaction, Visibility
from irm.models.relationship import Relationship
from irm.models.user import User


class Promiser(LabelledEnum):
    """Whose word it is."""

    US = "us", _l("We promised")
    THEM = "them", _l("They promised")


class PromiseState(LabelledEnum):
    """Open until it was kept, broken or taken back; late is what was kept after its day."""

    OPEN = "open", _l("Open")
    KEPT = "kept", _l("Kept")
    BROKEN = "broken", _l("Broken")
    WITHDRAWN = "withdrawn", _l("Taken back")


class Promise(Base):
    """A promise between us and a person, with its day."""

    __tablename__ = "promises"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    promiser: Mapped[Promiser] = mapped_column(closed(Promiser))
    what: Mapped[str] = mapped_column(String(500))
    #: A day in the zone of whoever looks after it.
    due_on: Mapped[dt.date]
    #: The colleague who sees to it.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    state: Mapped[PromiseState] = mapped_column(closed(PromiseState), default=PromiseState.OPEN)
    #: The day on which it was kept, or known to be broken.
    closed_on: Mapped[dt.date | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    visibility: Mapped[Visibility] = mapped_column(closed(Visibility), default=Visibility.TEAM)
    #: The exchange in which it was made.
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey(Interaction.id, ondelete="SET NULL"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    relationship: Mapped[Relationship] = orm.relationship()
    owner: Mapped[User | None] = orm.relationship(foreign_keys=owner_id)

    __mapper_args__ = {"version_id_col": row_version}


Index(None, Promise.relationship_id, Promise.due_on)
_open = Promise.state == PromiseState.OPEN
Index(
    "ix_promises_due",
    Promise.owner_id,
    Promise.due_on,
    Promise.id,
    sqlite_where=_open,
    postgresql_where=_open,
)


class QuestionState(LabelledEnum):
    """Open until it was answered, or needs no answer any more."""

    OPEN = "open", _l("Open")
    ANSWERED = "answered", _l("Answered")
    DROPPED = "dropped", _l("Needs no answer")


class Question(Base):
    """Something they asked us; from then on the clock runs."""

    __tablename__ = "questions"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[dt.datetime]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    #: By when it wants an answer, or a word on when there will be one.
    answer_by: Mapped[dt.datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    state: Mapped[QuestionState] = mapped_column(closed(QuestionState), default=QuestionState.OPEN)
    #: When they were told when the answer comes; the promise then has the day.
    held_at: Mapped[dt.datetime | None]
    promise_id: Mapped[int | None] = mapped_column(ForeignKey(Promise.id, ondelete="SET NULL"))
    answered_at: Mapped[dt.datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    visibility: Mapped[Visibility] = mapped_column(closed(Visibility), default=Visibility.TEAM)
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey(Interaction.id, ondelete="SET NULL"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    relationship: Mapped[Relationship] = orm.relationship()
    promise: Mapped[Promise | None] = orm.relationship()

    __mapper_args__ = {"version_id_col": row_version}


Index(None, Question.relationship_id, Question.asked_at)
_waiting = Question.state == QuestionState.OPEN
Index(
    "ix_questions_waiting",
    Question.owner_id,
    Question.answer_by,
    Question.id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
