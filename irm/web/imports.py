"""Importing a list: send the file, check its columns, try it, import it, undo it."""

import tempfile

from flask import Blueprint, Response, current_app, render_template, request, send_file
from werkzeug.datastructures import FileStorage

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.audit import Action, record
from irm.db import db
from irm.directory import batches as found_batches
from irm.errors import Refused
from irm.forms import import_columns
from irm.forms.import_columns import Said
from irm.forms.import_list import ImportForm
from irm.forms.text import clean
from irm.i18n import _
from irm.imports import batches, lists, mending, orders
from irm.imports import refused as refused_rows
from irm.imports.batches import Work
from irm.imports.orders import Order
from irm.imports.reading import cage
from irm.imports.reading.sheet import Reading, Sheet
from irm.imports.ties import columns as columns_of_ties
from irm.models import BatchState, Brand, ImportBatch
from irm.web import import_page
from irm.web.answers import Answer, back_to
from irm.web.guard import UPLOADS
from irm.web.reentry import entered_lately

bp = Blueprint("imports", __name__)
UPLOADS["imports.send"] = cage.UPLOAD_LIMIT
UPLOADS["imports.columns"] = cage.UPLOAD_LIMIT


@bp.get("/imports")
def index() -> str:
    """The form, and what was imported so far."""
    require(Permission.IMPORT)
    return _index(ImportForm(formdata=None, keeps_out=request.args.get("look") == "1"))


@bp.post("/imports")
def send() -> Answer:
    """Look into the file, in its cage, and go on to its columns."""
    require(Permission.IMPORT)
    form = ImportForm()
    if not form.validate():
        return _index(form), 422
    try:
        batch = _drafted(form, form.file.data)
    except Refused as refused:
        form.file.errors = [refused.message]
        return _index(form), refused.status
    return back_to(f"/imports/{batch.id}")


@bp.get("/imports/<int:id>")
def show(id: int) -> str:
    """Where one import stands; while it is under way, the progress asks for itself alone."""
    batch = load(ImportBatch, id, Permission.IMPORT)
    return import_page.page(batch)


@bp.post("/imports/<int:id>/columns")
def columns(id: int) -> Answer:
    """Take what was said of the file; then look again, try it or import it."""
    batch = load(ImportBatch, id, Permission.IMPORT)
    sheet = import_page.drafted(batch)
    said = import_columns.read(request.form, sheet.headings, import_page.fields_of(request.form))
    try:
        seen = sheet
        order, sheet = _said(batch, said, seen)
        batches.change(db.session, batch, order)
        batch.reading = sheet.to_json()
        # What was said stands, also where it is not enough yet: the page asks for the rest.
        db.session.commit()
        order = _with_nodes(batch, order, request.files.get("nodes"))
        # Of another table, or one that is cut anew, nobody has seen the columns yet.
        if sheet is seen and (work := request.form.get("do", "")) in ("try", "import"):
            lists.understand(sheet, order.chosen(), order.kind)
            _queue(batch, "import" if work == "import" else "try")
            db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return import_page.columns(batch, said, str(refused.message)), refused.status
    # What was tried before counts no more, so the columns are where it goes on.
    is_begun = batch.state is not BatchState.DRAFT
    return back_to(f"/imports/{batch.id}" if is_begun else f"/imports/{batch.id}?step=columns")


@bp.post("/imports/<int:id>/try")
def try_out(id: int) -> Answer:
    """Go through every row and write nothing."""
    return _work(id, "try")


@bp.post("/imports/<int:id>/run")
def run(id: int) -> Answer:
    """Let the worker import it, or go on where it stopped."""
    return _work(id, "import")


@bp.post("/imports/<int:id>/undo")
def undo(id: int) -> Answer:
    """Take back what it wrote."""
    return _work(id, "undo")


@bp.post("/imports/<int:id>/discard")
def discard(id: int) -> Answer:
    """Forget a draft and the file that was sent for it."""
    batch = load(ImportBatch, id, Permission.IMPORT)
    name = batch.file_name
    copies = batches.discard(db.session, batch)
    db.session.commit()
    for path in copies:
        path.unlink(missing_ok=True)
    return back_to(
        "/imports", _("%(name)s was thrown away; nothing of it was imported.", name=name)
    )


@bp.post("/imports/<int:id>/refused.csv")
@entered_lately
def refused(id: int) -> Response:
    """The rows that were not taken, as the file had them, each with the reason."""
    batch = load(ImportBatch, id, Permission.IMPORT)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the answer it is
    rows = -1  # The first line holds the headings.
    for line in refused_rows.as_csv(db.session, batch):
        file.write(line.encode())
        rows += 1
    file.seek(0)
    about = {"brand_id": batch.brand_id, "batch_id": batch.id, "rows": rows}
    record(db.session, me(), Action.REFUSED_EXPORTED, clock.now(), **about)
    db.session.commit()
    name = f"{batch.file_name.rpartition('.')[0] or batch.file_name}-refused.csv"
    return send_file(file, "text/csv", as_attachment=True, download_name=name)


def _work(id: int, work: Work) -> Answer:
    batch = load(ImportBatch, id, Permission.IMPORT)
    _queue(batch, work)
    db.session.commit()
    return back_to(f"/imports/{batch.id}")


