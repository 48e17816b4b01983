"""The rules that scores follow: thresholds and weights, and the rescoring they call for."""

from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request

from irm import clock
from irm.access import Permission, has_brand, here, me, require
from irm.db import db
from irm.forms.rules import RulesForm
from irm.i18n import _, _l
from irm.models import Task, TaskState
from irm.scoring import rules, ruling
from irm.scoring.reach import OVERLAP
from irm.scoring.tiers import Thresholds
from irm.web.answers import Answer, back_to
from irm.web.guard import is_fragment

bp = Blueprint("rules", __name__)


class Scoring(NamedTuple):
    """A scoring of everybody, or of the brand's people, and how far it is."""

    id: int
    is_over: bool
    is_waiting: bool
    percent: int
    #: How many scores changed, once it is over.
    changed: int
    problem: str


@bp.get("/settings/scores")
def show() -> str:
    """Tier thresholds and overlap, for everybody in this installation."""
    require(Permission.ADMINISTER)
    now = rules.rules(db.session)
    form = RulesForm(
        formdata=None,
        macro=now.thresholds.macro,
        middle=now.thresholds.middle,
        overlap=now.overlap,
    )
    return _page(form, now)


@bp.post("/settings/scores")
def save() -> Answer:
    """Keep the rules and score everybody anew; or only say who would change tier."""
    require(Permission.ADMINISTER)
    form = RulesForm()
    if not form.validate():
        return _page(form, rules.rules(db.session)), 422
    thresholds = Thresholds(form.macro.data, form.middle.data)
    overlap = round(form.overlap.data, 3)
    if request.form.get("do") == "look":
        return _page(form, now := rules.rules(db.session), _moves(thresholds, overlap, now))
    changed = ruling.decide(db.session, thresholds, overlap, user=me(), at=clock.now())
    db.session.commit()
    return back_to("/settings/scores", _said(changed))


@bp.post("/settings/scores/reset")
def reset() -> Answer:
    """Go back to irm's own rules."""
    require(Permission.ADMINISTER)
    changed = ruling.reset(db.session, user=me(), at=clock.now())
    db.session.commit()
    return back_to("/settings/scores", _said(changed))


@bp.get("/settings/scores/progress")
def progress() -> Answer:
    """How far the scoring is that the page shows; the next one where that is over."""
    require(Permission.TOPICS)
    if not is_fragment():
        return redirect("/settings/scores" if me().is_admin else "/settings/brand", 303)
    asked = request.args.get("task", "")
    id = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    return render_template("settings/_scoring.html", scoring=underway() or _of(id))


def underway() -> Scoring | None:
    """The scoring that is to be shown to the reader as not over yet."""
    brand_id = here().brand_id if has_brand() else None
    found = db.session.scalars(ruling.unfinished(brand_id).limit(50))
    # One that names people follows an edit of them, and is over in a moment.
    return next((_scoring(task) for task in found if "people" not in task.arguments), None)


def _of(id: int) -> Scoring | None:
    """The scoring with this id, if it is one of the reader's brand."""
    task = db.session.get(Task, id) if 0 < id < 2**31 else None
    if task is None or task.kind != "score":
        return None
    if task.brand_id is not None and not (has_brand() and task.brand_id == here().brand_id):
        return None
    return _scoring(task)


def _scoring(task: Task) -> Scoring:
    error = task.error or {}
    return Scoring(
        task.id,
        is_over=task.state in (TaskState.DONE, TaskState.FAILED),
        is_waiting=task.state is TaskState.QUEUED,
        percent=min(100, 100 * task.done // task.total) if task.total else 0,
        changed=int((task.result or {}).get("changed", 0)),
        problem=str(_l(str(error.get("message", "")), **(error.get("params") or {})))
        if task.state is TaskState.FAILED
        else "",
    )


def _moves(thresholds: Thresholds, overlap: float, now: rules.Rules) -> list[tuple[str, str, int]]:
    """Who would change tier: from, to, how many."""
    found = db.session.execute(ruling.moved(thresholds, overlap, now))
    return sorted(
        (str(row.was.label), str(row.is_.label), row.n) for row in found if row.was is not row.is_
    )


def _page(
    form: RulesForm, now: rules.Rules, moves: list[tuple[str, str, int]] | None = None
) -> str:
    defaults = Thresholds()
    return render_template(
        "settings/scores.html",
        form=form,
        moves=moves,
        defaults=defaults,
        overlap=OVERLAP,
        is_default=(now.thresholds, now.overlap) == (defaults, OVERLAP),
        scoring=underway(),
    )


def _said(changed: bool) -> str:
    if changed:
        return _("The rules are saved. Everybody is being scored anew.")
    return _("These rules hold already: nothing changed.")
