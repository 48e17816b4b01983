"""What each kind of touch costs, for the planner: a page for leads."""

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.forms.touch_minutes import MinutesForm, filled
from irm.funnel import touch_minutes
from irm.i18n import _
from irm.models import Brand, Stage
from irm.web.answers import Answer, back_to

bp = Blueprint("touch_minutes", __name__)


@bp.get("/settings/minutes")
def show() -> str:
    """The minutes that hold."""
    brand = _brand()
    own = touch_minutes.of_brand(brand.planning)
    return _page(brand, MinutesForm(formdata=None, **filled(own)))


@bp.post("/settings/minutes")
def save() -> Answer:
    """Keep them; they hold for the next plan."""
    brand, form = _brand(), MinutesForm()
    if not form.validate():
        return _page(brand, form), 422
    return _set(brand, form.chosen)


@bp.post("/settings/minutes/reset")
def reset() -> Answer:
    """Go back to irm's own minutes."""
    return _set(_brand(), {})


def _set(brand: Brand, chosen: dict[str, int]) -> Answer:
    changed = touch_minutes.set_minutes(db.session, brand, chosen, user=me(), at=clock.now())
    db.session.commit()
    said = (
        _("The minutes are saved. They hold from the next plan on.")
        if changed
        else _("These minutes hold already: nothing changed.")
    )
    return back_to("/settings/minutes", said)


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _page(brand: Brand, form: MinutesForm) -> str:  # type: ignore[valid-type]  # made by type()
    planned = touch_minutes.PLANNED
    groups = [(_("At any stage"), [one for one in planned if one.stage is None])]
    groups += [
        (str(stage.label), [one for one in planned if one.stage is stage]) for stage in Stage
    ]
    return render_template(
        "settings/minutes.html",
        groups=[(title, [form[f"minutes_{one.code}"] for one in some]) for title, some in groups],  # type: ignore[index]
        is_default=not touch_minutes.of_brand(brand.planning),
    )