def _queue(batch: ImportBatch, work: Work) -> None:
    batches.queue(db.session, batch, work, clock.now(), me().id)


def _index(form: ImportForm) -> str:
    form.offer()
    found = db.session.execute(found_batches.of_brand(here().brand_id).limit(found_batches.PAGE))
    return render_template(
        "imports/index.html",
        form=form,
        found=found.all(),
        limit=cage.UPLOAD_LIMIT,
        megabyte=cage.MEGABYTE,
        percent=import_page.percent,
    )


def _drafted(form: ImportForm, upload: FileStorage) -> ImportBatch:
    """Keep the upload and draft its import; a file that cannot be read leaves nothing."""
    name = _named(upload)
    path = orders.keep(upload.stream, current_app.config["IRM"].data_dir)
    try:
        sheet = cage.inspect(path, name)
        if cut := columns_of_ties.cut(sheet, "auto"):
            sheet = cage.inspect(path, name, cut)
        order = Order.of(
            path,
            name,
            orders.as_of(form.as_of.data, path, clock.today(me().zone)),
            platform=form.platform.data or None,
            source=form.source.data or "",
            is_copy=True,
            keeps_out=form.keeps_out.data,
            reading=cut.to_json() if cut else {},
        )
        brand = db.session.get_one(Brand, here().brand_id)
        if came_from := mending.origin(db.session, brand.id, sheet.headings, name):
            keeps_day = bool(form.as_of.data and form.as_of.data.strip())
            order = mending.proposed(order, came_from, keeps_day=keeps_day)
        elif saved := batches.remembered(db.session, brand.id, sheet.headings):
            order = order.mapped(saved)
        batch = batches.draft(db.session, order, brand, me().id, clock.now())
        batch.reading = sheet.to_json()
        db.session.commit()
        return batch
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _said(batch: ImportBatch, said: Said, sheet: Sheet) -> tuple[Order, Sheet]:
    """Take what the form said over into the order; read the file anew where it is to be cut anew.

    Raises Complaint where it cannot be read so, or a word or day of it means nothing.
    """
    order = Order.from_json(batch.order)
    columns = said.columns
    cut = _cut(said.reading, sheet.reading())
    if cut is None and said.kind == "ties" != order.kind:
        cut = columns_of_ties.cut(sheet, "ties")
    if cut is not None:
        sheet = cage.inspect(order.path, order.name, cut, order.limit)
        columns = None
    if said.kind != import_page.kind_of(sheet, order):
        columns = None
    today = clock.today(me().zone)
    order = order._replace(
        kind=said.kind,
        columns=columns,
        platform=said.platform or None,
        account=said.account or None,
        day_order=said.day_order or None,
        as_of=orders.as_of(said.as_of, order.path, today),
        source=said.source,
        reading=sheet.reading().to_json(),
        rules=said.rules,
        keeps_out=said.keeps_out,
        tie=said.tie,
        is_mutual=said.is_mutual,
    )
    order.chosen()
    return order, sheet


def _with_nodes(batch: ImportBatch, order: Order, upload: FileStorage | None) -> Order:
    """Take the second file of a list of ties, or do without one; commits. Raises Refused.

    Where it cannot be taken, the one before it stays, and all else that was said.
    """
    if order.kind != "ties":
        return order
    if upload is not None and upload.filename:
        wanted = _kept(order, upload)
    elif order.nodes and request.form.get("no_nodes") == "1":
        wanted = order._replace(nodes=None)
    else:
        return order
    try:
        batches.change(db.session, batch, wanted)
        db.session.commit()
    except BaseException:
        _drop(wanted, order)
        raise
    _drop(order, wanted)
    return wanted


def _kept(order: Order, upload: FileStorage) -> Order:
    """Keep a second file that can be read. Raises Refused where it cannot; nothing is kept."""
    name = _named(upload)
    path = orders.keep(upload.stream, current_app.config["IRM"].data_dir)
    try:
        cage.inspect(path, name)
        return order.with_nodes(path, name)
    except Refused as refused:
        path.unlink(missing_ok=True)
        # Of two files the sentence says which.
        raise Refused(_("%(name)s: %(problem)s", name=name, problem=refused.message)) from refused
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _drop(order: Order, rather: Order) -> None:
    """Remove our copy of the second file of an order for which another stands."""
    path = order.nodes_path
    if path and order.is_copy and path != rather.nodes_path:
        path.unlink(missing_ok=True)


def _named(upload: FileStorage) -> str:
    """What a file that was sent is called, without the folders it lay in."""
    return clean(upload.filename).replace("\\", "/").rpartition("/")[2][:255] or "list.csv"


def _cut(said: Reading, now: Reading) -> Reading | None:
    """How the file is to be read from now on; None where that is how it was read."""
    chosen = {name: value for name, value in said._asdict().items() if value is not None}
    wanted = now._replace(**chosen)
    if wanted == now:
        return None
    # In another sheet, or cut by another sign, the headings may stand elsewhere.
    found_anew = wanted.heading_row == now.heading_row
    return wanted._replace(heading_row=None) if found_anew else wanted
