"""Scoring everybody once a night: scores move by themselves, for posts grow old."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.models import Task, TaskState

NIGHT = range(1, 5)
"""The hours (UTC) when it begins."""

APART = dt.timedelta(hours=8)
"""Longer than the night, so that it is once; shorter than the day, so that it is each night."""

AT_LATEST = dt.timedelta(hours=40)
"""So long after the last one it begins by day: the nights were slept through."""


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
    if last is not None:
        if last.state in (TaskState.QUEUED, TaskState.RUNNING):
            return False
        if now - last.created_at < (APART if now.hour in NIGHT else AT_LATEST):
            return False
    session.add(Task(kind="score", arguments={}, created_at=now))
    session.commit()
    return True
