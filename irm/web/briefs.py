"""What to know before a contact, in a screenful: opened from a row, or as a page to print."""

from typing import Any, NamedTuple

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, can, here, load
from irm.db import db
from irm.funnel import activities, brief
from irm.funnel.facts.reminding import How
from irm.funnel.facts.saying import saying
from irm.i18n import _
from irm.models import (
    Channel,
    Direction,
    Influencer,
    Kind,
    Promiser,
    State,
    Touchpoint,
)
from irm.web import balances, busy, disclosure
from irm.web.guard import is_fragment
from irm.web.person import minds
from irm.web.timeline import label
from irm.web.today_words import REMEMBERED, why_now
from irm.web.words import Words, words

bp = Blueprint("briefs", __name__)


class Line(NamedTuple):
    """One line of a list: what, and what is said beside it."""

    text: str
    beside: str = ""
    #: Warns: overdue, or not to be written.
    warns: bool = False


class Step(NamedTuple):
    """One step before the first contact; `code` is what quick log begins with."""

    label: str
    is_done: bool
    code: str
    kind: str


@bp.get("/touchpoints/<int:id>/brief")
def show(id: int) -> str:
    """The brief of one touchpoint."""
    touchpoint = load(Touchpoint, id, Permission.SEE)
    relationship, said = touchpoint.relationship, words()
    person, brand_id = relationship.influencer, relationship.brand_id
    found = brief.of(db.session, touchpoint, disclosure.reader(relationship), said.today)
    speak = [one for one in found.facts if one.how in (How.DAY, How.SPEAK)]
    return render_template(
        "touchpoints/_brief.html" if is_fragment() else "touchpoints/brief.html",
        touchpoint=touchpoint,
        relationship=relationship,
        person=person,
        is_open=touchpoint.state is State.OPEN,
        may_log=can(Permission.LOG, brand_id) and brand_id == here().brand_id,
        due=said.both[touchpoint.due_on],
        what=_what(touchpoint),
        why=why_now(touchpoint),
        channel=label(Channel, touchpoint.channel).lower() if touchpoint.channel else "",
        minds=[one for one in (busy.said(relationship), *_minds(person)) if one],
        there=_there(person, said),
        never=[str(saying(one, said.near)) for one in found.facts if one.how is How.MIND],
        facts=[
            Line(str(saying(one, said.near)), _("do not write it") if one.is_guess else "", True)
            for one in speak
        ],
        ask_them=[str(saying(one, said.near)) for one in found.facts if one.how is How.ASK],
        exchanges=[_exchange(one, said) for one in found.exchanges],
        promises=[_promise(one, said) for one in found.promises],
        questions=[_question(one, said) for one in found.questions],
        balance=balances.gives(relationship.gives_since_ask, found.counts),
        gate=balances.answer(found.verdict),
        tactic=found.tactic,
        activity=activities.label(touchpoint.tactic),
        is_proposed=found.is_proposed,
        others=[_other(one, said) for one in found.others],
        benefit=found.benefit,
        steps=[_step(one) for one in found.steps],
    )


def _what(planned: Any) -> str:
    """Of what kind it is, and what for or why."""
    kind, why = label(Kind, planned.kind), why_now(planned)
    return _("%(kind)s: %(why)s", kind=kind, why=why) if why else kind


def _minds(person: Influencer) -> list[str]:
    """What to mind with them, the gravest first."""
    refuses = [_("Wants no contact")] if person.do_not_contact else []
    why = person.may_be_paid is False and person.may_be_paid_why
    return [*refuses, *minds(person), *([why] if why else [])]


def _there(person: Influencer, said: Words) -> str:
    """What their own clock shows; empty where their time zone is not known."""
    at = brief.time_there(person.timezone, clock.now())
    if at is None:
        return ""
    time = f"{at:%H:%M}" if at.date() == said.today else f"{said.date[at.date()]}, {at:%H:%M}"
    if brief.is_night(at):
        return _("%(time)s at their place: not the hour for a call", time=time)
    return _("%(time)s at their place", time=time)


def _exchange(one: Any, said: Words) -> Line:
    text = " ".join(one.summary.split())
    if len(text) > REMEMBERED:
        text = text[:REMEMBERED].rsplit(" ", 1)[0] + " …"
    what = activities.label(one.activity) or str(one.channel.label)
    parts = (
        said.near[said.day(one.happened_at)],
        what,
        str(one.direction.label).lower() if one.direction is not Direction.OUT else one.by or "",
        _("private") if one.is_private else "",
    )
    return Line(text or what, ", ".join(part for part in parts if part))


def _promise(one: Any, said: Words) -> Line:
    who = str(Promiser(one.promiser).label)
    return Line(
        _("%(who)s: %(what)s", who=who, what=one.what),
        said.both[one.due_on],
        one.due_on < said.today,
    )


def _question(one: Any, said: Words) -> Line:
    if one.promised_on:
        return Line(one.text, _("promised for %(when)s", when=said.both[one.promised_on]))
    by = _("an answer by %(when)s", when=said.moment(one.answer_by))
    return Line(one.text, by, one.answer_by < clock.now())


def _other(one: Any, said: Words) -> Line:
    beside = ", ".join(part for part in (said.both[one.due_on], one.owner_name or "") if part)
    return Line(_what(one), beside)


def _step(one: brief.Done) -> Step:
    usual = activities.find(one.step.value)
    kind = usual.kind if usual else Kind.TALK
    return Step(str(one.step.label), one.is_done, one.step.value, kind.value)
