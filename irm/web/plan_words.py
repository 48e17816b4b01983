"""What the Plan page says: a touch as a card, a day, how it came out, and what does not fit."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from irm.calendar_words import said_minutes
from irm.funnel import activities
from irm.funnel.planner import choosing, plans
from irm.funnel.whys import why
from irm.i18n import _, _n
from irm.models import Kind, Planner, Stage
from irm.web.words import Words

#: The drawing of the weeks: how high it is, and how wide a week.
HEIGHT, STEP, BAR = 56, 30, 20

#: Weeks named in a sentence about too much of a thing.
WEEKS_NAMED = 3


class Card(NamedTuple):
    """One touch."""

    id: int
    version: int
    name: str
    influencer_id: int
    stage: Stage
    day: str
    when: str
    what: str
    kind: str
    why: str
    minutes: str
    owner: str
    is_own: bool
    is_pinned: bool
    #: Whether the reader may do something with it.
    may: bool


class Day(NamedTuple):
    """One day of a colleague's week."""

    day: str
    name: str
    #: Minutes planned, of the minutes there are.
    said: str
    is_over: bool
    is_today: bool
    is_past: bool
    #: Nobody works on it: `weekend`, or another reason, which `off` says.
    is_free: bool
    is_weekend: bool
    off: str
    cards: list[Card]


class Week(NamedTuple):
    """One week of the drawing, and a row of its table."""

    monday: str
    said: str
    there: str
    planned: str
    is_over: bool
    at: int
    #: The bar of what there is, and of what is planned: top and height.
    room: tuple[float, float]
    bar: tuple[float, float]


class Gap(NamedTuple):
    """Somebody who does not fit, or what a campaign owes them."""

    influencer_id: int
    name: str
    stage: Stage
    owner: str
    what: str
    why: str
    days: str
    debt: str


def cost(row: Any) -> int:
    """What a touch costs in minutes; the row carries what its brand says of that."""
    return choosing.cost(row, choosing.own_minutes(row.planning))


def card(row: Any, said: Words, may: bool) -> Card:
    """A touchpoint as a card."""
    kind = next((str(one.label) for one in Kind if one == row.kind), "")
    return Card(
        row.id,
        row.row_version,
        row.name,
        row.influencer_id,
        row.stage,
        row.due_on.isoformat(),
        said.both[row.due_on],
        activities.label(row.tactic) or row.purpose or kind,
        row.kind,
        why_of(row, said),
        _("%(n)s min", n=cost(row)),
        row.owner or _("Nobody"),
        row.planned_by is Planner.PERSON,
        row.is_pinned,
        may,
    )


def why_of(row: Any, said: Words) -> str:
    """Why a touch stands where it stands, and what somebody did with it."""
    text = why(row.why)
    taken = row.why.get("taken")
    if not taken:
        return text
    before = dt.date.fromisoformat(taken["from"])
    if before == row.due_on:
        return _("%(why)s. Accepted: planning again leaves it here.", why=text)
    return _(
        "%(why)s. Moved here from %(day)s: planning again leaves it here.",
        why=text,
        day=said.date[before],
    )


def weeks(desks: Iterable[Mapping[str, Any]], said: Words) -> list[Week]:
    """The weeks of these colleagues in sum, for the drawing and its table."""
    sums: dict[str, list[int]] = {}
    for desk in desks:
        for week in desk["weeks"]:
            found = sums.setdefault(week["from"], [0, 0])
            found[0] += week["minutes"]
            found[1] += week["planned"]
    most = max((max(pair) for pair in sums.values()), default=0) or 1
    return [
        Week(
            monday,
            said.date[dt.date.fromisoformat(monday)],
            said_minutes(there),
            said_minutes(planned),
            planned > there,
            number * STEP + (STEP - BAR) // 2,
            _bar(there, most),
            _bar(planned, most),
        )
        for number, (monday, (there, planned)) in enumerate(sorted(sums.items()))
    ]


def _bar(number: int, most: int) -> tuple[float, float]:
    height = round((HEIGHT - 4) * number / most, 1)
    return round(HEIGHT - 1 - height, 1), height


def infeasible(
    desks: Iterable[Mapping[str, Any]], names: Mapping[Any, str], said: Words
) -> list[str]:
    """The weeks in which more stays planned than there is time, a sentence for each colleague."""
    found, nobody = [], _("Nobody")
    for desk in desks:
        over, name = set(plans.over(desk["weeks"])), names.get(desk["owner_id"]) or nobody
        days = [
            _(
                "%(day)s (%(planned)s of %(there)s)",
                day=said.date[dt.date.fromisoformat(week["from"])],
                planned=said_minutes(week["planned"]),
                there=said_minutes(week["minutes"]),
            )
            for week in desk["weeks"]
            if week["from"] in over
        ]
        if days:
            weeks, more = len(days), len(days) - WEEKS_NAMED
            if more > 1:
                days[WEEKS_NAMED:] = [_n("%(n)s more week", "%(n)s more weeks", more)]
            found.append(
                _n(
                    "%(name)s has more planned than there is time in the week of %(days)s.",
                    "%(name)s has more planned than there is time in the weeks of %(days)s.",
                    weeks,
                    name=name,
                    days=", ".join(days),
                )
            )
    return found


def gap(row: Any, said: Words) -> Gap:
    """Somebody who does not fit, in words."""
    return Gap(
        row.influencer_id,
        row.name,
        row.stage,
        row.owner or _("Nobody"),
        _WHAT[row.what]() if row.what in _WHAT else "",
        _why_not(row.why),
        said.number(row.days) if row.days else "–",
        said.number(round(row.debt, 1)),
    )


def _why_not(stored: Mapping[str, Any]) -> str:
    """Why somebody does not fit, and whether they are contacted at all."""
    code = stored.get("code")
    text = _WHY_NOT[code]() if code in _WHY_NOT else ""
    if stored.get("whole") or code != "no_room":
        return text
    return _("%(why)s: contacted, but too late", why=text)


_WHAT = {
    "contact": lambda: _("A contact in time"),
    "thanks": lambda: _("Thanks after a campaign"),
    "results": lambda: _("Results of a campaign"),
    "between": lambda: _("A touch between two campaigns"),
}

_WHY_NOT = {
    "no_room": lambda: _("No room in the hours there are"),
    "nobody": lambda: _("Nobody looks after them"),
    "shut": lambda: _("No day on which they may be contacted"),
}


def days(
    monday: dt.date,
    rows: Sequence[Any],
    there: Sequence[int],
    off: Mapping[dt.date, str],
    said: Words,
    may: bool,
) -> list[Day]:
    """The seven days of a week; `there` are the minutes of each, `off` says why there are none."""
    found = []
    for number, room in enumerate(there):
        day = monday + dt.timedelta(days=number)
        mine = [row for row in rows if row.due_on == day]
        planned = sum(cost(row) for row in mine)
        is_weekend = day.weekday() > 4
        if room:
            text = _(
                "%(planned)s of %(there)s", planned=said_minutes(planned), there=said_minutes(room)
            )
        else:
            text = said_minutes(planned) if planned else ""
        found.append(
            Day(
                day.isoformat(),
                said.date[day],
                text,
                planned > room,
                day == said.today,
                day < said.today,
                not room,
                is_weekend,
                off.get(day, "") if not room else "",
                [card(row, said, may) for row in mine],
            )
        )
    return found
