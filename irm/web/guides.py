"""What to do with one person now, on the page of the person and on their card."""

import datetime as dt
from typing import NamedTuple

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, can, load
from irm.db import db
from irm.funnel import evidence, guide, tactics
from irm.funnel.guide import Advice
from irm.i18n import _
from irm.models import Kind, Relationship
from irm.web import disclosure, proving
from irm.web.guard import is_fragment
from irm.web.words import Words, words

bp = Blueprint("guides", __name__)

#: A tactic is planned for so many days ahead, unless another day is chosen.
AHEAD = dt.timedelta(days=3)


class Line(NamedTuple):
    """One tactic as it stands with a person, in words."""

    code: str
    kind: Kind
    label: str
    how: str
    #: Whether it is used, planned, out of place; empty where there is nothing to say.
    said: list[str]
    suits: str
    is_next: bool
    is_used: bool
    is_out: bool


@bp.get("/relationships/<int:id>/guide")
def show(id: int) -> str:
    """What to do at their stage, what of it was done, and what the next stage takes."""
    relationship = load(Relationship, id, Permission.SEE)
    said = words()
    found = guide.of(db.session, relationship, disclosure.reader(relationship))
    earned = evidence.standing(db.session, relationship, clock.now())
    stage = relationship.stage
    return render_template(
        "stages/_guide.html" if is_fragment() else "stages/guide.html",
        person=relationship.influencer,
        relationship=relationship,
        stage=stage,
        goal=str(tactics.GOALS[stage]),
        lines=[_line(one, found, relationship, said) for one in found.advice],
        missing=proving.missing(earned),
        may_log=can(Permission.LOG, relationship.brand_id),
        due_on=said.today + AHEAD,
    )


def _line(one: Advice, found: guide.Guide, relationship: Relationship, said: Words) -> Line:
    tactic, archetype = one.tactic, relationship.influencer.archetype
    of = str(archetype.label) if archetype else ""
    return Line(
        tactic.code,
        tactic.kind,
        str(tactic.label),
        str(tactic.how),
        [text for text in _said(one, of, said) if text],
        _("Suits: %(archetype)s", archetype=of) if one.suits else "",
        tactic is found.next,
        one.used is not None,
        one.never,
    )


def _said(one: Advice, archetype: str, said: Words) -> tuple[str, ...]:
    return (
        _("Not with them (%(archetype)s): nothing of value may change hands.", archetype=archetype)
        if one.never
        else "",
        _used(one, said),
        _("Used last: something else comes first now.") if one.is_last else "",
        _("Planned for %(when)s.", when=said.both[one.planned_on]) if one.planned_on else "",
        _("Early: give something first.") if one.is_early else "",
    )


def _used(one: Advice, said: Words) -> str:
    if one.used is None:
        return ""
    when = said.both[said.day(one.used.at)]
    if one.used.by:
        return _("Used %(when)s by %(name)s.", when=when, name=one.used.by)
    return _("Used %(when)s.", when=when)
