"""A person's ties: whom they reach and who reaches them, noted by hand, and strangers added."""

from typing import Any

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, can, here, load, me, require
from irm.db import db
from irm.directory import named, ties
from irm.directory.ties import Reached
from irm.errors import Refused, Stale
from irm.forms.tie import JOINS, AdmitForm, DropForm, TieForm
from irm.funnel import admitting
from irm.i18n import _, _l, _n
from irm.models import Influencer, Relationship, Tie, TieKind, TieOrigin
from irm.network import pictures
from irm.web import filters
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.words import Words, words

bp = Blueprint("ties", __name__)


@bp.get("/influencers/<int:id>/ties")
def show(id: int) -> str:
    """The ties of one person, for their page and as a page of their own."""
    return _page(load(Influencer, id, Permission.SEE), TieForm(formdata=None))


@bp.post("/influencers/<int:id>/ties")
def note(id: int) -> Answer:
    """Note a tie; the message about it offers to take it back."""
    person, form = load(Influencer, id, Permission.EDIT), TieForm()
    require(Permission.EDIT)
    try:
        refuse_faults(form)
        made, other = _noted(person, form)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(load(Influencer, id, Permission.EDIT), form, str(refused.message)), 422
    said = _("Noted: %(name)s and %(other)s.", name=person.name, other=other.name)
    undo = undoable(said, f"/influencers/{id}/ties/drop", {"tie": made.id})
    return back_to(f"/influencers/{id}", undo)


@bp.post("/influencers/<int:id>/ties/drop")
def drop(id: int) -> Answer:
    """Take back what a colleague noted."""
    person, form = load(Influencer, id, Permission.EDIT), DropForm()
    require(Permission.EDIT)
    refuse_faults(form)
    gone = ties.drop(db.session, form.tie.data, here().brand_id, id, user=me(), at=clock.now())
    is_out, joins = gone.from_id == id, gone.kind.value
    other = gone.to_id if is_out else gone.from_id
    again = {
        "other": other,
        "joins": joins if is_out or gone.kind is not TieKind.INTRODUCED else "introduced_by",
        "note": gone.note,
    }
    db.session.commit()
    said = _("The tie of %(name)s is taken back.", name=person.name)
    return back_to(f"/influencers/{id}", undoable(said, f"/influencers/{id}/ties", again))


@bp.post("/influencers/<int:id>/ties/admit")
def admit(id: int) -> Answer:
    """Begin with whoever is at the other end of a tie: a stranger is one no more."""
    load(Influencer, id, Permission.SEE)
    require(Permission.EDIT)
    form = AdmitForm()
    refuse_faults(form)
    other, brand_id = form.other.data, here().brand_id
    if not ties.is_end(db.session, id, other, brand_id):
        raise Stale(ties.GONE)
    made, refused = admitting.admit_all(db.session, [other], brand_id, user=me(), at=clock.now())
    if refused:
        raise refused[0]
    name = made[0].influencer.name
    db.session.commit()
    said = _("%(name)s is in the funnel now, at “unaware”.", name=name)
    return back_to(f"/influencers/{id}", said)


def _noted(person: Influencer, form: TieForm) -> tuple[Tie, Influencer]:
    """Write the tie a form tells of; returns it and who is at its other end."""
    other = _other(form)
    is_turned = form.joins.data == "introduced_by"
    kind = TieKind.INTRODUCED if is_turned else TieKind(form.joins.data)
    ends = (other.id, person.id) if is_turned else (person.id, other.id)
    made = ties.note(
        db.session,
        *ends,
        kind,
        here().brand_id,
        user=me(),
        at=clock.now(),
        text=form.note.data or "",
    )
    return made, other


def _other(form: TieForm) -> Influencer:
    """Who is meant by a form. Raises Refused where that is nobody the reader may see."""
    if form.other.data:
        return load(Influencer, form.other.data, Permission.SEE)
    said, brand_id = (form.who.data or "").strip(), here().brand_id
    found = named.by_handle(db.session, filters.reader_at(brand_id), said) if said else None
    found = found or named.by_beginning(db.session, filters.reader_at(brand_id), said)
    if found is None:
        raise Refused(_l("Nobody in your funnel has this handle or this full name."))
    return db.session.get_one(Relationship, found.relationship_id).influencer


def _page(person: Influencer, form: TieForm, fault: str = "") -> str:
    brand_id, said = here().brand_id, words()
    found = ties.of(db.session, person.id, brand_id)
    total = ties.count(db.session, person.id, brand_id)
    rows = [_row(one, said) for one in found]
    return render_template(
        "ties/_ties.html" if is_fragment() else "ties/show.html",
        person_id=person.id,
        name=person.name,
        sides=[
            (_("Reaches"), [row for row in rows if row["is_out"]]),
            (_("Is reached by"), [row for row in rows if not row["is_out"]]),
        ],
        total=total,
        others=max(0, total - len(rows)),
        is_drawn=total > 0 and pictures.sees(db.session, brand_id, person.id),
        form=form,
        joins=JOINS,
        fault=fault,
        may_edit=can(Permission.EDIT),
    )


def _row(one: Reached, said: Words) -> dict[str, Any]:
    """A tie in words."""
    handle = f"@{one.handle}" if one.handle else _("Somebody without an account")
    about = [_source(one), _age(one, said)]
    if one.weight != 1:
        times = said.number(round(one.weight, 2))
        about.insert(0, _("weight %(n)s", n=times))
    return {
        "id": one.id,
        "other": one.influencer_id,
        "name": one.name or handle,
        "is_stranger": not one.name,
        "platform": str(one.platform.label) if one.platform and not one.name else "",
        "kind": str(one.kind.label),
        "is_out": one.is_out,
        "is_mutual": one.is_mutual,
        "about": " · ".join(filter(None, about)),
        "note": one.note,
        "is_by_hand": one.is_by_hand,
    }


def _source(one: Reached) -> str:
    if one.origin is TieOrigin.LIST and one.source:
        return _("from %(list)s", list=one.source)
    return str(one.origin.label)


def _age(one: Reached, said: Words) -> str:
    """When it was seen, first and last."""
    if one.last_seen is None:
        return _("no day known")
    days = (said.today - one.last_seen).days
    ago = _n("seen %(n)s day ago", "seen %(n)s days ago", days) if days > 0 else _("seen today")
    if one.first_seen and one.first_seen != one.last_seen:
        return _("%(ago)s, first on %(day)s", ago=ago, day=said.date[one.first_seen])
    return ago
