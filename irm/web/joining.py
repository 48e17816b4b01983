"""Accepting an invitation: whoever holds the link chooses a password, and is in."""

from flask import Blueprint, current_app, render_template, request, session, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from irm import clock
from irm.config import LOCALES
from irm.db import db
from irm.directory import invitations, passwords
from irm.directory.invitations import Gone
from irm.errors import Refused, Stale
from irm.forms.access import JoinForm
from irm.i18n import _
from irm.models import Invitation, User
from irm.web import entrance, provided, spoken
from irm.web.answers import Answer, back_to, refused_on
from irm.web.links import keep_aside, kept

bp = Blueprint("joining", __name__)

#: Under which the cookie keeps the secret of a link until it is used.
KEPT_AS = "invitation"


@bp.get("/invitation/<token>")
def open_link(token: str) -> Response:
    """Take the secret out of the address."""
    return keep_aside(KEPT_AS, token, "/invitation")


@bp.get("/invitation")
def show() -> str:
    """Who invites to what, and the form; whoever has an account only says yes."""
    invitation = invitations.of_token(db.session, kept(KEPT_AS), clock.now())
    with spoken.speaking(invitation.locale):
        form = JoinForm(
            formdata=None,
            name=invitation.name,
            locale=invitation.locale,
            timezone=zone_of(invitation),
        )
        return _page(invitation, form)


@bp.post("/invitation")
def accept() -> Answer:
    """Make her a colleague, once, and sign her in; or let her who is one already join."""
    token = kept(KEPT_AS)
    invitation = invitations.of_token(db.session, token, clock.now())
    there = invitations.user_of(db.session, invitation.email)
    if there is not None:
        invitations.accept_as(db.session, token, there, clock.now())
        db.session.commit()
        session.pop(KEPT_AS, None)
        return back_to(
            url_for("auth.login"), _("The invitation is accepted: sign in with your password.")
        )
    if provided.for_administrators_alone():
        raise Refused(provided.without_password())
    # What she chose counts at once: for the page once more, and for the welcome.
    chosen = request.form.get("locale")
    with spoken.speaking(chosen if chosen in LOCALES else invitation.locale):
        return _make(invitation, token)


def _make(invitation: Invitation, token: str) -> Answer:
    form = JoinForm()
    if not form.validate():
        return _page(invitation, form), 422
    try:
        user = _join(token, form)
    except (Gone, Stale):
        raise
    except Refused as refused:
        # Where somebody was quicker by this link, the link is what does not do.
        db.session.rollback()
        invitation = invitations.of_token(db.session, token, clock.now())
        form.password.errors = [refused.message]
        return refused_on(_page(invitation, form), refused)
    entrance.let_in(user)
    return back_to("/today", _("Welcome, %(name)s. This is where each day starts.", name=user.name))


def _join(token: str, form: JoinForm) -> User:
    """Of two who accept at once, one is let in; the other is told that the link was used."""
    at = clock.now()
    try:
        return invitations.accept(
            db.session,
            token,
            name=form.name.data,
            password=form.password.data,
            locale=form.locale.data,
            timezone=form.timezone.data,
            at=at,
        )
    except IntegrityError:
        db.session.rollback()
        # She has an account by now: the link says why it does not work, or this was somebody else.
        invitations.of_token(db.session, token, at)
        raise Stale() from None


def zone_of(invitation: Invitation) -> str:
    """The zone of a brand, where it has one, else that of this installation."""
    zones = [brand.timezone for brand in invitation.brands if brand.timezone != "UTC"]
    return zones[0] if zones else str(current_app.config["IRM"].timezone)


def _page(invitation: Invitation, form: JoinForm) -> str:
    inviter = invitation.invited_by
    return render_template(
        "auth/join.html",
        form=form,
        invitation=invitation,
        inviter=inviter.name if inviter else "",
        is_known=invitations.user_of(db.session, invitation.email) is not None,
        shortest=passwords.shortest(),
        provider=provided.name(),
        is_for_administrators=provided.for_administrators_alone(),
    )
