"""Who it is, once more: whoever sits at a browser that is signed in need not be its user.

She enters her password, or signs in once more at the sign-in service, in another tab: the form
stays on the page that asks.
"""

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
from irm.errors import Busy
from irm.forms.sign_in import AgainForm
from irm.i18n import _l
from irm.models import Tried
from irm.web import provided
from irm.web.answers import Answer, refused_on
from irm.web.auth import TooManyTries, is_ours

P = ParamSpec("P")

#: For how long nobody is asked again.
LASTS = dt.timedelta(minutes=10)

#: The field of the password among those of any form.
FIELD = "password_again"

#: That of the page it was asked on, and what says that she went to the sign-in service.
FROM, WENT = "asked_on", "went_there"


def is_hers(password: str) -> bool:
    """Whether this is the user's password; a wrong one is kept as a try, whatever comes next.

    Raises TooManyTries where she guessed too often, Busy where too many wait for a hash.
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
    """Ask who it is before what a form wants done, if that was not shown of late.

    The form is kept on the page that asks, and sent once more together with the password, or once
    she was at the sign-in service.
    """

    @wraps(view)
    def once_more(*args: P.args, **kwargs: P.kwargs) -> Answer:
        at, again = clock.now(), request.form.get(FIELD)
        if _is_fresh(at):
            return view(*args, **kwargs)
        if WENT in request.form:
            return _page(AgainForm(formdata=None), is_too_soon=True), 422
        if again is None or not provided.may_use_password(me()):
            return _page(AgainForm(formdata=None)), 403
        if refusal := _refusal(again):
            return refusal
        sessions.note_entered(db.session, session["token"], at)
        # A cookie that somebody copied before is not worth more by it, but nothing.
        token = sessions.renew(db.session, session["token"])
        db.session.commit()
        session["token"] = token
        return view(*args, **kwargs)

    return once_more


def _refusal(again: str) -> Answer | None:
    """The question once more, where what she entered is not her password; else None."""
    form = AgainForm()
    if not form.validate():
        return _page(form), 422
    try:
        is_right = is_hers(again)
    except Busy as busy:
        form.password_again.errors = [busy.message]
        return refused_on(_page(form), busy)
    if is_right:
        return None
    form.password_again.errors = [_l("This is not your password.")]
    return _page(form), 422


def _is_fresh(at: dt.datetime) -> bool:
    entered_at: dt.datetime | None = g.seen.entered_at
    return entered_at is not None and at - entered_at < LASTS


def _page(form: AgainForm, *, is_too_soon: bool = False) -> str:
    """The question, with all that was sent but our own tokens."""
    ours = {FIELD, FROM, WENT, "csrf_token"}
    sent = [pair for pair in request.form.items(multi=True) if pair[0] not in ours]
    # What is done may be a download, which leaves this page where it is.
    back = request.form.get(FROM) or _path_of(request.referrer)
    return render_template(
        "auth/again.html",
        form=form,
        sent=sent,
        # With its query: it says which brand this is about.
        address=request.full_path.removesuffix("?"),
        back=back if is_ours(back) else "/today",
        provider=provided.name(),
        has_password=provided.may_use_password(me()),
        is_too_soon=is_too_soon,
    )


def _path_of(referrer: str | None) -> str:
    try:
        parts = urlsplit(referrer or "")
    except ValueError:
        return ""
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if parts.netloc == request.host else ""
