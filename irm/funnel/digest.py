"""The morning digest: when it is due by a colleague's clock, and what is in it."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, bindparam, select

from irm.funnel import today
from irm.models import BrandMember, Relationship, Touchpoint, User
from irm.models.base import Rows

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


def utc_of(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the moment at which the clocks of a zone show this, as UTC.

    Where they show it twice (autumn), the first time; where they never do (spring), the first
    moment after the hour that is left out. `local` carries no zone.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    # In a gap the rules of before and after give two moments on either side of the jump.
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC), first
    offset = after.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def next_at(hour: int, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """Return the first moment after another at which it is this hour in the zone, as UTC.

    Each local day has one, also where clocks are put forward or back; a day that a zone leaves
    out has none. The moment itself does not count.
    """
    day = after.astimezone(zone).date()
    while True:
        local = dt.datetime.combine(day, dt.time(hour))  # a wall clock, no zone
        moment = utc_of(local, zone)
        if moment > after and moment.astimezone(zone).date() == day:
            return moment
        day += DAY


def reschedule(user: User, hour: int | None, zone: ZoneInfo, at: dt.datetime) -> None:
    """Give a colleague another hour or zone; her next digest follows.

    One that is due already still goes out: a change of settings loses no mail.
    """
    is_changed = (hour, zone.key) != (user.digest_hour, user.timezone)
    is_due = user.next_digest_at is not None and user.next_digest_at <= at
    user.digest_hour, user.timezone = hour, zone.key
    if hour is None:
        user.next_digest_at = None
    elif is_changed and not is_due:
        user.next_digest_at = next_at(hour, zone, at)


def key_of(user_id: int, day: dt.date) -> str:
    """Return the key under which the outbox takes this digest once and never again."""
    return f"digest:{user_id}:{day.isoformat()}"


def recipients_due(at: dt.datetime) -> Rows:
    """Select the colleagues whose digest is due, longest first, as plain rows."""
    return _recipients().where(User.next_digest_at <= at).order_by(User.next_digest_at, User.id)


def recipients_unscheduled() -> Rows:
    """Select the colleagues who want a digest and have no moment for it yet, as plain rows."""
    return _recipients().where(User.next_digest_at.is_(None)).order_by(User.id)


def _recipients() -> Rows:
    return select(
        User.id,
        User.name,
        User.email,
        User.locale,
        User.timezone,
        User.digest_hour,
        User.is_admin,
        User.next_digest_at,
    ).where(User.is_active, User.digest_hour.is_not(None))


def parts(day: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """Return the parts of a digest for a day, each with its first and its last day."""
    return {
        "overdue": (dt.date.min, day - DAY),
        "today": (day, day),
        "soon": (day + DAY, day + today.DAYS_AHEAD * DAY),
    }


@cache
def due_between(is_admin: bool) -> Rows:
    """Select what is due to `user_id` from the day `since` to `until`, oldest first.

    What is paused on the day `today` waits. The four are bound when it is executed: one statement
    for all colleagues, made once. Rows as irm/funnel/today.py, at brands the colleague still works
    for. Private notes are left out, her own too: a mail lies about in places that know no rights.
    """
    user_id: BindParameter[int] = bindparam("user_id", type_=Integer())
    since: BindParameter[dt.date] = bindparam("since", type_=Date())
    until: BindParameter[dt.date] = bindparam("until", type_=Date())
    day: BindParameter[dt.date] = bindparam("today", type_=Date())
    statement = today.due(user_id, until, today=day, with_private=False).where(
        Touchpoint.due_on >= since
    )
    return statement if is_admin else statement.where(is_member(user_id))


def is_member(user_id: BindParameter[int]) -> ColumnElement[bool]:
    """The condition that a colleague works for the brand of a relationship."""
    return (
        select(BrandMember.id)
        .where(BrandMember.brand_id == Relationship.brand_id, BrandMember.user_id == user_id)
        .correlate(Relationship)
        .exists()
    )
