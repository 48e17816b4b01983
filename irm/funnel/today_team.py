"""How a brand's colleagues stand today: what is overdue, due and waiting, counted up to a limit."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.orm import Session

from irm.directory import team
from irm.directory.people import is_listed
from irm.directory.teams import Teams
from irm.funnel import questions
from irm.funnel.today import DAYS_AHEAD
from irm.ledger.ageing import is_not_paused
from irm.models import (
    Influencer,
    Promise,
    Promiser,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    State,
    Touchpoint,
    User,
)

#: More than this is another week's work: it is said to be more.
MOST = 50


def standing(
    session: Session, brand_id: int, today: dt.date, teams: Teams | None = None
) -> Sequence[Any]:
    """Each colleague of a brand, or of some of its teams, with what she has to do, by name.

    One statement.

    Rows: `id name overdue now next promised asked`: touchpoints overdue, due today and within
    DAYS_AHEAD, our promises that are overdue, questions whose time has run out or runs; each is
    counted to MOST, one more stands for more. What waits on a pause is not counted.
    """
    last = today + dt.timedelta(days=DAYS_AHEAD)
    members = team.members(brand_id)
    if teams is not None:
        members = members.where(teams.hold(User.id))
    return session.execute(
        members.add_columns(
            _touchpoints(brand_id, today, Touchpoint.due_on < today).label("overdue"),
            _touchpoints(brand_id, today, Touchpoint.due_on == today).label("now"),
            _touchpoints(
                brand_id, today, (Touchpoint.due_on > today) & (Touchpoint.due_on <= last)
            ).label("next"),
            _promised(brand_id, today).label("promised"),
            _asked(brand_id).label("asked"),
        )
    ).all()


def _touchpoints(brand_id: int, today: dt.date, when: ColumnElement[bool]) -> Any:
    return _counted(
        select(literal_column("1"))
        .select_from(Touchpoint)
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Touchpoint.owner_id == User.id,
            Touchpoint.state == State.OPEN,
            Relationship.brand_id == brand_id,
            or_(is_not_paused(today), Relationship.paused_until <= Touchpoint.due_on),
            is_listed(),
            when,
        )
    )


def _promised(brand_id: int, today: dt.date) -> Any:
    return _counted(
        select(literal_column("1"))
        .select_from(Promise)
        .join(Relationship, Relationship.id == Promise.relationship_id)
        .where(
            Promise.owner_id == User.id,
            Promise.state == PromiseState.OPEN,
            Promise.promiser == Promiser.US,
            Promise.due_on < today,
            Relationship.brand_id == brand_id,
        )
    )


def _asked(brand_id: int) -> Any:
    return _counted(
        select(literal_column("1"))
        .select_from(Question)
        .join(Relationship, Relationship.id == Question.relationship_id)
        .join(Promise, Promise.id == Question.promise_id, isouter=True)
        .where(
            Question.owner_id == User.id,
            Question.state == QuestionState.OPEN,
            questions.is_unheld(),
            Relationship.brand_id == brand_id,
        )
    )


def _counted(found: Any) -> Any:
    """How many there are of each colleague, up to one more than MOST."""
    some = found.correlate(User).limit(MOST + 1).subquery()
    return select(func.count()).select_from(some).correlate(User).scalar_subquery()
