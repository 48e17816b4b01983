"""What a crash or a silent server leaves in doubt, and what people decide about a mail.

Nobody can know whether a mail arrived whose dot was sent and whose answer was never read. It is
never forgotten and never sent again by accident: by its policy it goes out once more under the
same Message-ID, or waits for a person.
"""

import datetime as dt
import uuid
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.mail.message import address_hash
from irm.mail.outbox import GOES_OUT, PATIENCE, add_attempt
from irm.mail.smtp import Answer, Outcome
from irm.models import DoubtPolicy, Instance, MailState, Outbox, Suppression, User
from irm.models.base import Rows

#: Longer than any server keeps a silent client: a sender that wakes after it finds a dead line.
GRACE = dt.timedelta(minutes=15)


def sweep(session: Session, now: dt.datetime, grace: dt.timedelta = GRACE) -> dict[str, int]:
    """Settle what has been in doubt for too long or is past its deadline; return how many.

    A mail of policy `resend` gets one second chance, any other doubt is for a person.
    """
    counts = {"resent": 0, "held": 0, "expired": 0}
    for mail in session.execute(_in_doubt(now - grace)).all():
        again = mail.doubt_policy is DoubtPolicy.RESEND and mail.doubt == 0
        same = and_(
            Outbox.id == mail.id,
            Outbox.state == MailState.SENDING,
            Outbox.marked_at == mail.marked_at,
        )
        state = MailState.PENDING if again else MailState.HELD
        if _change(session, same, state=state, doubt=Outbox.doubt + 1, claim_token=None):
            counts["resent" if again else "held"] += 1
            answer = Answer(Outcome.UNKNOWN, "dot", mail.last_code, mail.last_text or "")
            add_attempt(
                session,
                mail.id,
                mail.attempts,
                mail.claim_token,
                answer,
                started_at=mail.marked_at,
                ended_at=now,
            )
    for mail in session.execute(_expired(now)).all():
        same = and_(Outbox.id == mail.id, _is_too_late(now))
        if _change(session, same, state=MailState.FAILED, claim_token=None, lease_until=None):
            counts["expired"] += 1
            late = Answer(Outcome.EXPIRED, "deadline", mail.last_code, mail.last_text or "")
            add_attempt(session, mail.id, mail.attempts, None, late, started_at=now, ended_at=now)
    return counts


def _in_doubt(before: dt.datetime) -> Rows:
    return select(
        Outbox.id,
        Outbox.doubt,
        Outbox.doubt_policy,
        Outbox.marked_at,
        Outbox.attempts,
        Outbox.claim_token,
        Outbox.last_code,
        Outbox.last_text,
    ).where(Outbox.state == MailState.SENDING, Outbox.marked_at < before)


def _expired(now: dt.datetime) -> Rows:
    return select(Outbox.id, Outbox.attempts, Outbox.last_code, Outbox.last_text).where(
        _is_too_late(now),
        # While nothing goes out at all, nothing is too late: a person decides first.
        GOES_OUT,
    )


def _is_too_late(now: dt.datetime) -> ColumnElement[bool]:
    """Past its deadline, and nobody has it in hand: a claim that ran out has no owner."""
    left = and_(Outbox.state == MailState.CLAIMED, Outbox.lease_until < now)
    return and_(or_(Outbox.state == MailState.PENDING, left), Outbox.deadline_at < now)


def say_arrived(session: Session, id: int, user: User | None, at: dt.datetime) -> None:
    """A person says that a mail in doubt arrived: it counts as sent.

    Raises Stale where it is not waiting for that decision any more.
    """
    _decide(session, id, (MailState.HELD,), user, at, "arrived", state=MailState.SENT, sent_at=at)
    answer = Answer(Outcome.ACCEPTED, "person")
    add_attempt(session, id, 0, None, answer, started_at=at, ended_at=at)


def send_again(session: Session, id: int, user: User | None, at: dt.datetime) -> None:
    """A person has a held or failed mail go out (again); its address may be written to again.

    Raises Stale where it is not waiting for that decision any more, Refused where it held a secret
    and its text is gone.
    """
    if not session.scalar(select(Outbox.body_text != "").where(Outbox.id == id)):
        raise Refused(
            _l("This mail held a link whose time is over. A new one has to be asked for.")
        )
    _decide(
        session,
        id,
        (MailState.HELD, MailState.FAILED, MailState.SUPPRESSED),
        user,
        at,
        "send_again",
        state=MailState.PENDING,
        not_before=at,
        deadline_at=at + PATIENCE,
    )
    to = session.scalar(select(Outbox.to_address).where(Outbox.id == id)) or ""
    session.execute(delete(Suppression).where(Suppression.address_hash == address_hash(to)))


def hold(session: Session, id: int, user: User | None, at: dt.datetime) -> None:
    """Keep a waiting mail back until a person decides.

    Raises Stale where it is not waiting any more.
    """
    _decide(session, id, (MailState.PENDING,), user, at, "hold", state=MailState.HELD)


def cancel(session: Session, id: int, user: User | None, at: dt.datetime) -> None:
    """A person has a mail not go out at all; a worker that has claimed it cannot mark it any more.

    Raises Stale where it is too late: it was sent, or may be on its way.
    """
    _decide(
        session,
        id,
        (MailState.PENDING, MailState.CLAIMED, MailState.HELD),
        user,
        at,
        "cancel",
        state=MailState.CANCELLED,
        claim_token=None,
        lease_until=None,
    )


def _decide(
    session: Session,
    id: int,
    states: tuple[MailState, ...],
    user: User | None,
    at: dt.datetime,
    decision: str,
    **values: Any,
) -> None:
    where = and_(Outbox.id == id, Outbox.state.in_(states))
    by = user.id if user else None
    if not _change(session, where, resolved_by_id=by, resolved_note=decision, **values):
        if session.scalar(select(Outbox.state).where(Outbox.id == id)) is MailState.SENDING:
            raise Stale(_l("Too late: this mail may be on its way already."))
        raise Stale(_l("This mail is not waiting for that decision any more."))
    audit.record(session, user, Action.MAIL_DECIDED, at, outbox_id=id, decision=decision)


def pause(session: Session, reason: str) -> None:
    """Let no mail go out until `resume`; what is due is still written to the outbox."""
    row = _instance(session)
    row.sending = "paused"
    row.paused_reason = reason


def resume(session: Session) -> None:
    """Let mail go out again."""
    row = _instance(session)
    row.sending = "on"
    row.paused_reason = None


def _instance(session: Session) -> Instance:
    row = session.scalar(select(Instance).limit(1))
    if row is None:
        row = Instance(id=1, install_id=uuid.uuid4().hex)
        session.add(row)
    return row


def _change(session: Session, where: ColumnElement[bool], **values: Any) -> int:
    statement = update(Outbox).where(where).values(**values)
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
