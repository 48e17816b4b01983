"""Clear strangers whom nothing names any more, some at a time, before networks are measured."""

import time

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from irm.directory import untied
from irm.jobs.importing.states import NAP, TRIES

log = structlog.get_logger(__name__)


def clear(session: Session) -> int:
    """Clear all of them; returns how many. Commits as it goes.

    Whom an import made or changed that can still be undone waits until it cannot.
    """
    after, loose = 0, set[int]()
    while page := session.scalars(untied.strangers(after)).all():
        loose |= untied.among(session, page)
        after = page[-1]
        # A read that goes on and on would keep SQLite's writers waiting.
        session.rollback()
    wanted = sorted(loose - untied.held(session, loose))
    session.rollback()
    cleared = 0
    for start in range(0, len(wanted), untied.CLEARED):
        cleared += _clear_some(session, wanted[start : start + untied.CLEARED])
        time.sleep(NAP)
    return cleared


def _clear_some(session: Session, ids: list[int]) -> int:
    """Clear some; again where somebody else writes the same people meanwhile.

    Whom somebody holds for longer is left for another night: networks are to be measured all the
    same.
    """
    for attempt in range(1, TRIES + 1):
        try:
            cleared = untied.clear(session, ids)
            session.commit()
            return cleared
        except (IntegrityError, OperationalError):
            session.rollback()
            time.sleep(attempt * NAP)
    log.warning("strangers left for another night", people=len(ids))
    return 0
