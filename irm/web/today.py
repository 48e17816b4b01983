"""What to do now: overdue, today, the next days, and who has nothing planned."""

import datetime as dt
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template
from flask_wtf.csrf import generate_csrf
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from irm import clock
from irm.access import Permission, can, has_brand, here, me
from irm.db import db
from irm.funnel import cadence, escalation, escalation_words, today
from irm.funnel.whys import why
from irm.i18n import _, _n
from irm.models import Kind, Touchpoint
from irm.web import ageing
from irm.web.words import Words, words

bp = Blueprint("today", __name__)

#: Rows of a section shown at once; nobody does more in a day.
SHOWN = 50

#: People without a plan shown at once.
UNPLANNED = 20

#: Proposed moves are counted up to so many: more is another day's work.
PROPOSED = 99

#: How much of the last exchange helps to remember it.
REMEMBERED = 160


class Row(NamedTuple):
    """One person to contact, in words."""

    key: str
    touchpoint_id: int | None
    relationship_id: int
    influencer_id: int
    version: int
    name: str
    stage: str
    stage_name: str
    why: str
    last: str
    said: str
    on: str
    due_on: dt.date | None
    late: bool
    offer: dt.date | None


class Section(NamedTuple):
    """A part of the page, with what stands there when it is empty."""

    key: str
    title: str
    tally: str
    rows: list[Row]
    empty: str
    more: str


@bp.get("/")
def home() -> Response:
    """The first page is Today."""
    return redirect("/today")


@bp.get("/today")
def index() -> str:
    """The day's work of the signed-in colleague, in the current brand."""
    said = words()
    sections = _sections(said) if has_brand() else []
    proposed, paused, overridden = _tallies(said) if has_brand() else ("", "", "")
    return render_template(
        "today/index.html",
        sections=sections,
        said=said.date[said.today],
        proposed=proposed,
        paused=paused,
        overridden=overridden,
        beyond=_beyond() if has_brand() and can(Permission.TOPICS) else None,
        nobody=not any(section.rows for section in sections),
        may_log=has_brand() and can(Permission.LOG),
        token=generate_csrf(),
        words={
            "done": _("Done"),
            "snooze": _("Snooze"),
            "skip": _("Skip"),
            "plan": _("Plan in 3 days"),
        },
    )


def _tallies(said: Words) -> tuple[str, str, str]:
    """How many moves the evidence proposes with one's own people, how many of them are paused, and
    for a lead how often the gate was overridden.

    Empty where there are none.
    """
    asked = today.tallies(here().brand_id, me().id, clock.now(), said.today, PROPOSED)
    count, paused, overridden = db.session.execute(asked).one()
    number = said.number(count) if count <= PROPOSED else f"{PROPOSED}+"
    proposed = _n(
        "The evidence proposes %(number)s move with your people",
        "The evidence proposes %(number)s moves with your people",
        count,
        number=number,
    )
    resting = _n("%(n)s of your people is paused", "%(n)s of your people are paused", paused)
    gate = _n(
        "%(n)s ask was planned although the gate was shut, in the last 7 days",
        "%(n)s asks were planned although the gate was shut, in the last 7 days",
        overridden,
    )
    is_told = overridden and can(Permission.ALL_ASKS)
    return proposed if count else "", resting if paused else "", gate if is_told else ""


class Group(NamedTuple):
    """The people of one colleague who were left alone too long."""

    title: str
    href: str
    #: Id, name, stage and its name, for how long.
    rows: list[tuple[int, str, str, str, str]]


class Beyond(NamedTuple):
    """Whom a lead is told of."""

    title: str
    groups: list[Group]


def _beyond() -> Beyond | None:
    """Who was left alone beyond the second limit, for whoever leads the brand; None: nobody."""
    limits, zone, day = ageing.rule()
    found = escalation.told(db.session, here().brand_id, escalation.Rule(limits, zone, day))
    if not found.people:
        return None
    groups = [
        Group(
            escalation_words.group(one),
            f"/influencers?age=lost&owner={one.owner_id or 0}",
            [
                (
                    row.influencer_id,
                    row.name,
                    row.stage.value,
                    str(row.stage.label),
                    escalation_words.quiet(row),
                )
                for row in one.rows
            ],
        )
        for one in found.groups
    ]
    return Beyond(escalation_words.title(found), groups)


