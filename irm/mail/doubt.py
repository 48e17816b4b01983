"""What a crash or a silent server leaves in doubt, and what people decide about a mail.

Nobody can know whether a mail arrived whose dot was sent and whose answer was never read. It is
never forgotten and never sent again by accident: by its policy it goes out once more under the
same Message-ID, or waits for a person.
"""

import datetime as dt
import uuid
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, select, update
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.errors import Stale
from irm.i18n import _l
from irm.mail.message import address_hash
from irm.mail.outbox import PATIENCE, add_attempt
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
    if session.scalar(select(Outbox.id).where(_is_too_late(now)).limit(1)) is not None:
        counts["expired"] = _change(session, _is_too_late(now), state=MailState.FAILED)
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


def _is_too_late(now: dt.datetime) -> ColumnElement[bool]:
    return and_(Outbox.state == MailState.PENDING, Outbox.deadline_at < now)


def say_arrived(session: Session, id: int, user: User | None, at: dt.datetime) -> None:
    """A person says that a mail in doubt arrived: it counts as sent.

    Raises Stale where it is not waiting for that decision any more.
    """
    _decide(session, id, (MailState.HELD,), user, at, "arrived", state=MailState.SENT, sent_at=at)
    answer = Answer(Outcome.ACCEPTED, "person")
    add_attempt(session, id, 0, None, answer, started_at=at, ended_at=at)


def send_again(session: Session, id: int, user: User | None, at: dt.datetime) -> None:
    """A person has a held or failed mail go out (again); its address may be written to again.

    Raises Stale where it is not waiting for that decision any more.
    """
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
