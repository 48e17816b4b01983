"""What the Plan page reads: a week of a colleague, the team's days, whom the plan leaves out."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from irm.directory import team
from irm.directory.people import is_listed
from irm.directory.teams import Teams
from irm.errors import Refused
from irm.funnel.planner import choosing
from irm.i18n import _l
from irm.models import (
    Brand,
    BrandMember,
    Influencer,
    Plan,
    PlanGap,
    Relationship,
    State,
    Task,
    TaskState,
    Touchpoint,
    User,
)
from irm.models.base import Rows

#: Touches of a week that are shown, and on one page of the list; one more says there are more.
WEEK, PAGE = 300, 50

#: Colleagues whose plans are shown beside each other.
COLLEAGUES = 200

#: People who do not fit, on a page.
GAPS = 50

#: Rows of a file, at most.
MOST = 50_000


class Standing(NamedTuple):
    """The newest plan, and the task that makes the next one; each None where there is none."""

    plan: Plan | None
    task_id: int | None


def standing(session: Session, brand_id: int) -> Standing:
    """How a brand's plan stands, in one statement where there is a plan."""
    row = session.execute(
        select(Plan, unfinished(brand_id).scalar_subquery())
        .where(Plan.brand_id == brand_id)
        .order_by(Plan.made_at.desc(), Plan.id.desc())
        .limit(1)
    ).one_or_none()
    if row is not None:
        return Standing(row[0], row[1])
    return Standing(None, session.scalar(unfinished(brand_id)))


def unfinished(brand_id: int) -> Select[int]:
    """Select the id of the task that plans a brand now, or waits to; tries do not count."""
    return (
        select(Task.id)
        .where(
            Task.state.in_((TaskState.QUEUED, TaskState.RUNNING)),
            Task.kind == "plan",
            Task.brand_id == brand_id,
            Task.arguments["whom"].as_string().is_(None),
        )
        .order_by(Task.id.desc())
        .limit(1)
    )


def colleagues(brand_id: int, teams: Teams | None = None) -> Rows:
    """Select the active members of a brand, or of some of its teams, with the terms of their work.

    They stand by name; each carries what the brand says of planning.
    """
    found = (
        team.members(brand_id)
        .add_columns(User.weekly_hours, User.work_days, User.country, User.timezone, Brand.planning)
        .join(Brand, Brand.id == BrandMember.brand_id)
        .limit(COLLEAGUES)
    )
    return found if teams is None else found.where(teams.hold(User.id))


def is_large(session: Session, brand_id: int, most: int) -> bool:
    """Whether a brand has more than so many relationships."""
    some = select(Relationship.id).where(Relationship.brand_id == brand_id).limit(most + 1)
    return (session.scalar(select(func.count()).select_from(some.subquery())) or 0) > most


