"""All promises and questions that are open, one's own or the team's, and how they were kept."""

import datetime as dt
from typing import Any

from flask import Blueprint, Response, render_template, request

from irm import clock
from irm.access import Permission, can, here, me, require
from irm.audit import Action, record
from irm.db import db
from irm.funnel import promised
from irm.funnel.promised import Tally
from irm.i18n import _
from irm.models import Promiser
from irm.web import filters, owed, tables
from irm.web.reentry import entered_lately
from irm.web.words import Words, words

bp = Blueprint("promised", __name__)

#: The periods one may count, in days; the first is counted unless another is chosen.
PERIODS = (90, 30, 365)


@bp.get("/promises")
def index() -> str:
    """What is open: questions that wait, what we owe, what is owed to us."""
    require(Permission.LOG)
    said, whose = words(), _whose()
    most = promised.SHOWN
    sections = []
    for key, title, empty, rows in (
        (
            "questions",
            _("Questions waiting"),
            _("Nobody waits for an answer."),
            _asked(said, whose, most + 1),
        ),
        (
            "ours",
            _("Our promises"),
            _("We owe nobody anything."),
            _promised(Promiser.US, said, whose, most + 1),
        ),
        (
            "theirs",
            _("Their promises"),
            _("Nobody owes us anything."),
            _promised(Promiser.THEM, said, whose, most + 1),
        ),
    ):
        tally = f"{most}+" if len(rows) > most else str(len(rows))
        sections.append(
            {
                "key": key,
                "title": title,
                "empty": empty,
                "rows": rows[:most],
                "tally": tally,
                "more": len(rows) > most,
            }
        )
    return render_template(
        "promises/index.html",
        sections=sections,
        nothing=not any(one["rows"] for one in sections),
        is_team=whose is None,
        is_lead=can(Permission.ALL_PROMISES),
        back="team" if whose is None else "promises",
        today=said.today,
        days=_days(),
        periods=[(one, said.days[one]) for one in sorted(PERIODS)],
    )


@bp.get("/promises/colleagues")
def colleagues() -> str:
    """How promises and questions were kept, by colleague: it counts, and comes after the page."""
    require(Permission.LOG)
    found = _tallies()
    shown = [(one.name or _("Nobody in particular"), one) for one in found]
    if len(found) > 1:
        shown.append((_("All together"), promised.total(found)))
    return render_template("promises/_colleagues.html", tallies=shown, hours=_hours)


@bp.post("/promises/file")
@entered_lately
def send() -> Response:
    """What is open, or the colleagues' figures, as a CSV file."""
    require(Permission.EXPORT_LIST)
    if request.form.get("what") == "colleagues":
        answer, count = tables.sent(_("promises-kept"), _tally_headings(), _tally_rows())
    else:
        answer, count = tables.sent(_("promises"), _headings(), _rows())
    brand_id, at = here().brand_id, clock.now()
    record(db.session, me(), Action.LIST_EXPORTED, at, brand_id=brand_id, rows=count, form="csv")
    db.session.commit()
    return answer


def _whose() -> int | None:
    """Whose the reader sees: all of the team as a lead who asks for it, else her own."""
    is_team = request.values.get("whose") == "team" and can(Permission.ALL_PROMISES)
    return None if is_team else me().id


def _days() -> int:
    """The period that is asked for; what is no period is the usual one."""
    asked_for = request.values.get("days", "")
    return next((one for one in PERIODS if str(one) == asked_for), PERIODS[0])


def _promised(promiser: Promiser, said: Words, whose: int | None, most: int) -> list[owed.Row]:
    found = promised.promised(filters.reader(), promiser, whose).limit(most)
    return [
        owed.promise_row(row, said, row.influencer_id, row.name)
        for row in db.session.execute(found)
    ]


def _asked(said: Words, whose: int | None, most: int) -> list[owed.Row]:
    found = promised.asked(filters.reader(), whose).limit(most)
    return [
        owed.question_row(row, said, row.influencer_id, row.name)
        for row in db.session.execute(found)
    ]


def _tallies() -> list[Tally]:
    at = clock.now()
    return promised.tallies(
        db.session,
        filters.reader(),
        at - dt.timedelta(days=_days()),
        today=words().today,
        at=at,
        user_id=_whose(),
    )


def _hours(value: float | None) -> str:
    """Hours as they are said: one decimal, or a dash where nobody had a word."""
    return "–" if value is None else words().number(round(value, 1))


def _headings() -> list[str]:
    return [_("Kind"), _("Person"), _("What"), _("By when"), _("Colleague"), _("How it stands")]


def _rows() -> list[list[Any]]:
    reader, whose, said, now = filters.reader(), _whose(), words(), clock.now()
    rows: list[list[Any]] = []
    for row in db.session.execute(promised.asked(reader, whose).limit(promised.MOST)):
        stands = _("Beyond its time") if row.answer_by < now else _("Still open")
        when = row.answer_by.astimezone(said.zone).replace(tzinfo=None)
        rows.append([_("Question"), row.name, row.text, when, row.owner_name or "", stands])
    for promiser in Promiser:
        for row in db.session.execute(
            promised.promised(reader, promiser, whose).limit(promised.MOST)
        ):
            stands = _("Overdue") if row.due_on < said.today else _("Still open")
            kind = str(promiser.label)
            rows.append([kind, row.name, row.what, row.due_on, row.owner_name or "", stands])
    return rows


def _tally_headings() -> list[str]:
    kept = [_("Still open"), _("Overdue"), _("Kept"), _("Kept late"), _("Broken")]
    return [
        _("Colleague"),
        *(_("Ours: %(how)s", how=one) for one in kept),
        *(_("Theirs: %(how)s", how=one) for one in kept),
        _("Questions waiting"),
        _("Beyond their time"),
        _("Answered in time"),
        _("Answered late"),
        _("Hours to the first word, median"),
    ]


def _tally_rows() -> list[list[Any]]:
    return [
        [
            one.name,
            *(one.ours.open, one.ours.overdue, one.ours.kept, one.ours.late, one.ours.broken),
            *(one.theirs.open, one.theirs.overdue, one.theirs.kept, one.theirs.late),
            one.theirs.broken,
            *(one.questions.waiting, one.questions.beyond),
            *(one.questions.in_time, one.questions.late),
            None if one.questions.median is None else round(one.questions.median, 1),
        ]
        for one in _tallies()
    ]
