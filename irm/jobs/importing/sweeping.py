"""Throw away what nobody imports: drafts, uploads, rows files, and steps nobody can undo."""

import datetime as dt
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from irm.db import db
from irm.imports.batches import DRAFT_DAYS, UNDO_DAYS
from irm.imports.orders import FOLDER
from irm.models import BatchState, ImportBatch, ImportRow, ImportStep

#: Lines thrown away in one transaction.
LINES = 2000

_WAITING = (BatchState.DRAFT, BatchState.TRIED)
_BUSY = (BatchState.TRYING, BatchState.RUNNING)


def sweep(app: Flask, at: dt.datetime) -> dict[str, int]:
    """Throw away drafts and files of last week, and steps that are too old to be undone."""
    session = db.session
    drafts = _drop_drafts(session, at - dt.timedelta(days=DRAFT_DAYS))
    steps = _drop_steps(session, at - dt.timedelta(days=UNDO_DAYS + 1))
    files = _drop_files(
        app.config["IRM"].data_dir / FOLDER, at - dt.timedelta(days=DRAFT_DAYS), _in_use(session)
    )
    return {"drafts": drafts, "steps": steps, "files": files}


def _drop_drafts(session: Session, before: dt.datetime) -> int:
    """Delete imports that were never run, their lines first: there may be a million."""
    old = select(ImportBatch.id).where(
        ImportBatch.state.in_(_WAITING), ImportBatch.created_at < before
    )
    ids = session.scalars(old).all()
    for id in ids:
        lines = (
            select(ImportRow.id)
            .where(ImportRow.batch_id == id, ImportRow.batch_id.in_(old))
            .limit(LINES)
        )
        while some := session.scalars(lines).all():
            ours = ImportRow.id.in_(some), ImportRow.batch_id.in_(old)
            session.execute(delete(ImportRow).where(*ours))
            session.commit()
        # It may have been begun meanwhile: then its lines are no longer ours to delete.
        still = ImportBatch.state.in_(_WAITING)
        session.execute(delete(ImportBatch).where(ImportBatch.id == id, still))
        session.commit()
    return len(ids)


def _drop_steps(session: Session, before: dt.datetime) -> int:
    """Delete what undoing would need, where it is too late for that."""
    old = (
        select(ImportStep.id)
        .join(ImportBatch, ImportBatch.id == ImportStep.batch_id)
        .where(
            func.coalesce(ImportBatch.finished_at, ImportBatch.created_at) < before,
            ImportBatch.state.in_((BatchState.DONE, BatchState.FAILED)),
            # An undoing that broke off may be taken to its end whenever somebody asks.
            ImportBatch.undone_at.is_(None),
        )
        .limit(LINES)
    )
    dropped = 0
    while some := session.scalars(old).all():
        session.execute(delete(ImportStep).where(ImportStep.id.in_(some)))
        session.commit()
        dropped += len(some)
    return dropped


def _in_use(session: Session) -> set[str]:
    """The files that a task reads, or is about to."""
    orders = session.scalars(select(ImportBatch.order).where(ImportBatch.state.in_(_BUSY))).all()
    seconds = [order["nodes"] for order in orders if order.get("nodes")]
    return {str(one.get("path", "")) for one in (*orders, *seconds)}


def _drop_files(folder: Path, before: dt.datetime, in_use: set[str]) -> int:
    if not folder.is_dir():
        return 0
    old = [
        path
        for path in folder.iterdir()
        if path.is_file()
        and path.stat().st_mtime < before.timestamp()
        and str(path.resolve()) not in in_use
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
