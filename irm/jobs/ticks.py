"""What a job leaves behind when it ran, and whose turn it is."""

import datetime as dt
from typing import Any, cast

from sqlalchemy import CursorResult, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.models import Lease, Tick

#: A turn ends by itself after this: its owner died, or is slow, and another may go on.
TURN = dt.timedelta(seconds=60)


def may_run(session: Session, name: str, owner: str, now: dt.datetime) -> bool:
    """Take the turn of a job, or renew it; False while another process has it.

    It saves work and keeps no order: a job must stand being run twice at once.
    """
    taken = update(Lease).where(
        Lease.name == name, or_(Lease.expires_at < now, Lease.owner == owner)
    )
    values = {"owner": owner, "token": Lease.token + 1, "expires_at": now + TURN}
    if not _count(session, taken.values(**values)):
        new = _insert(session)(Lease).values(name=name, owner=owner, token=1, expires_at=now + TURN)
        new = new.on_conflict_do_nothing(index_elements=["name"]).returning(Lease.name)
        if session.scalar(new) is None:
            session.rollback()
            return False
    session.commit()
    return True


def leave(
    session: Session,
    name: str,
    worker: str,
    started_at: dt.datetime,
    finished_at: dt.datetime,
    error: str = "",
) -> None:
    """Write down that a job ran and how it went."""
    values: dict[str, Any] = {
        "last_started": started_at,
        "last_finished": finished_at,
        "last_error": error[:500] or None,
        "worker": worker,
    }
    if not error:
        values["last_ok"] = finished_at
    new = _insert(session)(Tick).values(name=name, **values)
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_=values))
    session.commit()


def _insert(session: Session) -> Any:
    dialect = session.get_bind().dialect.name
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def _count(session: Session, statement: Any) -> int:
    options = {"synchronize_session": False}
    result = session.execute(statement.execution_options(**options))
    return cast("CursorResult[Any]", result).rowcount
