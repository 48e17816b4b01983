"""Erasing somebody as the worker does it."""

import make

from irm.jobs import tasks
from irm.models import Task


def erase(app, session, person_id, user=None, **more):
    """Run the task that erases a person and return it as it ended."""
    task = Task(
        kind="erase",
        arguments={"influencer_id": person_id, **more},
        user_id=user.id if user else None,
        created_at=make.MONDAY,
    )
    session.add(task)
    session.commit()
    ended = tasks.run_inline(app, task.id, lambda done, total: None)
    session.expire_all()
    return ended
