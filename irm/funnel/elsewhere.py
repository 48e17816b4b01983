"""Busy until: another brand is in touch with a person, or means to be; which one is not told.

Two brands of one house share a person without knowing of each other. That one of them wrote two
days ago is all the other needs to know, so that nobody hears from the house twice in a week.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from irm.i18n import _
from irm.models import Brand, Relationship, State, Touchpoint

#: From a contact by one brand to the next by another there are so many days.
APART = dt.timedelta(days=7)
#: Days after a contact on which the person is busy.
_BUSY = APART - dt.timedelta(days=1)

_other = aliased(Relationship, name="elsewhere")
#: Nobody in a demo is real.
_IS_REAL = _other.brand_id.not_in(select(Brand.id).where(Brand.is_demo))
_IS_OTHER = and_(_other.influencer_id == Relationship.influencer_id, _other.id != Relationship.id)


def columns(since: Any) -> tuple[Any, Any]:
    """What `until` reads, of each relationship of a statement: `busy_at` and `busy_on`.

    When another brand turned to them last, and for when the first of what it has open is planned
    from the day `since` on, which may be bound. Two scalars that look the person up by the index.
    """
    at = select(func.max(_other.last_outbound_at)).where(_IS_OTHER, _IS_REAL)
    on = (
        select(func.min(Touchpoint.due_on))
        .join(_other, _other.id == Touchpoint.relationship_id)
        .where(_IS_OTHER, _IS_REAL, _is_planned(_other), Touchpoint.due_on >= since)
    )
    return (
        at.correlate(Relationship).scalar_subquery().label("busy_at"),
        on.correlate(Relationship).scalar_subquery().label("busy_on"),
    )


def _is_planned(relationship: Any) -> ColumnElement[bool]:
    """The condition that a touchpoint is open and no pause holds on its day."""
    paused = relationship.paused_until
    return and_(Touchpoint.state == State.OPEN, or_(paused.is_(None), paused <= Touchpoint.due_on))


def until(row: Any, today: dt.date, zone: dt.tzinfo) -> dt.date | None:
    """The last day on which a person is busy with another brand; None where they are free.

    `row` has `columns`. Busy is who was turned to within a week, and whom another brand means to
    turn to within a week of `today`.
    """
    days = []
    if row.busy_at is not None:
        days.append(row.busy_at.astimezone(zone).date() + _BUSY)
    if row.busy_on is not None and row.busy_on <= today + _BUSY:
        days.append(row.busy_on + _BUSY)
    last = max(days, default=None)
    return last if last is not None and last >= today else None


def said(day: str) -> str:
    """That somebody is busy, in words; `day` is the last one, in words."""
    return _("Busy until %(day)s: another brand is in touch with them, or means to be", day=day)


def of(
    session: Session,
    relationship: Relationship,
    today: dt.date,
    zone: dt.tzinfo,
    day: dt.date | None = None,
) -> dt.date | None:
    """Until when the person of one relationship is busy with another brand; None: they are free.

    As of `today`, or of a `day` ahead on which a contact is thought of.
    """
    day = max(today, day or today)
    # What is overdue today may be any day; what lies a week before a day ahead is near it.
    since = max(today, day - _BUSY)
    row = session.execute(_OF_ONE, {"of_id": relationship.id, "since": since}).one()
    return until(row, day, zone)


_OF_ONE: Select[Any] = select(*columns(bindparam("since", type_=Date()))).where(
    Relationship.id == bindparam("of_id")
)


def days(
    session: Session, brand_id: int, first: dt.date, last: dt.date, zone: dt.tzinfo
) -> dict[int, list[dt.date]]:
    """When other brands turned to people of a brand, or mean to: by person, near these days."""
    mine = aliased(Relationship, name="mine")
    shared = (
        select(Relationship.influencer_id)
        .join(mine, mine.influencer_id == Relationship.influencer_id)
        .join(Brand, Brand.id == Relationship.brand_id)
        .where(mine.brand_id == brand_id, Relationship.brand_id != brand_id, ~Brand.is_demo)
    )
    found: dict[int, list[dt.date]] = defaultdict(list)
    since = dt.datetime.combine(first - _BUSY, dt.time(), zone)
    told = shared.add_columns(Relationship.last_outbound_at).where(
        Relationship.last_outbound_at >= since
    )
    for influencer_id, at in session.execute(told):
        found[influencer_id].append(at.astimezone(zone).date())
    planned = (
        shared.add_columns(Touchpoint.due_on)
        .join(Touchpoint, Touchpoint.relationship_id == Relationship.id)
        .where(
            _is_planned(Relationship),
            Touchpoint.due_on.between(first - _BUSY, last + _BUSY),
        )
    )
    for influencer_id, on in session.execute(planned):
        found[influencer_id].append(on)
    return found
