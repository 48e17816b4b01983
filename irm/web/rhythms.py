"""How often one person is contacted: their level, and what was agreed with them."""

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.errors import Refused, Stale
from irm.forms.rhythm import RhythmForm
from irm.funnel import rhythms
from irm.i18n import _
from irm.models import Relationship
from irm.web.answers import Answer, back_to, undoable

bp = Blueprint("rhythms", __name__)


@bp.get("/relationships/<int:id>/rhythm")
def choose(id: int) -> str:
    """The form."""
    relationship = load(Relationship, id, Permission.MOVE)
    form = RhythmForm(
        formdata=None,
        level=relationship.level,
        ideal=relationship.cadence_ideal,
        worst=relationship.cadence_worst,
        row_version=relationship.row_version,
    )
    return _page(relationship, form)


@bp.post("/relationships/<int:id>/rhythm")
def save(id: int) -> Answer:
    """Keep what was agreed; the message about it offers to take it back."""
    relationship, form = load(Relationship, id, Permission.MOVE), RhythmForm()
    if not form.validate():
        return _page(relationship, form), Refused.status
    held = {
        "level": relationship.level.value if relationship.level else "",
        "ideal": relationship.cadence_ideal or "",
        "worst": relationship.cadence_worst or "",
    }
    try:
        changed = rhythms.agree(
            db.session,
            relationship,
            level=form.level.data,
            ideal=form.ideal.data,
            worst=form.worst.data,
            user=me(),
            at=clock.now(),
            seen_version=form.row_version.data,
        )
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        form.worst.errors = [refused.message]
        return _page(load(Relationship, id, Permission.MOVE), form), refused.status
    db.session.commit()
    person = f"/influencers/{relationship.influencer_id}"
    if not changed:
        return back_to(person)
    said = _("How often %(name)s is contacted is saved.", name=relationship.influencer.name)
    values = {**held, "row_version": relationship.row_version}
    return back_to(person, undoable(said, f"/relationships/{id}/rhythm", values))


def _page(relationship: Relationship, form: RhythmForm) -> str:
    return render_template(
        "rhythms/show.html",
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
    )
