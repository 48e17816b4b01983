"""Inviting colleagues: who was asked, what became of it, and the letter once more."""

import datetime as dt

from flask import Blueprint, render_template
from wtforms.fields.choices import SelectChoice

from irm import clock
from irm.access import Permission, can, me, memberships, require
from irm.db import db
from irm.directory import invitations, tokens
from irm.errors import Forbidden, NotFound, Refused
from irm.forms.access import InvitationForm
from irm.i18n import _, _l
from irm.mail import access_letters, confidential
from irm.mail.letters import Letter
from irm.models import Brand, Invitation, Role, User
from irm.web import spoken
from irm.web.answers import Answer, back_to
from irm.web.links import sends_mail
from irm.web.reentry import entered_lately

bp = Blueprint("invitations", __name__)

PAGE = "/settings/invitations"

#: So many are listed, the newest first.
MOST = 200


@bp.get("/settings/invitations")
def index() -> str:
    """Who was invited to the brands this user may invite to, and the form."""
    require(Permission.INVITE)
    return _page(_form(is_empty=True))


@bp.post("/settings/invitations")
@entered_lately
def invite() -> Answer:
    """Invite somebody, or let a colleague of other brands work for these too."""
    require(Permission.INVITE)
    form, at = _form(), clock.now()
    if not form.validate():
        return _page(form), 422
    brands = [db.session.get_one(Brand, id) for id in sorted(set(form.brands.data))]
    role = Role(form.role.data)
    try:
        user = invitations.user_of(db.session, form.email.data)
        if user is not None:
            added = invitations.add_member(db.session, user, brands, role, by=me(), at=at)
            if added:
                _tell(user, added, role, at)
            db.session.commit()
            return back_to(PAGE, _already(user.name, added))
        if not sends_mail():
            raise Refused(_l("irm sends no mail here: add her with “irm user add”."))
        _send(form, brands, role)
    except Refused as refused:
        db.session.rollback()
        form.email.errors = [refused.message]
        return _page(form), 422
    return back_to(PAGE, _("%(name)s is invited; the letter is on its way.", name=form.name.data))


@bp.post("/settings/invitations/<int:id>/send")
def send_again(id: int) -> Answer:
    """Send another letter; the link of the one before stops working."""
    invitation, token, at = _load(id), tokens.new(), clock.now()
    if not sends_mail():
        raise Refused(_l("irm sends no mail here: add her with “irm user add”."))
    letter, last = _letter(invitation, token), _key(invitation)
    invitations.send_again(db.session, invitation, token, me(), at)
    confidential.call_back(db.session, last)
    _put(invitation, letter)
    db.session.commit()
    return back_to(PAGE, _("%(name)s gets another letter.", name=invitation.name))


@bp.post("/settings/invitations/<int:id>/withdraw")
def withdraw(id: int) -> Answer:
    """Take the invitation back: its link stops working at once."""
    invitation = _load(id)
    invitations.withdraw(db.session, invitation, me(), clock.now())
    confidential.call_back(db.session, _key(invitation))
    db.session.commit()
    return back_to(PAGE, _("The invitation of %(name)s is withdrawn.", name=invitation.name))


def _send(form: InvitationForm, brands: list[Brand], role: Role) -> None:
    token, at = tokens.new(), clock.now()
    # Rendered before the first write: others wait for their turn.
    letter = _rendered(form.name.data, form.locale.data, [one.name for one in brands], role, token)
    made = invitations.invite(
        db.session,
        name=form.name.data,
        email=form.email.data,
        brands=brands,
        role=role,
        locale=form.locale.data,
        token=token,
        by=me(),
        at=at,
    )
    _put(made, letter)
    db.session.commit()


def _tell(user: User, added: list[Brand], role: Role, at: dt.datetime) -> None:
    """Write to a colleague which brands she works for from now on as well."""
    with spoken.speaking(user.locale):
        letter = access_letters.joined(
            name=user.name,
            locale=user.locale,
            inviter=me().name,
            brands=[(brand.id, brand.name) for brand in added],
            role=role,
        )
    confidential.tell(db.session, user, letter, at)


def _rendered(name: str, locale: str, brands: list[str], role: Role, token: str) -> Letter:
    with spoken.speaking(locale):
        return access_letters.invitation(
            name=name,
            locale=locale,
            inviter=me().name,
            brands=brands,
            role=role,
            until=clock.now() + invitations.LASTS,
            token=token,
        )


def _letter(invitation: Invitation, token: str) -> Letter:
    names = [brand.name for brand in invitation.brands]
    return _rendered(invitation.name, invitation.locale, names, invitation.role, token)


def _put(invitation: Invitation, letter: Letter) -> None:
    confidential.put(
        db.session,
        _key(invitation),
        letter,
        to=invitation.email,
        at=invitation.sent_at,
        until=invitation.expires_at,
    )


def _key(invitation: Invitation) -> str:
    return f"invitation:{invitation.id}:{invitation.letters}"


def _already(name: str, added: list[Brand]) -> str:
    if not added:
        return _("%(name)s works here already, in the role she has: nothing changed.", name=name)
    brands = ", ".join(brand.name for brand in added)
    return _(
        "%(name)s has an account already and works for %(brands)s too from now on: no letter is "
        "needed.",
        name=name,
        brands=brands,
    )


def _load(id: int) -> Invitation:
    """Fetch an invitation this user may change.

    Raises NotFound where she may see none of its brands, Forbidden where she may not invite to all.
    """
    found = db.session.get(Invitation, id) if id < 2**31 else None
    if found is None:
        raise NotFound()
    brand_ids = [brand.id for brand in found.brands]
    if not me().is_admin and not any(can(Permission.SEE, one) for one in brand_ids):
        raise NotFound()
    if not all(can(Permission.INVITE, one) for one in brand_ids):
        raise Forbidden()
    return found


def _form(*, is_empty: bool = False) -> InvitationForm:
    """The form with the brands this user may invite to."""
    given = {"formdata": None, "locale": me().locale, "role": Role.MANAGER.value}
    form = InvitationForm(**given) if is_empty else InvitationForm()
    mine = [one for one in memberships() if can(Permission.INVITE, one.brand_id)]
    form.brands.choices = [SelectChoice(one.brand_id, one.brand_name) for one in mine]
    if is_empty and len(mine) == 1:
        form.brands.data = [mine[0].brand_id]
    return form


def _page(form: InvitationForm) -> str:
    mine = [one.brand_id for one in memberships() if can(Permission.INVITE, one.brand_id)]
    listed = invitations.of_brands(None if me().is_admin else mine).limit(MOST)
    at = clock.now()
    return render_template(
        "settings/invitations.html",
        form=form,
        found=[
            (one, one.state(at), all(brand.id in mine for brand in one.brands))
            for one in db.session.scalars(listed)
        ],
        sends_mail=sends_mail(),
    )
