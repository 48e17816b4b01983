"""A colleague who leaves a brand or is deactivated: what she has, who takes it over; her return."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from irm import clock
from irm.access import Membership, Permission, here, me, require
from irm.db import db
from irm.directory import team
from irm.errors import NotFound
from irm.forms.leaving import LeavingForm
from irm.funnel import leaving, members
from irm.funnel.leaving import Held
from irm.i18n import _
from irm.models import BrandMember, Role, User
from irm.web.answers import Answer, back_to, undoable
from irm.web.handovers import leave_to_worker
from irm.web.reentry import entered_lately
from irm.web.words import words

bp = Blueprint("leaving", __name__)


@dataclass(slots=True)
class Part:
    """What she leaves at one brand, who may take it over, and what was chosen."""

    held: Held
    colleagues: Sequence[tuple[int, str]]
    #: Those of them who may not run campaigns.
    partners: Sequence[str]
    chosen: list[int]
    is_without: bool
    is_undecided: bool = False
    #: Campaigns that have nobody once she is gone.
    left: int = 0

    @property
    def is_taken_over(self) -> bool:
        """Whether anything of it goes to a colleague."""
        goes_along = self.left < self.held.campaigns or self.held.is_more_than_campaigns
        return bool(self.chosen) and goes_along


@bp.get("/settings/members/<int:id>/leave")
def ask_brand(id: int) -> str:
    """What somebody has at this brand, and who takes it over."""
    brand, place = _place(id)
    return _page(place.user, _parts(place.user_id, [brand.brand_id]), brand)


@bp.post("/settings/members/<int:id>/remove")
@entered_lately
def leave_brand(id: int) -> Answer:
    """Let somebody work for this brand no more, what she has going to others."""
    brand, place = _place(id)
    user = place.user
    parts = _parts(id, [brand.brand_id], LeavingForm())
    if any(part.is_undecided for part in parts):
        return _page(user, parts, brand), 422
    members.take_out(db.session, place, by=me(), at=clock.now())
    _hand_over(user, parts)
    db.session.commit()
    said = _("%(name)s is no member of %(brand)s any more.", name=user.name, brand=brand.brand_name)
    query = f"?brand={brand.brand_id}"
    undo = undoable(_said(said, parts), f"/settings/members/{id}/restore{query}", {})
    return back_to(f"/settings/members{query}", undo)


@bp.get("/settings/users/<int:id>/leave")
def ask(id: int) -> str:
    """What somebody has at all brands, and who takes it over."""
    user = _user(id)
    return _page(user, _parts(id, None))


@bp.post("/settings/users/<int:id>/leave")
@entered_lately
def deactivate(id: int) -> Answer:
    """Let somebody sign in no more, what she has going to others."""
    user = _user(id)
    parts = _parts(id, None, LeavingForm())
    if any(part.is_undecided for part in parts):
        return _page(user, parts), 422
    leaving.deactivate(db.session, user, by=me(), at=clock.now())
    _hand_over(user, parts)
    db.session.commit()
    said = _("%(name)s is deactivated and signed out everywhere.", name=user.name)
    return back_to(
        "/settings/users", undoable(_said(said, parts), f"/settings/users/{id}/return", {})
    )


@bp.post("/settings/users/<int:id>/return")
@entered_lately
def activate(id: int) -> Answer:
    """Let somebody sign in again, in the roles she had."""
    user = _user(id)
    leaving.activate(db.session, user, by=me(), at=clock.now())
    db.session.commit()
    said = _(
        "%(name)s can sign in again, in the roles of before. What was handed over stays where it "
        "is.",
        name=user.name,
    )
    return back_to("/settings/users", said)


def _place(id: int) -> tuple[Membership, BrandMember]:
    require(Permission.MEMBERS)
    brand = here()
    place = members.member(db.session, brand.brand_id, id if id < 2**31 else 0)
    members.refuse_oneself(place.user_id, me())
    return brand, place


def _user(id: int) -> User:
    require(Permission.ADMINISTER)
    user = db.session.get(User, id) if id < 2**31 else None
    if user is None:
        raise NotFound()
    members.refuse_oneself(user.id, me())
    return user


def _parts(id: int, brand_ids: list[int] | None, form: LeavingForm | None = None) -> list[Part]:
    """What she leaves at each brand, with the choices that were sent."""
    found = []
    sent = set(form.to.data or ()) if form else set()
    without = set(form.without.raw_data or ()) if form else set()
    for one in leaving.held(db.session, id, words().today, brand_ids):
        offered = team.may_contact(one.brand_id).where(User.id != id)
        colleagues = [(row.id, row.name) for row in db.session.execute(offered)]
        may_run = {row.id for row in db.session.execute(team.may_take(one.brand_id, None))}
        partners = [name for them, name in colleagues if them not in may_run]
        chosen = [them for them, _name in colleagues if f"{one.brand_id}:{them}" in sent]
        part = Part(one, colleagues, partners, chosen, str(one.brand_id) in without)
        # Both at once is no decision either.
        part.is_undecided = form is not None and bool(chosen) == part.is_without
        found.append(part)
    return found


def _hand_over(user: User, parts: list[Part]) -> None:
    for part in parts:
        heir = leaving.heir_of_campaigns(db.session, part.held.brand_id, part.chosen)
        part.left = part.held.campaigns if heir is None else 0
        left = leaving.leave_brand(
            db.session,
            user,
            part.held.brand_id,
            part.chosen,
            today=words().today,
            by=me(),
            at=clock.now(),
        )
        if left:
            leave_to_worker(left[0], part.held.people, left[1])


def _said(said: str, parts: list[Part]) -> str:
    """What was done, what came of what was open, and where campaigns have nobody now."""
    found = [said]
    if any(part.is_taken_over for part in parts):
        found.append(_("What was open is handed over; Undo does not take that back."))
    elif parts:
        found.append(_("What was open has no owner now; Undo does not take that back."))
    found += [leaving.nobody_runs(one.held.brand_name, one.left) for one in parts if one.left]
    return " ".join(found)


def _page(user: User, parts: list[Part], brand: Membership | None = None) -> str:
    places = db.session.scalars(
        members.places(user.id, None if brand is None else brand.brand_id)
    ).all()
    last = [
        one for one in places if one.role is Role.LEAD and members.is_last_lead(db.session, one)
    ]
    return render_template(
        "settings/leaving.html",
        leaver=user,
        parts=parts,
        of_brand=brand,
        last_at=[one.brand.name for one in last],
    )
