"""The list as a file: at once where it is short, else made by the worker and downloaded here."""

import io
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, send_file

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.audit import Action, record
from irm.db import db
from irm.directory import columns, downloads, filters, listed, people
from irm.directory.listed import List
from irm.errors import NotFound, Refused
from irm.i18n import _, _l
from irm.models import Task, TaskState
from irm.web import listing
from irm.web.answers import Answer, back_to
from irm.web.filters import reader
from irm.web.reentry import entered_lately
from irm.web.words import words

bp = Blueprint("exports", __name__)

#: Up to this many people the file is made while it is waited for.
INLINE = 5_000

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.post("/exports")
@entered_lately
def send() -> Answer:
    """Make the file of a list, or have it made."""
    require(Permission.EXPORT_LIST)
    form = request.form.get("form", "")
    if form not in TYPES:
        raise Refused(_l("Choose CSV or XLSX."))
    shown = listing.of(request.form.get("list", ""))
    filters.refuse_unread(shown.query)
    chosen = columns.chosen(request.form.get("columns", "").split(","))
    asked = shown.ask()
    brand_id, query = here().brand_id, shown.query
    count = people.count(db.session, brand_id, asked.conditions, query.archived)
    address = filters.encoded(shown.said())
    if count > INLINE:
        return _leave_to_worker(address, chosen, form, count)
    wanted = List.read(address, chosen)
    rows = listed.rows(db.session, wanted, reader(), clock.now(), me().zone)
    return _file(form, listed.headings(chosen), rows)


@bp.get("/exports/<int:id>")
def show(id: int) -> str:
    """How far the file is, and where it is downloaded."""
    task = _own(id)
    return render_template(
        "exports/_progress.html" if "progress" in request.args else "exports/show.html",
        task=task,
        is_over=task.state in (TaskState.DONE, TaskState.FAILED),
        problem=_problem(task),
        percent=round(100 * task.done / task.total) if task.total else 0,
    )


@bp.get("/exports/<int:id>/file")
def download(id: int) -> Response:
    """The file itself, for whoever asked for it."""
    task = _own(id)
    name = (task.result or {}).get("file")
    path = downloads.folder(current_app.config["IRM"].data_dir) / str(name)
    if task.state is not TaskState.DONE or not name or not path.is_file():
        raise Refused(_l("This file is not there any more: it is kept for a day. Export again."))
    form = path.suffix.removeprefix(".")
    return send_file(
        path.resolve(), mimetype=TYPES[form], as_attachment=True, download_name=_name(form)
    )


def _own(id: int) -> Task:
    """The export with this id. Raises NotFound where it is somebody else's."""
    task = load(Task, id, Permission.EXPORT_LIST)
    if task.kind != "export" or task.user_id != me().id:
        raise NotFound()
    return task


def _leave_to_worker(address: str, chosen: tuple[str, ...], form: str, count: int) -> Answer:
    task = Task(
        kind="export",
        arguments={
            "list": address,
            "columns": list(chosen),
            "form": form,
            "people": count if count <= people.COUNTED else 0,
        },
        brand_id=here().brand_id,
        user_id=me().id,
        created_at=clock.now(),
    )
    db.session.add(task)
    db.session.commit()
    return back_to(f"/exports/{task.id}")


def _file(form: str, headings: list[str], rows: Any) -> Response:
    path = downloads.new_file(current_app.config["IRM"].data_dir, form)
    try:
        count = downloads.write(path, form, headings, rows)
        content = path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
    brand_id, at = here().brand_id, clock.now()
    record(db.session, me(), Action.LIST_EXPORTED, at, brand_id=brand_id, rows=count, form=form)
    db.session.commit()
    return send_file(
        io.BytesIO(content), mimetype=TYPES[form], as_attachment=True, download_name=_name(form)
    )


def _name(form: str) -> str:
    name = _("influencers")
    return f"{name}-{words().today.isoformat()}.{form}"


def _problem(task: Task) -> str:
    """Why it failed, in the reader's words."""
    if task.state is not TaskState.FAILED:
        return ""
    error = task.error or {}
    return str(_l(str(error.get("message", "")), **(error.get("params") or {})))
