"""When the work of a night is due: then, or by day if the nights were slept through."""

import datetime as dt
from typing import Any

from irm.models import TaskState

NIGHT = range(1, 5)
"""The hours (UTC, if a job knows no better) in which it begins."""

APART = dt.timedelta(hours=8)
"""Longer than the night, so that it is once; shorter than the day, so that it is each night."""

AT_LATEST = dt.timedelta(hours=40)
"""So long after the last one it begins by day."""


def is_too_soon(last: Any, now: dt.datetime) -> bool:
    """Whether a task is not due yet whose newest one is `last` (a row of `created_at state`)."""
    if last.state in (TaskState.QUEUED, TaskState.RUNNING):
        return True
    pause = APART if now.hour in NIGHT else AT_LATEST
    return bool(now - last.created_at < pause)
