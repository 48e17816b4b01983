"""Giving a relationship to the colleague who is right for it."""

from flask import Blueprint, render_template
from sqlalchemy import select

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.directory import team
from irm.errors import NotFound
from irm.forms.owner import OwnerForm
from irm.funnel import stages
from irm.i18n import _
from irm.models import BrandMember, Relationship, User
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment

bp = Blueprint("owners", __name__)


@bp.get("/relationships/<int:id>/owner")
def choose(id: int) -> str:
    """The form alone for the person's page, or a page of its own."""
    relationship = load(Relationship, id, Permission.MOVE)
    return render_template(
        "owners/_form.html" if is_fragment() else "owners/show.html",
        relationship=relationship,
        members=db.session.execute(team.members(relationship.brand_id)).all(),
    )


@bp.post("/relationships/<int:id>/owner")
def give(id: int) -> Answer:
    """Give the relationship, and what is planned with it, to a member of the brand."""
    relationship, form = load(Relationship, id, Permission.MOVE), OwnerForm()
    refuse_faults(form)
    owner = _member(relationship.brand_id, form.owner.data) if form.owner.data else None
    before = relationship.owner_id or 0
    stages.assign(
        db.session,
        relationship,
        owner,
        user=me(),
        at=clock.now(),
        seen_version=form.row_version.data,
    )
    db.session.commit()
    name = relationship.influencer.name
    said = (
        _("%(owner)s now looks after %(name)s.", owner=owner.name, name=name)
        if owner
        else _("Nobody looks after %(name)s now.", name=name)
    )
    undo = {"owner": before, "row_version": relationship.row_version}
    message = (
        undoable(said, f"/relationships/{id}/owner", undo) if before != form.owner.data else said
    )
    return back_to(f"/influencers/{relationship.influencer_id}", message)


def _member(brand_id: int, user_id: int) -> User:
    """The member of a brand with this id. Raises NotFound where there is none."""
    user = db.session.scalar(
        select(User)
        .join(BrandMember, BrandMember.user_id == User.id)
        .where(User.id == user_id, User.is_active, BrandMember.brand_id == brand_id)
    )
    if user is None:
        raise NotFound()
    return user
