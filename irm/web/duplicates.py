"""The queue of people who may be one: decided one by one, by keyboard if need be."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.directory import duplicates
from irm.directory.duplicates import queue
from irm.errors import NotFound, Refused
from irm.forms.merge import DecideForm
from irm.i18n import _, _l
from irm.models import Duplicate, DuplicateState, Influencer, Task, TaskState
from irm.web import portraits
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.portraits import brand_ids

bp = Blueprint("duplicates", __name__)

#: The lists of the page, by their word in the address.
LISTS = {one.value: one for one in queue.DECISIONS}


@bp.get("/duplicates")
def index() -> str:
    """The pairs of one state, the likeliest first."""
    require(Permission.MERGE)
    state = LISTS.get(request.args.get("state") or DuplicateState.OPEN.value)
    if state is None:
        raise Refused(_l("This address names a filter that does not exist."))
    after = request.args.get("after") or None
    statement = duplicates.open_queue(brand_ids(), here().brand_id, state)
    if after is not None:
        statement = statement.where(queue.below(after))
    found = db.session.scalars(statement.limit(queue.PAGE + 1)).all()
    shown = found[: queue.PAGE]
    rest = queue.token(shown[-1]) if len(found) > queue.PAGE else None
    is_part = "rows" in request.args and is_fragment()
    return render_template(
        "duplicates/_pairs.html" if is_part else "duplicates/index.html",
        pairs=portraits.pairs(shown),
        state=state,
        rest=rest,
        after=after,
        **frame(),
    )


@bp.get("/duplicates/<int:id>")
def show(id: int) -> str:
    """One pair: a row of the queue for htmx, else a page of its own."""
    pair = _load(id)
    [shown] = portraits.pairs([pair])
    template = "duplicates/_pair.html" if is_fragment() else "duplicates/show.html"
    return render_template(template, pair=shown, state=pair.state, **frame())


@bp.post("/duplicates/<int:id>/decide")
def decide(id: int) -> Answer:
    """Say that two are not the same, or leave the question for later."""
    pair, form = _load(id), DecideForm()
    refuse_faults(form)
    before = duplicates.decide(db.session, pair, form.decision.data, user=me(), at=clock.now())
    db.session.commit()
    said = told(pair)
    if not is_fragment():
        undo = {"decision": before.value}
        return back_to("/duplicates", undoable(said, f"/duplicates/{id}/decide", undo))
    if pair.state is DuplicateState.OPEN:
        [shown] = portraits.pairs([pair])
        return render_template("duplicates/_pair.html", pair=shown, swapped=True, **frame())
    return render_template(
        "duplicates/_decided.html",
        pair_id=id,
        said=said,
        undo_url=f"/duplicates/{id}/decide",
        undo={"decision": before.value},
        **frame(),
    )


@bp.post("/duplicates/find")
def find() -> Answer:
    """Look for doubles now, instead of tonight."""
    require(Permission.MERGE)
    if _running() is None:
        brand_id = here().brand_id
        db.session.add(
            Task(
                kind="duplicates",
                arguments={},
                brand_id=brand_id,
                user_id=me().id,
                created_at=clock.now(),
            )
        )
        db.session.commit()
    return back_to("/duplicates", _("Everybody is being compared; this may take a minute."))


def told(pair: Duplicate) -> str:
    """What was decided of a pair."""
    names = {"one": pair.left.name, "other": pair.right.name}
    if pair.state is DuplicateState.DISTINCT:
        return _("%(one)s and %(other)s are not the same.", **names)
    if pair.state is DuplicateState.LATER:
        return _("%(one)s and %(other)s: later.", **names)
    return _("%(one)s and %(other)s are in the queue again.", **names)


def frame() -> dict[str, Any]:
    """What the head of the queue shows: how many of each, and whether a search is running."""
    counted = {
        state.value: n
        for state, n in db.session.execute(duplicates.counts(brand_ids(), here().brand_id))
    }
    return {
        "lists": [(name, state.label, counted.get(name, 0)) for name, state in LISTS.items()],
        "running": _running(),
    }


def _load(id: int) -> Duplicate:
    """A pair whose people the reader may merge. Raises NotFound or Forbidden else."""
    pair = db.session.get(Duplicate, id) if id < 2**31 else None
    if pair is None:
        raise NotFound()
    for person in (pair.left_id, pair.right_id):
        load(Influencer, person, Permission.MERGE)
    return pair


def _running() -> Task | None:
    busy = (TaskState.QUEUED, TaskState.RUNNING)
    waiting = select(Task).where(Task.kind == "duplicates", Task.state.in_(busy))
    return db.session.scalar(waiting.limit(1))
