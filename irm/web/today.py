"""What to do now: overdue, today, what waits, the next days, and who has nothing planned."""

from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from irm import clock
from irm.access import Permission, can, has_brand, here, me, require
from irm.db import db
from irm.directory import team
from irm.errors import Forbidden, NotFound
from irm.funnel import escalation, escalation_words, today, today_rows, today_team
from irm.funnel.facts import reminding
from irm.i18n import _, _n
from irm.web import ageing, filters, today_words
from irm.web.guard import is_fragment
from irm.web.today_words import Section, Tally
from irm.web.words import Words, words

bp = Blueprint("today", __name__)

#: Proposed moves are counted up to so many: more is another day's work.
PROPOSED = 99

#: Days to remember are looked for so far ahead.
DAYS_TO_REMEMBER = 14


class Whose(NamedTuple):
    """Whose day the page is about."""

    id: int
    #: Empty where it is the reader's own.
    name: str


class Notes(NamedTuple):
    """What is to be said beside the rows; each empty where there is nothing to say."""

    proposed: str = ""
    paused: str = ""
    overridden: str = ""
    unanswered: str = ""


@bp.get("/")
def home() -> Response:
    """The first page is Today."""
    return redirect("/today")


@bp.get("/today")
def index() -> str:
    """The day's work of the signed-in colleague; with `of`, of another one or of the team."""
    said = words()
    if not has_brand():
        return render_template("today/index.html", said=said.date[said.today], sections=[])
    if request.args.get("of") == "team":
        return _of_team(said)
    whose = _whose()
    sections = _sections(whose, said)
    return render_template(
        "today/index.html",
        sections=sections,
        said=said.date[said.today],
        whose=whose,
        title=_("Today: %(name)s", name=whose.name) if whose.name else _("Today"),
        notes=_notes(whose, said),
        tells_lead=not whose.name and can(Permission.TOPICS),
        nobody=not any(section.rows for section in sections),
        may_log=can(Permission.LOG),
        days_ahead=DAYS_TO_REMEMBER,
    )


@bp.get("/today/days")
def days() -> str:
    """Birthdays and days to remember of a colleague's people: loaded after the page itself."""
    said = words()
    found = _days(said) if has_brand() else []
    return render_template(
        "today/_days.html" if is_fragment() else "today/days.html",
        rows=[today_words.day(one, said) for one in found],
        days_ahead=DAYS_TO_REMEMBER,
    )


@bp.get("/today/beyond")
def beyond() -> str:
    """Who was left alone beyond the second limit, for whoever leads: loaded after the page."""
    require(Permission.TOPICS)
    page = "today/_beyond.html" if is_fragment() else "today/beyond.html"
    return render_template(page, beyond=_beyond() if has_brand() else None)


def _days(said: Words) -> list[reminding.Ahead]:
    return reminding.days_ahead(
        db.session,
        _whose().id,
        here().brand_id,
        said.today,
        DAYS_TO_REMEMBER,
        reader_id=me().id,
    )


def _of_team(said: Words) -> str:
    """How the colleagues stand, and what is overdue, whoever's it is."""
    if not can(Permission.SEE_DAYS):
        raise Forbidden()
    shown, chosen = filters.team(), request.args.get("team", "")
    colleagues = today_team.standing(db.session, here().brand_id, said.today, shown)
    names = {one.id: one.name for one in colleagues}
    found = today_rows.overdue_of_all(db.session, filters.reader(), said.today, shown)
    rows = found[: today_rows.SHOWN]
    facts = today_words.facts_of(rows, said)
    return render_template(
        "today/team.html",
        said=said.date[said.today],
        teams=filters.team_options(chosen),
        chosen=chosen,
        tallies=[Tally.of(one, today_team.MOST) for one in colleagues],
        overdue=today_words.section(
            "overdue",
            _("Overdue, whoever’s it is"),
            [
                today_words.row(
                    one,
                    said,
                    facts.get(one.relationship_id, ()),
                    owner=names.get(one.owner_id, _("Nobody")),
                )
                for one in rows
            ],
            is_cut=len(found) > today_rows.SHOWN,
            empty=_("Nothing is overdue."),
        ),
    )


