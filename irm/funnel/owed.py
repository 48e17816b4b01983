"""What promises and questions have in common: whose they are, who reads them, how they stand."""

import datetime as dt

from sqlalchemy import BindParameter, ColumnElement, and_, case, or_, select, union_all
from sqlalchemy.orm import aliased

from irm.errors import Refused
from irm.i18n import _l
from irm.models import (
    Promise,
    Promiser,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    User,
    Visibility,
)
from irm.models.base import LabelledEnum

#: So long the words of a promise, or of a question, may be.
LENGTH = 500

#: What fell due, or was asked, earlier than so many days ago nobody notes any more.
BACK_DAYS = 366

#: Open ones of one person that are shown at once.
OF_ONE = 30


class Standing(LabelledEnum):
    """How a promise stands on a day."""

    OPEN = "open", _l("Still open")
    OVERDUE = "overdue", _l("Overdue")
    KEPT = "kept", _l("Kept")
    LATE = "late", _l("Kept late")
    BROKEN = "broken", _l("Broken")
    WITHDRAWN = "withdrawn", _l("Taken back")


def standing(
    state: PromiseState, due_on: dt.date, closed_on: dt.date | None, today: dt.date
) -> Standing:
    """How a promise stands: what was kept after its day was kept late."""
    if state is PromiseState.OPEN:
        return Standing.OVERDUE if due_on < today else Standing.OPEN
    if state is PromiseState.KEPT and closed_on is not None and closed_on > due_on:
        return Standing.LATE
    return Standing(state.value)


def ours_first() -> ColumnElement[int]:
    """The order in which we look at promises: what we owe before what is owed to us."""
    return case((Promise.promiser == Promiser.US, 0), else_=1)


def is_seen_to(
    model: type[Promise] | type[Question], user_id: int | BindParameter[int]
) -> ColumnElement[bool]:
    """The condition that it is this colleague's, or nobody's any more and of her own people."""
    gone = select(User.id).where(User.is_active.is_(False))
    is_hers = model.owner_id == user_id
    # Said of the one table first: an index leads to these, and to no open one of anybody else.
    return and_(
        or_(is_hers, model.owner_id.is_(None), model.owner_id.in_(gone)),
        or_(is_hers, Relationship.owner_id == user_id),
    )


def is_left_to(
    model: type[Promise] | type[Question], user_id: int | BindParameter[int]
) -> ColumnElement[bool]:
    """The condition on an open one that it is nobody's any more, and of this colleague's people.

    Those without a colleague and those of colleagues who left are gone to by the index, each; with
    "or" between them SQLite reads all open ones of everybody.
    """
    one = aliased(model)
    is_open = one.state == (PromiseState.OPEN if model is Promise else QuestionState.OPEN)
    gone = select(User.id).where(User.is_active.is_(False))
    left = union_all(
        select(one.id).where(is_open, one.owner_id.is_(None)),
        select(one.id).where(is_open, one.owner_id.in_(gone)),
    )
    return and_(model.id.in_(left), Relationship.owner_id == user_id)


def is_readable(
    model: type[Promise] | type[Question],
    user_id: int | BindParameter[int],
    reads_private: bool,
    with_private: bool = True,
) -> ColumnElement[bool]:
    """The condition that a colleague may read it; without private ones, that everybody may."""
    is_team = model.visibility == Visibility.TEAM
    if not with_private:
        return is_team
    if reads_private:
        return model.visibility.in_(tuple(Visibility))
    return or_(is_team, model.author_id == user_id)


def refuse_away(relationship: Relationship) -> None:
    """Raise Refused where the person is in the archive: nothing new begins with them there."""
    person = relationship.influencer
    if person.archived_at is not None:
        raise Refused(_l("%(name)s is in the archive. Restore them first.", name=person.name))


def may_read(one: Promise | Question, user_id: int, reads_private: bool) -> bool:
    """What `is_readable` says, of one at hand."""
    return reads_private or one.visibility is Visibility.TEAM or one.author_id == user_id
