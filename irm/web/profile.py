"""Editing a person where they stand: sections of the page that turn into forms and back.

Whoever comes too late loses nothing: what only they changed is kept, what only the other changed
too, and where both changed the same field both values are shown to choose from.
"""

import json
from typing import Any

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, load, me, relationship_with
from irm.db import db
from irm.directory import person as room
from irm.errors import Refused, Stale
from irm.i18n import _
from irm.models import Influencer
from irm.scoring import rules, tiers
from irm.web import person, sections
from irm.web.answers import Answer, Message, back_to, undoable
from irm.web.guard import is_fragment
from irm.web.sections import BASIS, FACTS, TERMS, TIER, Conflict, Editing, Section, Texts
from irm.web.words import words

bp = Blueprint("profile", __name__)

#: A message that carries more than this to be undone does not fit into a browser's cookie.
_UNDOABLE = 1500


@bp.get("/influencers/<int:id>/facts")
def facts(id: int) -> str:
    """The facts, as a form."""
    return _open(FACTS, id)


@bp.post("/influencers/<int:id>/facts")
def save_facts(id: int) -> Answer:
    """Keep the facts."""
    return _save(FACTS, id)


@bp.get("/influencers/<int:id>/terms")
def terms(id: int) -> str:
    """The terms of working together, as a form."""
    return _open(TERMS, id)


@bp.post("/influencers/<int:id>/terms")
def save_terms(id: int) -> Answer:
    """Keep the terms."""
    return _save(TERMS, id)


@bp.get("/influencers/<int:id>/tier")
def tier(id: int) -> str:
    """The tier, as a form."""
    return _open(TIER, id)


@bp.post("/influencers/<int:id>/tier")
def save_tier(id: int) -> Answer:
    """Put the person into a tier by hand, or back to the computed one."""
    return _save(TIER, id)


@bp.get("/influencers/<int:id>/basis")
def basis(id: int) -> str:
    """Source and lawful basis, as a form."""
    return _open(BASIS, id)


@bp.post("/influencers/<int:id>/basis")
def save_basis(id: int) -> Answer:
    """Keep source and lawful basis."""
    return _save(BASIS, id)


def _open(section: Section, id: int) -> str:
    """The form alone for the page that is there, or the page with the form in it.

    `?view` asks for the section as it was, to put it back.
    """
    influencer = load(Influencer, id, Permission.EDIT)
    if is_fragment() and "view" in request.args:
        lines = sections.lines(section, influencer, words())
        return render_template(
            "influencers/_section.html", section=section, lines=lines, influencer=influencer
        )
    editing = Editing(section, sections.opened(section, influencer), [])
    if is_fragment():
        return render_template(
            "influencers/_edit.html", editing=editing, influencer=influencer, why=_why(influencer)
        )
    return _page(influencer, editing)


def _save(section: Section, id: int) -> Answer:
    influencer, form = load(Influencer, id, Permission.EDIT), section.form()
    if not form.validate():
        return _page(influencer, Editing(section, form, [])), 422
    texts, conflicts = sections.settle(section, influencer, form)
    if conflicts:
        return _choice(section, influencer, texts, conflicts), Stale.status
    before = sections.stored(section, influencer)
    try:
        changed = _store(section, influencer, texts)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if isinstance(refused, Stale):
            raise
        _fault_of(form, texts).errors = [refused.message]
        return _page(influencer, Editing(section, form, [])), refused.status
    return back_to(
        f"/influencers/{id}#{section.key}",
        _message(section, influencer, before, texts, changed) if changed else None,
    )


def _store(section: Section, influencer: Influencer, texts: Texts) -> list[str]:
    """Write a section's values; returns the names of those that changed."""
    who: dict[str, Any] = {"user": me(), "at": clock.now(), "seen_version": influencer.row_version}
    values = sections.values(section, texts)
    if section is not TIER:
        return room.change(db.session, influencer.id, values, **who)
    computed = tiers.tier(
        influencer.audience, influencer.archetype, rules.rules(db.session).thresholds
    )
    reason = values["tier_reason"] or ""
    done = room.set_tier(
        db.session, influencer.id, values["tier"], reason, computed=computed, **who
    )
    return ["tier"] if done else []


def _fault_of(form: Any, texts: Texts) -> Any:
    """The field that a refusal of the room is about."""
    name = next((name for name in ("tier_reason", "may_be_paid", "name") if name in texts), "")
    return form[name] if name else form.source


def _choice(
    section: Section, influencer: Influencer, texts: Texts, conflicts: list[Conflict]
) -> str:
    form = sections.chosen_from(section, influencer, texts)
    return _page(influencer, Editing(section, form, conflicts))


def _page(influencer: Influencer, editing: Editing) -> str:
    relationship = relationship_with(influencer)
    return person.page(influencer, relationship, editing=editing)


def _why(influencer: Influencer) -> str:
    return str(room.why_unpaid(influencer.may_be_paid_why))


def _message(
    section: Section, influencer: Influencer, before: Texts, texts: Texts, changed: list[str]
) -> str | Message:
    """What was done, and the way back where it is short enough to be remembered."""
    labels = {field.name: str(field.label.text) for field in section.form(formdata=None)}
    named = [labels[name] for name in labels if name in changed]
    done = _("Saved: %(fields)s.", fields=", ".join(named) or str(section.title))
    if section is FACTS and "may_be_paid" in changed and influencer.may_be_paid is False:
        done = f"{done} {_why(influencer)}"
    undo = {**before, "row_version": influencer.row_version, "seen": json.dumps(texts)}
    if sum(len(str(value)) for value in undo.values()) > _UNDOABLE:
        return done
    return undoable(done, f"/influencers/{influencer.id}/{section.key}", undo)
