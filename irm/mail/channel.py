"""The way to the mail server: a breaker, so that a dead one is not hammered, and its pace.

The breaker is `closed` while all is well. After failures in a row it is `open` for a while; then
it is `half_open`: one mail of one worker goes to see, and what comes of it closes or opens it. The
pace is what the server itself taught us by sending us away for sending too much. Nothing here
commits; the job does, together with its claim.
"""

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.models import ChannelHealth

CHANNEL = "smtp"

#: After so many failures in a row we wait before the next try.
FAILURES = 5

#: The waits, each longer than the one before.
WAITS = tuple(dt.timedelta(minutes=m) for m in (1, 2, 4, 8, 15))

#: Who went to see and was not heard of for so long has died: another may go.
PROBE = dt.timedelta(minutes=2)

MINUTE = dt.timedelta(minutes=1)

#: Of the pace that was too fast we keep four fifths; each hour without a complaint adds a quarter
#: to it, and after a day it is forgotten: quotas change, and are often those of another hour.
CAUTION = 0.8
TRUST = 1.25
MEMORY = dt.timedelta(days=1)


def allowance(session: Session, now: dt.datetime, batch: int) -> int:
    """Return how many mails may be tried now: none while we wait, one to see, else a batch.

    A look without a lock; what it allows must still be entered.
    """
    health = session.scalar(_ours().execution_options(populate_existing=True))
    if health is None:
        return batch
    if health.state != "closed":
        return 0 if _is_waiting(health, now) else 1
    pace = per_minute(health, now)
    return batch if pace is None else max(0, min(batch, pace - _used(health, now)))


def enter(session: Session, now: dt.datetime, mails: int) -> bool:
    """Take the way with so many mails; False where others were faster and it is closed or full.

    Exact where several workers ask at once: it locks the channel's row until the caller commits.
    """
    health = _locked(session)
    if health.state != "closed":
        if _is_waiting(health, now) or mails > 1:
            return False
        health.state, health.until = "half_open", now + PROBE
    used, pace = _used(health, now), per_minute(health, now)
    if pace is not None and used + mails > pace:
        return False
    if not used:
        health.window_at = now
    health.window_sent = used + mails
    return True


def per_minute(health: ChannelHealth, now: dt.datetime) -> int | None:
    """Return how many mails a minute the server takes as far as we know; None: as many as come."""
    if health.per_minute is None or health.limited_at is None:
        return None
    quiet = max(now - health.limited_at, dt.timedelta(0))
    if quiet >= MEMORY:
        return None
    return int(health.per_minute * TRUST ** (quiet // dt.timedelta(hours=1)))


def failed(
    session: Session,
    error: str,
    now: dt.datetime,
    *,
    at_once: bool = False,
    is_limit: bool = False,
) -> None:
    """Take note that the server could not be reached.

    `at_once` where trying again does harm, `is_limit` where it has only had enough for now.
    """
    health = _locked(session)
    health.consecutive_failures += 1
    health.since = health.since or now
    health.last_error = error[:500]
    beyond = health.consecutive_failures - FAILURES
    if at_once:
        beyond = len(WAITS) - 1
    if beyond >= 0 or is_limit or health.state != "closed":
        _open(health, now, beyond)


def limited(session: Session, error: str, now: dt.datetime, *, untried: int) -> None:
    """Take note that the server had enough of us: wait, and be slower from then on.

    `untried` of the mails that were let on their way did not get there. A server that sends us
    away before it took anything taught us nothing of its pace; it is simply away.
    """
    health = _locked(session)
    taken, known = _used(health, now) - untried, per_minute(health, now)
    if taken > 0:
        pace = taken if known is None else min(taken, known)
        health.per_minute, health.limited_at = max(1, int(pace * CAUTION)), now
    failed(session, error, now, is_limit=taken > 0)


def worked(session: Session) -> None:
    """Take note that the server answers; writes only where that is news."""
    health = session.scalar(_ours().execution_options(populate_existing=True))
    if health is not None and (health.consecutive_failures or health.state != "closed"):
        health.state = "closed"
        health.until = health.since = None
        health.consecutive_failures = 0


def _open(health: ChannelHealth, now: dt.datetime, step: int) -> None:
    health.state = "open"
    health.until = now + WAITS[max(0, min(step, len(WAITS) - 1))]


def _is_waiting(health: ChannelHealth, now: dt.datetime) -> bool:
    return health.until is not None and health.until > now


def _used(health: ChannelHealth, now: dt.datetime) -> int:
    """How many mails were taken on their way within this minute."""
    if health.window_at is None or not dt.timedelta(0) <= now - health.window_at < MINUTE:
        return 0
    return health.window_sent


def _ours() -> Select[ChannelHealth]:
    return select(ChannelHealth).where(ChannelHealth.channel == CHANNEL)


def _locked(session: Session) -> ChannelHealth:
    """The channel's row as it is now, ours until the commit; made where there is none."""
    statement = _ours().with_for_update().execution_options(populate_existing=True)
    health = session.scalar(statement)
    if health is None:
        dialect = session.get_bind().dialect.name
        insert_or_leave = postgresql.insert if dialect == "postgresql" else sqlite.insert
        new = insert_or_leave(ChannelHealth).values(
            channel=CHANNEL, state="closed", consecutive_failures=0, window_sent=0
        )
        session.execute(new.on_conflict_do_nothing(index_elements=["channel"]))
        health = session.scalars(statement).one()
    return health
