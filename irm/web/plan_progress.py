"""How far a task of the planner is, for the page that waits for it."""

from typing import NamedTuple

from irm.access import here
from irm.db import db
from irm.i18n import _l
from irm.models import Task, TaskState


class Progress(NamedTuple):
    """A task of the planner."""

    id: int
    is_over: bool
    is_waiting: bool
    percent: int
    problem: str


def progress_of(id: int | None) -> Progress | None:
    """How far the task is; None where there is no such task of the planner at this brand."""
    task = db.session.get(Task, id) if id and id < 2**31 else None
    if task is None or task.kind != "plan" or task.brand_id != here().brand_id:
        return None
    return shown(task)


def shown(task: Task) -> Progress:
    """How far a task of the planner is."""
    error = task.error or {}
    return Progress(
        task.id,
        task.state in (TaskState.DONE, TaskState.FAILED),
        task.state is TaskState.QUEUED,
        min(100, 100 * task.done // task.total) if task.total else 0,
        str(_l(str(error.get("message", "")), **(error.get("params") or {})))
        if task.state is TaskState.FAILED
        else "",
    )
