"""The rows of Today: what is due of one colleague, and what waits, each in one statement."""

import datetime as dt
from collections import defaultdict
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Date,
    Float,
    Integer,
    String,
    bindparam,
    cast,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.directory.teams import Teams
from irm.funnel import elsewhere, promises, questions
from irm.funnel.owed import is_left_to
from irm.funnel.today import DAYS_AHEAD
from irm.ledger.ageing import is_not_paused
from irm.ledger.contact import TRIES
from irm.models import (
    NEVER,
    CadencePolicy,
    Influencer,
    Interaction,
    PolicyScope,
    Promise,
    Promiser,
    Question,
    Relationship,
    State,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.base import Rows, UTCDateTime
from irm.named_rows import named

#: Rows of a section that are shown; of each one more is read, which says that there are more.
SHOWN = 50

#: People without a plan that are shown.
UNPLANNED = 20

#: Promises, and questions, that are shown.
WAITING = 20

_user: BindParameter[Any] = bindparam("user", type_=Integer())
_brand: BindParameter[Any] = bindparam("brand", type_=Integer())
_reader: BindParameter[Any] = bindparam("reader", type_=Integer())
_day: BindParameter[Any] = bindparam("day", type_=Date())
_ahead: BindParameter[Any] = bindparam("ahead", type_=Date())

last = aliased(Interaction, name="last")


class Due(NamedTuple):
    """What a colleague has to do; of each SHOWN and one more, UNPLANNED and one more."""

    overdue: list[Any]
    now: list[Any]
    next: list[Any]
    unplanned: list[Any]


class Waiting(NamedTuple):
    """What a colleague owes, and who waits for an answer: WAITING of each, and one more."""

    promises: list[Any]
    questions: list[Any]


def due(session: Session, user_id: int, reader: Reader, today: dt.date) -> Due:
    """All that is due of a colleague at the reader's brand until DAYS_AHEAD, by sections.

    Rows: `id owner_id relationship_id influencer_id name stage due_on kind purpose tactic why
    row_version given_by fit ideal last_contact_at last_at last_kind last_summary busy_at busy_on`;
    of people without a plan what belongs to a touchpoint is None, and `ideal` is the brand's own
    rhythm at their stage, in days, if it has one. The last exchange is the newest the reader may
    read. Who is paused, or answered so seldom that they are left in peace, is not among them.
    """
    given = {
        "user": user_id,
        "brand": reader.brand_id,
        "reader": reader.user_id,
        "day": today,
        "ahead": today + dt.timedelta(days=DAYS_AHEAD),
    }
    found: dict[int, list[Any]] = defaultdict(list)
    for row in named(
        session.connection().execute(_due(reader.reads_private, reader.only_own), given)
    ):
        found[row.section].append(row)
    for rows in found.values():
        rows.sort(key=_place)
    return Due(found[0], found[1], found[2], found[3])


def overdue_of_all(
    session: Session, reader: Reader, today: dt.date, teams: Teams | None = None
) -> list[Any]:
    """What is overdue at a brand, whoever's it is, the oldest first: SHOWN, and one more.

    Where teams are named, what their members see to. Of each person the first that is due; rows as
    `due` has them.
    """
    given = {"brand": reader.brand_id, "reader": reader.user_id, "day": today}
    asked = _overdue(reader.reads_private, reader.only_own, teams)
    return named(session.connection().execute(asked, given))


def one(session: Session, touchpoint_id: int, reader: Reader, today: dt.date) -> Any | None:
    """One open touchpoint at the reader's brand, as a row of `due`; None where it is closed."""
    given = {
        "brand": reader.brand_id,
        "reader": reader.user_id,
        "of_id": touchpoint_id,
        "day": today,
    }
    return (
        session.connection()
        .execute(_one(reader.reads_private, reader.only_own), given)
        .one_or_none()
    )


def waiting(session: Session, user_id: int, reader: Reader, today: dt.date) -> Waiting:
    """Promises due within DAYS_AHEAD that a colleague sees to, and questions that wait for her.

    Rows: `id relationship_id influencer_id name stage text code due_on at row_version`; `code` is
    the promiser, of a question empty, `at` is when its clock runs out, `due_on` of a promise.
    """
    given = {
        "user": user_id,
        "brand": reader.brand_id,
        "reader": reader.user_id,
        "by": today + dt.timedelta(days=DAYS_AHEAD),
    }
    # Whoever looks in another's place reads what she may read herself, not what that one may.
    with_private = reader.reads_private or user_id == reader.user_id
    asked = _waiting(reader.reads_private, with_private, reader.only_own)
    found: tuple[list[Any], list[Any]] = ([], [])
    for row in named(session.connection().execute(asked, given)):
        found[row.section].append(row)
    found[0].sort(key=lambda row: (row.code != "us", row.due_on, row.id))
    found[1].sort(key=lambda row: (row.at, row.id))
    return Waiting(*(rows[: WAITING + 1] for rows in found))


def _place(row: Any) -> tuple[dt.date, float, int]:
    return row.due_on or NEVER, row.fit_order, row.id or row.relationship_id


_WHO = (
    Relationship.id.label("relationship_id"),
    Relationship.influencer_id.label("influencer_id"),
    Influencer.name.label("name"),
    Relationship.stage.label("stage"),
)

_giver = aliased(User, name="giver")

#: Who gave it on to the colleague who has it now; see irm/funnel/passing_on.py.
_GIVEN_BY = (
    select(_giver.name)
    .where(_giver.id == Touchpoint.why[("given", "by")].as_integer())
    .correlate(Touchpoint)
    .scalar_subquery()
)

_OF_TOUCHPOINT = (
    Touchpoint.id.label("id"),
    Touchpoint.owner_id.label("owner_id"),
    Touchpoint.due_on.label("due_on"),
    Touchpoint.kind.label("kind"),
    Touchpoint.purpose.label("purpose"),
    Touchpoint.tactic.label("tactic"),
    Touchpoint.why.label("why"),
    Touchpoint.row_version.label("row_version"),
    literal(0.0, Float()).label("fit_order"),
    cast(null(), Integer()).label("ideal"),
    _GIVEN_BY.label("given_by"),
)

#: The brand's own rhythm at their stage, in days, where it has one.
_OWN_IDEAL = (
    select(CadencePolicy.ideal)
    .where(
        CadencePolicy.brand_id == Relationship.brand_id,
        CadencePolicy.scope == PolicyScope.STAGE,
        CadencePolicy.key == cast(Relationship.stage, String),
    )
    .correlate(Relationship)
    .scalar_subquery()
)

_OF_NONE = (
    cast(null(), Integer()).label("id"),
    Relationship.owner_id.label("owner_id"),
    cast(null(), Date()).label("due_on"),
    cast(null(), String()).label("kind"),
    cast(null(), String()).label("purpose"),
    cast(null(), String()).label("tactic"),
    cast(null(), JSON()).label("why"),
    cast(null(), Integer()).label("row_version"),
    Relationship.fit_order.label("fit_order"),
    _OWN_IDEAL.label("ideal"),
    cast(null(), String()).label("given_by"),
)

_REMEMBERED = (
    Relationship.fit.label("fit"),
    Relationship.last_contact_at.label("last_contact_at"),
    last.happened_at.label("last_at"),
    last.kind.label("last_kind"),
    last.summary.label("last_summary"),
    *elsewhere.columns(_day),
)


_OF_PROMISE: tuple[Any, ...] = (
    literal_column("0").label("section"),
    Promise.id.label("id"),
    Promise.what.label("text"),
    cast(Promise.promiser, String).label("code"),
    Promise.due_on.label("due_on"),
    cast(null(), UTCDateTime()).label("at"),
    Promise.row_version.label("row_version"),
    *_WHO,
)

_OF_QUESTION: tuple[Any, ...] = (
    literal_column("1").label("section"),
    Question.id.label("id"),
    Question.text.label("text"),
    literal("", String()).label("code"),
    cast(null(), Date()).label("due_on"),
    Question.answer_by.label("at"),
    Question.row_version.label("row_version"),
    *_WHO,
)


@lru_cache(8)
def _waiting(reads_private: bool, with_private: bool, only_own: bool) -> Any:
    more: dict[str, Any] = {
        "brand_id": _brand,
        "reads_private": reads_private,
        "with_private": with_private,
    }
    by: BindParameter[Any] = bindparam("by", type_=Date())
    # What is hers and what is nobody's any more by itself: an index leads to the first of each.
    hers = promises.due(_user, by, whose=Promise.owner_id == _user, **more)
    in_time = (Promise.due_on, Promise.id)
    promised: list[Any] = [
        hers.where(Promise.promiser == promiser).order_by(None).order_by(*in_time)
        for promiser in Promiser
    ]
    promised.append(promises.due(_user, by, whose=is_left_to(Promise, _user), **more))
    asked: list[Any] = [
        questions.waiting(_user, whose=whose, **more)
        for whose in (Question.owner_id == _user, is_left_to(Question, _user))
    ]
    seen = _seen(only_own)
    parts = [one.with_only_columns(*_OF_PROMISE).where(*seen) for one in promised]
    parts += [one.with_only_columns(*_OF_QUESTION).where(*seen) for one in asked]
    parts = [one.limit(WAITING + 1) for one in parts]
    return union_all(*(select(part.subquery()) for part in parts))


@lru_cache(4)
def _due(reads_private: bool, only_own: bool) -> Any:
    """The statement, kept: to put it together takes longer than to ask it."""
    mine = (
        _planned(reads_private, only_own)
        .where(
            Touchpoint.owner_id == _user,
            or_(is_not_paused(_day), Relationship.paused_until <= Touchpoint.due_on),
        )
        .order_by(Touchpoint.due_on, Touchpoint.id)
        .limit(SHOWN + 1)
    )
    whens = (
        Touchpoint.due_on < _day,
        Touchpoint.due_on == _day,
        (Touchpoint.due_on > _day) & (Touchpoint.due_on <= _ahead),
    )
    parts = [
        mine.where(when).add_columns(literal_column(str(n)).label("section"))
        for n, when in enumerate(whens)
    ]
    unplanned = (
        select(*_OF_NONE, *_WHO, *_REMEMBERED, literal_column("3").label("section"))
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(last, last.id == _last_readable(reads_private), isouter=True)
        .where(
            Relationship.brand_id == _brand,
            Relationship.owner_id == _user,
            Relationship.next_order == NEVER,
            # Who answered so seldom is left in peace.
            Relationship.unanswered < TRIES,
            is_not_paused(_day),
            is_listed(),
        )
        .order_by(Relationship.fit_order, Relationship.id)
        .limit(UNPLANNED + 1)
    )
    return union_all(*(select(part.subquery()) for part in (*parts, unplanned)))


@lru_cache(64)
def _overdue(reads_private: bool, only_own: bool, teams: Teams | None) -> Rows:
    planned = _planned(reads_private, only_own)
    if teams is not None:
        planned = planned.where(teams.hold(Touchpoint.owner_id))
    return (
        planned.where(
            Relationship.next_order < _day,
            Touchpoint.due_on == Relationship.next_order,
            or_(is_not_paused(_day), Relationship.paused_until <= Touchpoint.due_on),
        )
        .order_by(Relationship.next_order, Relationship.id)
        .limit(SHOWN + 1)
    )


@lru_cache(4)
def _one(reads_private: bool, only_own: bool) -> Rows:
    return _planned(reads_private, only_own).where(Touchpoint.id == bindparam("of_id"))


def _seen(only_own: bool) -> list[ColumnElement[bool]]:
    """Of whoever sees her own people alone, those she owns: as `Reader.seen`, but bound."""
    return [Relationship.owner_id == _reader] if only_own else []


def _planned(reads_private: bool, only_own: bool) -> Rows:
    return (
        select(*_OF_TOUCHPOINT, *_WHO, *_REMEMBERED)
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(last, last.id == _last_readable(reads_private), isouter=True)
        .where(
            Touchpoint.state == State.OPEN,
            Relationship.brand_id == _brand,
            is_listed(),
            *_seen(only_own),
        )
    )


def _last_readable(reads_private: bool) -> Any:
    """The newest exchange that the reader may read."""
    newest = aliased(Interaction, name="newest")
    found = select(newest.id).where(newest.relationship_id == Relationship.id)
    if not reads_private:
        found = found.where(or_(newest.visibility == Visibility.TEAM, newest.author_id == _reader))
    return (
        found.order_by(newest.happened_at.desc(), newest.id.desc())
        .limit(1)
        .correlate(Relationship)
        .scalar_subquery()
    )
