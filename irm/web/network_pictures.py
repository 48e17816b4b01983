"""Pictures of the network: around somebody, of those who lead, of a community with its name."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, can, here, load, me, require
from irm.db import db
from irm.errors import NotFound, Refused
from irm.forms.community import CommunityForm
from irm.i18n import _
from irm.models import Community, Influencer
from irm.network import communities, pictures, proposals
from irm.network.pictures import Size
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.network_words import told
from irm.web.words import words

bp = Blueprint("network_pictures", __name__)


@bp.get("/network/around/<int:id>")
def around(id: int) -> str:
    """Who is around somebody, strangers too, in one step or two."""
    # Whoever has no brand is told as little of anybody as of somebody who is not there.
    brand_id, size = here().brand_id, _size()
    require(Permission.SEE)
    if id >= 2**31 or not pictures.sees(db.session, brand_id, id):
        # Whoever was merged leads on to the one they are now; everybody else is not to be found.
        load(Influencer, id, Permission.SEE)
        raise NotFound()
    steps = 1 if request.args.get("steps") == "1" else 2
    person = db.session.get_one(Influencer, id)
    found = pictures.around(db.session, brand_id, id, words().today, steps=steps, size=size)
    return render_template(
        "network/around.html",
        person=person,
        is_ours=_is_ours(found.people, id),
        steps=steps,
        **_shown(size),
        **told(found, size, words(), middle=id),
    )


@bp.get("/network/picture")
def leading() -> str:
    """Those with the most influence, and how they are tied."""
    require(Permission.SEE)
    size = _size()
    found = pictures.leading(db.session, here().brand_id, words().today, size=size)
    return render_template("network/picture.html", **_shown(size), **told(found, size, words()))


@bp.get("/network/communities/<int:id>")
def community(id: int) -> str:
    """One community: those with the most influence in it, how they are tied, and its name."""
    return _page(_its(id, Permission.SEE), CommunityForm(formdata=None))


@bp.post("/network/communities/<int:id>")
def name(id: int) -> Answer:
    """Give a community a name, or take it away."""
    found, form = _its(id, Permission.EDIT), CommunityForm()
    was = found.name
    try:
        refuse_faults(form)
        given = (form.was.data or "", form.name.data or "")
        communities.rename(db.session, found, given[1], given[0], user=me(), at=clock.now())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(_its(id, Permission.EDIT), form, str(refused.message)), refused.status
    address = f"/network/communities/{id}"
    if given[1] == was:
        return back_to(address)
    if given[1]:
        said = _("The community is called “%(name)s” now.", name=given[1])
    else:
        said = _("The community is called after its leaders again.")
    return back_to(address, undoable(said, address, {"name": was, "was": given[1]}))


def _its(id: int, permission: Permission) -> Community:
    """A community of the current brand."""
    found = load(Community, id, permission)
    if found.brand_id != here().brand_id:
        raise NotFound()
    return found


def _page(found: Community, form: CommunityForm, fault: str = "") -> str:
    size, said = _size(), words()
    run = proposals.newest_run(db.session, found.brand_id)
    drawn = pictures.of_community(db.session, found.brand_id, found.id, said.today, size=size)
    told_of = told(drawn, size, said)
    group = next((one for one in told_of["groups"] if one["id"] == found.id), None)
    return render_template(
        "network/community.html",
        community=found,
        title=group["name"] if group else found.name or _("A community"),
        is_gone=run is None or found.last_on < run.day,
        first_on=said.date[found.first_on],
        last_on=said.date[found.last_on],
        form=form,
        fault=fault,
        may_name=can(Permission.EDIT),
        **_shown(size),
        **told_of,
    )


def _size() -> Size:
    """What the address asks people to be drawn larger for."""
    asked = request.args.get("size", "")
    return Size(asked) if asked in set(Size) else Size.INFLUENCE


def _shown(size: Size) -> dict[str, Any]:
    return {"size": size, "sizes": list(Size), "most": pictures.MOST}


def _is_ours(people: Sequence[pictures.Figure], id: int) -> bool:
    return next(one for one in people if one.id == id).stage is not None
