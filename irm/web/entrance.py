"""The last step of every way in: the session is opened here, and nowhere else."""

import datetime as dt
import hashlib

from flask import request, session
from sqlalchemy import select

from irm import audit, clock
from irm.audit import Action
from irm.db import db
from irm.directory import sessions
from irm.models import User

#: Under which the cookie keeps who has entered her password and owes a code.
KEPT_AS = "second_step"

#: How long she may take for it.
LASTS = dt.timedelta(minutes=10)


def let_in(user: User) -> None:
    """Open a session for a user who has shown who she is, and commit."""
    at = clock.now()
    token = sessions.open_for(
        db.session,
        user,
        at=at,
        user_agent=request.user_agent.string,
        address=request.remote_addr or "",
    )
    audit.record(db.session, user, Action.SIGNED_IN, at, user_id=user.id)
    db.session.commit()
    # A new cookie: what was planted before signing in is worth nothing after.
    session.clear()
    session.permanent = True
    session["token"] = token


def wait_for_code(user: User) -> None:
    """Keep, in the signed cookie alone, that this user's password was right: she is not in."""
    session.clear()
    until = int((clock.now() + LASTS).timestamp())
    session[KEPT_AS] = {"user": user.id, "until": until, "bound_to": _bound_to(user)}


def waiting() -> User | None:
    """Who owes a code here; None where it took too long, or her password is another one now."""
    kept = session.get(KEPT_AS)
    if not isinstance(kept, dict) or kept.get("until", 0) < clock.now().timestamp():
        return None
    user = db.session.scalar(select(User).where(User.id == kept.get("user"), User.is_active))
    return user if user is not None and kept.get("bound_to") == _bound_to(user) else None


def _bound_to(user: User) -> str:
    return hashlib.sha256(f"second step\n{user.password_hash}".encode()).hexdigest()
