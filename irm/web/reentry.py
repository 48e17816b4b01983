"""The password once more: whoever sits at a browser that is signed in need not be its user."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import g, render_template, request, session

from irm import clock
from irm.access import me
from irm.db import db
from irm.directory import passwords, sessions
from irm.forms.sign_in import AgainForm
from irm.i18n import _l
from irm.models import Tried
from irm.web.answers import Answer
from irm.web.auth import TooManyTries, is_ours

P = ParamSpec("P")

#: For how long nobody is asked again.
LASTS = dt.timedelta(minutes=10)

#: The field of the password among those of any form.
FIELD = "password_again"

#: That of the page it was asked on.
FROM = "asked_on"


def is_hers(password: str) -> bool:
    """Whether this is the user's password; a wrong one is kept as a try, whatever comes next.

    Raises TooManyTries where she guessed too often.
    """
    user, at, address = me(), clock.now(), request.remote_addr or ""
    limit = sessions.limit_reached(db.session, user.email, address, at, Tried.PASSWORD)
    if limit is not None:
        raise TooManyTries(limit)
    is_right = passwords.matches(user.password_hash, password)
    sessions.note_try(db.session, user.email, address, at, succeeded=is_right, kind=Tried.PASSWORD)
    if not is_right:
        db.session.commit()
    return is_right


def entered_lately(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Ask for the password before what a form wants done, if it was not entered of late.

    The form is kept on the page that asks, and sent once more together with the password.
    """

    @wraps(view)
    def once_more(*args: P.args, **kwargs: P.kwargs) -> Answer:
        at, again = clock.now(), request.form.get(FIELD)
        if _is_fresh(at):
            return view(*args, **kwargs)
        if again is None:
            return _page(AgainForm(formdata=None)), 403
        form = AgainForm()
        if not form.validate():
            return _page(form), 422
        if not is_hers(again):
            form.password_again.errors = [_l("This is not your password.")]
            return _page(form), 422
        sessions.note_entered(db.session, session["token"], at)
        db.session.commit()
        return view(*args, **kwargs)

    return once_more


def _is_fresh(at: dt.datetime) -> bool:
    entered_at: dt.datetime | None = g.seen.entered_at
    return entered_at is not None and at - entered_at < LASTS


def _page(form: AgainForm) -> str:
    """The question, with all that was sent but our own tokens."""
    ours = {FIELD, FROM, "csrf_token"}
    sent = [pair for pair in request.form.items(multi=True) if pair[0] not in ours]
    # What is done may be a download, which leaves this page where it is.
    back = request.form.get(FROM) or _path_of(request.referrer)
    return render_template(
        "auth/again.html",
        form=form,
        sent=sent,
        address=request.path,
        back=back if is_ours(back) else "/today",
    )


def _path_of(referrer: str | None) -> str:
    try:
        parts = urlsplit(referrer or "")
    except ValueError:
        return ""
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if parts.netloc == request.host else ""
