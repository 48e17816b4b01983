"""Changing many people at once: choose, look at what it will do, do it, take it back."""

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.directory import filters, people, tags, team
from irm.directory.narrowing import Asked
from irm.errors import Refused
from irm.forms.bulk import BulkForm
from irm.funnel import bulk_edit, bulk_left, bulk_preview, bulk_undo, pauses
from irm.i18n import _, _n
from irm.models import BulkEdit, Influencer, Relationship, Task, TaskState, User
from irm.web import bulk_words, listing
from irm.web.answers import Answer, back_to, undoable
from irm.web.colleague_choice import choices, in_teams
from irm.web.listing import Listing

bp = Blueprint("bulk", __name__)

#: Changes listed, the newest first.
PAGE = 30


@bp.get("/bulk")
def index() -> str:
    """What was changed lately, by whom, and whether it was taken back."""
    require(Permission.BULK_EDIT)
    has_begun = BulkEdit.finished_at.is_not(None) | BulkEdit.task_id.is_not(None)
    found = db.session.execute(
        select(BulkEdit, User.name)
        .join(User, User.id == BulkEdit.user_id, isouter=True)
        .where(BulkEdit.brand_id == here().brand_id, has_begun)
        .order_by(BulkEdit.id.desc())
        .limit(PAGE)
    ).all()
    edits = [(edit, name, bulk_words.asked(edit)) for edit, name in found]
    return render_template("bulk/index.html", edits=edits)


@bp.post("/bulk/choose")
def choose() -> Answer:
    """Ask what to change, for the people selected or for all the list finds."""
    require(Permission.BULK_EDIT)
    shown = listing.of(request.form.get("list", ""))
    if request.form.get("whom") != "all" and not _who():
        return back_to(shown.href(), _("Select at least one person."))
    if request.form.get("whom") == "all" and filters.without_unread(shown.query) != shown.query:
        return back_to(
            shown.href(), _("A filter cannot be read; correct it first, or take it away.")
        )
    return _form(BulkForm(formdata=None), shown)


@bp.post("/bulk")
def draft() -> Answer:
    """Write the change down, and show what it will do."""
    require(Permission.BULK_EDIT)
    shown, form = listing.of(request.form.get("list", "")), BulkForm()
    _offer(form)
    if not form.validate():
        return _form(form, shown), 422
    try:
        edit = bulk_edit.draft(
            db.session,
            here().brand_id,
            _selected(shown),
            form.changes,
            user=me(),
            at=clock.now(),
        )
    except Refused as refused:
        at = form.pause_until if isinstance(refused, pauses.WrongDay) else form.reason
        at.errors = [*at.errors, str(refused)]
        return _form(form, shown), refused.status
    db.session.commit()
    return back_to(f"/bulk/{edit.id}")


@bp.get("/bulk/<int:id>")
def show(id: int) -> str:
    """What a change will do, how far it is, or what it did."""
    edit = load(BulkEdit, id, Permission.BULK_EDIT)
    task = db.session.get(Task, edit.task_id) if edit.task_id else None
    is_running = task is not None and task.state in (TaskState.QUEUED, TaskState.RUNNING)
    is_stopped = bulk_edit.is_stopped(db.session, edit)
    is_draft = task is None and edit.finished_at is None and not is_stopped
    preview = bulk_preview.preview(db.session, edit, me()) if is_draft else None
    return render_template(
        "bulk/_progress.html" if "progress" in request.args else "bulk/show.html",
        edit=edit,
        task=task,
        is_running=is_running,
        is_stopped=is_stopped,
        percent=round(100 * task.done / task.total) if task is not None and task.total else 0,
        said=bulk_words.asked(edit),
        preview=preview,
        details=bulk_words.details(edit, preview.some) if preview else [],
        unproven=bulk_words.unproven(preview.unproven) if preview else [],
        left=bulk_left.left_out(db.session, edit) if edit.refused else None,
        of_problem=bulk_words.of_problem,
        kept=[
            (bulk_words.of_kept(code), n) for code, n in edit.undo_report.get("kept", {}).items()
        ],
        total=len(edit.selection.get("ids", ())),
    )


