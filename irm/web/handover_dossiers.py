"""The dossier of a handover, and who has one contact among us alone."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm.access import Permission, here, load, require
from irm.db import db
from irm.directory import team
from irm.errors import NotFound
from irm.funnel import handover_dossier, known_by
from irm.funnel.facts import days
from irm.funnel.handover_dossier import Entry
from irm.funnel.whys import why
from irm.i18n import _, _n
from irm.models import Channel, Handover, Kind, User
from irm.web import filters
from irm.web.fact_words import day_words
from irm.web.phrases import phrases
from irm.web.timeline import label
from irm.web.words import Words, words

bp = Blueprint("handover_dossiers", __name__)


@bp.get("/handovers/<int:id>/dossier")
def show(id: int) -> str:
    """What to know of each who passed on, some people at a time, fit to be printed."""
    made = load(Handover, id, Permission.BULK_EDIT)
    after = request.args.get("after", "")
    is_number = after.isascii() and after.isdecimal() and len(after) < 10
    found = handover_dossier.page(
        db.session,
        made,
        filters.reader_at(made.brand_id),
        int(after) if is_number else 0,
    )
    shown = found[: handover_dossier.PAGE]
    name = db.session.scalar(select(User.name).where(User.id == made.from_id))
    return render_template(
        "handovers/dossier.html",
        made=made,
        from_name=name or "",
        entries=[_entry(one, words()) for one in shown],
        is_first=not is_number,
        next=shown[-1].person.item_id if len(found) > len(shown) else None,
    )


@bp.get("/handovers/alone")
def alone() -> str:
    """Whom one of us alone knows: all of them, or those of one colleague."""
    require(Permission.HAND_OVER)
    members = db.session.execute(team.members(here().brand_id)).all()
    who = _colleague(members)
    statement = known_by.listed(here().brand_id, who)
    if "after" in request.args:
        statement = statement.where(known_by.below(request.args["after"]))
    rows = db.session.execute(statement.limit(known_by.PAGE + 1)).all()
    said = words()
    shown = rows[: known_by.PAGE]
    return render_template(
        "handovers/alone.html",
        rows=[
            (
                row.influencer_id,
                row.name,
                row.stage,
                row.contact,
                said.near[said.day(row.last_contact_at)] if row.last_contact_at else "",
            )
            for row in shown
        ],
        members=members,
        who=who,
        is_first="after" not in request.args,
        next=known_by.token(shown[-1]) if len(rows) > len(shown) else None,
    )


def _colleague(members: Any) -> int | None:
    """The member the address names; None: any. Raises NotFound where it names somebody else."""
    asked = request.args.get("who", "")
    if not asked:
        return None
    found = next((row.id for row in members if str(row.id) == asked), None)
    if found is None:
        raise NotFound()
    return int(found)


def _entry(one: Entry, said: Words) -> dict[str, Any]:
    person, about = one.person, phrases(said)
    last = said.day(person.last_contact_at) if person.last_contact_at else None
    parts = (
        str(person.archetype.label) if person.archetype else "",
        ", ".join(part for part in (person.city, person.country) if part),
        _("Best by %(channel)s", channel=label(Channel, person.preferred_channel).lower())
        if person.preferred_channel
        else "",
    )
    gives = person.gives_since_ask
    return {
        "id": person.influencer_id,
        "name": person.name,
        "line": " · ".join(part for part in parts if part),
        "stage": person.stage,
        "to": person.to or "",
        "contact": about.contact[last],
        "balance": _n("%(n)s give since the last ask", "%(n)s gives since the last ask", gives)
        if gives
        else _("Nothing given since the last ask"),
        "is_alone": one.is_alone,
        "exchanges": [
            (
                said.day(row.happened_at),
                label(Channel, row.channel),
                str(row.kind.label),
                row.summary,
                row.by or "",
            )
            for row in one.exchanges
        ],
        "promises": [(row.promiser.label, row.what, row.due_on) for row in one.promises],
        "questions": [(row.text, said.moment(row.answer_by)) for row in one.questions],
        "facts": [(row.kind.label, _known(row, said), row.source.label) for row in one.facts],
        "planned": [
            (row.due_on, label(Kind, row.kind), row.purpose or why(row.why)) for row in one.planned
        ],
    }


def _known(row: Any, said: Words) -> str:
    """A fact in its words, with the day it lives of."""
    day = days.of(row)
    return ", ".join(part for part in (row.text, day_words(day, said) if day else "") if part)
