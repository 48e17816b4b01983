"""Giving a relationship to the colleague who is right for it."""

from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import Permission, here, load, me
from irm.db import db
from irm.directory import team
from irm.errors import NotFound
from irm.forms.owner import OwnerForm
from irm.funnel import stages
from irm.funnel.grouping import Grouping
from irm.i18n import _
from irm.models import BrandMember, Relationship, User
from irm.web import heads
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.cards import row_words
from irm.web.colleague_choice import in_teams
from irm.web.guard import is_fragment

bp = Blueprint("owners", __name__)


@bp.get("/relationships/<int:id>/owner")
def choose(id: int) -> str:
    """The form alone for the person's page, or a page of its own."""
    relationship = load(Relationship, id, Permission.ASSIGN)
    return render_template(
        "owners/_form.html" if is_fragment() else "owners/show.html",
        relationship=relationship,
        groups=in_teams(relationship.brand_id, _colleagues(relationship)),
    )


@bp.post("/relationships/<int:id>/owner")
def give(id: int) -> Answer:
    """Give the relationship, and what is planned with it, to a member of the brand.

    From a board by owners the answer is the card and the heads of both columns.
    """
    relationship, form = load(Relationship, id, Permission.ASSIGN), OwnerForm()
    refuse_faults(form)
    # An address that means nothing is refused before anything is written.
    page = heads.here_and_now() if is_fragment() else None
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
    is_changed, url = before != form.owner.data, f"/relationships/{id}/owner"
    if page is not None and page.by is Grouping.OWNER:
        # The board's filters go along, so that the heads count what is shown.
        url = f"{url}?{request.query_string.decode('ascii', 'ignore')}"
        message = undoable(said, url, undo, f"#card-{id}") if is_changed else said
        return _handed(page, relationship, before, message)
    message = undoable(said, url, undo) if is_changed else said
    return back_to(f"/influencers/{relationship.influencer_id}", message)


def _handed(
    page: heads.Board, relationship: Relationship, before: int, message: Message | str
) -> str:
    keys = [str(before), str(relationship.owner_id or 0)]
    return render_template(
        "funnel/_moved.html",
        cards=page.card(relationship.id),
        columns=page.columns(keys) if here().brand_id == relationship.brand_id else [],
        message=message,
        words=row_words(),
        may_move=True,
    )


def _colleagues(relationship: Relationship) -> list[tuple[int, str]]:
    """Who may look after people of the brand, and who looks after this one."""
    found = [(id, name) for id, name in db.session.execute(team.may_contact(relationship.brand_id))]
    owner = relationship.owner
    there = (owner.id, owner.name) if owner else None
    return found if there is None or there in found else [*found, there]


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
