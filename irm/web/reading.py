"""Reading the funnel: what became of people, drawn and in tables."""

import io

from flask import Blueprint, Response, current_app, render_template, request, send_file
from sqlalchemy import select

from irm.access import Permission, can, require
from irm.db import db
from irm.directory import downloads
from irm.errors import NotFound, Refused
from irm.funnel.reading import flow, kept
from irm.i18n import _, _l
from irm.models import Influencer, Relationship, Stage
from irm.web import filters, reading_asked
from irm.web.answers import Answer, back_to
from irm.web.exports import TYPES
from irm.web.guard import is_fragment
from irm.web.reading_asked import PRESETS, Asked
from irm.web.reading_tables import TABLES
from irm.web.words import words

bp = Blueprint("reading", __name__)

#: People on one page behind a number.
PAGE = 50


@bp.get("/funnel/reading")
def index() -> str:
    """The page: what is read quickly at once, the rest after it."""
    require(Permission.SEE)
    asked, said = reading_asked.read(), words()
    is_long, there = kept.is_long(db.session, asked.question), {}
    if is_long:
        there = kept.found(db.session, asked.question)
    later = [name for name in kept.KINDS if is_long and name not in there]
    tables = {name: None if name in later else make(asked, said) for name, make in TABLES.items()}
    return render_template(
        "reading/index.html",
        tables=tables,
        asked=asked,
        presets=[
            (days, said.days[days] if days else _("All"), asked.preset == days) for days in PRESETS
        ],
        owners=reading_asked.owners(),
        teams=filters.team_options(asked.team),
        may_export=can(Permission.EXPORT_LIST),
    )


@bp.post("/funnel/reading")
def read_anew() -> Answer:
    """Forget what was kept of today, and read it again."""
    require(Permission.SEE)
    asked = reading_asked.read()
    kept.drop(db.session, asked.question)
    db.session.commit()
    return back_to(asked.address("/funnel/reading"))


@bp.get("/funnel/reading/one")
def show() -> str:
    """One reading, by itself."""
    require(Permission.SEE)
    asked, name = reading_asked.read(), _name()
    return render_template(
        "reading/_table.html" if is_fragment() else "reading/show.html",
        name=name,
        table=TABLES[name](asked, words()),
        asked=asked,
        may_export=can(Permission.EXPORT_LIST),
    )


@bp.get("/funnel/reading/file")
def download() -> Response:
    """One reading as CSV or XLSX: numbers alone, nobody is named in it but owners."""
    require(Permission.EXPORT_LIST)
    asked, name, form = reading_asked.read(), _name(), request.args.get("form", "")
    if form not in TYPES:
        raise Refused(_l("Choose CSV or XLSX."))
    table = TABLES[name](asked, words())
    path = downloads.new_file(current_app.config["IRM"].data_dir, form)
    try:
        downloads.write(path, form, table.headings, table.values())
        content = path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
    return send_file(
        io.BytesIO(content),
        mimetype=TYPES[form],
        as_attachment=True,
        download_name=f"{name}-{asked.period.first}-{asked.period.last}.{form}",
    )


@bp.get("/funnel/flow")
def people() -> str:
    """Those who went one way between two days, by name."""
    require(Permission.SEE)
    asked = reading_asked.read()
    came, went = request.args.get("before"), filters.word(Stage, "after")
    if went is None or not came:
        raise NotFound()
    way = (None if came == "none" else filters.word(Stage, "before"), went)
    page = flow.went(db.session, asked.whom, asked.period, way, _above(), PAGE)
    return render_template(
        "reading/people.html",
        people=_named(page.ids),
        way=way,
        asked=asked,
        more=_more(asked, came, went, page),
        is_first=not _above(),
    )


def _name() -> str:
    """Which reading the address names. Raises NotFound where there is none of that name."""
    name = request.args.get("of", "")
    if name not in TABLES:
        raise NotFound()
    return name


def _above() -> int:
    value = request.args.get("above") or "0"
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:
        raise Refused(_l("This page address is not valid; begin at the first page."))
    return int(value)


def _more(asked: Asked, came: str, went: Stage, page: flow.Page) -> str:
    if not page.has_more:
        return ""
    way = {"before": came, "after": went.value, "above": str(page.ids[-1])}
    return asked.address("/funnel/flow", **way)


def _named(ids: list[int]) -> list[tuple[int, str, Stage]]:
    """The people of these relationships, with where each stands today."""
    found = db.session.execute(
        select(Influencer.id, Influencer.name, Relationship.stage)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(Relationship.id.in_(ids))
        .order_by(Relationship.id)
    )
    return [(id, name, stage) for id, name, stage in found]
