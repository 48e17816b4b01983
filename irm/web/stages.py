"""The five stages: what each is for, on one page, and what a brand calls them."""

from typing import Any, NamedTuple

from babel import Locale
from flask import Blueprint, render_template
from flask_babel import get_locale

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.config import LOCALES
from irm.db import db
from irm.errors import NotFound, Refused
from irm.forms.stages import StageNamesForm, field_of
from irm.funnel import stage_names, tactics
from irm.i18n import Names, _, calling
from irm.models import Brand, Stage
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.guard import is_fragment
from irm.web.spoken import speaking

bp = Blueprint("stages", __name__)


class Reading(NamedTuple):
    """How the names read in one language."""

    language: str
    locale: str
    names: list[tuple[str, str]]
    sentences: list[str]


@bp.get("/stages")
def index() -> str:
    """The craft on one page: all stages with their goals and tactics."""
    require(Permission.SEE)
    return render_template("stages/index.html", stages=list(Stage), tactics=tactics)


@bp.get("/stages/<word>")
def show(word: str) -> str:
    """One stage: for a dialog, or its place on the page of all."""
    require(Permission.SEE)
    stage = next((one for one in Stage if one.value == word), None)
    if stage is None:
        raise NotFound()
    template = "stages/_stage.html" if is_fragment() else "stages/index.html"
    return render_template(template, stage=stage, stages=[stage], tactics=tactics)


@bp.get("/settings/stages")
def names() -> str:
    """What the brand calls its stages."""
    labels = _brand().stage_labels
    given: dict[str, str] = {}
    for locale in LOCALES:
        own = stage_names.of(labels, locale)
        given |= {field_of(stage, locale): own.get(stage.value, "") for stage in Stage}
    return _page(StageNamesForm(formdata=None, **given))


@bp.post("/settings/stages")
def save_names() -> Answer:
    """Keep the names; they hold at once, for everybody of the brand."""
    brand, form = _brand(), StageNamesForm()
    if not form.validate():
        return _page(form), 422
    try:
        changed = _rule(brand, form.names)
    except Refused as refused:
        db.session.rollback()
        return _page(form, fault=str(refused)), refused.status
    return back_to(
        "/settings/stages",
        _("Saved. The stages are called so from now on.")
        if changed
        else _("The stages are called so already: nothing changed."),
    )


@bp.post("/settings/stages/reset")
def reset_names() -> Answer:
    """Give up all own names."""
    _rule(_brand(), {locale: {} for locale in LOCALES})
    return back_to("/settings/stages", _("The stages have irm’s own names again."))


@bp.post("/settings/stages/preview")
def preview() -> str:
    """How the names read that stand in the form; nothing is kept."""
    require(Permission.TOPICS)
    form, ours = StageNamesForm(), _ours()
    fault = ""
    try:
        refuse_faults(form)
        for locale, said in form.names.items():
            stage_names.refuse_unfit(said, ours[locale])
    except Refused as refused:
        fault = str(refused)
    return render_template("stages/_reading.html", readings=_readings(form.names), fault=fault)


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _rule(brand: Brand, names: dict[str, dict[str, str]]) -> bool:
    changed = stage_names.rule(db.session, brand, names, ours=_ours(), user=me(), at=clock.now())
    db.session.commit()
    return changed


def _page(form: StageNamesForm, fault: str = "") -> str:
    ours = _ours()
    return render_template(
        "stages/names.html",
        languages=[(locale, _language(locale)) for locale in LOCALES],
        rows=[(stage, [(form[field_of(stage, one)], one) for one in LOCALES]) for stage in Stage],
        ours=ours,
        length=stage_names.LENGTH,
        fault=fault,
        is_own=any(one for said in form.names.values() for one in said.values()),
        readings=_readings(form.names),
    )


def _readings(names: dict[str, dict[str, str]]) -> list[Reading]:
    return [_reading(locale, said) for locale, said in names.items()]


def _reading(locale: str, names: Names) -> Reading:
    """The stages and a sentence, as a reader of this language would see them."""
    short: dict[str, Any] = {
        code: name[: stage_names.LENGTH] for code, name in names.items() if name
    }
    with speaking(locale), calling(short):
        said = [(stage.value, str(stage.label)) for stage in Stage]
        shown = [stage for stage in Stage if stage.value in short] or [Stage.ENGAGED]
        sentences = [
            _("%(name)s moved to %(stage)s.", name="Camille", stage=stage.label) for stage in shown
        ]
    return Reading(_language(locale), locale, said, sentences)


def _ours() -> dict[str, dict[str, str]]:
    """irm's own words for the stages, by language."""
    found = {}
    for locale in LOCALES:
        with speaking(locale), calling({}):
            found[locale] = {stage.value: str(stage.label) for stage in Stage}
    return found


def _language(locale: str) -> str:
    name = Locale(locale).get_display_name(str(get_locale() or "en")) or locale
    return name[:1].upper() + name[1:]
