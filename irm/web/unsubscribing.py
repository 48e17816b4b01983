"""Stopping a letter by the link in it: by a mail program with one post, or by its reader.

RFC 8058: the post needs no cookie, is answered at once and leads nowhere else. Looking changes
nothing, for programs that check mails open every link in them.
"""

from collections.abc import Callable

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from irm import clock
from irm.db import db
from irm.errors import Refused
from irm.funnel import letters_wanted
from irm.i18n import _l
from irm.mail import signed as links
from irm.models import Notice, User
from irm.web import bare, guard
from irm.web.answers import Answer

bp = Blueprint("unsubscribing", __name__)
guard.csrf.exempt(bp)

#: What a mail program sends, and our own button with it.
FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"


@bp.get("/unsubscribe/<signed>")
def show(signed: str) -> Answer:
    """Which letter it is, and the button that stops it or has it again."""
    return _answer(signed)


@bp.post("/unsubscribe/<signed>")
def stop(signed: str) -> Answer:
    """Stop the letter; a second time says that it is stopped."""

    def do(user: User, notice: Notice | None) -> None:
        if request.form.get(FIELD) != ONE_CLICK:
            raise Refused(_l("This form is not complete."))
        letters_wanted.stop(db.session, user, notice, clock.now())

    return _answer(signed, do)


@bp.post("/unsubscribe/<signed>/again")
def resume(signed: str) -> Answer:
    """Have the letter again, as it was before."""

    def do(user: User, notice: Notice | None) -> None:
        letters_wanted.resume(db.session, user, notice, clock.now())

    return _answer(signed, do)


@bp.errorhandler(HTTPException)
def _not_understood(error: HTTPException) -> Answer:
    status = error.code or 500
    return bare.sentence(_l("This request could not be read. Go back and try again."), status)


def _answer(signed: str, do: Callable[[User, Notice | None], None] | None = None) -> Answer:
    bare.ask_nobody()
    try:
        user, notice = links.letter_of(db.session, signed)
        with bare.speaking(user):
            if do is not None:
                _done(do, user, notice)
            return bare.page(
                "act/unsubscribe.html",
                address=f"/unsubscribe/{signed}",
                user=user,
                notice=notice,
                is_wanted=letters_wanted.is_wanted(user, notice),
                is_after=do is not None,
                hour=letters_wanted.hour_of(user),
                field=FIELD,
                value=ONE_CLICK,
            )
    except Refused as refused:
        db.session.rollback()
        return bare.sentence(refused.message, refused.status)


def _done(do: Callable[[User, Notice | None], None], user: User, notice: Notice | None) -> None:
    # Held and read anew: of two who press at once, the second finds what the first has done.
    held = select(User.id).where(User.id == user.id).with_for_update()
    db.session.execute(held)
    db.session.refresh(user)
    do(user, notice)
    db.session.commit()
