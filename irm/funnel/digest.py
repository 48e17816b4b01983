"""The morning digest: when it is due by a colleague's clock, and what is in it.

Her hour comes on every day; whether that day is a quiet one is asked when it has come, so that
nobody has to plan anew when an absence is noted or ended.
"""

import datetime as dt
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, bindparam, or_, select
from sqlalchemy.orm import Session

from irm.directory import team
from irm.funnel import absences, today
from irm.funnel.timing import DAY, FURTHEST, next_at, occurrence
from irm.models import Absence, BrandMember, Relationship, Role, Touchpoint, User
from irm.models.base import Rows

#: The hour at which a lead's week comes where she wants no digest.
USUAL_HOUR = 8


def reschedule(user: User, hour: int | None, zone: ZoneInfo, at: dt.datetime) -> None:
    """Give a colleague another hour or zone; her next digest and her next week follow.

    One that is due already still goes out: a change of settings loses no mail.
    """
    is_changed = (hour, zone.key) != (user.digest_hour, user.timezone)
    is_due = user.next_digest_at is not None and user.next_digest_at <= at
    week = user.next_weekly_at
    if is_changed and week is not None and week > at:
        day = week.astimezone(user.zone).date()
        own = USUAL_HOUR if hour is None else hour
        user.next_weekly_at = occurrence(day, own, zone) or next_at(own, zone, week)
    user.digest_hour, user.timezone = hour, zone.key
    if hour is None:
        user.next_digest_at = None
    elif is_changed and not is_due:
        user.next_digest_at = next_at(hour, zone, at)


def hour_of(who: Any) -> int:
    """The local hour at which a colleague is written to: that of her digest, or the usual one."""
    return USUAL_HOUR if who.digest_hour is None else int(who.digest_hour)


def is_quiet(session: Session, who: Any, day: dt.date) -> bool:
    """Whether a colleague wants no digest on a day: it is none of her work days.

    Public holidays of her country and her own absences are none either. Who has no work day at
    all has no quiet day. `who` is a user, or a row of one with `id work_days country
    digest_on_days_off`.
    """
    return not who.digest_on_days_off and is_off(session, who, day)


def is_off(session: Session, who: Any, day: dt.date) -> bool:
    """Whether a colleague does not work on a day; `who` as above."""
    if who.work_days and str(day.isoweekday()) not in who.work_days:
        return True
    if absences.days_off(who.country, day, day):
        return True
    away = select(Absence.id).where(
        Absence.user_id == who.id, Absence.first_on <= day, Absence.last_on >= day
    )
    return session.scalar(away.limit(1)) is not None


def key_of(user_id: int, day: dt.date) -> str:
    """Return the key under which the outbox takes this digest once and never again."""
    return f"digest:{user_id}:{day.isoformat()}"


def recipients_due(at: dt.datetime) -> Rows:
    """Select the colleagues whose digest is due, longest first, as plain rows."""
    return _wanting().where(User.next_digest_at <= at).order_by(User.next_digest_at, User.id)


def recipients_unscheduled(at: dt.datetime) -> Rows:
    """Select the colleagues who want a digest and have no sound moment for it, as plain rows.

    A moment further ahead than any digest can be was planned by a clock that went wrong.
    """
    is_unsound = or_(User.next_digest_at.is_(None), User.next_digest_at > at + FURTHEST)
    return _wanting().where(is_unsound).order_by(User.id)


def recipients_ahead(at: dt.datetime) -> Rows:
    """Select the colleagues whose next digest or week lies ahead, as plain rows."""
    return recipients().where(or_(User.next_digest_at > at, User.next_weekly_at > at))


def leads_due(at: dt.datetime) -> Rows:
    """Select the leads whose week in review is due, longest first, as plain rows."""
    return _leading().where(User.next_weekly_at <= at).order_by(User.next_weekly_at, User.id)


def leads_unscheduled(at: dt.datetime) -> Rows:
    """Select the leads who have no sound moment for their week in review, as plain rows."""
    furthest = at + 7 * DAY + FURTHEST
    is_unsound = or_(User.next_weekly_at.is_(None), User.next_weekly_at > furthest)
    return _leading().where(is_unsound).order_by(User.id)


def recipients() -> Rows:
    """Select the active colleagues with all that writing to them takes, as plain rows."""
    return select(
        User.id,
        User.name,
        User.email,
        User.locale,
        User.timezone,
        User.digest_hour,
        User.is_admin,
        User.next_digest_at,
        User.next_weekly_at,
        User.digest_told_on,
        User.digest_on_days_off,
        User.work_days,
        User.country,
        User.unwanted,
    ).where(User.is_active)


def _wanting() -> Rows:
    return recipients().where(User.digest_hour.is_not(None))


def _leading() -> Rows:
    led = select(BrandMember.id).where(
        BrandMember.user_id == User.id, BrandMember.role == Role.LEAD
    )
    return recipients().where(led.exists())


def parts(day: dt.date, told_on: dt.date | None) -> dict[str, tuple[dt.date, dt.date]]:
    """Return the parts of a digest for a day, each with its first and its last day.

    What fell due since the day that the last digest told of, on quiet days or while nothing ran,
    is a part of its own; the day after a digest there is none.
    """
    since = min(told_on or day - DAY, day - DAY)
    return {
        "overdue": (dt.date.min, since),
        "meanwhile": (since + DAY, day - DAY),
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
    """The condition that a colleague may see a relationship, by her place at its brand."""
    return team.is_within_reach(user_id, Relationship.brand_id, Relationship.owner_id)
