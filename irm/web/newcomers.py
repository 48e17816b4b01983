"""Adding a person by hand, after a look at whether they are here already."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import select

from irm import clock
from irm.access import Permission, can, here, may_see, me, require
from irm.db import db
from irm.directory import duplicates, presence
from irm.directory import newcomer as room
from irm.errors import Refused
from irm.forms.newcomer import NewcomerForm
from irm.funnel import stages
from irm.i18n import _
from irm.models import Brand, Influencer, Relationship, Stage
from irm.scoring import rules, tiers
from irm.web import pulses
from irm.web.answers import Answer, back_to

bp = Blueprint("newcomers", __name__)


@bp.get("/influencers/new")
def new() -> str:
    """An empty form, with the brand's own lawful basis."""
    require(Permission.ADD)
    basis = db.session.scalar(select(Brand.lawful_basis).where(Brand.id == here().brand_id))
    return _page(NewcomerForm(formdata=None, lawful_basis=basis))


@bp.post("/influencers/new")
def add() -> Answer:
    """Add them, unless somebody here is them, or may be."""
    require(Permission.ADD)
    form = NewcomerForm()
    if not form.validate():
        return _page(form), 422
    found = room.known(db.session, form.accounts, form.contacts)
    try:
        presence.refuse_erased(db.session, form.accounts, form.contacts, name=form.name.data or "")
        if found:
            return _known(form, found)
        alike = _alike(form)
        if alike and not form.is_another.data:
            return _page(form, alike=alike), 409
        made, claim = _add(form)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(form, fault=str(refused.message)), refused.status
    said = _("%(name)s is here now.", name=made.name)
    return back_to(f"/influencers/{made.id}", f"{said} {pulses.said(claim)}" if claim else said)


def _add(form: NewcomerForm) -> tuple[Influencer, Stage | None]:
    """Add them; returns them, and the stage that may be claimed by what they are to us."""
    facts = {
        "name": form.name.data,
        "country": form.country.data or None,
        "language": form.language.data,
        "source": form.source.data,
        "lawful_basis": form.lawful_basis.data.value,
    }
    at = clock.now()
    made = room.add(
        db.session,
        facts,
        form.accounts,
        form.contacts,
        tier=tiers.tier(None, None, rules.rules(db.session).thresholds),
        brand_id=here().brand_id,
        user=me(),
        at=at,
    )
    begun = stages.begin(db.session, made, here().brand_id, user=me(), at=at, owner_id=me().id)
    return made, pulses.add(begun, form.pulse.data, form.worked_on.data)


def _known(form: NewcomerForm, found: list[int]) -> Answer:
    """Lead to whoever has one of these keys, or let this brand begin with them.

    Whom no brand of the user's knows is not named: who an address belongs to is not told.
    """
    people = db.session.scalars(
        select(Influencer).where(Influencer.id.in_(found)).order_by(Influencer.id)
    ).all()
    ours = _of_brand([one.id for one in people])
    strangers = [one for one in people if one.id not in ours]
    if not ours and len(strangers) == 1 and form.joins.data == strangers[0].id:
        at = clock.now()
        person = strangers[0]
        person.known = True
        stages.begin(db.session, person, here().brand_id, user=me(), at=at, owner_id=me().id)
        db.session.commit()
        said = _("Your brand’s relationship with %(name)s has begun.", name=person.name)
        return back_to(f"/influencers/{person.id}", said)
    seen = _seen([one.id for one in people])
    shown = [
        {
            "id": one.id,
            "name": one.name if one.id in seen else "",
            "href": f"/influencers/{one.id}" if one.id in ours else "",
        }
        for one in people
    ]
    return _page(form, known=shown, may_join=not ours and len(strangers) == 1), 409


def _of_brand(ids: list[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(Relationship.influencer_id).where(
                Relationship.brand_id == here().brand_id, Relationship.influencer_id.in_(ids)
            )
        )
    )


def _seen(ids: list[int]) -> set[int]:
    """Whom of these some brand of the user's knows."""
    return {id for id in ids if may_see(id)}


def _alike(form: NewcomerForm) -> list[dict[str, Any]]:
    """People of the brand who may be the same, though no key says so."""
    found = duplicates.likely(
        db.session,
        name=form.name.data,
        handles=[(one.platform.value, one.handle) for one in form.accounts],
        emails=[one.key for one in form.contacts if one.kind == "email"],
        phones=[one.key for one in form.contacts if one.kind == "phone"],
        brand_id=here().brand_id,
    )
    return [
        {
            "name": one.name,
            "href": f"/influencers/{one.influencer_id}",
            "why": " · ".join(duplicates.sentences(one.reasons)),
        }
        for one in found
    ]


def _page(form: NewcomerForm, **shown: Any) -> str:
    return render_template(
        "influencers/new.html",
        form=form,
        may_import=can(Permission.IMPORT),
        **{"known": [], "alike": [], "fault": "", "may_join": False, **shown},
    )