@bp.post("/bulk/<int:id>/run")
def run(id: int) -> Answer:
    """Do it: at once where they are few, else by the worker."""
    edit = load(BulkEdit, id, Permission.BULK_EDIT)
    bulk_edit.begin(db.session, edit, user=me(), at=clock.now())
    total = len(edit.selection["ids"])
    if total > bulk_edit.INLINE or not _done_now(edit, is_undo=False):
        return _leave_to_worker(edit, is_undo=False)
    said = _n("%(n)s person was changed.", "%(n)s people were changed.", edit.changed)
    return back_to(f"/bulk/{id}", undoable(said, f"/bulk/{id}/undo", {}))


@bp.post("/bulk/<int:id>/undo")
def undo(id: int) -> Answer:
    """Take it back, leaving alone what somebody changed since."""
    edit = load(BulkEdit, id, Permission.BULK_EDIT)
    bulk_undo.begin(db.session, edit, user=me(), at=clock.now())
    total = len(edit.selection["ids"])
    if total > bulk_edit.INLINE or not _done_now(edit, is_undo=True):
        return _leave_to_worker(edit, is_undo=True)
    restored = edit.undo_report["restored"]
    said = _n("%(n)s person is as before.", "%(n)s people are as before.", restored)
    return back_to(f"/bulk/{id}", said)


def _done_now(edit: BulkEdit, *, is_undo: bool) -> bool:
    """Do all of it in this request; False, with nothing done, where others are in the way."""
    step, id = (bulk_undo if is_undo else bulk_edit).go_on, edit.id
    begin = (bulk_undo if is_undo else bulk_edit).begin
    try:
        while not step(db.session, edit, user=me(), at=clock.now(), limit=bulk_edit.INLINE):
            pass
        db.session.commit()
    except (OperationalError, StaleDataError):
        db.session.rollback()
        begin(db.session, db.session.get_one(BulkEdit, id), user=me(), at=clock.now())
        return False
    return True


def _leave_to_worker(edit: BulkEdit, *, is_undo: bool) -> Answer:
    task = Task(
        kind="bulk_edit",
        arguments={"edit": edit.id, "undo": is_undo},
        brand_id=edit.brand_id,
        user_id=me().id,
        created_at=clock.now(),
    )
    db.session.add(task)
    db.session.flush()
    edit.task_id = task.id
    db.session.commit()
    return back_to(f"/bulk/{edit.id}")


def _form(form: BulkForm, shown: Listing) -> str:
    _offer(form)
    who = _who()
    is_all = request.form.get("whom") == "all"
    count = _count(shown) if is_all else len(who)
    return render_template(
        "bulk/choose.html",
        form=form,
        who=[] if is_all else who,
        is_all=is_all,
        count=count,
        list=shown.encoded(),
        back=shown.href(),
        known=[tag.name for tag in db.session.scalars(tags.of_brand(here().brand_id))],
    )


def _offer(form: BulkForm) -> None:
    brand_id = here().brand_id
    members = db.session.execute(team.may_contact(brand_id))
    known = [(tag.id, tag.name) for tag in db.session.scalars(tags.of_brand(brand_id))]
    form.offer(choices(in_teams(brand_id, members)), known)


def _who() -> list[int]:
    """The relationships that were ticked."""
    given = request.form.getlist("who")
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 10]


def _selected(shown: Listing) -> list[int]:
    """Whom the change is for: who was ticked and is the brand's, or all the list finds now."""
    asked = _all_of(shown) if request.form.get("whom") == "all" else None
    conditions = asked.conditions if asked else [Relationship.id.in_(_who())]
    archived = shown.query.archived if asked else "any"
    found = db.session.scalars(
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == here().brand_id, people.is_listed(archived), *conditions)
        .order_by(Relationship.id)
        .limit(bulk_edit.MOST + 1)
    )
    return list(found)


def _all_of(shown: Listing) -> Asked:
    """All the list finds. Raises Refused where one of its filters means nothing."""
    filters.refuse_unread(shown.query)
    return shown.ask()


def _count(shown: Listing) -> int:
    asked = shown.ask()
    return people.count(db.session, here().brand_id, asked.conditions, shown.query.archived)