def touches(
    brand_id: int,
    owner_id: int | None,
    first: dt.date,
    last: dt.date,
    teams: Teams | None = None,
) -> Rows:
    """Select a colleague's open touchpoints between two days, the earliest first; None: all.

    Of all, those of some teams' members where these are named.
    """
    found = (
        select(
            Touchpoint.id,
            Touchpoint.row_version,
            Touchpoint.due_on,
            Touchpoint.kind,
            Touchpoint.purpose,
            Touchpoint.tactic,
            Touchpoint.channel,
            Touchpoint.why,
            Touchpoint.minutes,
            Touchpoint.planned_by,
            Touchpoint.is_pinned,
            Touchpoint.owner_id,
            Relationship.influencer_id,
            Relationship.stage,
            Influencer.name,
            User.name.label("owner"),
            Brand.planning,
        )
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .join(Brand, Brand.id == Relationship.brand_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(User, User.id == Touchpoint.owner_id, isouter=True)
        .where(
            Relationship.brand_id == brand_id,
            is_listed(),
            Touchpoint.state == State.OPEN,
            Touchpoint.due_on.between(first, last),
        )
        .order_by(Touchpoint.due_on, Touchpoint.id)
    )
    if teams is not None:
        found = found.where(teams.hold(Touchpoint.owner_id))
    return found if owner_id is None else found.where(Touchpoint.owner_id == owner_id)


def is_after(key: str) -> ColumnElement[bool]:
    """Touchpoints that come after one in the order of `touches`; `key` is its day and its id.

    Raises Refused where it is no such key.
    """
    day, _sign, id = key.partition("~")
    try:
        due_on = dt.date.fromisoformat(day)
    except ValueError:
        raise _unknown() from None
    number = _id(id)
    return or_(
        Touchpoint.due_on > due_on,
        and_(Touchpoint.due_on == due_on, Touchpoint.id > number),
    )


class Load(NamedTuple):
    """What a colleague has on one day."""

    touches: int
    minutes: int


def by_day(
    session: Session, brand_id: int, members: Sequence[Any], first: dt.date, last: dt.date
) -> dict[tuple[int, dt.date], Load]:
    """How many touches and minutes each of these `colleagues` has on each day, by one statement.

    What says no minutes of its own has those of what is done.
    """
    own = choosing.own_minutes(members[0].planning) if members else {}
    kinds = (Touchpoint.tactic, Touchpoint.channel, Touchpoint.minutes)
    rows = session.execute(
        select(Touchpoint.owner_id, Touchpoint.due_on, *kinds, func.count().label("touches"))
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == brand_id,
            is_listed(),
            Touchpoint.state == State.OPEN,
            Touchpoint.owner_id.in_([one.id for one in members]),
            Touchpoint.due_on.between(first, last),
        )
        .group_by(Touchpoint.owner_id, Touchpoint.due_on, *kinds)
    )
    found: dict[tuple[int, dt.date], Load] = {}
    for row in rows:
        key = row.owner_id, row.due_on
        before = found.get(key, Load(0, 0))
        cost = choosing.cost(row, own)
        found[key] = Load(before.touches + row.touches, before.minutes + row.touches * cost)
    return found


def gaps(brand_id: int, owner_id: int | None = None, teams: Teams | None = None) -> Rows:
    """Select who does not fit into a brand's plan, a colleague's or a team's.

    The largest debt stands first.
    """
    found = (
        select(
            PlanGap.relationship_id,
            PlanGap.what,
            PlanGap.why,
            PlanGap.days,
            PlanGap.debt,
            Relationship.influencer_id,
            Relationship.stage,
            Influencer.name,
            User.name.label("owner"),
        )
        .join(Relationship, Relationship.id == PlanGap.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(User, User.id == PlanGap.owner_id, isouter=True)
        .where(PlanGap.brand_id == brand_id, is_listed())
        .order_by(PlanGap.debt.desc(), PlanGap.relationship_id, PlanGap.what)
    )
    if teams is not None:
        found = found.where(teams.hold(PlanGap.owner_id))
    return found if owner_id is None else found.where(PlanGap.owner_id == owner_id)


def is_less(key: str) -> ColumnElement[bool]:
    """Gaps that come after one in the order of `gaps`; `key` is its debt, its id and what.

    Raises Refused where it is no such key.
    """
    said, _sign, rest = key.partition("~")
    id, _sign, what = rest.partition("~")
    try:
        debt = float(said)
    except ValueError:
        raise _unknown() from None
    if not 0 <= debt < 1e12 or len(what) > 16:
        raise _unknown()
    number = _id(id)
    return or_(
        PlanGap.debt < debt,
        and_(PlanGap.debt == debt, PlanGap.relationship_id > number),
        and_(PlanGap.debt == debt, PlanGap.relationship_id == number, PlanGap.what > what),
    )


def gap_key(row: Any) -> str:
    """Where the gap of a row stands in the order of `gaps`."""
    return f"{row.debt!r}~{row.relationship_id}~{row.what}"


def touch_key(row: Any) -> str:
    """Where the touchpoint of a row stands in the order of `touches`."""
    return f"{row.due_on}~{row.id}"


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _unknown()
    return int(text)


def _unknown() -> Refused:
    return Refused(_l("This address names a filter that does not exist."))