def _whose() -> Whose:
    """Whose day is asked for.

    Raises Forbidden where the reader may see her own alone, NotFound where it is nobody of the
    brand.
    """
    asked = request.args.get("of", "")
    if not asked or asked == str(me().id):
        return Whose(me().id, "")
    if not can(Permission.SEE_DAYS):
        raise Forbidden()
    # The members of a brand are few, and the page has a statement to spare.
    names = {row.id: row.name for row in db.session.execute(team.members(here().brand_id))}
    if not asked.isdecimal() or len(asked) > 9 or int(asked) not in names:
        raise NotFound()
    return Whose(int(asked), names[int(asked)])


def _sections(whose: Whose, said: Words) -> list[Section]:
    """The sections of the page but the days to remember, which come later."""
    reader = filters.reader()
    due = today_rows.due(db.session, whose.id, reader, said.today)
    waits = today_rows.waiting(db.session, whose.id, reader, said.today)
    most = {"unplanned": today_rows.UNPLANNED}
    shown = {key: rows[: most.get(key, today_rows.SHOWN)] for key, rows in due._asdict().items()}
    facts = today_words.facts_of([row for rows in shown.values() for row in rows], said)
    made = {
        key: [today_words.row(row, said, facts.get(row.relationship_id, ())) for row in rows]
        for key, rows in shown.items()
    }
    cut = {key: len(rows) > len(shown[key]) for key, rows in due._asdict().items()}
    heads = (
        ("overdue", _("Overdue"), _("Nothing is overdue.")),
        ("now", _("Today"), _("Nothing is due today.")),
        ("next", _("Next 7 days"), _("Nothing is planned for the next days.")),
        (
            "unplanned",
            _("Nothing planned"),
            _("Everybody you look after has a next touchpoint.")
            if not whose.name
            else _("Everybody they look after has a next touchpoint."),
        ),
    )
    overdue, now, *ahead = (
        today_words.section(key, title, made[key], is_cut=cut[key], empty=empty)
        for key, title, empty in heads
    )
    return [overdue, now, *today_words.waiting(waits, said), *ahead]


def _notes(whose: Whose, said: Words) -> Notes:
    """How many moves the evidence proposes with one's own people, how many of them are paused, and
    for a lead how often the gate was overridden and how many people never answered.
    """
    if whose.name:
        return Notes()
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    asked = today.tallies(here().brand_id, me().id, hour, said.today, PROPOSED)
    count, paused, overridden, unanswered = db.session.execute(asked).one()
    proposed = _n(
        "The evidence proposes %(number)s move with your people",
        "The evidence proposes %(number)s moves with your people",
        count,
        number=_up_to_most(count, said),
    )
    resting = _n(
        "%(number)s of your people is paused",
        "%(number)s of your people are paused",
        paused,
        number=_up_to_most(paused, said),
    )
    gate = _n(
        "%(n)s ask was planned although the gate was shut, in the last 7 days",
        "%(n)s asks were planned although the gate was shut, in the last 7 days",
        overridden,
    )
    is_told = overridden and can(Permission.ALL_ASKS)
    quiet = _n(
        "%(number)s person did not answer three times and is left in peace, since this week",
        "%(number)s people did not answer three times and are left in peace, since this week",
        unanswered,
        number=_up_to_most(unanswered, said),
    )
    return Notes(
        proposed if count else "",
        resting if paused else "",
        gate if is_told else "",
        quiet if unanswered and can(Permission.ALL_ASKS) else "",
    )


def _up_to_most(count: int, said: Words) -> str:
    return said.number(count) if count <= PROPOSED else f"{PROPOSED}+"


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
