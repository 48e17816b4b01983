"""The proof that nothing was lost or doubled: questions whose answer must be "none"."""

import datetime as dt

from sqlalchemy import CompoundSelect, and_, func, select
from sqlalchemy.orm import Session

from irm.mail.doubt import GRACE
from irm.mail.outbox import GOES_OUT
from irm.models import MailState, Outbox, OutboxAttempt, User
from irm.models.base import Rows

#: How long the worker may be late before something is amiss.
LATE = dt.timedelta(minutes=5)
LEFT = dt.timedelta(minutes=10)


def questions(now: dt.datetime) -> dict[str, Rows | CompoundSelect[int]]:
    """Select, under a name each, the ids that break a promise; all must come back empty."""
    # As sets: asked of each mail one by one, PostgreSQL took over five minutes for 100,000 mails
    # when its statistics were of a moment before most were sent.
    accepted = select(OutboxAttempt.outbox_id).where(OutboxAttempt.outcome == "accepted")
    sent = select(Outbox.id).where(Outbox.state == MailState.SENT)
    not_sent = select(Outbox.id).where(Outbox.state != MailState.SENT)
    return {
        "digest_not_written": select(User.id).where(
            User.is_active, User.digest_hour.is_not(None), User.next_digest_at < now - LATE
        ),
        "claim_left": select(Outbox.id).where(
            Outbox.state == MailState.CLAIMED, Outbox.lease_until < now - LEFT
        ),
        "doubt_left": select(Outbox.id).where(
            Outbox.state == MailState.SENDING, Outbox.marked_at < now - GRACE - LEFT
        ),
        "sent_without_acceptance": sent.except_(accepted),
        "accepted_but_not_sent": not_sent.intersect(accepted),
        "sent_twice": select(func.min(Outbox.id))
        .where(Outbox.state == MailState.SENT)
        .group_by(Outbox.dedupe_key)
        .having(func.count() > 1),
        "past_deadline": select(Outbox.id).where(
            and_(Outbox.state == MailState.PENDING, Outbox.deadline_at < now - LEFT), GOES_OUT
        ),
    }


def violations(session: Session, now: dt.datetime) -> dict[str, list[int]]:
    """Ask every question; return the ids by the name of the promise they break."""
    found = {
        name: list(session.scalars(question.limit(100)))
        for name, question in questions(now).items()
    }
    return {name: ids for name, ids in found.items() if ids}
