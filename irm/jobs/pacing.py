"""Planning anew what the cadence had planned, for a whole brand, as its policies say now."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from irm.db import db
from irm.funnel import repacing
from irm.jobs.pulse import Report
from irm.models import Brand, Task


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "cadence": go through the brand's touchpoints, some at a time.

    Run again after a crash it finds those that moved where they belong.
    """
    session, brand_id = db.session, task.brand_id
    assert brand_id is not None
    whole = select(func.count()).select_from(repacing.planned(brand_id).order_by(None).subquery())
    total, done, changed = session.scalar(whole) or 0, 0, 0
    step = repacing.Step(0, 0)
    while step.last is not None:
        step = repacing.go_on(session, session.get_one(Brand, brand_id), step.last)
        session.commit()
        changed += step.changed
        done += repacing.CHUNK
        report(min(done, total), total)
    return {"changed": changed}
