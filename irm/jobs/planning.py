"""Planning a brand's weeks: when somebody asks for it, once a night, and "what if"."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.funnel.planner import plans, trying
from irm.funnel.planner.reading import Wish
from irm.jobs.nights import APART, AT_LATEST, NIGHT
from irm.jobs.pulse import Report
from irm.models import Brand, Plan, Task, TaskState


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "plan": its arguments are `weeks`, `first` (else today) and `owner`.

    With `whom` it writes nothing: its result says how that colleague's part would come out with so
    many `hours` more a week, or `away`. Run again after a crash it changes what is not there yet.
    """
    session, said = db.session, task.arguments
    assert task.brand_id is not None
    brand = session.get_one(Brand, task.brand_id)
    today = clock.today(ZoneInfo(brand.timezone))
    first = max(today, dt.date.fromisoformat(said["first"])) if said.get("first") else today
    wish = Wish(first, int(said["weeks"]))
    if said.get("whom"):
        return trying.both(session, brand, wish, _idea(said), report=report)
    made = plans.make(
        session,
        brand,
        wish,
        at=clock.now(),
        settle=session.commit,
        author_id=task.user_id,
        owner_id=said.get("owner"),
        report=report,
    )
    return made.outcome()


def _idea(said: Mapping[str, Any]) -> trying.Idea:
    return trying.Idea(int(said["whom"]), float(said.get("hours", 0)), bool(said.get("away")))


def queue_nightly(session: Session, now: dt.datetime) -> int:
    """Queue a plan of each brand that has one, in the brand's own night; commits.

    It covers as many weeks as the plan before it. Returns how many were queued; a brand whose plan
    waits, runs or was made by the night lately is left out.
    """
    queued = 0
    for brand_id, timezone, made_at in session.execute(_last_made()).all():
        apart = APART if now.astimezone(ZoneInfo(timezone)).hour in NIGHT else AT_LATEST
        last = session.execute(_last_task(brand_id)).one_or_none()
        if last is not None:
            if last.state in (TaskState.QUEUED, TaskState.RUNNING):
                continue
            made_at = max(made_at, last.created_at)
        if now - made_at < apart:
            continue
        before = plans.newest(session, brand_id)
        assert before is not None
        arguments = {"weeks": before.weeks}
        session.add(Task(kind="plan", arguments=arguments, brand_id=brand_id, created_at=now))
        queued += 1
    session.commit()
    return queued


def _last_made() -> Any:
    """Each brand that has a plan, with when one was made that nobody asked for, or the first."""
    by_night = func.max(Plan.made_at).filter(Plan.author_id.is_(None))
    return (
        select(Brand.id, Brand.timezone, func.coalesce(by_night, func.min(Plan.made_at)))
        .join(Plan, Plan.brand_id == Brand.id)
        .group_by(Brand.id, Brand.timezone)
        .order_by(Brand.id)
    )


def _last_task(brand_id: int) -> Any:
    return (
        select(Task.created_at, Task.state)
        .where(Task.kind == "plan", Task.brand_id == brand_id, Task.user_id.is_(None))
        .order_by(Task.id.desc())
        .limit(1)
    )
