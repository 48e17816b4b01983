"""Reading evidence anew: of everybody where a rule changed, of a few where a day went by."""

import datetime as dt
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.jobs.pulse import Report
from irm.ledger import mentions, proving
from irm.models import Post, Relationship, Task


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "evidence": look through posts and settle the relationships of its brand.

    Without a brand, those of all. Only where marks changed posts are another's mentions, so that
    the task's `posts` says whether to look through them.
    """
    session = db.session
    whose = select(func.count()).select_from(Relationship)
    if task.brand_id is not None:
        whose = whose.where(Relationship.brand_id == task.brand_id)
    total, done = session.scalar(whose) or 0, 0
    if task.arguments.get("posts"):
        total += session.scalar(select(func.count()).select_from(Post)) or 0
        done = _read_posts(session, report, total)
    step, changed = proving.Step(0, 0), 0
    while step.last is not None:
        step = proving.settle_next(session, clock.now(), step.last, task.brand_id)
        session.commit()
        changed += step.changed
        done += proving.CHUNK
        report(min(done, total), total)
    return {"changed": changed}


def _read_posts(session: Session, report: Report, total: int) -> int:
    after: int | None = 0
    done = 0
    while after is not None:
        after = mentions.read_next(session, after)
        session.commit()
        done += mentions.CHUNK
        report(min(done, total), total)
    return done


def settle_due(session: Session, now: dt.datetime) -> int:
    """Settle whom time alone may have changed, some at a time; commits, returns how many."""
    settled = 0
    while some := proving.settle_due(session, now):
        session.commit()
        settled += some
    return settled
