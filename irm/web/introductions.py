"""Introductions that were asked for: what came of each, and noting that one was made."""

from typing import Any

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, can, here, load, me, require
from irm.db import db
from irm.i18n import _
from irm.models import Introduction, IntroductionState
from irm.network import introductions
from irm.network.introductions import Asked
from irm.web.answers import Answer, back_to, undoable
from irm.web.words import Words, words

bp = Blueprint("introductions", __name__)

PAGE = "/network/introductions"

#: What can be done next, apart from adding the person to the funnel.
_ACTS: dict[IntroductionState, list[str]] = {
    IntroductionState.PLANNED: ["log"],
    IntroductionState.MADE: ["unmake"],
    **{state: ["make"] for state in introductions.MAY_BE_MADE},
}

_COLOURS = {
    IntroductionState.AGREED: "good",
    IntroductionState.MADE: "good",
    IntroductionState.PLANNED: "accent",
}


@bp.get("/network/introductions")
def index() -> str:
    """All introductions of the brand, the newest first."""
    require(Permission.SEE)
    return render_template(
        "network/introductions.html",
        asked=listed(),
        shown=introductions.SHOWN,
        may_ask=can(Permission.LOG),
    )


@bp.post("/introductions/<int:id>/made")
def make(id: int) -> Answer:
    """Note that they brought us together; the message offers to take it back."""
    introduction = load(Introduction, id, Permission.LOG)
    introductions.make(db.session, introduction, user=me(), at=clock.now())
    db.session.commit()
    said = _("Noted: they introduced you. Thank who did it.")
    return back_to(PAGE, undoable(said, f"/introductions/{id}/unmade", {}))


@bp.post("/introductions/<int:id>/unmade")
def unmake(id: int) -> Answer:
    """Take back that they brought us together."""
    introduction = load(Introduction, id, Permission.LOG)
    introductions.unmake(db.session, introduction, user=me(), at=clock.now())
    db.session.commit()
    said = _("This introduction is not noted as made any more.")
    return back_to(PAGE, undoable(said, f"/introductions/{id}/made", {}))


def listed(to: int | None = None) -> list[dict[str, Any]]:
    """The introductions of the brand, or those to one person, as rows of the list."""
    said = words()
    found = introductions.listed(db.session, here().brand_id, me().id, to=to)
    may_admit = can(Permission.ADD)
    return [_row(one, said, may_admit=may_admit) for one in found]


def _row(one: Asked, said: Words, *, may_admit: bool) -> dict[str, Any]:
    acts = list(_ACTS.get(one.state, ()))
    if one.state is IntroductionState.MADE and not one.is_ours and may_admit:
        acts.insert(0, "admit")
    about = []
    if one.due_on is not None:
        about.append(_("to be asked on %(day)s", day=said.date[one.due_on]))
    if one.asked_at is not None:
        about.append(_("asked on %(day)s", day=said.date[said.day(one.asked_at)]))
    if one.author:
        about.append(_("planned by %(name)s", name=one.author))
    return {
        "id": one.id,
        "state": str(one.state.label),
        "colour": _COLOURS.get(one.state, ""),
        "people": [name or _("Somebody") for name in one.people],
        "connector_id": one.connector_id,
        "person_id": one.person_id,
        "is_ours": one.is_ours,
        "about": " · ".join(about),
        "acts": acts,
    }
