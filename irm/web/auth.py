"""Signing in and out."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Request,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from irm import audit, clock
from irm.access import me
from irm.audit import Action
from irm.db import db
from irm.directory import factors, password_change, passwords, sessions
from irm.directory.sessions import Limit
from irm.errors import Busy, Refused
from irm.forms.auth import SignInForm
from irm.i18n import _l
from irm.models import User
from irm.web import entrance, provided
from irm.web.answers import Answer, refused_on

bp = Blueprint("auth", __name__)
login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Know the user by the token of her session row, so that ending the row ends the session."""
    login_manager.init_app(app)
    # A phone changes its address all day; the row is what we protect and end.
    login_manager.session_protection = None
    login_manager.request_loader(_user_of)


def _user_of(_request: Request) -> User | None:
    token = session.get("token")
    if not isinstance(token, str):
        return None
    now = clock.now()
    found = sessions.of_token(db.session, token, now)
    if found is None:
        return None
    seen, user = found
    g.seen = seen
    if sessions.note_seen(db.session, seen, now):
        db.session.commit()
    return user


@bp.get("/login")
def login() -> str | Response:
    """Show the form, or go on where somebody is signed in already."""
    if current_user.is_authenticated:
        return redirect(destination())
    return _page(SignInForm(), request.args.get("next", ""))


@bp.post("/login")
def sign_in() -> Answer:
    """Check address and password; wrong ones are answered alike, known or not."""
    form = SignInForm()
    wanted = request.form.get("next", "")
    if not form.validate_on_submit():
        return _page(form, wanted), 422
    now, address = clock.now(), request.remote_addr or ""
    email, password = form.email.data or "", form.password.data or ""
    limit = sessions.limit_reached(db.session, email, address, now)
    if limit is not None:
        raise TooManyTries(limit)

    known = db.session.scalar(sessions.whose(email))
    user = known if known is not None and known.is_active else None
    try:
        is_right = passwords.matches(user.password_hash if user else None, password)
    except Busy as busy:
        form.password.errors = [busy.message]
        return refused_on(render_template("auth/login.html", form=form, next=wanted), busy)
    # Hashing comes before the first write: others wait for their turn.
    renewed = passwords.renewed(user.password_hash, password) if user and is_right else None
    sessions.note_try(db.session, email, address, now, succeeded=is_right)
    if user is None or not is_right:
        # What was typed is kept of nobody: it may be a password, in the wrong field.
        about = {"user_id": known.id if known else None, "address": address}
        audit.record(db.session, None, Action.SIGN_IN_FAILED, now, **about)
        db.session.commit()
        form.password.errors = [_l("The address or the password is wrong.")]
        return _page(form, wanted), 422
    if not provided.may_use_password(user):
        db.session.commit()
        form.password.errors = [provided.without_password()]
        return _page(form, wanted), 422

    if renewed is not None:
        password_change.renew_hash(db.session, user, renewed)
    if factors.is_on(db.session, user.id):
        entrance.wait_for_code(user)
        return redirect(url_for("second_step.show", next=wanted or None))
    entrance.let_in(user)
    return redirect(destination())


def _page(form: SignInForm, wanted: str) -> str:
    return render_template(
        "auth/login.html",
        form=form,
        next=wanted,
        problem="",
        provider=provided.name(),
        is_for_administrators=provided.for_administrators_alone(),
    )


@bp.post("/logout")
def sign_out() -> Response:
    """End the session on the server, then forget the cookie."""
    audit.record(db.session, me(), Action.SIGNED_OUT, clock.now(), user_id=me().id)
    sessions.end(db.session, session["token"])
    db.session.commit()
    session.clear()
    response = redirect(url_for("auth.login"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


class TooManyTries(Refused):
    """Somebody guesses, or forgot."""

    status = 429

    def __init__(self, limit: Limit) -> None:
        super().__init__(_WAIT[limit])
        self.limit = limit


_WAIT = {
    Limit.MINUTE: _l("Too many tries. Wait a minute, then try again."),
    Limit.HOUR: _l("Too many tries. Wait an hour, then try again."),
    Limit.DAY: _l("Too many tries. Wait a day, or set a new password by a link in a mail."),
}


def destination() -> str:
    """Where to go after signing in: a path of our own, or Today."""
    wanted = request.values.get("next", "")
    return wanted if is_ours(wanted) else current_app.url_for("today.index")


def is_ours(address: str) -> bool:
    """Whether this is the address of a page here, as a path."""
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return False
    if any(ord(c) < 33 or c == "\\" for c in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
