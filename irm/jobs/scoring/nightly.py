"""Scoring everybody once a night: scores move by themselves, for posts grow old."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.jobs.nights import is_too_soon
from irm.models import Task


def queue_nightly(session: Session, now: dt.datetime) -> bool:
    """Queue the scoring of everybody, unless it waits, runs or was done lately; commits.

    Says whether it did. A scoring of everybody that a person asked for counts as well.
    """
    last = session.execute(
        select(Task.created_at, Task.state)
        .where(
            Task.kind == "score",
            Task.brand_id.is_(None),
            Task.arguments["people"].as_string().is_(None),
        )
        .order_by(Task.id.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and is_too_soon(last, now):
        return False
    session.add(Task(kind="score", arguments={}, created_at=now))
    session.commit()
    return True
