"""What tasks on a batch share: finding it, its counts, and what follows when they end."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.db import db
from irm.errors import Refused
from irm.i18n import _l
from irm.imports import steps
from irm.imports.batches import COUNTS
from irm.models import BatchState, ImportBatch, Relationship, Task, User

Report = Callable[[int, int], None]

#: Seconds between two transactions, so that who waits for their turn gets it.
NAP = 0.001

#: Kilobytes of the database that are kept at hand.
_PAGES = 16 * 1024

#: So often some rows are tried when others write the same people meanwhile.
TRIES = 4

#: Up to so many people are scored by themselves; beyond, and where they are more than a quarter
#: of all, everybody is, so that what is usual is fitted anew.
FEW = 500

#: Tables that rows are looked up in: they grow many times over while the database still believes
#: them nearly empty, and reads all of them again and again.
GROWING = (
    "influencers",
    "accounts",
    "account_handles",
    "contact_points",
    "relationships",
    "posts",
    "snapshots",
    "interactions",
    "touchpoints",
    "ties",
)

#: Kinds of task that follow where people were brought or changed: scores, then doubles.
FOLLOWING = ("score", "duplicates", "ties")
AFTERWARDS = {Action.IMPORTED: ("score", "duplicates"), Action.IMPORT_UNDONE: ("score",)}

#: What becomes of a batch whose task has failed for good.
_FALLBACK = {
    BatchState.TRYING: BatchState.DRAFT,
    BatchState.RUNNING: BatchState.FAILED,
    BatchState.UNDOING: BatchState.FAILED,
}


def batch_of(session: Session, task: Task) -> ImportBatch:
    """Return the batch a task works on. Raises Refused where it was thrown away."""
    batch = session.get(ImportBatch, task.arguments["batch"], populate_existing=True)
    if batch is None:
        raise Refused(_l("This import is not there any more."))
    return batch


def is_ours(batch: ImportBatch, task: Task, state: BatchState) -> bool:
    """Say whether there is something left to do for a task."""
    return batch.state is state and batch.task_id == task.id


def counts(batch: ImportBatch) -> dict[str, Any]:
    """Return what became of the rows."""
    return {"batch": batch.id, **{name: getattr(batch, name) for name in COUNTS}}


def given_up(arguments: dict[str, Any]) -> None:
    """Let a batch go on from a task that failed for good; called in an app context."""
    session = db.session
    # Of which no row was taken, that may yet be put right: its columns, or its second file.
    session.execute(
        update(ImportBatch)
        .where(
            ImportBatch.id == arguments["batch"],
            ImportBatch.state == BatchState.RUNNING,
            ImportBatch.rows == 0,
        )
        .values(state=BatchState.DRAFT)
        .execution_options(synchronize_session=False)
    )
    for state, fallback in _FALLBACK.items():
        session.execute(
            update(ImportBatch)
            .where(ImportBatch.id == arguments["batch"], ImportBatch.state == state)
            .values(state=fallback)
            .execution_options(synchronize_session=False)
        )
    session.commit()


def end(session: Session, task: Task, batch: ImportBatch, action: Action, at: dt.datetime) -> None:
    """Say who did it, and queue what follows for the people it touched; the caller commits."""
    user = session.get(User, task.user_id) if task.user_id else None
    record(session, user, action, at, brand_id=batch.brand_id, batch_id=batch.id)
    people = steps.touched(session, batch.id, FEW + 1)
    if not people:
        return
    brand_id = batch.brand_id if action is Action.IMPORTED else None
    some: dict[str, Any] = {"people": people} if _are_few(session, batch, people) else {}
    # Who mentions whom stands in posts.
    for kind in (*AFTERWARDS[action], *(("ties",) if batch.kind == "posts" else ())):
        session.add(
            Task(
                kind=kind,
                arguments={"after": task.id, **some},
                brand_id=brand_id,
                user_id=task.user_id,
                created_at=at,
            )
        )


def following(session: Session, task: Task) -> dict[str, Any]:
    """Return the tasks that follow one, as (kind, id), and the one that scores by itself."""
    after = Task.arguments["after"].as_integer() == task.id
    found = session.execute(
        select(Task.kind, Task.id).where(Task.kind.in_(FOLLOWING), after).order_by(Task.id)
    ).all()
    scoring = next((id for kind, id in found if kind == "score"), None)
    return {"following": [list(one) for one in found], "scoring": scoring}


def make_room(session: Session) -> None:
    """Let SQLite keep more pages at hand: keys of people fall all over the indexes."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA cache_size = -{_PAGES}"))


def _are_few(session: Session, batch: ImportBatch, people: list[int]) -> bool:
    if len(people) > FEW:
        return False
    of_brand = select(Relationship.id).where(Relationship.brand_id == batch.brand_id)
    enough = of_brand.limit(4 * len(people)).subquery()
    return session.scalar(select(func.count()).select_from(enough)) == 4 * len(people)
