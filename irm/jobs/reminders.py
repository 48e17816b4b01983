"""Writing the digests that are due: each once per colleague and local day."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from flask import current_app
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.funnel import digest, escalation, mailed, stage_names
from irm.funnel.escalation import Told
from irm.mail import letters, outbox
from irm.mail.digest_parts import Beyond, Owed, Section
from irm.mail.letters import Letter
from irm.models import User
from irm.models.base import Rows

log = structlog.get_logger(__name__)

#: So many lines a part of a digest has at most; a link leads to the rest.
LINES = 20


def remind(at: dt.datetime, *, is_dry: bool = False) -> Counter[str]:
    """Write every digest due at a moment to the outbox; return how many of what.

    Counted: `written`, `empty` (nothing to say, no mail), `failed`. After a stop of any length
    each colleague gets one digest, of her present day. A dry run only counts.
    """
    counts = Counter(written=0, empty=0, failed=0)
    newcomers = _newcomers(db.session, min(at, clock.now()))
    if not is_dry:
        _schedule(db.session, newcomers)
    recipients = list(db.session.execute(digest.recipients_due(at)))
    if is_dry:
        recipients += [user for user, moment in newcomers if moment <= at]
    common = _Common.read(db.session, at) if recipients else _Common(at)
    for recipient in recipients:
        try:
            counts[_remind(db.session, recipient, common, is_dry=is_dry)] += 1
        except Exception:  # one digest that cannot be made must not stop the others
            db.session.rollback()
            log.exception("digest failed", user=recipient.id)
            counts["failed"] += 1
    return counts


def _newcomers(session: Session, now: dt.datetime) -> list[tuple[Any, dt.datetime]]:
    """Return those who have no moment for their next digest yet, with the moment they get."""
    found = []
    for user in session.execute(digest.recipients_unscheduled()).all():
        try:
            found.append((user, digest.next_at(user.digest_hour, ZoneInfo(user.timezone), now)))
        except (LookupError, ValueError, OSError):
            log.exception("no such time zone", user=user.id, timezone=user.timezone)
    return found


def _schedule(session: Session, newcomers: list[tuple[Any, dt.datetime]]) -> None:
    for user, moment in newcomers:
        _move(session, user.id, None, moment)
        session.commit()


@dataclass(slots=True)
class _Common:
    """What the digests of one round have in common."""

    at: dt.datetime
    #: How each brand calls its stages.
    labels: dict[int, Any] = field(default_factory=dict)
    #: The brands that each user leads.
    led: dict[int, list[Any]] = field(default_factory=dict)
    #: Who was left alone too long, by brand; looked for when the first lead is written to.
    told: dict[int, Told] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, at: dt.datetime) -> "_Common":
        return cls(at, stage_names.by_brand(session), escalation.leads(session))


def _remind(session: Session, recipient: Any, common: _Common, *, is_dry: bool) -> str:
    at, zone = common.at, ZoneInfo(recipient.timezone)
    day = at.astimezone(zone).date()
    # Rendered before the first write: nobody waits for a template.
    letter = _letter(session, recipient, day, common)
    outcome = "empty" if letter is None else "written"
    if is_dry:
        return outcome
    # Whoever moves the schedule has the right, and the duty, to write the mail: one transaction.
    moment = digest.next_at(recipient.digest_hour, zone, at)
    if not _move(session, recipient.id, recipient.next_digest_at, moment):
        session.rollback()
        return "elsewhere"
    if letter is not None and not _put(session, recipient, day, at, letter):
        outcome = "repeated"
    session.commit()
    return outcome


def _letter(session: Session, recipient: Any, day: dt.date, common: _Common) -> Letter | None:
    statement = digest.due_between(recipient.is_admin)
    sections = {
        part: _section(
            session,
            statement,
            {"user_id": recipient.id, "since": since, "until": until, "today": day},
        )
        for part, (since, until) in digest.parts(day).items()
    }
    owed = _owed(session, recipient, day, common.at)
    has_own = bool(owed.total) or any(section.total for section in sections.values())
    beyond = _beyond(session, recipient, common, is_sent_anyway=has_own)
    return letters.digest(recipient, day, sections, common.labels, beyond, owed)


def _owed(session: Session, recipient: Any, day: dt.date, at: dt.datetime) -> Owed:
    """What the colleague promised, and who waits for her answer."""
    whose = {"user_id": recipient.id}
    due = mailed.promises_due(recipient.is_admin)
    waiting = mailed.questions_waiting(recipient.is_admin)
    return Owed(
        _section(session, due, {**whose, "until": mailed.until(day)}),
        _section(session, waiting, whose),
        at,
    )


def _section(session: Session, statement: Rows, bound: dict[str, Any]) -> Section:
    """The first rows of a statement, and how many there are."""
    rows = session.execute(statement.limit(LINES), bound).all()
    total = len(rows)
    if total == LINES:
        every = statement.order_by(None).subquery()
        total = session.scalar(select(func.count()).select_from(every), bound) or 0
    return Section(rows, total)


def _beyond(
    session: Session, recipient: Any, common: _Common, *, is_sent_anyway: bool
) -> list[Beyond]:
    """Whom a lead is told of, by brand: with what is sent anyway, else where somebody is new."""
    found, is_worth_it = [], is_sent_anyway
    # The digest before this one was due a day before it.
    before = (recipient.next_digest_at or common.at) - digest.DAY
    for brand in common.led.get(recipient.id, ()):
        rule = escalation.rule_of(brand.limits, brand.timezone, common.at)
        if brand.id not in common.told:
            common.told[brand.id] = escalation.told(session, brand.id, rule)
        told = common.told[brand.id]
        if not told.people:
            continue
        found.append(Beyond(brand.id, brand.name, told))
        since = before.astimezone(rule.zone).date()
        is_worth_it = is_worth_it or escalation.is_anybody_new(session, brand.id, rule, since)
    return found if is_worth_it else []


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


def _move(session: Session, user_id: int, old: dt.datetime | None, new: dt.datetime | None) -> bool:
    """Set a colleague's next moment, if it still is what we read; return whether it was."""
    result = session.execute(
        update(User)
        .where(User.id == user_id, User.next_digest_at.is_not_distinct_from(old))
        .values(next_digest_at=new)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", result).rowcount == 1
