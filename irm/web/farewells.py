"""Putting a person away, giving out all we hold of them, and erasing them."""

import io

from flask import Blueprint, Response, render_template

from irm import clock
from irm.access import Permission, can, load, me, memberships
from irm.db import db
from irm.directory import dossier, erasing, traces
from irm.directory import person as room
from irm.errors import Forbidden
from irm.forms.erasure import ErasureForm
from irm.i18n import _, _l, _n
from irm.models import Influencer, Task
from irm.models.keys import fold
from irm.web import dossiers
from irm.web.answers import Answer, back_to, undoable
from irm.web.reentry import entered_lately

bp = Blueprint("farewells", __name__)


@bp.post("/influencers/<int:id>/archive")
def archive(id: int) -> Answer:
    """Put a person away."""
    influencer = load(Influencer, id, Permission.EDIT)
    _refuse_others(influencer, Permission.EDIT)
    room.archive(db.session, id, user=me(), at=clock.now())
    db.session.commit()
    said = _("%(name)s is in the archive.", name=influencer.name)
    return back_to(f"/influencers/{id}", undoable(said, f"/influencers/{id}/restore", {}))


@bp.post("/influencers/<int:id>/restore")
def restore(id: int) -> Answer:
    """Take a person out of the archive."""
    influencer = load(Influencer, id, Permission.EDIT)
    room.restore(db.session, id, user=me(), at=clock.now())
    db.session.commit()
    said = _("%(name)s is out of the archive.", name=influencer.name)
    return back_to(f"/influencers/{id}", undoable(said, f"/influencers/{id}/archive", {}))


@bp.post("/influencers/<int:id>/dossier")
@entered_lately
def give_out(id: int) -> Response:
    """All we hold of a person, as a ZIP of JSON and CSV."""
    influencer = load(Influencer, id, Permission.GIVE_OUT)
    _refuse_others(influencer, Permission.GIVE_OUT)
    about = dossier.collect(db.session, id, _brands(Permission.GIVE_OUT))
    dossier.note(db.session, id, user=me(), at=clock.now())
    file = io.BytesIO()
    dossier.write(file, about, dossiers.readme(influencer, about))
    db.session.commit()
    name = f"attachment; filename=irm-person-{id}.zip"
    return Response(
        file.getvalue(), mimetype="application/zip", headers={"Content-Disposition": name}
    )


@bp.get("/influencers/<int:id>/erase")
def ask(id: int) -> str:
    """What an erasure takes along, what is kept and why."""
    influencer = load(Influencer, id, Permission.ERASE)
    _refuse_others(influencer, Permission.ERASE)
    return _page(influencer, ErasureForm(formdata=None))


@bp.post("/influencers/<int:id>/erase")
@entered_lately
def erase(id: int) -> Answer:
    """Erase a person, once their name was typed."""
    influencer, form = load(Influencer, id, Permission.ERASE), ErasureForm()
    _refuse_others(influencer, Permission.ERASE)
    if fold(form.name.data or "") != fold(influencer.name):
        form.name.errors = [_("This is not the name. Nothing was erased.")]
        return _page(influencer, form), 422
    db.session.add(
        Task(
            kind="erase",
            # The number alone may be somebody else's by the time the task is run.
            arguments={"influencer_id": id, "created_at": influencer.created_at.isoformat()},
            user_id=me().id,
            created_at=clock.now(),
        )
    )
    db.session.commit()
    # Their name is in no message: it would outlive them in a cookie.
    return back_to("/influencers", _("The person is being erased. It takes a moment."))


def _refuse_others(influencer: Influencer, permission: Permission) -> None:
    """Leave whom another brand knows as well to who may do it there too, or an administrator."""
    brands = traces.brands(db.session, traces.family(db.session, influencer.id))
    if not all(can(permission, brand) for brand in brands):
        raise Forbidden(
            _l("Another brand knows this person as well: an administrator can do this.")
        )


def _brands(permission: Permission) -> set[int] | None:
    """The ids of the brands where the user may do this; None stands for all."""
    if me().is_admin:
        return None
    return {one.brand_id for one in memberships() if can(permission, one.brand_id)}


def _page(influencer: Influencer, form: ErasureForm) -> str:
    counts = erasing.counts(db.session, influencer.id)
    return render_template(
        "influencers/erase.html", influencer=influencer, form=form, goes=_goes(counts)
    )


def _goes(counts: dict[str, int]) -> list[str]:
    """What goes, counted, in words."""
    n = counts.get
    found = {
        "accounts": _n("%(n)s account", "%(n)s accounts", n("accounts", 0)),
        "snapshots": _n("%(n)s day of figures", "%(n)s days of figures", n("snapshots", 0)),
        "posts": _n("%(n)s post", "%(n)s posts", n("posts", 0)),
        "contact_points": _n(
            "%(n)s way to reach them", "%(n)s ways to reach them", n("contact_points", 0)
        ),
        "interactions": _n(
            "%(n)s exchange and note", "%(n)s exchanges and notes", n("interactions", 0)
        ),
        "touchpoints": _n("%(n)s touchpoint", "%(n)s touchpoints", n("touchpoints", 0)),
        "scores": _n("%(n)s score", "%(n)s scores", n("scores", 0)),
        "merges": _n("%(n)s merge", "%(n)s merges", n("merges", 0)),
    }
    return [text for table, text in found.items() if counts.get(table)]
