"""A person's accounts, contact points and tags, kept by hand."""

from typing import Any

from flask import Blueprint, flash, render_template
from sqlalchemy import select

from irm import clock
from irm.access import Permission, load, may_see, me, relationship_with
from irm.db import db
from irm.directory import presence as room
from irm.directory import tags
from irm.directory.presence import Handle, Known, Why
from irm.errors import NotFound, Refused
from irm.forms.account import AccountChangeForm
from irm.forms.contact import KINDS, ContactForm, ContactRemovalForm, TagForm, TagRemovalForm
from irm.forms.presence import PresenceForm
from irm.i18n import _
from irm.models import Account, AccountHandle, ContactPoint, Influencer, Relationship, Tag
from irm.web import filters, person
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.words import words

bp = Blueprint("presence", __name__)


@bp.get("/influencers/<int:id>/presence")
def show(id: int) -> str:
    """Accounts and contact points with what can be done to each, below the head of the page."""
    influencer = load(Influencer, id, Permission.EDIT)
    shown = _shown(influencer)
    if is_fragment():
        return render_template("influencers/_presence.html", influencer=influencer, presence=shown)
    return _page(influencer, shown)


@bp.post("/influencers/<int:id>/presence")
def add(id: int) -> Answer:
    """Add what was filled in; what is refused stays typed, with the sentence at its field."""
    influencer, form = load(Influencer, id, Permission.EDIT), PresenceForm()
    form.validate()
    if not form.found and not form.errors:
        empty = {"fault": _("Write an account, an address or a number.")}
        return _page(influencer, _shown(influencer, form) | empty), 422
    made, refused = _add(id, form)
    db.session.commit()
    message = _added(id, made)
    if not form.errors:
        return back_to(_back(id), message)
    if message:
        flash(message, "info")  # type: ignore[arg-type]  # a dict passes through as it is
    shown = {"holders": {name: holder(one) for name, one in refused.items()}}
    status = max((one.status for one in refused.values()), default=422)
    return _page(influencer, _shown(influencer, form) | shown), status


@bp.post("/influencers/<int:id>/accounts/change")
def change_account(id: int) -> Answer:
    """Rename an account, mark it as left or in use, or take it off."""
    influencer, form = load(Influencer, id, Permission.EDIT), AccountChangeForm()
    refuse_faults(form)
    account = room.account_of(db.session, id, form.account.data)
    who: dict[str, Any] = {"user": me(), "at": clock.now()}
    address = f"/influencers/{id}/accounts/change"
    was = account.handle
    message: Any = None
    try:
        if form.what.data == "rename":
            if room.rename_account(db.session, account, form.handle.data, **who):
                said = _("%(former)s is now %(handle)s.", former=was, handle=account.handle)
                back = {"account": account.id, "what": "rename", "handle": was}
                message = undoable(said, address, back)
        elif form.what.data == "leave":
            room.leave_account(db.session, account, **who)
            said = _("%(handle)s is marked as left.", handle=was)
            message = undoable(said, address, {"account": account.id, "what": "return"})
        elif form.what.data == "return":
            room.return_to_account(db.session, account, **who)
            said = _("%(handle)s is in use again.", handle=was)
            message = undoable(said, address, {"account": account.id, "what": "leave"})
        else:
            room.remove_account(db.session, account, form.why.data, **who)
            message = _("%(handle)s removed, with its figures and posts.", handle=was)
        db.session.commit()
    except Refused as refused:
        return _refused(influencer, refused)
    return back_to(_back(id), message)


@bp.post("/influencers/<int:id>/contacts")
def put_back(id: int) -> Answer:
    """Put a way to reach them back that was taken off a moment ago."""
    load(Influencer, id, Permission.EDIT)
    form = ContactForm()
    refuse_faults(form)
    point = room.add_contact(db.session, id, form.one, user=me(), at=clock.now())
    db.session.commit()
    return back_to(_back(id), _added(id, [point]))


@bp.post("/influencers/<int:id>/contacts/remove")
def remove_contact(id: int) -> Answer:
    """Take a contact point off."""
    load(Influencer, id, Permission.EDIT)
    form = ContactRemovalForm()
    refuse_faults(form)
    point = room.contact_of(db.session, id, form.contact.data)
    room.remove_contact(db.session, point, user=me(), at=clock.now())
    db.session.commit()
    said = _("%(value)s removed.", value=point.value)
    undo = {"kind": point.kind, "value": point.value}
    return back_to(_back(id), undoable(said, f"/influencers/{id}/contacts", undo))


