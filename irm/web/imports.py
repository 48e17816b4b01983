"""Importing a list: send the file, watch it being read, see what became of each row."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.directory import batches
from irm.errors import NotFound, Refused
from irm.forms.import_list import ImportForm
from irm.forms.text import clean
from irm.i18n import _l
from irm.imports import encoding, lists, orders
from irm.imports.complaints import SENTENCES, sentence
from irm.imports.orders import Order
from irm.models import ImportBatch, Task, TaskState, Verdict
from irm.web.answers import Answer, back_to
from irm.web.guard import UPLOADS

bp = Blueprint("imports", __name__)
UPLOADS["imports.send"] = encoding.UPLOAD_LIMIT


@bp.get("/imports")
def index() -> str:
    """The form, and what was imported so far."""
    require(Permission.IMPORT)
    return _page(ImportForm(formdata=None))


@bp.post("/imports")
def send() -> Answer:
    """Look through the file, then leave the reading to the worker."""
    require(Permission.IMPORT)
    form = ImportForm()
    form.offer()
    if not form.validate():
        return _page(form), 422
    try:
        order = _order(form, form.file.data)
    except Refused as refused:
        form.file.errors = [refused.message]
        return _page(form), refused.status
    task = Task(
        kind="import",
        arguments=order.to_json(),
        brand_id=here().brand_id,
        user_id=me().id,
        created_at=clock.now(),
    )
    db.session.add(task)
    db.session.commit()
    return back_to(f"/imports/{task.id}")


@bp.get("/imports/<int:id>")
def show(id: int) -> str:
    """How far one import is, and what became of it; the progress asks for itself alone."""
    task = load(Task, id, Permission.IMPORT)
    if task.kind != "import":
        raise NotFound()
    batch = db.session.scalar(batches.of_task(task.id))
    verdict = _verdict()
    return render_template(
        "imports/_progress.html" if "progress" in request.args else "imports/show.html",
        task=task,
        batch=batch,
        name=task.arguments.get("name", ""),
        is_over=task.state in (TaskState.DONE, TaskState.FAILED),
        percent=_percent(task),
        problem=_problem(task),
        scoring=_scoring(task),
        verdict=verdict,
        rows=_rows(batch, verdict),
        verdicts=Verdict,
    )


def _page(form: ImportForm) -> str:
    form.offer()
    found = db.session.execute(batches.of_brand(here().brand_id).limit(batches.PAGE)).all()
    return render_template(
        "imports/index.html",
        form=form,
        found=found,
        limit=encoding.UPLOAD_LIMIT,
        megabyte=encoding.MEGABYTE,
        percent=_percent,
    )


def _order(form: ImportForm, upload: FileStorage) -> Order:
    """Keep the upload and make an order of it; a file that cannot be taken leaves nothing."""
    name = clean(upload.filename).replace("\\", "/").rpartition("/")[2][:255] or "list.csv"
    path = orders.keep(upload.stream, current_app.config["IRM"].data_dir)
    try:
        lists.understand(path, name, platform=form.platform.data or None)
        day = orders.as_of(form.as_of.data, path, clock.today(me().zone))
        return Order.of(
            path,
            name,
            day,
            platform=form.platform.data or None,
            source=form.source.data or "",
            is_copy=True,
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _percent(task: Task) -> int:
    return round(100 * task.done / task.total) if task.total else 0


def _problem(task: Task) -> str:
    """Why a task failed, in the reader's words."""
    if task.state is not TaskState.FAILED:
        return ""
    error = task.error or {}
    params = error.get("params") or {}
    if error.get("code") in SENTENCES:
        return sentence(error["code"], params)
    return str(_l(str(error.get("message", "")), **params))


def _scoring(task: Task) -> Task | None:
    """The task that scores whom this import brought, while it is not done."""
    following = (task.result or {}).get("scoring")
    waiting = (TaskState.QUEUED, TaskState.RUNNING)
    return (
        db.session.scalar(select(Task).where(Task.id == following, Task.state.in_(waiting)))
        if following
        else None
    )


def _verdict() -> Verdict | None:
    asked = request.args.get("verdict", "")
    return Verdict(asked) if asked in set(Verdict) else None


def _rows(batch: ImportBatch | None, verdict: Verdict | None) -> list[dict[str, Any]]:
    if batch is None or batch.finished_at is None:
        return []
    found = db.session.scalars(batches.rows(batch.id, verdict).limit(batches.ROWS))
    return [
        {
            "number": row.number,
            "verdict": row.verdict,
            "why": sentence(row.reason["code"], row.reason.get("params", {})) if row.reason else "",
            "influencer_id": row.influencer_id,
        }
        for row in found
    ]
