"""A brand's week for its lead: what moved, who slips, what was promised and asked, what comes.

Nothing that is private is in it: it is mailed, and a mail lies about in places that know no rights.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from irm.directory import team
from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.funnel import asked, digest, moved
from irm.funnel.escalation import Told
from irm.funnel.moved import Moved, Way
from irm.funnel.planner import choosing
from irm.funnel.timing import DAY, utc_of, week_of
from irm.models import (
    Brand,
    Influencer,
    Promise,
    Promiser,
    PromiseState,
    Relationship,
    State,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.aside import aside
from irm.models.base import Rows

#: Lines of one part; a link leads to the rest.
LINES = 10

#: Counted exactly up to so many.
MOST = 999

_brand = aside(Relationship.brand_id.expression)
_of_promise = aside(Promise.relationship_id.expression)


@dataclass(frozen=True, slots=True)
class Load:
    """What waits for one colleague until Sunday, and the time she has for it."""

    name: str
    touches: int
    overdue: int
    minutes: int
    #: Of her hours a week those of the days that are left and on which she works.
    has_minutes: int


@dataclass(frozen=True, slots=True)
class Part:
    """The first rows of a part, and how many there are, up to MOST + 1."""

    rows: Sequence[Any] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """The week of one brand as its lead is told of it."""

    brand_id: int
    brand_name: str
    #: The Monday it begins with; it reaches to the present.
    since: dt.date
    #: The last day of the week that comes.
    until: dt.date
    today: dt.date
    zone: ZoneInfo
    counts: dict[Way, int]
    #: Those who went back stand first: of them somebody must speak.
    moved: Sequence[Moved]
    told: Told
    broken: Part
    due: Part
    overrides: Part
    breaches: Part
    loads: Sequence[Load]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say of it."""
        parts = (self.broken, self.due, self.overrides, self.breaches)
        went = any(self.counts[way] for way in (Way.UP, Way.BACK, Way.NEW))
        has_work = any(one.touches for one in self.loads)
        return not (went or self.told.people or any(one.total for one in parts) or has_work)


def read(session: Session, brand: Any, told: Told, *, user_id: int, at: dt.datetime) -> Week:
    """Read the week of a brand, a row of `escalation.leads`; `told` as irm/funnel/escalation.py.

    Everything is read along an index: nothing grows with the people of the brand.
    """
    zone = ZoneInfo(brand.timezone)
    today = at.astimezone(zone).date()
    since = week_of(today) - 7 * DAY
    until = week_of(today) + 6 * DAY
    start = utc_of(dt.datetime.combine(since, dt.time()), zone)
    reader = Reader(brand.id, user_id)
    return Week(
        brand_id=brand.id,
        brand_name=brand.name,
        since=since,
        until=until,
        today=today,
        zone=zone,
        counts=moved.counts(session, brand.id, start),
        moved=_moved(session, brand.id, start),
        told=told,
        broken=_part(
            session,
            _promises(brand.id, PromiseState.BROKEN)
            .where(Promise.closed_on >= since)
            .order_by(Promise.closed_on.desc(), Promise.id.desc()),
        ),
        due=_part(
            session,
            _promises(brand.id, PromiseState.OPEN)
            .where(Promise.due_on <= until)
            .order_by(Promise.due_on, Promise.id),
        ),
        overrides=_listed(asked.overrides(session, reader, start, None, MOST + 1)),
        breaches=_listed(asked.breaches(session, reader, start, None, MOST + 1)),
        loads=_loads(session, brand.id, today, until),
    )


def _moved(session: Session, brand_id: int, since: dt.datetime) -> list[Moved]:
    back = moved.people(session, brand_id, since, Way.BACK, limit=LINES)
    up = moved.people(session, brand_id, since, Way.UP, limit=LINES)
    half = LINES // 2
    kept = max(half, LINES - len(up))
    return back[:kept] + up[: LINES - len(back[:kept])]


def _listed(rows: Sequence[Any]) -> Part:
    return Part(rows[:LINES], len(rows))


def _part(session: Session, statement: Rows) -> Part:
    rows = session.execute(statement.limit(LINES)).all()
    if len(rows) < LINES:
        return Part(rows, len(rows))
    some = statement.order_by(None).limit(MOST + 1).subquery()
    return Part(rows, session.scalar(select(func.count()).select_from(some)) or 0)


def _promises(brand_id: int, state: PromiseState) -> Rows:
    """Select our promises of a brand that are in a state; those in private are left out."""
    return (
        select(
            Promise.id,
            Promise.what,
            Promise.due_on,
            Promise.closed_on,
            Relationship.influencer_id,
            Influencer.name,
            User.name.label("owner_name"),
        )
        .join(Relationship, Relationship.id == _of_promise)
        .join(Influencer, Influencer.id == aside(Relationship.influencer_id.expression))
        .join(User, User.id == Promise.owner_id, isouter=True)
        .where(
            _brand == brand_id,
            Promise.state == state,
            Promise.promiser == Promiser.US,
            Promise.visibility == Visibility.TEAM,
            is_listed(),
        )
    )


def _loads(session: Session, brand_id: int, today: dt.date, until: dt.date) -> list[Load]:
    """What waits for each colleague of a brand; who has neither work nor hours is left out."""
    members = session.execute(
        team.may_contact(brand_id).add_columns(User.weekly_hours, User.work_days, User.country)
    ).all()
    planning = session.scalar(select(Brand.planning).where(Brand.id == brand_id))
    own = choosing.own_minutes(planning)
    found: dict[int, list[Any]] = {}
    for row in session.execute(_waiting(brand_id, [one.id for one in members], today, until)):
        found.setdefault(row.owner_id, []).append(row)
    loads = []
    for one in members:
        rows = found.get(one.id, [])
        load = Load(
            name=one.name,
            touches=sum(row.number for row in rows),
            overdue=sum(row.number for row in rows if row.is_overdue),
            minutes=sum(row.number * choosing.cost(row, own) for row in rows),
            has_minutes=_minutes(session, one, today, until),
        )
        if load.touches or load.has_minutes:
            loads.append(load)
    return loads


def _waiting(brand_id: int, owner_ids: list[int], today: dt.date, until: dt.date) -> Rows:
    """Count open touchpoints by owner and by what they cost: an index leads to each owner's."""
    is_overdue: ColumnElement[bool] = Touchpoint.due_on < today
    kinds = Touchpoint.owner_id, Touchpoint.tactic, Touchpoint.channel, Touchpoint.minutes
    return (
        select(*kinds, is_overdue.label("is_overdue"), func.count().label("number"))
        .join(Relationship, Relationship.id == aside(Touchpoint.relationship_id.expression))
        .where(
            Touchpoint.owner_id.in_(owner_ids),
            Touchpoint.state == State.OPEN,
            Touchpoint.due_on <= until,
            _brand == brand_id,
        )
        .group_by(*kinds, is_overdue)
    )


def _minutes(session: Session, member: Any, first: dt.date, last: dt.date) -> int:
    """What a colleague has of her hours between two days."""
    worked = len(set(member.work_days) & set("1234567"))
    if not worked:
        return 0
    days = [first + shift * DAY for shift in range((last - first).days + 1)]
    at_work = sum(not digest.is_off(session, member, day) for day in days)
    return int(member.weekly_hours * 60 * at_work / worked)
