"""A brand's cadences: how often contact is wanted, by stage, level and around campaigns."""

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.forms.policies import PoliciesForm
from irm.funnel import cadence, policies
from irm.funnel.cadence import Policies
from irm.i18n import _, _n
from irm.models import Brand, PolicyScope
from irm.web import ageing
from irm.web.answers import Answer, back_to
from irm.web.words import words

bp = Blueprint("policies", __name__)


@bp.get("/settings/cadence")
def show() -> str:
    """The cadences that hold."""
    brand = _brand()
    return _page(brand, PoliciesForm.of(cadence.policies_of(db.session, brand.id)))


@bp.post("/settings/cadence")
def save() -> Answer:
    """Keep the cadences; or only say whom they would concern."""
    brand, form = _brand(), PoliciesForm()
    if not form.validate():
        return _page(brand, form), 422
    if request.form.get("do") == "look":
        return _page(brand, form, _said(brand, form.policies))
    return _set(brand, form.policies)


@bp.post("/settings/cadence/reset")
def reset() -> Answer:
    """Go back to irm's own table."""
    return _set(_brand(), cadence.DEFAULTS)


def _set(brand: Brand, chosen: Policies) -> Answer:
    at, task = clock.now(), None
    changed = policies.put(db.session, brand, chosen, user=me(), at=at)
    if changed:
        task = policies.follow(db.session, brand, me(), at)
    db.session.commit()
    if not changed:
        said = _("These cadences hold already: nothing changed.")
    elif task is None:
        said = _("The cadences are saved, and what they had planned follows them.")
    else:
        said = _("The cadences are saved. What they had planned follows within minutes.")
    return back_to("/settings/cadence", said)


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _said(brand: Brand, chosen: Policies) -> list[str]:
    """What other cadences would do, in sentences."""
    said = words()
    found = policies.preview(db.session, brand, chosen, ageing.rule().day)
    lines = [
        _n(
            "%(number)s person would have another rhythm.",
            "%(number)s people would have another rhythm.",
            found.people,
            number=said.number(found.people),
        ),
        _n(
            "%(number)s next contact would move.",
            "%(number)s next contacts would move.",
            found.moved,
            number=said.number(found.moved),
        ),
        _n(
            "%(number)s of them would be overdue.",
            "%(number)s of them would be overdue.",
            found.overdue,
            number=said.number(found.overdue),
        ),
    ]
    if not found.is_exact:
        lines.append(
            _(
                "Of the planned contacts the first %(number)s were looked at.",
                number=said.number(policies.MOST_LOOKED_AT),
            )
        )
    return lines + [
        _(
            "%(name)s: %(to)s instead of %(from)s",
            **{"name": row.name, "to": said.date[day], "from": said.date[row.due_on]},
        )
        for row, day in found.some
    ]


def _page(brand: Brand, form: PoliciesForm, found: list[str] | None = None) -> str:
    return render_template(
        "settings/cadence.html",
        form=form,
        parts=[
            (_("By stage"), "stage", form.rows(PolicyScope.STAGE)),
            (_("By level"), "level", form.rows(PolicyScope.LEVEL)),
            (_("Around a campaign"), "campaign", form.rows(PolicyScope.CAMPAIGN)),
        ],
        is_default=cadence.policies_of(db.session, brand.id) == cadence.DEFAULTS,
        found=found,
    )
