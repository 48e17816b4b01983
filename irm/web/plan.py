"""The Plan page: what will happen, what will not, and what that costs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from irm.access import Permission, can, here, me, require
from irm.calendar_words import said_minutes
from irm.db import db
from irm.directory import teams
from irm.directory.filters import FIELDS
from irm.directory.team import members as members_of
from irm.directory.teams import Teams
from irm.errors import Forbidden, NotFound
from irm.funnel import absences, plan_reading
from irm.funnel.planner import plans
from irm.funnel.planner.calendar import Calendar
from irm.i18n import _, _l
from irm.models import Plan, Role, Touchpoint
from irm.web import filters, plan_words
from irm.web.plan_progress import progress_of
from irm.web.plan_words import Day
from irm.web.words import words

bp = Blueprint("plan", __name__)

#: So many years back and ahead a week may be asked for.
YEARS = 3

#: People who do not fit that the page itself shows.
WORST = 5

#: The plans of all beside each other, as an address names them.
TEAM = "team"

#: Before what names a team, where colleagues and teams are chosen in one field.
OF_TEAM = "team-"


class Shown(NamedTuple):
    """What the address asks for, as it stands in every address of the page."""

    #: A colleague's id, or None: all, or those of a team.
    owner_id: int | None
    #: A team as the address names it; empty: none.
    team: str
    monday: dt.date
    is_list: bool
    after: str

    @property
    def parts(self) -> dict[str, str]:
        """The parts of the address but the page of the list."""
        return {
            **self.whose,
            "week": self.monday.isoformat(),
            "view": "list" if self.is_list else "",
        }

    @property
    def whose(self) -> dict[str, str]:
        """Whose plan it is, as an address says it."""
        return {"team": self.team} if self.team else {"of": str(self.owner_id or TEAM)}

    @property
    def teams(self) -> Teams | None:
        """The team whose members' plans are shown, if it is one's."""
        return teams.named(here().brand_id, me().id, [self.team]) if self.team else None

    @property
    def address(self) -> str:
        """The page as it is shown."""
        return filters.address("/plan", self.parts, {"after": self.after})

    @property
    def query(self) -> str:
        """What goes with every action, so that the answer shows the same."""
        return self.address.removeprefix("/plan")

    def to(self, **other: str) -> str:
        """The page with something else, from its beginning."""
        parts = self.parts
        if "of" in other:
            parts.pop("team", None)
        return filters.address("/plan", {**parts, **other})


@bp.get("/plan")
def index() -> str:
    """The newest plan of a colleague or of the team."""
    require(Permission.SEE)
    shown = asked()
    members = _members(shown)
    names = {one.id: one.name for one in members}
    if shown.owner_id is not None and shown.owner_id not in names:
        raise NotFound()
    offered = filters.team_options(shown.team)
    standing = plan_reading.standing(db.session, here().brand_id)
    more = body(shown, members) if standing.plan else {"shown": shown}
    return render_template(
        "plan/index.html",
        members=members,
        name=names.get(shown.owner_id, "") if shown.owner_id else _team_name(shown, offered),
        everybody=_everybody(shown, members),
        teams=offered,
        plan=standing.plan,
        head=_head(standing.plan, shown, names) if standing.plan else None,
        task=progress_of(standing.task_id),
        gaps=_worst(shown) if standing.plan else [],
        gaps_href=filters.address("/plan/gaps", shown.whose),
        weeks=plans.WEEKS,
        # A team is not planned by itself: that would be everybody's plan.
        may_plan=not shown.team and may_plan(shown.owner_id),
        **more,
    )


def asked() -> Shown:
    """What the address asks for. What it says of no week shows this one."""
    of, week = request.args.get("of", ""), request.args.get("week", "")
    today = words().today
    # On a Saturday the week that matters is the next one.
    usual = today + dt.timedelta(days=2) if today.weekday() > 4 else today
    try:
        day = dt.date.fromisoformat(week)
    except ValueError:
        day = usual
    if abs(day.year - today.year) > YEARS:
        day = usual
    # The page's own form chooses among colleagues and teams in one field.
    team = of.removeprefix(OF_TEAM) if of.startswith(OF_TEAM) else request.args.get("team", "")
    if team and FIELDS["team"].read(team) is None:
        raise NotFound()
    return Shown(
        None if team else _owner(of),
        team,
        day - dt.timedelta(days=day.weekday()),
        request.args.get("view") == "list",
        request.args.get("after", ""),
    )


def _owner(of: str) -> int | None:
    """Whose plan is asked for: a manager's own, unless the address says another."""
    if not of:
        return me().id if here().role is Role.MANAGER else None
    if of == TEAM:
        return None
    if of == "me":
        return me().id
    if not (of.isascii() and of.isdecimal() and len(of) < 10):
        raise NotFound()
    return int(of)


