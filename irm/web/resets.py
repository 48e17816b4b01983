"""A forgotten password: asking for a link, and choosing a new password by it.

The link's secret goes from the address into the browser's cookie at once, so that it stands in no
history, no Referer and no address that is shown; looking at the page uses nothing up.
"""

import datetime as dt

from flask import Blueprint, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from irm import audit, clock
from irm.audit import Action
from irm.db import db
from irm.directory import passwords, resets, sessions, tokens
from irm.directory.resets import Gone
from irm.directory.sessions import Limit
from irm.errors import Refused
from irm.forms.access import ForgotForm, NewPasswordForm
from irm.i18n import _, _l
from irm.mail import access_letters, confidential
from irm.mail.letters import Letter
from irm.models import User
from irm.web import provided, spoken
from irm.web.answers import Answer, back_to, refused_on
from irm.web.auth import TooManyTries
from irm.web.links import keep_aside, kept, sends_mail

bp = Blueprint("resets", __name__)

#: Under which the cookie keeps the secret of a link until it is used.
KEPT_AS = "reset"


@bp.get("/forgot")
def forgot() -> str:
    """Ask for the address; without a mail server, say who can help."""
    return _page(ForgotForm(formdata=None))


@bp.post("/forgot")
def ask() -> Answer:
    """Write the letter, if somebody has this address; the answer does not tell."""
    form = ForgotForm()
    if not sends_mail():
        raise Refused(_l("irm sends no mail here: an administrator sets a new password for you."))
    if not form.validate():
        return _page(form), 422
    now, address = clock.now(), request.remote_addr or ""
    email = form.email.data
    if not sessions.may_ask(db.session, email, address, now):
        raise TooManyTries(Limit.HOUR)

    user, token = db.session.scalar(sessions.by_email(email)), tokens.new()
    if user is not None and not provided.may_use_password(user):
        user = None
    # Nobody has no letter, but takes as long: it is rendered for both and thrown away for one.
    locale = user.locale if user else spoken.now().code
    with spoken.speaking(locale):
        letter = access_letters.reset(name=user.name if user else email, locale=locale, token=token)
    sessions.note_asked(db.session, email, address, now)
    user_id = user.id if user else None
    audit.record(db.session, None, Action.RESET_ASKED, now, user_id=user_id, address=address)
    db.session.flush()
    # For nobody the same is written, for somebody else, and taken back: what takes longer tells.
    written = db.session.begin_nested()
    whose = user or db.session.scalar(_ANYBODY)
    if whose is not None:
        _write(whose, letter, token, now)
    if user is None:
        written.rollback()
    else:
        written.commit()
    db.session.commit()
    return redirect("/forgot/sent", 303)


@bp.get("/forgot/sent")
def sent() -> str:
    """What happens now, whoever asked."""
    return render_template("auth/sent.html")


@bp.get("/reset/<token>")
def open_link(token: str) -> Response:
    """Take the secret out of the address."""
    return keep_aside(KEPT_AS, token, "/reset")


@bp.get("/reset")
def choose() -> str:
    """The form for the new password, while the link works."""
    _link, user = resets.owner(db.session, kept(KEPT_AS), clock.now())
    return _choice(NewPasswordForm(formdata=None), user)


@bp.post("/reset")
def save() -> Answer:
    """Set the password, once; she is signed out everywhere, and told so by mail."""
    form, at, token = NewPasswordForm(), clock.now(), kept(KEPT_AS)
    _link, user = resets.owner(db.session, token, at)
    if not form.validate():
        return _choice(form, user), 422
    with spoken.speaking(user.locale):
        letter = confidential.changed(user, at)
    try:
        resets.use(db.session, token, form.password.data, at)
    except Gone:
        raise
    except Refused as refused:
        form.password.errors = [refused.message]
        return refused_on(_choice(form, user), refused)
    confidential.tell_changed(db.session, user, letter, at)
    db.session.commit()
    session.clear()
    return back_to(
        url_for("auth.login"),
        _("Your password is changed, and you are signed out everywhere. Sign in with the new one."),
    )


#: In whose place nobody's letter is written before it is taken back.
_ANYBODY = select(User).where(User.is_active).order_by(User.id).limit(1)


def _write(user: User, letter: Letter, token: str, at: dt.datetime) -> None:
    """Keep the link and put its letter in the outbox; the letters of older links stay here."""
    id, replaced = resets.ask(db.session, user, token, at)
    for one in replaced:
        confidential.call_back(db.session, _key(one, user.id))
    confidential.put(
        db.session,
        _key(id, user.id),
        letter,
        to=user.email,
        at=at,
        until=at + resets.LASTS,
        user_id=user.id,
    )


def _key(id: int, user_id: int) -> str:
    return f"reset:{id}:{user_id}"


def _page(form: ForgotForm) -> str:
    return render_template(
        "auth/forgot.html",
        form=form,
        sends_mail=sends_mail(),
        problem=provided.without_password() if provided.for_administrators_alone() else "",
    )


def _choice(form: NewPasswordForm, user: User) -> str:
    shortest = passwords.shortest(is_admin=user.is_admin)
    return render_template("auth/reset.html", form=form, email=user.email, shortest=shortest)
