"""A brand's limits: how long at a stage, and how long without contact, is too long."""

from dataclasses import asdict

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.forms.limits import LimitsForm
from irm.funnel import ageing
from irm.i18n import _, _n
from irm.ledger.ageing import Ageing, Limits, limits
from irm.models import Brand
from irm.web.answers import Answer, back_to
from irm.web.words import words

bp = Blueprint("limits", __name__)


@bp.get("/settings/limits")
def show() -> str:
    """The limits that hold."""
    brand = _brand()
    return _page(brand, LimitsForm(formdata=None, **asdict(limits(brand.limits))))


@bp.post("/settings/limits")
def save() -> Answer:
    """Keep the limits; or only say how many people would be over them today."""
    brand, form = _brand(), LimitsForm()
    if not form.validate():
        return _page(brand, form), 422
    chosen = Limits(**form.values)
    if request.form.get("do") == "look":
        return _page(brand, form, _over(brand, chosen))
    return _set(brand, chosen)


@bp.post("/settings/limits/reset")
def reset() -> Answer:
    """Go back to irm's own limits."""
    return _set(_brand(), Limits())


def _set(brand: Brand, chosen: Limits) -> Answer:
    changed = ageing.set_limits(db.session, brand, chosen, user=me(), at=clock.now())
    db.session.commit()
    said = (
        _("The limits are saved. They hold at once.")
        if changed
        else _("These limits hold already: nothing changed.")
    )
    return back_to("/settings/limits", said)


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _over(brand: Brand, chosen: Limits) -> list[str]:
    """How many would be over each limit, in sentences."""
    found = ageing.over(db.session, brand, chosen, clock.now())
    return [_counted(mark, n) for mark, n in found.items()]


def _counted(mark: Ageing, n: int) -> str:
    number = words().number(min(n, ageing.MOST)) + ("+" if n > ageing.MOST else "")
    if mark is Ageing.STUCK:
        return _n(
            "%(number)s person would be too long at their stage.",
            "%(number)s people would be too long at their stage.",
            n,
            number=number,
        )
    if mark is Ageing.SLIPPING:
        return _n(
            "%(number)s person would be slipping away.",
            "%(number)s people would be slipping away.",
            n,
            number=number,
        )
    return _n(
        "%(number)s person would be beyond the second limit.",
        "%(number)s people would be beyond the second limit.",
        n,
        number=number,
    )


def _page(brand: Brand, form: LimitsForm, found: list[str] | None = None) -> str:
    own = Limits()
    return render_template(
        "settings/limits.html",
        form=form,
        own=own,
        stages=[form[name] for name in asdict(own) if name not in ("first", "second")],
        is_default=limits(brand.limits) == own,
        found=found,
    )
