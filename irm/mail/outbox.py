"""The outbox: a mail is a row, written in the transaction of what it tells of, and sent by a job.

The states, and who may leave them:

    pending → claimed → sending → sent
       ↑         |         |
       +---------+         +→ pending (the server said "later"), failed (it said "never"),
     lease ran out            or doubt, which irm/mail/doubt.py settles

Two things keep a mail from going out twice: the unique key of the row, and the token of the claim,
without which nothing can be written to it. Nothing here commits; the job does.
"""

import datetime as dt
import random
import secrets
import uuid
from collections.abc import Collection, Sequence
from email.utils import parseaddr
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.mail import policies
from irm.mail.letters import Letter
from irm.mail.smtp import Answer, Outcome
from irm.models import (
    Category,
    DoubtPolicy,
    Instance,
    MailState,
    Outbox,
    OutboxAttempt,
    Suppression,
)
from irm.models.base import UTCDateTime

#: How long a claim holds; a worker that is alive is done with its batch long before.
LEASE = dt.timedelta(seconds=120)

#: When to try again after a "later": each once, the last one until the deadline.
DELAYS = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))

#: After this, or at its deadline, a mail that could not be delivered has failed.
PATIENCE = dt.timedelta(hours=72)

PRIORITY = {
    Category.SECURITY: 0,
    Category.TEAM: 10,
    Category.EXTERNAL: 20,
    Category.CAMPAIGN: 30,
}

#: What the sender of a claimed mail must know of it.
CLAIMED = (
    Outbox.id,
    Outbox.to_address,
    Outbox.subject,
    Outbox.body_text,
    Outbox.body_html,
    Outbox.headers,
    Outbox.message_id,
    Outbox.created_at,
    Outbox.attempts,
    Outbox.deadline_at,
)

# What is executed for every single mail is made once: to make it costs more than to execute it.
_BOX = cast(Table, Outbox.__table__)
_OURS = and_(_BOX.c.id == bindparam("this"), _BOX.c.claim_token == bindparam("token"))
#: That mail goes out at all: a person, or a copied or restored database, may have paused it.
GOES_OUT = ~exists().where(Instance.sending == "paused")

_MARK = (
    update(_BOX)
    .where(_OURS, _BOX.c.state == MailState.CLAIMED, _BOX.c.lease_until > bindparam("now"))
    .where(GOES_OUT)
    .values(state=MailState.SENDING, marked_at=bindparam("now"), attempts=_BOX.c.attempts + 1)
)
_SETTLE = (
    update(_BOX)
    .where(_OURS, _BOX.c.state.in_((MailState.CLAIMED, MailState.SENDING)))
    .values(
        state=bindparam("now_state"),
        attempts=bindparam("n"),
        not_before=func.coalesce(bindparam("later", type_=UTCDateTime()), _BOX.c.not_before),
        sent_at=bindparam("sent"),
        relay_queue_id=bindparam("queue"),
        last_code=bindparam("code"),
        last_text=bindparam("said"),
        claim_token=None,
        lease_until=None,
    )
)
_ATTEMPT = insert(cast(Table, OutboxAttempt.__table__))


def put(
    session: Session,
    key: str,
    letter: Letter,
    *,
    to: str,
    sender: str,
    at: dt.datetime,
    user_id: int | None = None,
    category: Category = Category.TEAM,
    doubt_policy: DoubtPolicy | None = None,
    not_before: dt.datetime | None = None,
    deadline_at: dt.datetime | None = None,
) -> bool:
    """Write a mail to the outbox, unless one of this key is there; return whether it was new.

    What to do in doubt is chosen by its name and kind (irm/mail/policies.py) unless it is given.
    """
    dialect = session.get_bind().dialect.name
    insert_or_leave = postgresql.insert if dialect == "postgresql" else sqlite.insert
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    statement = insert_or_leave(Outbox).values(
        dedupe_key=key,
        message_id=f"<{uuid.uuid4()}@{domain}>",
        letter=letter.name,
        user_id=user_id,
        tells_of=list(letter.tells_of),
        to_address=to,
        subject=letter.subject[:300],
        body_text=letter.text,
        body_html=letter.html,
        headers={"From": sender, **letter.headers},
        category=category,
        doubt_policy=doubt_policy or policies.of(session, letter.name, category),
        state=MailState.PENDING,
        priority=PRIORITY[category],
        attempts=0,
        doubt=0,
        not_before=not_before or at,
        deadline_at=deadline_at or at + PATIENCE,
        created_at=at,
    )
    once = statement.on_conflict_do_nothing(index_elements=["dedupe_key"])
    return session.scalar(once.returning(Outbox.id)) is not None


def waiting(session: Session) -> int:
    """Return how many mails wait to be sent."""
    states = (MailState.PENDING, MailState.CLAIMED, MailState.SENDING)
    found = select(func.count()).select_from(Outbox).where(Outbox.state.in_(states))
    return session.scalar(found) or 0


def is_sending(session: Session) -> bool:
    """Whether mail goes out at all: a person, or a restored backup, may have paused it."""
    return session.scalar(select(Instance.sending).limit(1)) != "paused"