def _sections(said: Words) -> list[Section]:
    day, ahead = said.today, said.today + dt.timedelta(days=today.DAYS_AHEAD)
    return [
        _due(said, "overdue", _("Overdue"), Touchpoint.due_on < day, _("Nothing is overdue.")),
        _due(said, "now", _("Today"), Touchpoint.due_on == day, _("Nothing is due today.")),
        _due(
            said,
            "next",
            _("Next 7 days"),
            Touchpoint.due_on.between(day + dt.timedelta(days=1), ahead),
            _("Nothing is planned for the next days."),
        ),
        _unplanned(said),
    ]


def _due(said: Words, key: str, title: str, when: ColumnElement[bool], empty: str) -> Section:
    ahead = said.today + dt.timedelta(days=today.DAYS_AHEAD)
    statement = today.due(me().id, ahead, today=said.today, brand_id=here().brand_id).where(when)
    found = list(db.session.execute(statement.limit(SHOWN + 1)))
    rows = [_row(row, said) for row in found[:SHOWN]]
    return _section(key, title, rows, len(found) > SHOWN, empty)


def _unplanned(said: Words) -> Section:
    statement = today.nothing_planned(me().id, here().brand_id, said.today)
    found = list(db.session.execute(statement.limit(UNPLANNED + 1)))
    rows = [_unplanned_row(row, said) for row in found[:UNPLANNED]]
    empty = _("Everybody you look after has a next touchpoint.")
    return _section("unplanned", _("Nothing planned"), rows, len(found) > UNPLANNED, empty)


def _section(key: str, title: str, rows: list[Row], is_cut: bool, empty: str) -> Section:
    count = f"{len(rows)}+" if is_cut else str(len(rows))
    more = _("More follow as soon as these are done.") if is_cut else ""
    return Section(key, title, count, rows, empty, more)


def _row(row: Any, said: Words) -> Row:
    late = row.due_on < said.today
    return Row(
        f"t{row.id}",
        row.id,
        row.relationship_id,
        row.influencer_id,
        row.row_version,
        row.name,
        row.stage.value,
        str(row.stage.label),
        _why(row),
        _last(row, said),
        _late(row.due_on, said) if late else said.near[row.due_on].capitalize(),
        said.date[row.due_on],
        row.due_on,
        late,
        None,
    )


def _late(day: dt.date, said: Words) -> str:
    return _("Overdue by %(days)s", days=said.days[(said.today - day).days])


def _unplanned_row(row: Any, said: Words) -> Row:
    if row.last_contact_at:
        text = _("Last contact %(when)s", when=said.near[said.day(row.last_contact_at)])
    else:
        text = _("Never contacted")
    rhythm = cadence.BY_STAGE[row.stage]
    return Row(
        f"r{row.id}",
        None,
        row.id,
        row.influencer_id,
        0,
        row.name,
        row.stage.value,
        str(row.stage.label),
        text,
        _("At this stage, a contact every %(days)s is ideal.", days=said.days[rhythm.ideal]),
        _("Fit %(score)s", score=said.score(row.fit)),
        "",
        None,
        False,
        said.today + dt.timedelta(days=3),
    )


def _why(row: Any) -> str:
    kind = next((str(kind.label) for kind in Kind if kind == row.kind), row.kind)
    return _("%(kind)s: %(why)s", kind=kind, why=row.purpose or why(row.why))


def _last(row: Any, said: Words) -> str:
    if row.last_at is None and row.last_contact_at is not None:
        # A colleague's private note: that there was contact is everybody's, what was said is not.
        return _("Last contact %(when)s", when=said.near[said.day(row.last_contact_at)])
    if row.last_at is None:
        return _("Never contacted; this is the first time.")
    when = said.near[said.day(row.last_at)]
    text = " ".join((row.last_summary or "").split())
    if not text:
        return _("Last: %(kind)s, %(when)s", kind=row.last_kind.label, when=when)
    if len(text) > REMEMBERED:
        text = text[:REMEMBERED].rsplit(" ", 1)[0] + " …"
    return _("Last, %(when)s: %(text)s", when=when, text=text)
