"""Who works for the brand, and as what; for administrators everybody who signs in."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import select

from irm import clock
from irm.access import Membership, Permission, here, me, require
from irm.db import db
from irm.directory import teams
from irm.forms.member import RoleForm
from irm.funnel import leaving, members
from irm.i18n import _
from irm.models import Brand, BrandMember, Role
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.reentry import entered_lately
from irm.web.words import words

bp = Blueprint("members", __name__)

#: So many are listed.
MOST = 500


@bp.get("/settings/members")
def index() -> str:
    """Who is in, what each may do and has open."""
    brand = _brand()
    rows = db.session.execute(members.of_brand(brand.brand_id).limit(MOST)).all()
    return render_template(
        "settings/members.html",
        rows=[(row, members.seen_at(row), row.id != me().id) for row in rows],
        roles=list(Role),
        teams=_teams(brand.brand_id),
    )


@bp.post("/settings/members/<int:id>/role")
@entered_lately
def change_role(id: int) -> Answer:
    """Give a member another role."""
    brand, form = _brand(), RoleForm()
    place = members.member(db.session, brand.brand_id, _small(id))
    refuse_faults(form)
    role, seen = Role(form.role.data), form.seen.data
    left = 0
    if role in members.RUN_NONE:
        left = leaving.campaigns_of(db.session, place.user_id, brand.brand_id, words().today)
    members.change_role(db.session, place, role, seen=seen, by=me(), at=clock.now())
    db.session.commit()
    said = _("%(name)s: %(role)s from now on.", name=place.user.name, role=role.label)
    if left:
        said += f" {leaving.nobody_runs(brand.brand_name, left)}"
    undo = {"role": seen, "seen": role.value}
    return back_to(_page(brand), undoable(said, _address(brand, id, "role"), undo))


@bp.post("/settings/members/<int:id>/restore")
@entered_lately
def put_back(id: int) -> Answer:
    """Take back that somebody was taken out."""
    brand = _brand()
    known = db.session.get_one(Brand, brand.brand_id)
    place = members.put_back(db.session, known, _small(id), by=me(), at=clock.now())
    db.session.commit()
    name, role = place.user.name, place.role.label
    return back_to(_page(brand), _("%(name)s is back: %(role)s.", name=name, role=role))


@bp.get("/settings/users")
def users() -> str:
    """Everybody who signs in, or once did."""
    require(Permission.ADMINISTER)
    rows = db.session.execute(members.everybody().limit(MOST)).all()
    return render_template(
        "settings/users.html",
        rows=[(row, members.seen_at(row), row.id != me().id) for row in rows],
        places=_places(),
    )


def _teams(brand_id: int) -> dict[int, list[tuple[int, str]]]:
    """The teams of each member of a brand, by name."""
    found: dict[int, list[tuple[int, str]]] = {}
    for row in db.session.execute(teams.members(brand_id)):
        found.setdefault(row.user_id, []).append((row.team_id, row.name))
    return found


def _places() -> dict[int, list[tuple[str, Any]]]:
    """The brands of each user by name, with her role there."""
    found: dict[int, list[tuple[str, Any]]] = {}
    rows = db.session.execute(
        select(BrandMember.user_id, Brand.name, BrandMember.role)
        .join(Brand, Brand.id == BrandMember.brand_id)
        .order_by(Brand.name_key)
    )
    for user_id, name, role in rows:
        found.setdefault(user_id, []).append((name, role.label))
    return found


def _brand() -> Membership:
    """The brand of this page; its forms name it, so that another tab changes nothing."""
    require(Permission.MEMBERS)
    return here()


def _page(brand: Membership) -> str:
    return f"/settings/members?brand={brand.brand_id}"


def _address(brand: Membership, id: int, act: str) -> str:
    return f"/settings/members/{id}/{act}?brand={brand.brand_id}"


def _small(id: int) -> int:
    """An id as the database can look for it; one too large is nobody's."""
    return id if id < 2**31 else 0
