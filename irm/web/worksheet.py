"""The discovery worksheet: four steps from a brand's promise to its topics."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.directory import worksheet
from irm.directory.worksheet import STEPS, Worksheet
from irm.errors import Refused
from irm.forms import worksheet as forms
from irm.i18n import _, _n
from irm.models import Brand
from irm.web.answers import Answer, back_to
from irm.web.words import words

bp = Blueprint("worksheet", __name__)

#: Empty rows of themes below those that are filled.
SPARE = 3


@bp.get("/discovery/worksheet")
def show() -> str:
    """One step: that of the address, else where it was left."""
    require(Permission.TOPICS)
    sheet = worksheet.load(db.session, here().brand_id)
    asked = request.args.get("step", "")
    step = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 1 else sheet.step
    return _page(sheet.at(step))


@bp.get("/discovery/worksheet/whole")
def whole() -> str:
    """All of it on one page, to be printed."""
    require(Permission.TOPICS)
    sheet = worksheet.load(db.session, here().brand_id)
    return render_template(
        "discovery/whole.html",
        sheet=sheet,
        leads=worksheet.leads(db.session, here().brand_id, sheet.people),
        weight=words().number,
    )


@bp.post("/discovery/worksheet")
def save() -> Answer:
    """Keep what was written at one step, and go on, back, or to the end."""
    require(Permission.TOPICS)
    brand_id, go = here().brand_id, request.form.get("go", "next")
    sheet = worksheet.load(db.session, brand_id)
    said = request.form.get("step", "")
    step = int(said) if said in ("1", "2", "3", "4") else sheet.step
    rows = forms.typed(request.form) if step == 3 else None
    try:
        sheet = _written(sheet, step, rows)
        worksheet.save(db.session, brand_id, sheet.at(step + {"next": 1, "back": -1}.get(go, 0)))
        made = _finish(sheet) if go == "finish" else None
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(sheet.at(step), rows, str(refused.message)), refused.status
    if made is not None:
        return back_to("/discovery", made)
    return back_to("/discovery" if go == "leave" else "/discovery/worksheet")


def _written(sheet: Worksheet, step: int, rows: list[dict[str, str]] | None) -> Worksheet:
    """The worksheet with what the form says of one step."""
    if step == 1:
        return replace(sheet, promise=forms.promise(request.form))
    if step == 2:
        return replace(sheet, interests=forms.lines(request.form, "interests"))
    if step == 3:
        return replace(sheet, themes=forms.themes(rows or []))
    return replace(sheet, people=forms.lines(request.form, "people"))


def _finish(sheet: Worksheet) -> str:
    """Make the topics; returns what is said of it."""
    brand = load(Brand, here().brand_id, Permission.TOPICS)
    made = worksheet.finish(db.session, brand, sheet, user=me(), at=clock.now())
    if not made:
        return _("Every theme was a topic already; they stay as they are.")
    return _n(
        "%(n)s topic was made. Everybody is being scored anew.",
        "%(n)s topics were made. Everybody is being scored anew.",
        len(made),
    )


def _page(sheet: Worksheet, rows: list[dict[str, str]] | None = None, problem: str = "") -> str:
    shown: dict[str, Any] = {}
    if sheet.step == 3:
        shown["rows"] = _rows(sheet, rows)
        shown["is_proposed"] = rows is None and not sheet.themes and bool(sheet.interests)
        shown["known"] = worksheet.known_topics(db.session, here().brand_id)
    if sheet.step == STEPS:
        shown["leads"] = worksheet.leads(db.session, here().brand_id, sheet.people)
    return render_template(
        "discovery/worksheet.html",
        sheet=sheet,
        step=sheet.step,
        steps=[_("Promise"), _("Interests"), _("Themes"), _("People")],
        problem=problem,
        **shown,
    )


def _rows(sheet: Worksheet, rows: list[dict[str, str]] | None) -> list[dict[str, str]]:
    """The rows of themes: as typed, as kept, or as the interests suggest; and some to fill in."""
    if rows is None:
        number = words().number
        rows = [
            {"name": one.name, "keywords": ", ".join(one.keywords), "weight": number(one.weight)}
            for one in sheet.themes or worksheet.suggested(sheet.interests)
        ]
    empty = {"name": "", "keywords": "", "weight": ""}
    return [*rows, *[empty] * min(SPARE, max(0, forms.MOST_THEMES - len(rows)))]
