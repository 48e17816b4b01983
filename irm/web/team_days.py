"""Who of the team is away when, as a month; and the quiet seasons of the brand."""

import calendar
import datetime as dt
from typing import Any, NamedTuple

from babel.dates import format_date, get_day_names
from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.directory import team
from irm.errors import Refused
from irm.forms.absence import AbsenceForm, SeasonForm
from irm.funnel import absences, seasons
from irm.funnel.spans import Span
from irm.i18n import LazyText, _, _l
from irm.models import Absence, Brand, QuietSeason, User
from irm.models.base import LabelledEnum
from irm.web.answers import Answer, back_to, undoable
from irm.web.words import words

bp = Blueprint("team_days", __name__)

#: So many colleagues are shown.
MOST = 100

#: So many years back and ahead a month may be asked for.
YEARS = 3


class Day(LabelledEnum):
    """What a day is for a colleague, besides a day of work; the first that is true counts."""

    AWAY = "away", _l("Away")
    HOLIDAY = "holiday", _l("Public holiday")
    FREE = "free", _l("Not a working day")
    QUIET = "quiet", _l("Quiet season")
    WORK = "work", _l("At work")


#: A sign for each, so that it is not said by colour alone.
SIGNS = {Day.AWAY: "✕", Day.HOLIDAY: "★", Day.FREE: "–", Day.QUIET: "~", Day.WORK: ""}


class Cell(NamedTuple):
    """One day of one colleague: what it is, its sign, and both in words."""

    kind: str
    sign: str
    words: LazyText | str


@bp.get("/settings/team")
def index() -> str:
    """The month, the absences in it, and the quiet seasons."""
    return _page(_brand())


@bp.post("/settings/seasons")
def add() -> Answer:
    """Keep days free of contacts, once or each year."""
    brand, form = _brand(), SeasonForm()
    if not form.validate():
        return _page(brand, form), 422
    try:
        season = seasons.add(
            db.session,
            brand,
            name=form.name.data,
            first=form.first.data,
            last=form.last.data,
            is_yearly=form.is_yearly.data,
            today=words().today,
            user=me(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        form.last.errors = [refused.message]
        return _page(_brand(), form), refused.status
    db.session.commit()
    said = _("“%(name)s” is kept free of contacts.", name=season.name)
    return back_to("/settings/team", undoable(said, f"/settings/seasons/{season.id}/remove", {}))


@bp.post("/settings/seasons/<int:id>/remove")
def remove(id: int) -> Answer:
    """Take a season off; the message about it offers it again."""
    season = load(QuietSeason, id, Permission.TOPICS)
    held = {"name": season.name, "first": season.first_on, "last": season.last_on}
    if season.is_yearly:
        held["is_yearly"] = "y"
    seasons.remove(db.session, season, user=me(), at=clock.now())
    db.session.commit()
    said = _("“%(name)s” is no quiet season any more.", name=season.name)
    return back_to("/settings/team", undoable(said, "/settings/seasons", held))


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _page(brand: Brand, form: SeasonForm | None = None) -> str:
    said = words()
    month = _month()
    members = db.session.execute(
        team.members(brand.id)
        .add_columns(User.work_days, User.country, User.weekly_hours)
        .limit(MOST)
    ).all()
    away = db.session.execute(
        select(Absence.id, Absence.user_id, Absence.first_on, Absence.last_on, Absence.why)
        .where(
            Absence.user_id.in_([one.id for one in members]),
            Absence.first_on <= month.last,
            Absence.last_on >= month.first,
        )
        .order_by(Absence.first_on, Absence.id)
    ).all()
    quiet = absences.quiet(db.session, brand.id, *month)
    names = get_day_names("narrow", locale=said.locale)
    days = [month.first + dt.timedelta(days=n) for n in range((month.last - month.first).days + 1)]
    return render_template(
        "absences/team.html",
        month=format_date(month.first, "LLLL yyyy", locale=said.locale).capitalize(),
        before=_named(month.first - dt.timedelta(days=1)),
        after=_named(month.last + dt.timedelta(days=1)),
        days=[(day, names[day.weekday()]) for day in days],
        rows=[(one, _cells(one, days, away, quiet, said.locale)) for one in members],
        away=[(one, _name(members, one.user_id)) for one in away],
        legend=[(kind, SIGNS[kind]) for kind in Day if kind is not Day.WORK],
        members=members,
        absence=AbsenceForm(formdata=None),
        seasons=db.session.execute(seasons.of_brand(brand.id)).all(),
        form=form or SeasonForm(formdata=None, is_yearly=True),
        today=said.today,
    )


def _month() -> Span:
    """The month the address asks for, else this one."""
    today = words().today
    asked = request.args.get("month", "")
    try:
        first = dt.date.fromisoformat(f"{asked}-01") if len(asked) == 7 else today.replace(day=1)
    except ValueError:
        first = today.replace(day=1)
    if abs(first.year - today.year) > YEARS:
        first = today.replace(day=1)
    return Span(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))


def _named(day: dt.date) -> str:
    """The month of a day as an address names it; empty where it cannot be asked for."""
    return f"{day:%Y-%m}" if abs(day.year - words().today.year) <= YEARS else ""


def _name(members: Any, id: int) -> str:
    return next((one.name for one in members if one.id == id), "")


def _cells(member: Any, days: Any, away: Any, quiet: list[Span], locale: str) -> list[Cell]:
    holidays = absences.days_off(member.country, days[0], days[-1], locale)
    mine = [one for one in away if one.user_id == member.id]
    cells = []
    for day in days:
        why = next((one.why for one in mine if one.first_on <= day <= one.last_on), None)
        kind, said = Day.WORK, ""
        if why is not None:
            kind, said = Day.AWAY, why
        elif day in holidays:
            kind, said = Day.HOLIDAY, holidays[day]
        elif str(day.isoweekday()) not in member.work_days:
            kind = Day.FREE
        elif any(span.first <= day <= span.last for span in quiet):
            kind = Day.QUIET
        title = _("%(kind)s: %(what)s", kind=kind.label, what=said) if said else kind.label
        cells.append(Cell(kind.value, SIGNS[kind], title))
    return cells