def may_plan(owner_id: int | None) -> bool:
    """Whether the reader may plan, move and drop what is this colleague's, or the whole team's."""
    return can(Permission.LOG) and (owner_id == me().id or can(Permission.PLAN_ALL))


def refuse_others(owner_id: int | None, brand_id: int) -> None:
    """Raise Forbidden where somebody would plan for another one who is no lead."""
    if owner_id != me().id and not can(Permission.PLAN_ALL, brand_id):
        raise Forbidden(_l("You plan for yourself: a lead plans for the others."))


def _members(shown: Shown) -> Sequence[Any]:
    return db.session.execute(plan_reading.colleagues(here().brand_id, shown.teams)).all()


def _everybody(shown: Shown, members: Sequence[Any]) -> Sequence[Any]:
    """Whom one can choose from, whomever the page shows."""
    return members if not shown.team else db.session.execute(members_of(here().brand_id)).all()


def _team_name(shown: Shown, offered: Sequence[tuple[str, str]]) -> str:
    return dict(offered).get(shown.team, "")


def body(shown: Shown, members: Sequence[Any] | None = None) -> dict[str, Any]:
    """What plan/_body.html takes: the week of a colleague, the team's days, or the list."""
    members = _members(shown) if members is None else members
    said, monday = words(), shown.monday
    more: dict[str, Any] = {
        "shown": shown,
        "is_team": shown.owner_id is None,
        "may_move": may_plan(shown.owner_id),
        "before": shown.to(week=(monday - dt.timedelta(days=7)).isoformat()),
        "following": shown.to(week=(monday + dt.timedelta(days=7)).isoformat()),
        "span": (said.date[monday], said.date[monday + dt.timedelta(days=6)]),
        "today": said.today,
    }
    if shown.owner_id is None and not shown.is_list:
        return {**more, "rows": _team(shown, members), "days": _plain_days(monday)}
    if shown.is_list:
        return {**more, **_list(shown, members)}
    found = db.session.execute(_touches(shown).limit(plan_reading.WEEK + 1)).all()
    member = next(one for one in members if one.id == shown.owner_id)
    return {
        **more,
        "days": _days(monday, found[: plan_reading.WEEK], member),
        "is_cut": len(found) > plan_reading.WEEK,
    }


def _touches(shown: Shown) -> Any:
    last = shown.monday + dt.timedelta(days=6)
    return plan_reading.touches(here().brand_id, shown.owner_id, shown.monday, last, shown.teams)


def _days(monday: dt.date, rows: Sequence[Any], member: Any) -> list[Day]:
    """A colleague's week with the minutes of each day, and what is off on it."""
    said, brand_id = words(), here().brand_id
    last = monday + dt.timedelta(days=6)
    quiet = absences.quiet(db.session, brand_id, monday, last)
    away = absences.of_users(db.session, brand_id, monday, last).get(member.id, [])
    calendar = Calendar(monday, 7, quiet, absences.days_off)
    there = calendar.minutes(member.weekly_hours, member.work_days, member.country, away)
    off = {day: _("Quiet season") for day in _within(quiet, monday)}
    off |= absences.days_off(member.country, monday, last, said.locale)
    off |= {day: _("Away") for day in _within(away, monday)}
    return plan_words.days(monday, rows, there, off, said, may_plan(member.id))


