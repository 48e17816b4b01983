"""Which letters a colleague gets: stopping one, and having it again."""

import datetime as dt

from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.funnel import digest
from irm.models import Notice, User

#: When the digest comes again to somebody whose hour nobody knows any more.
USUAL_HOUR = 8


def is_wanted(user: User, notice: Notice | None) -> bool:
    """Whether she gets these letters; None is the digest."""
    return user.digest_hour is not None if notice is None else user.wants(notice)


def stop(session: Session, user: User, notice: Notice | None, at: dt.datetime) -> None:
    """Send her no more of these letters; where she gets none, nothing changes."""
    if not is_wanted(user, notice):
        return
    if notice is None:
        user.digest_hour_before = user.digest_hour
        digest.reschedule(user, None, user.zone, at)
    else:
        user.unwanted = [*user.unwanted, notice.value]
    record(session, user, Action.PROFILE_CHANGED, at, user_id=user.id)


def hour_of(user: User) -> int:
    """At what hour she has the digest, had it before she stopped it, or would have it."""
    for hour in (user.digest_hour, user.digest_hour_before):
        if hour is not None:
            return hour
    return USUAL_HOUR


def resume(session: Session, user: User, notice: Notice | None, at: dt.datetime) -> None:
    """Send her these letters again, the digest at her hour; where she gets them, as it was."""
    if is_wanted(user, notice):
        return
    if notice is None:
        digest.reschedule(user, hour_of(user), user.zone, at)
    else:
        user.unwanted = [one for one in user.unwanted if one != notice]
    record(session, user, Action.PROFILE_CHANGED, at, user_id=user.id)
