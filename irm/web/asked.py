"""Asks without gives, for the lead; and what each colleague gave and asked."""

import datetime as dt
import io
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file

from irm import clock
from irm.access import Permission, can, here, me, require
from irm.audit import Action, record
from irm.db import db
from irm.directory import spreadsheet
from irm.funnel import asked
from irm.funnel.asked import Tally
from irm.i18n import _, _n
from irm.models import Outcome
from irm.web import filters
from irm.web.reentry import entered_lately
from irm.web.timeline import label
from irm.web.words import Words, words

bp = Blueprint("asked", __name__)

#: The periods one may look at, in days; the first is looked at unless another is chosen.
PERIODS = (90, 30, 365)


@bp.get("/funnel/asks")
def index() -> str:
    """Asks without gives: planned against the gate with a reason, or gone out without one."""
    require(Permission.LOG)
    days, said = _days(), words()
    since, whose = _since(days), _whose()
    overridden = asked.overrides(db.session, filters.reader(), since, whose)
    broken = asked.breaches(db.session, filters.reader(), since, whose)
    return render_template(
        "asks/index.html",
        overrides=[_override(row, said) for row in overridden],
        breaches=[_breach(row, said) for row in broken],
        shown=asked.SHOWN,
        days=days,
        periods=[(one, said.days[one]) for one in sorted(PERIODS)],
        is_all=whose is None,
    )


@bp.get("/funnel/asks/colleagues")
def colleagues() -> str:
    """What each colleague gave and asked: it counts all exchanges, and comes after the page."""
    require(Permission.LOG)
    days = _days()
    found = asked.tallies(db.session, here().brand_id, _since(days), _whose())
    return render_template("asks/_colleagues.html", tallies=found, days=days)


@bp.post("/funnel/asks/file")
@entered_lately
def send() -> Response:
    """The asks without gives, or the colleagues' figures, as a CSV file."""
    require(Permission.EXPORT_LIST)
    since, whose = _since(_days()), _whose()
    if request.form.get("what") == "colleagues":
        headings, rows = _tally_headings(), _tally_rows(since, whose)
    else:
        headings, rows = _ask_headings(), _ask_rows(since, whose)
    file = io.StringIO(newline="")
    count = spreadsheet.write_csv(file, headings, rows)
    brand_id, at = here().brand_id, clock.now()
    record(db.session, me(), Action.LIST_EXPORTED, at, brand_id=brand_id, rows=count, form="csv")
    db.session.commit()
    return send_file(
        io.BytesIO(file.getvalue().encode("utf-8-sig")),
        mimetype="text/csv; charset=utf-8",
        as_attachment=True,
        download_name=_("asks-%(iso)s.csv", iso=words().today.isoformat()),
    )


def _days() -> int:
    """The period that is asked for; what is no period is the usual one."""
    asked_for = request.values.get("days", "")
    return next((one for one in PERIODS if str(one) == asked_for), PERIODS[0])


def _since(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def _whose() -> int | None:
    """Whose asks the reader sees: all as a lead, else her own."""
    return None if can(Permission.ALL_ASKS) else me().id


def _override(row: Any, said: Words) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.name,
        "href": f"/influencers/{row.influencer_id}",
        "colleague": row.colleague or _("Somebody who left"),
        "day": said.day(row.at),
        "when": said.date[said.day(row.at)],
        "what": row.wish,
        "why": row.reason,
        "balance": _balance(row),
    }


def _breach(row: Any, said: Words) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.name,
        "href": f"/influencers/{row.influencer_id}#interaction-{row.id}",
        "colleague": row.colleague or _("Somebody who left"),
        "day": said.day(row.at),
        "when": said.date[said.day(row.at)],
        "what": row.summary or _("a private note of a colleague"),
        "outcome": label(Outcome, row.outcome and row.outcome.value),
    }


def _balance(row: Any) -> str:
    given = _n("%(n)s give", "%(n)s gives", row.gives)
    if row.gives_needed is None:
        return _("%(given)s, too early to ask", given=given)
    return _("%(given)s of %(needed)s", given=given, needed=row.gives_needed)


def _tally_headings() -> list[str]:
    return [
        _("Colleague"),
        _("Gives"),
        _("Asks"),
        _("Accepted"),
        _("Declined"),
        _("No answer"),
        _("With a reason"),
        _("Before their time"),
    ]


def _ask_headings() -> list[str]:
    return [_("Day"), _("Colleague"), _("Person"), _("How"), _("What"), _("Why"), _("How it ended")]


def _tally_rows(since: dt.datetime, whose: int | None) -> list[list[Any]]:
    found: list[Tally] = asked.tallies(db.session, here().brand_id, since, whose)
    return [
        [
            one.name,
            *(one.gives, one.asks, one.accepted, one.declined, one.no_answer),
            *(one.overrides, one.breaches),
        ]
        for one in found
    ]


def _ask_rows(since: dt.datetime, whose: int | None) -> list[list[Any]]:
    reader, said = filters.reader(), words()
    planned = [
        [said.day(r.at), r.colleague, r.name, _("Planned with a reason"), r.wish, r.reason, ""]
        for r in asked.overrides(db.session, reader, since, whose, asked.MOST)
    ]
    gone = [
        [said.day(r.at), r.colleague, r.name, _("Before its time"), r.summary, "", _ended(r)]
        for r in asked.breaches(db.session, reader, since, whose, asked.MOST)
    ]
    return sorted(planned + gone, key=lambda row: row[0], reverse=True)


def _ended(row: Any) -> str:
    return label(Outcome, row.outcome and row.outcome.value)
