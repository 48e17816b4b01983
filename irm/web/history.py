"""How a person's followers went: a small drawing for each account, and its numbers below."""

import datetime as dt
from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from flask import Blueprint, render_template

from irm.access import Permission, load
from irm.db import db
from irm.directory import history
from irm.i18n import _n
from irm.models import Influencer
from irm.scoring.observed import Observed
from irm.web import growth
from irm.web.guard import is_fragment
from irm.web.words import Words, words

bp = Blueprint("history", __name__)

#: The drawing's own measures; the page scales it.
WIDTH, HEIGHT, EDGE = 300, 72, 4

#: Days in the table below a drawing, the newest.
LISTED = 12


class Line(NamedTuple):
    """One account: what it is, its way as points of a drawing, its newest days.

    `grown` says how it grew of late, `doubts` how many there are about it, where there are any.
    """

    title: str
    points: str
    lowest: str
    highest: str
    first: str
    last: str
    days: list[tuple[dt.date, str, str]]
    grown: str
    doubts: str


@bp.get("/influencers/<int:id>/history")
def show(id: int) -> str:
    """The drawings alone for the page that is there, or as a page of their own."""
    influencer, said = load(Influencer, id, Permission.SEE), words()
    found = db.session.execute(history.of_person(id)).all()
    now = {one.account.id: one for one in growth.known_of(influencer)}
    doubted = Counter(one.account for one in growth.doubted(list(now.values()), said))
    lines = [
        _line(list(rows), now.get(account), doubted[account], said)
        for account, rows in groupby(found, key=attrgetter("id"))
    ]
    template = "influencers/_history.html" if is_fragment() else "influencers/history.html"
    return render_template(template, influencer=influencer, lines=lines)


def _line(rows: list[Any], now: Observed | None, doubts: int, said: Words) -> Line:
    figures = [row.followers for row in rows]
    newest = rows[-LISTED:][::-1]
    return Line(
        f"{rows[0].platform.label} · {rows[0].handle}",
        points([row.day for row in rows], figures),
        said.compact(min(figures)),
        said.compact(max(figures)),
        said.date[rows[0].day],
        said.date[rows[-1].day],
        [(row.day, said.date[row.day], said.number(row.followers)) for row in newest],
        growth.month(now, said) if now else "",
        _n("%(n)s doubt about it", "%(n)s doubts about it", doubts) if doubts else "",
    )


def points(days: list[dt.date], figures: list[int]) -> str:
    """The way of some figures, as the points of a polyline; time runs evenly."""
    first, span = days[0], max(1, (days[-1] - days[0]).days)
    lowest, height = min(figures), max(figures) - min(figures)
    found = []
    for day, figure in zip(days, figures, strict=True):
        x = EDGE + (WIDTH - 2 * EDGE) * (day - first).days / span
        share = (figure - lowest) / height if height else 0.5
        found.append(f"{x:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share:.1f}")
    return " ".join(found)
