"""What stands above the columns of the board and takes counting; asked for after the page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask import Blueprint, render_template
from sqlalchemy import false

from irm import clock
from irm.access import Permission, require
from irm.db import db
from irm.directory.filters import FIELDS, Clause
from irm.funnel import grouped, grouping
from irm.funnel.board import Head
from irm.funnel.grouping import Grouping
from irm.i18n import _n
from irm.models import Relationship, Stage
from irm.web import filters, heads, listing
from irm.web.ageing import rule
from irm.web.cards import Column
from irm.web.funnel import said
from irm.web.heads import COUNTED, Board, is_stuck, overdue
from irm.web.words import words

bp = Blueprint("board_facts", __name__)

#: Filters of the list by what a column is, and by what is counted above it.
_LATE = Clause("due", ("overdue",))
_STUCK = Clause("age", ("stuck",))


class Facts(NamedTuple):
    """What is said below a column's head: words with the list they lead to, or without."""

    key: str
    lines: list[tuple[str, str, str]]


@bp.get("/funnel/heads")
def show() -> str:
    """How many are overdue and over the limit, and the median of the days at a stage."""
    require(Permission.SEE)
    page = heads.here_and_now()
    names = grouping.columns(db.session, filters.reader(), page.by)
    found, late, stuck = _counted(page, list(names))
    middle = _medians(page, found)
    facts = [
        Facts(key, _lines(page, key, late.get(key, 0), stuck.get(key, 0), middle.get(key)))
        for key in names
    ]
    columns: list[Column] = []
    if page.kept is None:
        columns = [page.column(key, name, found.get(key, Head())) for key, name in names.items()]
    return render_template(
        "funnel/_facts.html", facts=facts, columns=columns, said=said(page, found)
    )


def _counted(
    page: Board, keys: Sequence[str]
) -> tuple[Mapping[str, Head], dict[str, int], dict[str, int]]:
    """The heads, and how many are overdue and over the limit in each column."""
    kept = page.heads()
    if kept is not None:
        there = [key for key in keys if key in kept and kept[key].people]
        return kept, *_counts(page, there)
    counted = page.counted(keys)
    late = {key: one.overdue for key, one in counted.items()}
    stuck = {key: one.over for key, one in counted.items()}
    # Of more than were looked at, the others are counted for themselves.
    cut = [key for key, one in counted.items() if not one.head.is_exact]
    more_late, more_stuck = _counts(page, cut)
    return {key: one.head for key, one in counted.items()}, late | more_late, stuck | more_stuck


def _counts(page: Board, keys: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    session, shown, by, whole = db.session, page.shown, page.by, page.whole
    late = {key: [*whole, overdue()] for key in keys}
    stuck = {key: [*whole, *_stuck(page, key)] for key in keys}
    return (
        grouped.counts(session, shown, by, late, COUNTED),
        grouped.counts(session, shown, by, stuck, COUNTED),
    )


def _stuck(page: Board, key: str) -> list[Any]:
    """Who is over the limit; of one stage those alone are looked at who are there for so long."""
    if page.by is not Grouping.STAGE:
        return [is_stuck()]
    limits, zone, day = rule()
    days = limits.at(Stage(key))
    if days is None:
        return [false()]
    last = dt.datetime.combine(day - dt.timedelta(days=days), dt.time(), zone)
    return [Relationship.stage_since < last, is_stuck()]


def _medians(page: Board, found: Mapping[str, Head]) -> dict[str, int]:
    """The median of the days at each stage, where all are counted."""
    if page.by is not Grouping.STAGE:
        return {}
    wanted = {Stage(key): one.people for key, one in found.items() if one.people and one.is_exact}
    found_days = grouped.medians(db.session, page.shown, wanted, page.whole, clock.now())
    return {stage.value: days for stage, days in found_days.items()}


def _lines(
    page: Board, key: str, late: int, stuck: int, middle: int | None
) -> list[tuple[str, str, str]]:
    """Kind, words and the list they lead to, of each fact that is worth a word."""
    lines = []
    if late:
        n = _number(late)
        lines.append(
            (
                "late",
                _n("%(number)s overdue", "%(number)s overdue", late, number=n),
                _href(page, key, _LATE),
            )
        )
    if stuck:
        n = _number(stuck)
        lines.append(
            (
                "over",
                _n("%(number)s too long here", "%(number)s too long here", stuck, number=n),
                _href(page, key, _STUCK),
            )
        )
    if middle is not None:
        lines.append(("", _n("Median %(n)s day", "Median %(n)s days", middle), ""))
    return lines


def _number(count: int) -> str:
    return words().number(min(count, COUNTED)) + ("+" if count > COUNTED else "")


def _href(page: Board, key: str, clause: Clause) -> str:
    """The list of those of a column whom one clause more keeps; none where it has no such field."""
    if clause.field not in FIELDS:
        return ""
    more = (Clause(page.by.value, (key,)), clause)
    query = page.listing.query
    groups = tuple((*group, *more) for group in query.groups) or (more,)
    return replace(page.listing, query=replace(query, groups=groups)).as_page(listing.LIST)
