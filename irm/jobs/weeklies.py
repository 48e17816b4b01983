"""Writing the week in review for each lead: once a week, on her first work day of it."""

import datetime as dt
from collections import Counter
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from flask import current_app
from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from irm import clock
from irm.funnel import digest, timing
from irm.mail import outbox, weekly
from irm.mail.digests import Common
from irm.models import Notice, User

log = structlog.get_logger(__name__)


def write_due(session: Session, at: dt.datetime) -> Counter[str]:
    """Write every week in review that is due at a moment; return how many of what.

    Counted: `written`, `empty`, `quiet` (a day off: tomorrow is asked again), `unwanted`, `failed`.
    After a stop of any length each lead gets one, of the present week.
    """
    counts = Counter(written=0, empty=0, quiet=0, unwanted=0, failed=0)
    _schedule(session, min(at, clock.now()))
    due = session.execute(digest.leads_due(at)).all()
    common = Common.read(session, at) if due else Common(at)
    for lead in due:
        try:
            counts[_write(session, lead, common)] += 1
        except Exception:  # one letter that cannot be made must not stop the others
            session.rollback()
            log.exception("week in review failed", user=lead.id)
            counts["failed"] += 1
    return counts


def _schedule(session: Session, now: dt.datetime) -> None:
    """Give each lead who has none a moment: the next Monday at her hour."""
    for lead in session.execute(digest.leads_unscheduled(now)).all():
        try:
            zone = ZoneInfo(lead.timezone)
        except (LookupError, ValueError, OSError):
            log.exception("no such time zone", user=lead.id, timezone=lead.timezone)
            continue
        _move(session, lead, timing.next_week_at(digest.hour_of(lead), zone, now))
        session.commit()


def _write(session: Session, lead: Any, common: Common) -> str:
    at, zone, hour = common.at, ZoneInfo(lead.timezone), digest.hour_of(lead)
    day = timing.day_of(at, hour, zone)
    is_unwanted = Notice.WEEKLY in lead.unwanted
    is_quiet = not is_unwanted and digest.is_off(session, lead, day)
    letter = None
    if not (is_unwanted or is_quiet):
        # Rendered before the first write: nobody waits for a template.
        letter = weekly.compose(session, lead, common)
    ahead = timing.next_at if is_quiet else timing.next_week_at
    # Whoever moves the schedule has the right, and the duty, to write the mail: one transaction.
    if not _move(session, lead, ahead(hour, zone, at)):
        session.rollback()
        return "elsewhere"
    outcome = "unwanted" if is_unwanted else "quiet" if is_quiet else "empty"
    if letter is not None:
        now = clock.now()
        is_new = outbox.put(
            session,
            weekly.key_of(lead.id, day),
            letter,
            to=lead.email,
            sender=current_app.config["IRM"].mail_from,
            at=now,
            not_before=min(at, now),
            user_id=lead.id,
        )
        outcome = "written" if is_new else "repeated"
    session.commit()
    return outcome


def _move(session: Session, lead: Any, moment: dt.datetime) -> bool:
    """Set a lead's next moment, if it still is what we read; return whether it was."""
    result = session.execute(
        update(User)
        .where(User.id == lead.id, User.next_weekly_at.is_not_distinct_from(lead.next_weekly_at))
        .values(next_weekly_at=moment)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", result).rowcount == 1
