"""Giving one planned contact to a colleague of the brand, and taking that back."""

from flask import Blueprint
from sqlalchemy import Select

from irm.access import Permission, load, me
from irm.db import db
from irm.directory import team
from irm.errors import NotFound, Stale
from irm.forms.touchpoint import CloseForm, PassForm
from irm.funnel import passing_on, touchpoints
from irm.i18n import _
from irm.models import Touchpoint, User
from irm.web import closing
from irm.web.answers import Answer, refuse_faults
from irm.web.words import words

bp = Blueprint("passing_on", __name__)


@bp.get("/touchpoints/<int:id>/reassign")
def choose(id: int) -> str:
    """To whom: asked in the row, or on a page of its own."""
    touchpoint = load(Touchpoint, id, Permission.LOG)
    touchpoints.refuse_closed(touchpoint)
    others = _who_may(touchpoint).where(User.id != (touchpoint.owner_id or 0))
    found = db.session.execute(others).all()
    return closing.ask("reassign", touchpoint, colleagues=found)


@bp.post("/touchpoints/<int:id>/reassign")
def give(id: int) -> Answer:
    """Give it; the colleague finds it on her Today, with who gave it."""
    touchpoint, form = load(Touchpoint, id, Permission.LOG), PassForm()
    refuse_faults(form)
    _refuse_stale(touchpoint, form.row_version.data)
    who = _who_may(touchpoint).where(User.id == form.to.data)
    to = db.session.get(User, db.session.scalar(who) or 0)
    if to is None:
        raise NotFound()
    passing_on.pass_on(db.session, touchpoint, to, user=me(), on=words().today)
    db.session.commit()
    said = _(
        "%(name)s: %(colleague)s has it now.",
        name=touchpoint.relationship.influencer.name,
        colleague=to.name,
    )
    message = closing.undo_of(said, "give-back", touchpoint, form.back.data)
    return closing.closed(touchpoint, form.back.data, message)


@bp.post("/touchpoints/<int:id>/give-back")
def give_back(id: int) -> Answer:
    """Take back that it was given on."""
    touchpoint, form = load(Touchpoint, id, Permission.LOG), CloseForm()
    refuse_faults(form)
    _refuse_stale(touchpoint, form.row_version.data)
    _by, before = passing_on.giver(touchpoint)
    # Whoever is gone meanwhile, or sees them no more, gets nothing back.
    there = _around(touchpoint).where(User.id == before)
    had = db.session.get(User, db.session.scalar(there) or 0) if before else None
    passing_on.give_back(db.session, touchpoint, had)
    db.session.commit()
    said = _(
        "Planned with %(name)s: %(when)s.",
        name=touchpoint.relationship.influencer.name,
        when=words().both[touchpoint.due_on],
    )
    return closing.open_again(touchpoint, form.back.data, said)


def _who_may(touchpoint: Touchpoint) -> Select[int, str]:
    """Who makes contacts for the brand, and may see this person."""
    relationship = touchpoint.relationship
    return team.may_take(relationship.brand_id, relationship.owner_id)


def _around(touchpoint: Touchpoint) -> Select[int, str]:
    relationship = touchpoint.relationship
    return team.around(relationship.brand_id, relationship.owner_id)


def _refuse_stale(touchpoint: Touchpoint, seen: int) -> None:
    if seen != touchpoint.row_version:
        raise Stale()
