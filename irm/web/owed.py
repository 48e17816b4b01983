"""What the doors of promises and of questions share: loading, whose they are, words, answers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from flask import render_template, request
from sqlalchemy import Select

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.directory import team
from irm.errors import NotFound, Refused, Stale
from irm.forms.promise import EndForm
from irm.funnel import holding, owed
from irm.i18n import _, _l, _n
from irm.models import (
    Interaction,
    Promise,
    Promiser,
    Question,
    Relationship,
    User,
    Visibility,
)
from irm.web import disclosure
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.colleague_choice import Group, in_teams
from irm.web.guard import is_fragment
from irm.web.words import Words, words

M = TypeVar("M", Promise, Question)
F = TypeVar("F", bound=EndForm)

_HOUR = dt.timedelta(hours=1)

#: Pages to go back to; what is none of them is the person's own.
_PAGES = {"promises": "/promises", "team": "/promises?whose=team", "today": "/today"}


class Row(NamedTuple):
    """One promise or question, in words."""

    key: str
    id: int
    version: int
    influencer_id: int
    name: str
    what: str
    said: str
    iso: str
    late: bool
    owner: str
    private: bool
    ours: bool
    #: The day it was promised for; of a question none.
    due_on: dt.date | None
    urgent: bool = False
    #: Of a question: they know that the answer comes on this day.
    held: str = ""


def promise_row(row: Any, said: Words, influencer_id: int, name: str) -> Row:
    """A row of `promises.due` or `promises.open_of`, in words."""
    late = row.due_on < said.today
    days = said.days[(said.today - row.due_on).days] if late else ""
    return Row(
        f"p{row.id}",
        row.id,
        row.row_version,
        influencer_id,
        name,
        row.what,
        _("Overdue by %(days)s, since %(date)s", days=days, date=said.date[row.due_on])
        if late
        else said.both[row.due_on],
        row.due_on.isoformat(),
        late,
        getattr(row, "owner_name", None) or "",
        row.visibility is Visibility.PRIVATE,
        row.promiser is Promiser.US,
        row.due_on,
    )


def question_row(row: Any, said: Words, influencer_id: int, name: str) -> Row:
    """A row of `questions.waiting` or `questions.open_of`, in words."""
    promised_on = getattr(row, "promised_on", None)
    late = row.answer_by < clock.now() and promised_on is None
    return Row(
        f"q{row.id}",
        row.id,
        row.row_version,
        influencer_id,
        name,
        row.text,
        _clock(row.answer_by, said),
        row.answer_by.isoformat(),
        late,
        getattr(row, "owner_name", None) or "",
        row.visibility is Visibility.PRIVATE,
        True,
        None,
        row.is_urgent,
        _("An answer is promised: %(when)s", when=said.both[promised_on]) if promised_on else "",
    )


def _clock(answer_by: dt.datetime, said: Words) -> str:
    """How long the clock still runs, or since when it has run out."""
    left, when = answer_by - clock.now(), said.moment(answer_by)
    if left < dt.timedelta(0):
        return _("Beyond its time since %(when)s", when=when)
    if left < _HOUR:
        return _("Less than an hour left, until %(when)s", when=when)
    hours = int(left / _HOUR)
    return _n(
        "%(n)s hour left, until %(when)s", "%(n)s hours left, until %(when)s", hours, when=when
    )


def loaded(model: type[M], id: int, form: type[F]) -> tuple[M, F]:
    """One that the user may read and act on, with its form, if what was seen is what is there.

    Raises NotFound where it is private and not hers, Stale where it was changed meanwhile.
    """
    one = readable(model, id)
    sent = form()
    refuse_faults(sent)
    if sent.row_version.data != one.row_version:
        raise Stale()
    return one, sent


def readable(model: type[M], id: int) -> M:
    """One that the user may read and act on. Raises NotFound as `loaded` does."""
    one = load(model, id, Permission.LOG)
    if not owed.may_read(one, me().id, disclosure.reads(one.relationship)):
        raise NotFound()
    return one


def exchange(relationship: Relationship, id: int | None) -> Interaction | None:
    """The exchange it came up in, if it is one with this person that the user may read."""
    found = db.session.get(Interaction, id) if id and 0 < id < 2**31 else None
    if found is None or found.relationship_id != relationship.id:
        return None
    is_hers = found.visibility is Visibility.TEAM or found.author_id == me().id
    return found if is_hers or disclosure.reads(relationship) else None


def owner(relationship: Relationship, id: int | None, now: int | None = None) -> int | None:
    """The id of the colleague who is to see to it; 0 and nothing are nobody in particular.

    Raises Refused where it is nobody of the brand, unless it is who does so now.
    """
    if not id or id == now:
        return id or None
    found = db.session.scalar(_around(relationship).where(User.id == id))
    # An administrator works for brands of which she is no member.
    if found is None and id != me().id:
        raise Refused(_l("Choose a colleague who works for this brand."))
    return id


def colleagues(relationship: Relationship, now: int | None) -> list[Group]:
    """Who may see to it, by team and name, and who does so now if she works here no more."""
    found = [(row.id, row.name) for row in db.session.execute(_around(relationship))]
    known = {id for id, _name in found}
    if now and now not in known:
        user = db.session.get(User, now)
        found += [(now, user.name)] if user else []
    return in_teams(relationship.brand_id, found)


def _around(relationship: Relationship) -> Select[int, str]:
    return team.may_take(relationship.brand_id, relationship.owner_id)


def done(
    one: Promise | Question,
    back: str | None,
    said: str,
    undo: str,
    values: Mapping[str, object] | None = None,
) -> Answer:
    """Say what was done, with a way to take it back; a list gets what is left of its row."""
    noun = "promises" if isinstance(one, Promise) else "questions"
    undone_with = {**(values or {}), "row_version": one.row_version, "back": back or ""}
    message: Message | str = said
    if undo:
        message = undoable(said, f"/{noun}/{one.id}{undo if undo != '/' else ''}", undone_with)
    if is_fragment():
        return render_template(
            "promises/_after.html", key=f"{noun[0]}{one.id}", said=said, message=message
        )
    return back_to(page(one.relationship, back), message)


def page(relationship: Relationship, back: str | None) -> str:
    """Where the reader came from: a list, Today, or the person's page."""
    if back in _PAGES:
        return _PAGES[back]
    if request.headers.get("HX-Current-URL", "").endswith("/today"):
        return "/today"
    return f"/influencers/{relationship.influencer_id}#promises"


def answer_promised(question: Question) -> str:
    """What the promise of a holding reply says."""
    text = _("An answer: %(question)s", question=question.text)
    if len(text) <= owed.LENGTH:
        return text
    return text[: owed.LENGTH - 2].rsplit(" ", 1)[0] + " …"


def held_until(user: User | None, today: dt.date) -> dt.date:
    """The day a holding reply promises, unless another is chosen."""
    return holding.usual_day(user or me(), today)


def now_and_today() -> tuple[dt.datetime, dt.date]:
    """The moment, and the reader's day of it."""
    return clock.now(), words().today
