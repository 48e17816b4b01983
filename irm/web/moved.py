"""What moved since a day or since the last review."""

import datetime as dt
from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request

from irm import clock
from irm.access import Permission, can, here, me, require
from irm.audit import Action, record
from irm.db import db
from irm.errors import Refused
from irm.funnel import moved, past, reviews
from irm.funnel.moved import Moved, Way
from irm.i18n import _, _l, _n
from irm.ledger.claims import is_uncovered
from irm.models import Stage
from irm.web import filters, tables
from irm.web.reentry import entered_lately
from irm.web.words import Words, words

bp = Blueprint("moved", __name__)


class Since(NamedTuple):
    """From when on it is looked at, as the address says it and in words."""

    at: dt.datetime
    word: str
    said: str


class Row(NamedTuple):
    """One person, in words."""

    influencer_id: int
    relationship_id: int
    name: str
    way: Way
    start: Stage | None
    end: Stage
    steps: str
    told: str
    reason: str
    covered: str
    is_covered: bool


@bp.get("/funnel/moved")
def index() -> str:
    """Who moved since, the newest first."""
    require(Permission.SEE)
    since, way, after = _since(), filters.word(Way, "way"), request.args.get("after")
    brand_id = here().brand_id
    key = moved.key_of(after) if after else None
    found = moved.people(db.session, brand_id, since.at, way, key)
    counts, said = moved.counts(db.session, brand_id, since.at), words()
    address = {"since": since.word}
    tabs = [
        (_("Everybody"), _sum(counts, said), filters.address("/funnel/moved", address), not way)
    ]
    tabs += [
        (
            str(one.label),
            said.number(counts[one]),
            filters.address("/funnel/moved", address, {"way": one.value}),
            one is way,
        )
        for one in Way
    ]
    shown, rest = found[: moved.PAGE], len(found) > moved.PAGE
    here_again = {**address, "way": way.value if way else ""}
    return render_template(
        "moved/index.html",
        since=since,
        rows=[_row(one, said) for one in shown],
        tabs=tabs,
        rest=filters.address("/funnel/moved", here_again, {"after": shown[-1].token})
        if rest
        else "",
        first=filters.address("/funnel/moved", here_again) if after else "",
        day=since.word if since.word != "review" else "",
        may_export=can(Permission.EXPORT_LIST),
    )


@bp.get("/funnel/moved/line")
def line() -> str:
    """How many moved since the last review, and how many are new, for the board's head."""
    require(Permission.SEE)
    closed = moved.last_closed(db.session, here().brand_id)
    at = closed.closed_at if closed and closed.closed_at else clock.now() - reviews.USUAL
    counts, said = moved.counts(db.session, here().brand_id, at), words()
    new = counts.pop(Way.NEW)
    count, number = sum(counts.values()), _sum(counts, said)
    if closed:
        sentence = _n(
            "%(number)s moved since the last review on %(day)s",
            "%(number)s moved since the last review on %(day)s",
            count,
            number=number,
            day=said.date[said.day(at)],
        )
    else:
        sentence = _n(
            "%(number)s moved in the last 30 days",
            "%(number)s moved in the last 30 days",
            count,
            number=number,
        )
    if new:
        more = _n("%(number)s new", "%(number)s new", new, number=_sum({Way.NEW: new}, said))
        sentence = f"{sentence}, {more}"
    return render_template("moved/_line.html", sentence=sentence)


@bp.post("/funnel/moved/file")
@entered_lately
def export() -> Response:
    """The same as a file."""
    require(Permission.EXPORT_LIST)
    since, way = _since(request.form.get("since", "")), filters.word(Way, "way")
    found = moved.people(db.session, here().brand_id, since.at, way, None, moved.MOST)
    said = words()
    headings = [_("Name"), _("Way"), _("From"), _("To"), _("Steps"), _("Taken back")]
    headings += [_("When"), _("By"), _("Reason"), _("Covered by evidence")]
    answer, count = tables.sent(_("moved"), headings, (_cells(one, said) for one in found))
    record(
        db.session,
        me(),
        Action.LIST_EXPORTED,
        clock.now(),
        brand_id=here().brand_id,
        rows=count,
        form="csv",
    )
    db.session.commit()
    return answer


def _cells(one: Moved, said: Words) -> list[Any]:
    return [
        one.name,
        str(one.way.label),
        str(one.start.label) if one.start else "",
        str(one.end.label),
        one.steps,
        one.undone,
        one.at.astimezone(said.zone).replace(tzinfo=None),
        one.by or "",
        one.reason or "",
        "" if one.is_birth else _("no") if is_uncovered(one.end, one.earned) else _("yes"),
    ]


def _since(text: str | None = None) -> Since:
    """From when on, as the address says. Raises Refused where it says nothing known."""
    asked, said = request.args.get("since", "") if text is None else text, words()
    if asked in ("", "review"):
        closed = moved.last_closed(db.session, here().brand_id)
        if closed and closed.closed_at:
            on = said.date[said.day(closed.closed_at)]
            return Since(closed.closed_at, "review", _("Since the review of %(day)s", day=on))
        at = clock.now() - reviews.USUAL
        return Since(at, "review", _("In the last 30 days: no review was closed yet"))
    try:
        day = dt.date.fromisoformat(asked)
        end = past.of(db.session, here().brand_id).end_of(day)
    except (ValueError, OverflowError):
        raise Refused(_l("Write a day as 2026-03-31.")) from None
    return Since(end, day.isoformat(), _("Since the evening of %(day)s", day=said.date[day]))


def _sum(counts: dict[Way, int], said: Words) -> str:
    people = sum(counts.values())
    return said.number(min(people, moved.MOST)) + ("+" if people > moved.MOST else "")


def _row(one: Moved, said: Words) -> Row:
    covered = not is_uncovered(one.end, one.earned)
    rests = _("Covered by evidence") if covered else _("Not covered by evidence")
    return Row(
        one.influencer_id,
        one.relationship_id,
        one.name,
        one.way,
        one.start,
        one.end,
        _steps(one),
        _told(one, said),
        one.reason or "",
        "" if one.is_birth else rests,
        covered,
    )


def _steps(one: Moved) -> str:
    parts = []
    if one.steps > 1:
        parts.append(_n("%(n)s step", "%(n)s steps", one.steps))
    if one.undone:
        parts.append(
            _n("%(n)s move folded: taken back", "%(n)s moves folded: taken back", one.undone)
        )
    return ", ".join(parts)


def _told(one: Moved, said: Words) -> str:
    on = said.date[said.day(one.at)]
    return f"{one.by}, {on}" if one.by else on