def claim(
    session: Session,
    worker: str,
    *,
    due: dt.datetime,
    now: dt.datetime,
    limit: int,
    but: Collection[int] = (),
    lease: dt.timedelta = LEASE,
) -> tuple[Sequence[Any], str]:
    """Make up to `limit` mails ours; return them, the most urgent first, and the token.

    `due` is the moment until which they count as due, `now` the real one by which claims run out,
    `but` are ids that had their turn in this round, `lease` is how long the claim holds.
    """
    token = f"{worker}:{secrets.token_hex(16)}"[-80:]
    # Two statements: PostgreSQL may exceed the limit of "UPDATE … WHERE id IN (SELECT … LIMIT)".
    free = _is_free(due, now)
    ids = session.scalars(
        select(Outbox.id)
        .where(free, Outbox.id.not_in(but))
        .order_by(Outbox.priority, Outbox.not_before, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return [], token
    session.execute(
        update(Outbox)
        .where(Outbox.id.in_(ids), free)
        .values(
            state=MailState.CLAIMED,
            claim_token=token,
            claimed_by=worker[:80],
            lease_until=now + lease,
        )
        .execution_options(synchronize_session=False)
    )
    mine = select(*CLAIMED).where(Outbox.claim_token == token)
    return session.execute(
        mine.order_by(Outbox.priority, Outbox.not_before, Outbox.id)
    ).all(), token


def _is_free(due: dt.datetime, now: dt.datetime) -> ColumnElement[bool]:
    waits = and_(Outbox.state == MailState.PENDING, Outbox.not_before <= due)
    left = and_(Outbox.state == MailState.CLAIMED, Outbox.lease_until < now)
    # What is past its deadline is not sent any more; the sweep says so.
    return and_(or_(waits, left), Outbox.deadline_at > now)


def mark(session: Session, id: int, token: str, now: dt.datetime) -> bool:
    """Write down that this mail may be on its way; return whether it is still ours to send.

    The point of no return: once this is committed, only the server's answer makes it certain.
    """
    return _count(session, _MARK, {"this": id, "token": token, "now": now}) == 1


def unclaim(session: Session, token: str) -> None:
    """Give back what was claimed under a token and not tried: it waits as before."""
    _change(
        session,
        and_(Outbox.claim_token == token, Outbox.state == MailState.CLAIMED),
        state=MailState.PENDING,
        claim_token=None,
        lease_until=None,
    )


def settle(
    session: Session,
    mail: Any,
    token: str,
    answer: Answer,
    *,
    started_at: dt.datetime,
    now: dt.datetime,
) -> MailState | None:
    """Write down what came of a try; return the state it led to, None where it stays in doubt."""
    n = mail.attempts + 1
    later = None
    if answer.outcome is Outcome.UNKNOWN:
        ours = and_(Outbox.id == mail.id, Outbox.claim_token == token)
        _change(session, ours, last_code=answer.code, last_text=answer.text[:500])
        return None
    if answer.outcome is Outcome.DEFERRED:
        later = now + delay(n)
        state = MailState.PENDING if later < mail.deadline_at else MailState.FAILED
    else:
        state = MailState.SENT if answer.outcome is Outcome.ACCEPTED else MailState.FAILED
    is_sent = state is MailState.SENT
    bound = {
        "this": mail.id,
        "token": token,
        "now_state": state,
        "n": n,
        "later": later,
        "sent": now if is_sent else None,
        "queue": answer.text[:200] if is_sent else None,
        "code": answer.code,
        "said": answer.text[:500],
    }
    if not _count(session, _SETTLE, bound):
        return None
    add_attempt(session, mail.id, n, token, answer, started_at=started_at, ended_at=now)
    return state


def delay(n: int) -> dt.timedelta:
    """Return how long to wait after the n-th "later", a fifth more or less so as not to crowd."""
    return DELAYS[min(n, len(DELAYS)) - 1] * random.uniform(0.8, 1.2)  # nosec B311  # spreads load, keeps no secret


def add_attempt(
    session: Session,
    outbox_id: int,
    n: int,
    token: str | None,
    answer: Answer,
    *,
    started_at: dt.datetime,
    ended_at: dt.datetime,
) -> None:
    """Add one line to the mail's history of tries."""
    bound = {
        "outbox_id": outbox_id,
        "n": n,
        "claim_token": token,
        "started_at": started_at,
        "ended_at": ended_at,
        "stage": answer.stage,
        "code": answer.code,
        "text": answer.text[:500],
        "outcome": answer.outcome.value,
    }
    session.execute(_ATTEMPT, bound)


def suppress_claimed(session: Session, id: int, token: str) -> bool:
    """End a claimed mail whose address must not be written to."""
    ours = and_(Outbox.id == id, Outbox.claim_token == token, Outbox.state == MailState.CLAIMED)
    return _change(session, ours, state=MailState.SUPPRESSED, claim_token=None, lease_until=None)


def suppressed(session: Session, hashes: Collection[str]) -> set[str]:
    """Return which of these hashed addresses must not be written to."""
    found = select(Suppression.address_hash).where(Suppression.address_hash.in_(hashes))
    return set(session.scalars(found))


def _change(session: Session, where: ColumnElement[bool], **values: Any) -> bool:
    statement = update(Outbox).where(where).values(**values)
    return _count(session, statement.execution_options(synchronize_session=False)) > 0


def _count(session: Session, statement: Any, bound: dict[str, Any] | None = None) -> int:
    return cast("CursorResult[Any]", session.execute(statement, bound)).rowcount
