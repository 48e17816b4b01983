"""New time zone rules: what was planned by the old ones is planned anew."""

import datetime as dt
import threading
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.funnel import digest, timing
from irm.models import Setting, User

log = structlog.get_logger(__name__)

#: The setting that says by which rules the moments ahead were planned.
NAME = "zone_rules"

_lock = threading.Lock()
_read_by_us: list[str] = []


def mind(session: Session, now: dt.datetime) -> int:
    """Plan all moments ahead anew where the rules are others than before; return how many moved.

    What is due already stays due. Commits where the rules are new.
    """
    version = timing.rules_version()
    _reread(version)
    known = session.scalar(select(Setting.value).where(Setting.name == NAME))
    session.commit()  # what was read ends here: what is written begins anew
    if not version or known == version:
        return 0
    moved = 0
    if known is not None:
        ahead = session.execute(digest.recipients_ahead(now)).all()
        moved = sum(_replan(session, user, now) for user in ahead)
    _keep(session, version)
    session.commit()
    log.info("time zone rules", version=version, before=known, moved=moved)
    return moved


def _keep(session: Session, version: str) -> None:
    is_postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    new = insert(Setting).values(name=NAME, value=version)
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": version}))


def _reread(version: str) -> None:
    """Forget the rules that this process read, where there are newer ones by now."""
    with _lock:
        if _read_by_us != [version]:
            ZoneInfo.clear_cache()
            _read_by_us[:] = [version]


def _replan(session: Session, user: Any, now: dt.datetime) -> bool:
    """Give a colleague's moments ahead the hour they stand for by the rules as they are now."""
    try:
        zone = ZoneInfo(user.timezone)
    except (LookupError, ValueError, OSError):
        log.exception("no such time zone", user=user.id, timezone=user.timezone)
        return False
    hour = digest.hour_of(user)
    planned = {"next_digest_at": user.next_digest_at, "next_weekly_at": user.next_weekly_at}
    values = {
        name: timing.nearest(moment, hour, zone)
        for name, moment in planned.items()
        if moment is not None and moment > now
    }
    if all(planned[name] == moment for name, moment in values.items()):
        return False
    session.execute(
        update(User)
        .where(User.id == user.id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return True
