"""Writing the digests that are due: each once per colleague and local day."""

import datetime as dt
from collections import Counter
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from flask import current_app
from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.funnel import digest, timing
from irm.jobs import weeklies, zone_rules
from irm.mail import digests, outbox
from irm.mail.digests import Common
from irm.mail.letters import Letter
from irm.models import User

log = structlog.get_logger(__name__)


def remind(at: dt.datetime, *, is_dry: bool = False) -> Counter[str]:
    """Write every digest and every week in review due at a moment to the outbox; count them.

    Counted: `written`, `empty` (nothing to say, no mail), `quiet` (a day off: it waits for the
    next day), `failed`; and the weeks in review as `weekly`. After a stop of any length each
    colleague gets one digest, of her present day. A dry run only counts.
    """
    counts = Counter(written=0, empty=0, quiet=0, failed=0, weekly=0)
    now = min(at, clock.now())
    if not is_dry:
        zone_rules.mind(db.session, now)
    newcomers = _newcomers(db.session, now)
    if not is_dry:
        _schedule(db.session, newcomers)
    recipients = list(db.session.execute(digest.recipients_due(at)))
    if is_dry:
        recipients += [user for user, moment in newcomers if moment <= at]
    common = Common.read(db.session, at) if recipients else Common(at)
    for recipient in recipients:
        try:
            counts[_remind(db.session, recipient, common, is_dry=is_dry)] += 1
        except Exception:  # one digest that cannot be made must not stop the others
            db.session.rollback()
            log.exception("digest failed", user=recipient.id)
            counts["failed"] += 1
    if not is_dry:
        weeks = weeklies.write_due(db.session, at)
        counts["weekly"] = weeks["written"]
        counts["failed"] += weeks["failed"]
    return counts


def _newcomers(session: Session, now: dt.datetime) -> list[tuple[Any, dt.datetime]]:
    """Return those who have no moment for their next digest yet, with the moment they get."""
    found = []
    for user in session.execute(digest.recipients_unscheduled(now)).all():
        try:
            found.append((user, timing.next_at(user.digest_hour, ZoneInfo(user.timezone), now)))
        except (LookupError, ValueError, OSError):
            log.exception("no such time zone", user=user.id, timezone=user.timezone)
    return found


def _schedule(session: Session, newcomers: list[tuple[Any, dt.datetime]]) -> None:
    for user, moment in newcomers:
        _move(session, user, next_digest_at=moment)
        session.commit()


def _remind(session: Session, recipient: Any, common: Common, *, is_dry: bool) -> str:
    at, zone, hour = common.at, ZoneInfo(recipient.timezone), recipient.digest_hour
    day = timing.day_of(at, hour, zone)
    moment = timing.next_at(hour, zone, at)
    if digest.is_quiet(session, recipient, day):
        if not is_dry:
            _move(session, recipient, next_digest_at=moment)
            session.commit()
        return "quiet"
    # Rendered before the first write: nobody waits for a template.
    letter = digests.compose(session, recipient, day, common)
    outcome = "empty" if letter is None else "written"
    if is_dry:
        return outcome
    # Whoever moves the schedule has the right, and the duty, to write the mail: one transaction.
    told_on = max(day, recipient.digest_told_on or day)
    if not _move(session, recipient, next_digest_at=moment, digest_told_on=told_on):
        session.rollback()
        return "elsewhere"
    if letter is not None and not _put(session, recipient, day, at, letter):
        outcome = "repeated"
    session.commit()
    return outcome


def _put(session: Session, recipient: Any, day: dt.date, at: dt.datetime, letter: Letter) -> bool:
    now = clock.now()
    return outbox.put(
        session,
        digest.key_of(recipient.id, day),
        letter,
        to=recipient.email,
        sender=current_app.config["IRM"].mail_from,
        at=now,
        not_before=min(at, now),
        user_id=recipient.id,
    )


def _move(session: Session, recipient: Any, **values: Any) -> bool:
    """Set a colleague's next moment, if it still is what we read; return whether it was."""
    is_as_read = User.next_digest_at.is_not_distinct_from(recipient.next_digest_at)
    result = session.execute(
        update(User)
        .where(User.id == recipient.id, is_as_read)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", result).rowcount == 1
