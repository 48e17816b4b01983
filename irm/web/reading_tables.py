"""The funnel's readings as tables in the reader's words, each with what its drawing needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, pairwise
from typing import Any, NamedTuple

from babel.dates import format_date

from irm.calendar_words import said_day
from irm.db import db
from irm.funnel.reading import cohorts, mix, stays
from irm.i18n import _
from irm.models import Stage
from irm.web import reading_asked
from irm.web.reading_asked import Asked
from irm.web.words import Words


class Cell(NamedTuple):
    """One cell: what is read, what a spreadsheet gets, and where it leads."""

    text: str
    value: Any
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One reading: its words, its rows, and the drawing made of the same numbers."""

    title: str
    sentence: str
    headings: list[str]
    rows: list[list[Cell]]
    drawing: dict[str, Any] = field(default_factory=dict)
    #: Which rows, counted from 0, are not final yet.
    unfinished: frozenset[int] = frozenset()

    def values(self) -> list[list[Any]]:
        """The rows as a spreadsheet takes them."""
        return [[cell.value for cell in row] for row in self.rows]


def over_time_of(asked: Asked, said: Words) -> Table:
    """How many stood where at the end of each day, week or month."""
    points = asked.result("people")
    return Table(
        _("People per stage over time"),
        _("How many stood at each stage when the day was over."),
        [_("Day"), *_labels(), _("Together")],
        [
            [
                Cell(said.date[day], day),
                *(_number(counts[stage], said) for stage in Stage),
                _number(sum(counts.values()), said),
            ]
            for day, counts in points
        ],
        {
            "kind": "areas",
            "names": [said_day(day, "d MMM y", said.locale) for day, _counts in points],
            "series": [
                _series(stage, [counts[stage] for _day, counts in points]) for stage in Stage
            ],
        },
    )


def flow_of(asked: Asked, said: Words) -> Table:
    """Where those stood on the first day who stand here on the second."""
    ways = asked.result("flow")
    starts = [None, *Stage]
    rows = []
    for came in starts:
        people = {went: ways.get((came, went), 0) for went in Stage}
        if any(people.values()):
            links = [_led(asked, came, went, people[went], said) for went in Stage]
            total = _number(sum(people.values()), said)
            rows.append([_word(_start(came)), *links, total])
    return Table(
        _("Flow between two days"),
        _(
            "Rows: where people stood at the end of the first day, %(first)s. Columns: where they"
            " stood at the end of the last, %(last)s. Each number leads to the people.",
            first=said.date[asked.period.first],
            last=said.date[asked.period.last],
        ),
        [_("From"), *_labels(), _("Together")],
        rows,
        {
            "kind": "flow",
            "starts": [{"key": came or "none", "name": _start(came)} for came in starts],
            "ends": [{"key": stage.value, "name": str(stage.label)} for stage in Stage],
            "links": [
                [starts.index(came), list(Stage).index(went), people]
                for (came, went), people in ways.items()
            ],
        },
    )


def _led(asked: Asked, came: Stage | None, went: Stage, people: int, said: Words) -> Cell:
    if not people:
        return Cell("–", 0)
    way = {"before": came.value if came else "none", "after": went.value}
    return _number(people, said)._replace(href=asked.address("/funnel/flow", **way))


def cohorts_of(asked: Asked, said: Words) -> Table:
    """How far those came who began in one month or quarter."""
    found = list(dropwhile(lambda one: not one.people, asked.result("cohorts")))
    over = [one for one in found if not one.is_young]
    labels = _labels()
    steps = [_("%(stage)s, of those before", stage=label) for label in labels[1:]]
    mixed = [word for pair in zip(labels[1:], steps, strict=True) for word in pair]
    return Table(
        _("Conversion by cohort"),
        _(
            "Of those who began in a month or a quarter, how many ever came to a stage, and how"
            " many of those at the stage before. Until today; what was taken back does not count."
            " The table goes back a year at least. A cohort is unfinished until %(n)s days after"
            " its last day; only finished ones are drawn.",
            n=cohorts.YOUNG,
        ),
        [_("Began"), _("People"), *mixed, _("Its time")],
        [_cohort(one, said) for one in found],
        {
            "kind": "lines",
            "unit": "%",
            "names": [_span(one, said) for one in over],
            "series": [
                _series(stage, [_percent(one.reached[stage], one.people) for one in over])
                for stage in list(Stage)[1:]
            ],
        }
        if over
        else {},
        frozenset(place for place, one in enumerate(found) if one.is_young),
    )


