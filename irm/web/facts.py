"""Facts of one person: noted, put right, ended, and made use of once for each occasion."""

from typing import Any

from flask import Blueprint, render_template

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.errors import NotFound, Refused, Stale
from irm.forms.fact import FactForm, SeenForm, TakeBackForm, UseForm
from irm.funnel import facts
from irm.funnel.facts import listed
from irm.funnel.facts.days import SHELF
from irm.funnel.facts.keeping import FOR_GOOD
from irm.i18n import _
from irm.models import Fact, FactKind, Relationship, Source, Visibility
from irm.web import disclosure, fact_words
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.words import words

bp = Blueprint("facts", __name__)


@bp.get("/relationships/<int:id>/facts")
def show(id: int) -> str:
    """What is noted of somebody: for the person's page, after it, or as a page of its own."""
    return _page(load(Relationship, id, Permission.SEE), FactForm(formdata=None))


@bp.post("/relationships/<int:id>/facts")
def note(id: int) -> Answer:
    """Note a fact; the message about it offers to take it back."""
    relationship, form = load(Relationship, id, Permission.LOG), FactForm()
    try:
        refuse_faults(form)
        noted = facts.note(
            db.session,
            relationship,
            form.noted,
            author=me(),
            at=clock.now(),
            today=words().today,
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        relationship = load(Relationship, id, Permission.LOG)
        return _page(relationship, _with(form, refused)), refused.status
    said = _("Noted of %(name)s.", name=relationship.influencer.name)
    values = {"row_version": noted.row_version}
    return back_to(_person(relationship), undoable(said, f"/facts/{noted.id}/end", values))


@bp.get("/facts/<int:id>")
def choose(id: int) -> str:
    """The form that puts a fact otherwise."""
    fact = _load(id)
    usual = fact.shelf_days == SHELF[fact.kind]
    form = FactForm(
        formdata=None,
        **{
            name: getattr(fact, name)
            for name in ("kind", "text", "source", "known_on", "is_yearly", "is_sensitive")
        },
        **{name: getattr(fact, name) for name in ("on_month", "on_day", "on_year", "visibility")},
        shelf_days=None if usual else fact.shelf_days or FOR_GOOD,
        row_version=fact.row_version,
    )
    return _edit_page(fact, form)


@bp.post("/facts/<int:id>")
def edit(id: int) -> Answer:
    """Put a fact otherwise."""
    fact, form = _load(id), FactForm()
    try:
        refuse_faults(form)
        facts.edit(
            db.session,
            fact,
            form.noted,
            user=me(),
            at=clock.now(),
            today=words().today,
            seen_version=form.row_version.data or 0,
        )
        db.session.commit()
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        return _edit_page(_load(id), _with(form, refused)), refused.status
    said = _("The fact about %(name)s is changed.", name=fact.relationship.influencer.name)
    return back_to(_person(fact.relationship), said)


@bp.post("/facts/<int:id>/confirm")
def confirm(id: int) -> Answer:
    """Say that it is still so."""
    fact, form = _load(id), SeenForm()
    refuse_faults(form)
    facts.confirm(
        db.session,
        fact,
        user=me(),
        at=clock.now(),
        today=words().today,
        seen_version=form.row_version.data,
    )
    db.session.commit()
    return _done(fact, form, _("Still so, as of today."))


@bp.post("/facts/<int:id>/end")
def end(id: int) -> Answer:
    """Say that it holds no more; the message about it offers to take it back."""
    fact, form = _load(id), SeenForm()
    refuse_faults(form)
    facts.end(db.session, fact, user=me(), at=clock.now(), seen_version=form.row_version.data)
    db.session.commit()
    values = {"row_version": fact.row_version, "back": form.back.data or ""}
    said = _("It holds no more. It stays in the history.")
    return _done(fact, form, undoable(said, f"/facts/{id}/restore", values))


@bp.post("/facts/<int:id>/restore")
def restore(id: int) -> Answer:
    """Let it hold again."""
    fact, form = _load(id), SeenForm()
    refuse_faults(form)
    facts.restore(db.session, fact, user=me(), at=clock.now(), seen_version=form.row_version.data)
    db.session.commit()
    return _done(fact, form, _("It holds again."))


@bp.post("/facts/<int:id>/use")
def use(id: int) -> Answer:
    """Note that it was made use of; the message about it offers to take it back."""
    fact, form = _load(id), UseForm()
    refuse_faults(form)
    try:
        made = facts.use(db.session, fact, user=me(), at=clock.now(), today=words().today)
    except facts.Used as used:
        raise facts.Used(used.name, used.at, words().moment(used.at)) from None
    db.session.commit()
    said = _("Noted: nobody does it twice for this occasion.")
    values = {"use": made.id, "back": form.back.data or ""}
    return _done(fact, form, undoable(said, f"/facts/{id}/unuse", values))


@bp.post("/facts/<int:id>/unuse")
def take_back(id: int) -> Answer:
    """Take a use back."""
    fact, form = _load(id), TakeBackForm()
    refuse_faults(form)
    facts.take_back(db.session, fact, form.use.data)
    db.session.commit()
    return _done(fact, form, _("Taken back: it was not made use of."))


def _load(id: int) -> Fact:
    """A fact that may be changed. Raises NotFound where it may not even be read."""
    fact = load(Fact, id, Permission.LOG)
    is_open = fact.visibility is Visibility.TEAM and not fact.is_sensitive
    if not (is_open or fact.author_id == me().id or disclosure.reads(fact.relationship)):
        raise NotFound()
    return fact


def _with(form: FactForm, refused: Refused) -> FactForm:
    """The form with what was refused, where nothing in it was wrong by itself."""
    if not form.errors:
        form.text.errors = [refused.message]
    return form


def _person(relationship: Relationship) -> str:
    return f"/influencers/{relationship.influencer_id}#noted"


def _done(fact: Fact, form: Any, said: str | Message) -> Answer:
    return back_to("/today" if form.back.data == "today" else _person(fact.relationship), said)


def _page(relationship: Relationship, form: FactForm) -> str:
    said = words()
    found = listed.of(db.session, relationship.id, disclosure.reader(relationship))
    rows = [fact_words.row(one, said) for one in found[: listed.SHOWN]]
    return render_template(
        "facts/_facts.html" if is_fragment() else "facts/show.html",
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
        months=fact_words.months(),
        kinds=FactKind,
        sources=Source,
        rows=[one for one in rows if not one.is_ended],
        ended=[one for one in rows if one.is_ended],
        has_more=len(found) > listed.SHOWN,
        shown=listed.SHOWN,
        may_log=can(Permission.LOG, relationship.brand_id),
    )


def _edit_page(fact: Fact, form: FactForm) -> str:
    return render_template(
        "facts/edit.html",
        fact=fact,
        relationship=fact.relationship,
        name=fact.relationship.influencer.name,
        form=form,
        months=fact_words.months(),
        kinds=FactKind,
        sources=Source,
        is_ended=fact.ended_at is not None,
    )
