"""A colleague's digest, put together from what is stored: for the job that writes it and the page
that shows it beforehand alike."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.funnel import digest, escalation, mailed, stage_names
from irm.funnel.escalation import Told
from irm.funnel.timing import DAY
from irm.mail import letters
from irm.mail.digest_parts import Beyond, Owed, Section
from irm.mail.letters import Letter
from irm.models.base import Rows

#: So many lines a part of a digest has at most; a link leads to the rest.
LINES = 20


@dataclass(slots=True)
class Common:
    """What the letters of one round have in common."""

    at: dt.datetime
    #: How each brand calls its stages.
    labels: dict[int, Any] = field(default_factory=dict)
    #: The brands that each user leads.
    led: dict[int, list[Any]] = field(default_factory=dict)
    #: Who was left alone too long, by brand; looked for when the first lead is written to.
    told: dict[int, Told] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, at: dt.datetime) -> "Common":
        """Read it for a round at a moment."""
        return cls(at, stage_names.by_brand(session), escalation.leads(session))

    def told_of(self, session: Session, brand: Any) -> Told:
        """Who was left alone too long at a brand, a row of `escalation.leads`."""
        if brand.id not in self.told:
            rule = escalation.rule_of(brand.limits, brand.timezone, self.at)
            self.told[brand.id] = escalation.told(session, brand.id, rule)
        return self.told[brand.id]


def compose(session: Session, recipient: Any, day: dt.date, common: Common) -> Letter | None:
    """Render the digest of one of her days; None where there is nothing to say.

    `recipient` is a row of `digest.recipients_due`.
    """
    statement = digest.due_between(recipient.is_admin)
    sections = {
        part: _section(
            session,
            statement,
            {"user_id": recipient.id, "since": since, "until": until, "today": day},
        )
        for part, (since, until) in digest.parts(day, recipient.digest_told_on).items()
        if since <= until
    }
    owed = _owed(session, recipient, day, common.at)
    has_own = bool(owed.total) or any(section.total for section in sections.values())
    beyond = _beyond(session, recipient, common, is_sent_anyway=has_own)
    told_on = recipient.digest_told_on
    return letters.digest(recipient, day, sections, common.labels, beyond, owed, told_on)


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
    session: Session, recipient: Any, common: Common, *, is_sent_anyway: bool
) -> list[Beyond]:
    """Whom a lead is told of, by brand: with what is sent anyway, else where somebody is new."""
    found, is_worth_it = [], is_sent_anyway
    for brand in common.led.get(recipient.id, ()):
        told = common.told_of(session, brand)
        if not told.people:
            continue
        found.append(Beyond(brand.id, brand.name, told))
        rule = escalation.rule_of(brand.limits, brand.timezone, common.at)
        since = _last_told(recipient, common.at, rule.zone)
        is_worth_it = is_worth_it or escalation.is_anybody_new(session, brand.id, rule, since)
    return found if is_worth_it else []


def _last_told(recipient: Any, at: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """The day of the digest before this one; a day before this one was due where none was yet."""
    day: dt.date | None = recipient.digest_told_on
    before = (recipient.next_digest_at or at) - DAY
    planned = before.astimezone(zone).date()
    return planned if day is None else min(day, planned)