def _within(spans: Sequence[Any], monday: dt.date) -> list[dt.date]:
    week = [monday + dt.timedelta(days=n) for n in range(7)]
    return [day for day in week if any(span.first <= day <= span.last for span in spans)]


def _plain_days(monday: dt.date) -> list[tuple[str, str, bool]]:
    said = words()
    week = [monday + dt.timedelta(days=n) for n in range(7)]
    return [(day.isoformat(), said.date[day], day.weekday() > 4) for day in week]


def _team(shown: Shown, members: Sequence[Any]) -> list[tuple[Any, list[tuple[str, str]], str]]:
    """Each colleague with the touches and the minutes of each day of the week."""
    last = shown.monday + dt.timedelta(days=6)
    found = plan_reading.by_day(db.session, here().brand_id, members, shown.monday, last)
    rows = []
    for one in members:
        cells = [found.get((one.id, shown.monday + dt.timedelta(days=n))) for n in range(7)]
        minutes = sum(cell.minutes for cell in cells if cell)
        said = [
            (words().number(cell.touches), said_minutes(cell.minutes)) if cell else ("", "")
            for cell in cells
        ]
        rows.append((one, said, said_minutes(minutes) if minutes else "–"))
    return rows


def _list(shown: Shown, members: Sequence[Any]) -> dict[str, Any]:
    """One page of a colleague's touches from the week on, or of all of the team's in that week."""
    if shown.owner_id is None:
        # Each colleague's days stand together in the index: a week of them is soon put in order.
        ids = [one.id for one in members]
        statement = _touches(shown).where(Touchpoint.owner_id.in_(ids))
    else:
        first, last = shown.monday, far(shown.monday)
        statement = plan_reading.touches(here().brand_id, shown.owner_id, first, last)
    if shown.after:
        statement = statement.where(plan_reading.is_after(shown.after))
    found = db.session.execute(statement.limit(plan_reading.PAGE + 1)).all()
    rows = found[: plan_reading.PAGE]
    is_cut = len(found) > plan_reading.PAGE
    return {
        "cards": [plan_words.card(row, words(), may_plan(row.owner_id)) for row in rows],
        "later": shown.to(after=plan_reading.touch_key(rows[-1])) if is_cut else "",
        "first": shown.to() if shown.after else "",
    }


def far(monday: dt.date) -> dt.date:
    """The last day that a list from this week on reaches: as far as a plan may."""
    return monday + dt.timedelta(weeks=plans.MOST_WEEKS)


def _head(plan: Plan, shown: Shown, names: Mapping[Any, str]) -> dict[str, Any]:
    """How a plan came out, of the whole, of a team or of one colleague."""
    said, desks = words(), plan.outcome["desks"]
    is_all = shown.owner_id is None and not shown.team
    figures: Mapping[str, Any] | None = plan.outcome
    if not is_all:
        whose = names if shown.team else (shown.owner_id,)
        desks = [desk for desk in desks if desk["owner_id"] in whose]
        figures = plans.sums(desks) if desks else None
    last = plan.from_on + dt.timedelta(days=plan.weeks * 7 - 1)
    overdue = figures.get("overdue", 0) if figures else 0
    return {
        "figures": figures,
        "used": said_minutes(figures["used"]) if figures else "",
        "overdue": said_minutes(overdue) if overdue else "",
        "there": said_minutes(figures["minutes"]) if figures else "",
        "weeks": plan_words.weeks(desks, said),
        "over": plan_words.infeasible(desks, names, said),
        "left_out": plan.outcome.get("left_out", {}) if is_all else {},
        "made": said.moment(plan.made_at),
        "span": (said.date[plan.from_on], said.date[last]),
        "height": plan_words.HEIGHT,
        "step": plan_words.STEP,
        "bar": plan_words.BAR,
    }


def _worst(shown: Shown) -> list[Any]:
    worst = plan_reading.gaps(here().brand_id, shown.owner_id, shown.teams)
    found = db.session.execute(worst.limit(WORST))
    return [plan_words.gap(row, words()) for row in found]
