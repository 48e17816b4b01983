"""The password once more: whoever sits at a browser that is signed in need not be its user."""

from flask import request

from irm import clock
from irm.access import me
from irm.db import db
from irm.directory import passwords, sessions
from irm.models import Tried
from irm.web.auth import TooManyTries


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
