"""Whether the clock can be believed: by one that is years off, nothing is sent and nothing removed.

A computer whose battery is empty wakes up in the past; one that was set by hand may be years ahead.
By such a clock claims would hold for years, mails would be past their deadline and sessions over.
"""

import datetime as dt

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.mail import doubt
from irm.models import Instance, Setting

log = structlog.get_logger(__name__)

#: This program was not there before.
RELEASED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

#: A worker that finds itself so far ahead of the last moment it saw asks a person.
FURTHEST = dt.timedelta(days=366)

#: The setting that holds the last moment that was believed.
NAME = "clock"

#: Why sending is paused, as `instance.paused_reason` says it.
REASON = "clock"

#: So far the moment that is written down may lie behind.
_NEWS = dt.timedelta(minutes=1)


def is_sound(session: Session, now: dt.datetime) -> bool:
    """Whether the clock shows a time that can be; where it does not, sending is paused.

    It goes on by itself once the clock is right. A person who lets it go on says that the clock is
    right, unless it shows a time before this program was made. Commits what it changes.
    """
    stored = session.scalar(select(Setting.value).where(Setting.name == NAME))
    known = stored if isinstance(stored, dict) else {}
    seen, is_refused = _moment(known.get("seen")), bool(known.get("is_refused"))
    is_too_early = now < RELEASED
    is_too_late = seen is not None and now > seen + FURTHEST
    is_paused = _is_paused(session)
    if is_too_late and is_refused and not is_paused:
        log.warning("the clock is believed, because sending was let go on", now=now.isoformat())
        is_too_late = False
    session.commit()  # what was read ends here: what is written begins anew
    if is_too_early or is_too_late:
        if not is_refused or not is_paused:
            _refuse(session, seen, now)
        return False
    if is_refused:
        _resume(session)
    if is_refused or seen is None or abs(now - seen) > _NEWS:
        _keep(session, {"seen": now.isoformat()})
        session.commit()
    return True


def _refuse(session: Session, seen: dt.datetime | None, now: dt.datetime) -> None:
    log.error(
        "the clock cannot be right: nothing is sent until it is set, or sending is let go on",
        now=now.isoformat(),
        seen=seen.isoformat() if seen else None,
    )
    if not _is_paused(session):
        doubt.pause(session, REASON)
    _keep(session, {"seen": seen.isoformat() if seen else None, "is_refused": True})
    session.commit()


def _resume(session: Session) -> None:
    """Take back our own pause; one that somebody else ordered stays."""
    log.warning("the clock is right again: mail goes out")
    session.execute(
        update(Instance)
        .where(Instance.sending == "paused", Instance.paused_reason == REASON)
        .values(sending="on", paused_reason=None)
        .execution_options(synchronize_session=False)
    )


def _is_paused(session: Session) -> bool:
    return session.scalar(select(Instance.sending).limit(1)) == "paused"


def _keep(session: Session, value: dict[str, object]) -> None:
    is_postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    new = insert(Setting).values(name=NAME, value=value)
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def _moment(text: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
