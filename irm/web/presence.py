"""A person's accounts, contact points and tags, kept by hand."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import select

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.directory import presence as room
from irm.directory import tags
from irm.directory.presence import Known, Why
from irm.errors import NotFound, Refused
from irm.forms.account import AccountChangeForm, AccountForm
from irm.forms.contact import KINDS, ContactForm, ContactRemovalForm, TagForm, TagRemovalForm
from irm.i18n import _
from irm.models import Account, AccountHandle, Influencer, Relationship, Tag
from irm.web import person
from irm.web.answers import Answer, back_to, refuse_faults, undoable
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


@bp.post("/influencers/<int:id>/accounts")
def add_account(id: int) -> Answer:
    """Add an account."""
    influencer, form = load(Influencer, id, Permission.EDIT), AccountForm()
    if form.validate():
        try:
            made = room.add_account(db.session, id, form.one, user=me(), at=clock.now())
            db.session.commit()
        except Refused as refused:
            return _refused(influencer, refused, account_form=form)
        undo = {"account": made.id, "what": "remove", "why": Why.MISTYPED.value}
        said = _("%(handle)s added.", handle=made.handle)
        return back_to(_back(id), undoable(said, f"/influencers/{id}/accounts/change", undo))
    return _page(influencer, _shown(influencer, account_form=form)), 422


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
def add_contact(id: int) -> Answer:
    """Add a way to reach them."""
    influencer, form = load(Influencer, id, Permission.EDIT), ContactForm()
    if form.validate():
        try:
            point = room.add_contact(db.session, id, form.one, user=me(), at=clock.now())
            db.session.commit()
        except Refused as refused:
            return _refused(influencer, refused, contact_form=form)
        said = _("%(value)s added.", value=point.value)
        undo = undoable(said, f"/influencers/{id}/contacts/remove", {"contact": point.id})
        return back_to(_back(id), undo)
    return _page(influencer, _shown(influencer, contact_form=form)), 422


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
    tag = db.session.get(Tag, form.tag.data)
    if tag is None or tag.brand_id != relationship.brand_id:
        raise NotFound()
    tags.remove(db.session, relationship, tag, user=me(), at=clock.now())
    db.session.commit()
    said = _("The tag “%(name)s” is off.", name=tag.name)
    message = undoable(said, f"/relationships/{id}/tags", {"name": tag.name})
    return back_to(f"/influencers/{relationship.influencer_id}", message)


def _refused(influencer: Influencer, refused: Refused, **forms: Any) -> Answer:
    """The page as it was, with what is wrong, and the way to whoever has it already."""
    db.session.rollback()
    shown = _shown(influencer, **forms)
    shown |= {"fault": refused.message, "holder": holder(refused)}
    return _page(influencer, shown), refused.status


def holder(refused: Refused) -> dict[str, Any] | None:
    """Who has the account or address already, where the reader may see them."""
    if not isinstance(refused, Known):
        return None
    found = db.session.get(Influencer, refused.influencer_id)
    known_to = db.session.scalars(
        select(Relationship.brand_id).where(Relationship.influencer_id == refused.influencer_id)
    )
    if found is None or not any(can(Permission.SEE, brand) for brand in known_to):
        return None
    return {"name": found.name, "href": f"/influencers/{found.id}"}


def _shown(
    influencer: Influencer,
    account_form: AccountForm | None = None,
    contact_form: ContactForm | None = None,
) -> dict[str, Any]:
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
        "account_form": account_form or AccountForm(formdata=None),
        "contact_form": contact_form or ContactForm(formdata=None),
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
    return person.page(influencer, person.relationship_with(influencer), presence=shown)


def _back(id: int) -> str:
    return f"/influencers/{id}/presence#presence"
