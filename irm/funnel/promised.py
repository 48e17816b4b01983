"""What is promised and asked at a brand: all that is open, and how it was kept so far."""

import datetime as dt
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from irm.directory.search import Reader
from irm.funnel import promises, questions
from irm.funnel.owed import Standing, is_readable, is_seen_to
from irm.models import (
    Promise,
    Promiser,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    User,
)
from irm.models.base import Rows

#: Rows of a list that are shown; the file has more.
SHOWN = 100

#: Rows of a file.
MOST = 10_000

#: So many questions of a time are read for its figures, the newest.
_READ = 50_000

_HOUR = dt.timedelta(hours=1)


@dataclass(slots=True)
class Kept:
    """How many promises stand how."""

    open: int = 0
    overdue: int = 0
    kept: int = 0
    late: int = 0
    broken: int = 0

    def add(self, other: "Kept") -> None:
        self.open += other.open
        self.overdue += other.overdue
        self.kept += other.kept
        self.late += other.late
        self.broken += other.broken


@dataclass(slots=True)
class Answered:
    """How many questions wait, and how soon people had a first word."""

    waiting: int = 0
    #: Of those, beyond their clock.
    beyond: int = 0
    in_time: int = 0
    late: int = 0
    #: Hours from each question to the first word.
    hours: list[float] = field(default_factory=list)

    @property
    def median(self) -> float | None:
        """Hours to the first word, in the middle; None where nobody had one."""
        return statistics.median(self.hours) if self.hours else None

    def add(self, other: "Answered") -> None:
        self.waiting += other.waiting
        self.beyond += other.beyond
        self.in_time += other.in_time
        self.late += other.late
        self.hours += other.hours


@dataclass(slots=True)
class Tally:
    """What one colleague saw to."""

    name: str = ""
    ours: Kept = field(default_factory=Kept)
    theirs: Kept = field(default_factory=Kept)
    questions: Answered = field(default_factory=Answered)

    def add(self, other: "Tally") -> None:
        self.ours.add(other.ours)
        self.theirs.add(other.theirs)
        self.questions.add(other.questions)


def promised(reader: Reader, promiser: Promiser, user_id: int | None) -> Rows:
    """Select the open promises of a brand, or of one colleague there, the oldest first.

    Rows as `promises.due` has them, and `owner_name`.
    """
    found = (
        promises.open_rows()
        .add_columns(User.name.label("owner_name"))
        .join(User, User.id == Promise.owner_id, isouter=True)
        .where(
            Relationship.brand_id == reader.brand_id,
            *reader.seen,
            Promise.promiser == promiser,
            is_readable(Promise, reader.user_id, reader.reads_private),
        )
        .order_by(Promise.due_on, Promise.id)
    )
    return found if user_id is None else found.where(is_seen_to(Promise, user_id))


def asked(reader: Reader, user_id: int | None) -> Rows:
    """Select the questions of a brand, or for one colleague there, that wait for a word.

    Rows as `questions.waiting` has them, and `owner_name`.
    """
    found = (
        questions.open_rows()
        .add_columns(User.name.label("owner_name"))
        .join(User, User.id == Question.owner_id, isouter=True)
        .where(
            Relationship.brand_id == reader.brand_id,
            *reader.seen,
            questions.is_unheld(),
            is_readable(Question, reader.user_id, reader.reads_private),
        )
        .order_by(Question.answer_by, Question.id)
    )
    return found if user_id is None else found.where(is_seen_to(Question, user_id))


def tallies(
    session: Session,
    reader: Reader,
    since: dt.datetime,
    *,
    today: dt.date,
    at: dt.datetime,
    user_id: int | None,
) -> list[Tally]:
    """How promises and questions were kept by each colleague since a moment, by name.

    Open ones are counted whenever they were made. What nobody sees to has no name and comes last.
    A question is answered in time where the first word, a holding reply or the answer, came
    before its clock ran out.
    """
    found: dict[int, Tally] = {}
    for row in session.execute(_counted(reader, since.date(), today, user_id)):
        tally = found.setdefault(row.owner_id or 0, Tally())
        side = tally.ours if row.promiser is Promiser.US else tally.theirs
        setattr(side, row.standing, getattr(side, row.standing) + row.number)
    for row in session.execute(_asked_since(reader, since, user_id)):
        _count(found.setdefault(row.owner_id or 0, Tally()).questions, row, at)
    names = select(User.id, User.name).where(User.id.in_(sorted(found)))
    for id, name in session.execute(names):
        found[id].name = name
    return sorted(found.values(), key=lambda one: (not one.name, one.name))


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    every = Tally()
    for one in tallies:
        every.add(one)
    return every


def _counted(reader: Reader, since: dt.date, today: dt.date, user_id: int | None) -> Rows:
    is_open, is_kept = Promise.state == PromiseState.OPEN, Promise.state == PromiseState.KEPT
    standing = case(
        (is_open & (Promise.due_on < today), Standing.OVERDUE.value),
        (is_open, Standing.OPEN.value),
        (is_kept & (Promise.closed_on > Promise.due_on), Standing.LATE.value),
        (is_kept, Standing.KEPT.value),
        else_=Standing.BROKEN.value,
    ).label("standing")
    found = (
        select(Promise.owner_id, Promise.promiser, standing, func.count().label("number"))
        .join(Relationship, Relationship.id == Promise.relationship_id)
        .where(
            Relationship.brand_id == reader.brand_id,
            *reader.seen,
            Promise.state != PromiseState.WITHDRAWN,
            or_(is_open, Promise.closed_on >= since),
            is_readable(Promise, reader.user_id, reader.reads_private),
        )
        .group_by(Promise.owner_id, Promise.promiser, standing)
    )
    return found if user_id is None else found.where(Promise.owner_id == user_id)


def _asked_since(reader: Reader, since: dt.datetime, user_id: int | None) -> Rows:
    is_open: ColumnElement[bool] = Question.state == QuestionState.OPEN
    found = (
        select(
            Question.owner_id,
            Question.asked_at,
            Question.answer_by,
            Question.held_at,
            Question.answered_at,
            questions.is_unheld().label("waits"),
        )
        .join(Relationship, Relationship.id == Question.relationship_id)
        .join(Promise, Promise.id == Question.promise_id, isouter=True)
        .where(
            Relationship.brand_id == reader.brand_id,
            *reader.seen,
            Question.state != QuestionState.DROPPED,
            or_(is_open, Question.asked_at >= since),
            is_readable(Question, reader.user_id, reader.reads_private),
        )
        .order_by(Question.asked_at.desc())
        .limit(_READ)
    )
    return found if user_id is None else found.where(Question.owner_id == user_id)


def _count(answered: Answered, row: Any, at: dt.datetime) -> None:
    if row.answered_at is None and row.waits:
        answered.waiting += 1
        answered.beyond += row.answer_by < at
    word = row.held_at or row.answered_at
    if word is None:
        return
    if word <= row.answer_by:
        answered.in_time += 1
    else:
        answered.late += 1
    answered.hours.append(max(0.0, (word - row.asked_at) / _HOUR))