@bp.post("/relationships/<int:id>/tags")
def add_tag(id: int) -> Answer:
    """Put a tag on."""
    relationship, form = load(Relationship, id, Permission.EDIT), TagForm()
    refuse_faults(form)
    tag = tags.add(db.session, relationship, form.name.data, user=me(), at=clock.now())
    db.session.commit()
    said = _("Tagged “%(name)s”.", name=tag.name)
    message = undoable(said, f"/relationships/{id}/tags/remove", {"tag": tag.id})
    return back_to(f"/influencers/{relationship.influencer_id}", message)


@bp.post("/relationships/<int:id>/tags/remove")
def remove_tag(id: int) -> Answer:
    """Take a tag off."""
    relationship, form = load(Relationship, id, Permission.EDIT), TagRemovalForm()
    refuse_faults(form)
    known = tags.known_to(filters.reader_at(relationship.brand_id))
    tag = db.session.scalar(known.where(Tag.id == form.tag.data))
    if tag is None:
        raise NotFound()
    tags.remove(db.session, relationship, tag, user=me(), at=clock.now())
    db.session.commit()
    said = _("The tag “%(name)s” is off.", name=tag.name)
    message = undoable(said, f"/relationships/{id}/tags", {"name": tag.name})
    return back_to(f"/influencers/{relationship.influencer_id}", message)


def _add(id: int, form: PresenceForm) -> tuple[list[Account | ContactPoint], dict[str, Refused]]:
    """Add what a form found; returns what was made, and what was refused, by field."""
    who: dict[str, Any] = {"user": me(), "at": clock.now()}
    made: list[Account | ContactPoint] = []
    refused: dict[str, Refused] = {}
    for name, one in form.found.items():
        try:
            if isinstance(one, Handle):
                made.append(room.add_account(db.session, id, one, **who))
            else:
                made.append(room.add_contact(db.session, id, one, **who))
        except Refused as refusal:
            refused[name] = refusal
            form[name].errors = [refusal.message]
        else:
            form.forget(name)
    return made, refused


def _added(id: int, made: list[Account | ContactPoint]) -> str | Message | None:
    """What was added; the way back where it is one thing."""
    if not made:
        return None
    names = [one.handle if isinstance(one, Account) else one.value for one in made]
    said = _("%(value)s added.", value=", ".join(names))
    if len(made) > 1:
        return said
    (one,) = made
    if isinstance(one, Account):
        undo = {"account": one.id, "what": "remove", "why": Why.MISTYPED.value}
        return undoable(said, f"/influencers/{id}/accounts/change", undo)
    return undoable(said, f"/influencers/{id}/contacts/remove", {"contact": one.id})


def _refused(influencer: Influencer, refused: Refused) -> Answer:
    """The page as it was, with what is wrong, and the way to whoever has it already."""
    db.session.rollback()
    shown = {"fault": refused.message, "holder": holder(refused)}
    return _page(influencer, _shown(influencer) | shown), refused.status


def holder(refused: Refused) -> dict[str, Any] | None:
    """Who has the account or address already, where the reader may see them."""
    if not isinstance(refused, Known):
        return None
    found = db.session.get(Influencer, refused.influencer_id)
    if found is None or not may_see(found.id):
        return None
    return {"name": found.name, "href": f"/influencers/{found.id}"}


def _shown(influencer: Influencer, form: PresenceForm | None = None) -> dict[str, Any]:
    said = words()
    accounts = room.accounts_of(db.session, influencer.id)
    former: dict[int, list[str]] = {}
    for one in db.session.scalars(
        select(AccountHandle)
        .where(AccountHandle.account_id.in_([account.id for account in accounts]))
        .order_by(AccountHandle.id.desc())
    ):
        former.setdefault(one.account_id, []).append(one.handle)
    return {
        "accounts": [
            (one, _figures(one, said), ", ".join(former.get(one.id, ()))) for one in accounts
        ],
        "contacts": room.contacts_of(db.session, influencer.id),
        "kinds": KINDS,
        "why": Why,
        "form": form or PresenceForm(formdata=None),
        "holders": {},
        "fault": None,
        "holder": None,
    }


def _figures(account: Account, said: Any) -> str:
    if account.followers is None:
        return ""
    figures = _("%(number)s followers", number=said.compact(account.followers))
    if account.figures_on is None:
        return figures
    return f"{figures}, {said.date[account.figures_on]}"


def _page(influencer: Influencer, shown: dict[str, Any]) -> str:
    return person.page(influencer, relationship_with(influencer), presence=shown)


def _back(id: int) -> str:
    return f"/influencers/{id}/presence#presence"
