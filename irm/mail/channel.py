"""The way to the mail server: a breaker, so that a dead one is not hammered."""

import datetime as dt

from sqlalchemy.orm import Session

from irm.models import ChannelHealth

CHANNEL = "smtp"

#: After so many failures in a row we wait before the next try.
FAILURES = 5

#: The waits, each longer than the one before.
WAITS = tuple(dt.timedelta(minutes=m) for m in (1, 2, 4, 8, 15))


def allowance(session: Session, now: dt.datetime, batch: int) -> int:
    """Return how many mails may be tried now: none while we wait, one to see, else a batch."""
    health = session.get(ChannelHealth, CHANNEL)
    if health is None or health.state == "closed":
        return batch
    return 0 if health.until is not None and health.until > now else 1


def failed(session: Session, error: str, now: dt.datetime, *, at_once: bool = False) -> None:
    """Take note that the server could not be reached; `at_once` where trying again does harm."""
    health = session.get(ChannelHealth, CHANNEL, with_for_update=True)
    if health is None:
        health = ChannelHealth(channel=CHANNEL, state="closed", consecutive_failures=0)
        session.add(health)
    health.consecutive_failures += 1
    health.since = health.since or now
    health.last_error = error[:500]
    beyond = health.consecutive_failures - FAILURES
    if at_once:
        beyond = len(WAITS) - 1
    if beyond >= 0:
        health.state = "open"
        health.until = now + WAITS[min(beyond, len(WAITS) - 1)]


def worked(session: Session) -> None:
    """Take note that the server answers; writes only where that is news."""
    health = session.get(ChannelHealth, CHANNEL)
    if health is not None and (health.consecutive_failures or health.state != "closed"):
        health.state = "closed"
        health.until = health.since = None
        health.consecutive_failures = 0
