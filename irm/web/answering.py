"""A brand's hours: how soon a question has its answer."""

from dataclasses import asdict

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.forms.answering import AnsweringForm
from irm.funnel.answering import Answering, answering, set_answering
from irm.i18n import _
from irm.models import Brand
from irm.web.answers import Answer, back_to

bp = Blueprint("answering", __name__)


@bp.get("/settings/answering")
def show() -> str:
    """The hours that hold."""
    brand = _brand()
    return _page(brand, AnsweringForm(formdata=None, **asdict(answering(brand.answering))))


@bp.post("/settings/answering")
def save() -> Answer:
    """Keep the hours."""
    brand, form = _brand(), AnsweringForm()
    if not form.validate():
        return _page(brand, form), 422
    return _set(brand, Answering(**form.values))


@bp.post("/settings/answering/reset")
def reset() -> Answer:
    """Go back to irm's own hours."""
    return _set(_brand(), Answering())


def _set(brand: Brand, chosen: Answering) -> Answer:
    changed = set_answering(db.session, brand, chosen, user=me(), at=clock.now())
    db.session.commit()
    said = (
        _("The hours are saved. They hold for questions from now on.")
        if changed
        else _("These hours hold already: nothing changed.")
    )
    return back_to("/settings/answering", said)


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _page(brand: Brand, form: AnsweringForm) -> str:
    return render_template(
        "settings/answering.html",
        form=form,
        own=Answering(),
        is_default=answering(brand.answering) == Answering(),
    )