def _cohort(one: cohorts.Cohort, said: Words) -> list[Cell]:
    cells = [_word(_span(one, said)), _number(one.people, said)]
    for before, stage in pairwise(Stage):
        share = _percent(one.reached[stage], one.reached[before])
        cells.append(_number(one.reached[stage], said))
        cells.append(Cell("–" if share is None else f"{share} %", share))
    cells.append(_word(_("unfinished") if one.is_young else _("over")))
    return cells


def _span(one: cohorts.Cohort, said: Words) -> str:
    days = (one.last - one.first).days
    pattern = "MMM y" if days < 40 else "QQQ y" if days < 100 else "y"
    return format_date(one.first, pattern, locale=said.locale)


def stays_of(asked: Asked, said: Words) -> Table:
    """How long people stay at a stage."""
    found = asked.result("stays")
    both = ((_("left in the period"), found.over), (_("there today"), found.going_on))
    return Table(
        _("Time at a stage"),
        _(
            "In days. A quarter, half, three quarters and nine in ten stayed so long or shorter:"
            " of those who left in the period, and of those who are there today, so far."
        ),
        [_("Stage"), _("Who"), _("People"), *_quantiles()],
        [
            [_word(str(stage.label)), _word(who), *_spread(spreads[stage], said)]
            for stage in Stage
            for who, spreads in both
        ],
        {
            "kind": "boxes",
            "names": _labels(),
            "words": _quantiles(),
            "series": [
                {"name": who, "data": [list(spreads[stage][1:]) for stage in Stage]}
                for who, spreads in both
            ],
        },
    )


def _quantiles() -> list[str]:
    return [_("A quarter"), _("Half (median)"), _("Three quarters"), _("Nine in ten")]


def _spread(spread: stays.Spread, said: Words) -> list[Cell]:
    days = [Cell("–", None) if value is None else _number(value, said) for value in spread[1:]]
    return [_number(spread.stays, said), *days]


def tiers_of(asked: Asked, said: Words) -> Table:
    """Who makes up each stage today, by tier."""
    found = mix.read(db.session, asked.whom.brand_id).tiers
    return _mix(
        _("Tiers per stage"),
        _("Today, whoever owns them."),
        _("Tier"),
        {str(tier.label): counts for tier, counts in found.items()},
        said,
    )


def owners_of(asked: Asked, said: Words) -> Table:
    """Who looks after each stage today."""
    found, names = mix.read(db.session, asked.whom.brand_id).owners, dict(reading_asked.owners())
    rows: dict[str, dict[Stage, int]] = {}
    for id, counts in found.items():
        name = names.get(id, _("Former colleagues"))
        held = rows.get(name, dict.fromkeys(Stage, 0))
        rows[name] = {stage: held[stage] + counts[stage] for stage in Stage}
    return _mix(_("Owners per stage"), _("Today, the owner of most first."), _("Owner"), rows, said)


def _mix(
    title: str, sentence: str, what: str, rows: dict[str, dict[Stage, int]], said: Words
) -> Table:
    return Table(
        title,
        sentence,
        [what, *_labels(), _("Together")],
        [
            [
                _word(name),
                *(_number(counts[stage], said) for stage in Stage),
                _number(sum(counts.values()), said),
            ]
            for name, counts in rows.items()
        ],
        {
            "kind": "bars",
            "names": _labels(),
            "series": [
                {"name": name, "data": [counts[stage] for stage in Stage]}
                for name, counts in rows.items()
            ],
        },
    )


#: Each reading under the name it has in addresses, in the order of the page.
TABLES: dict[str, Callable[[Asked, Words], Table]] = {
    "flow": flow_of,
    "people": over_time_of,
    "cohorts": cohorts_of,
    "stays": stays_of,
    "tiers": tiers_of,
    "owners": owners_of,
}


def _labels() -> list[str]:
    return [str(stage.label) for stage in Stage]


def _start(stage: Stage | None) -> str:
    return str(stage.label) if stage else _("not there yet")


def _series(stage: Stage, data: Sequence[float | None]) -> dict[str, Any]:
    return {"key": stage.value, "name": str(stage.label), "data": list(data)}


def _number(value: int, said: Words) -> Cell:
    return Cell(said.number(value), value)


def _word(text: str) -> Cell:
    return Cell(text, text)


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
