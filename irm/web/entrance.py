"""The last step of every way in: the session is opened here, and nowhere else."""

import datetime as dt
import hashlib

from flask import request, session
from sqlalchemy import select

from irm import audit, clock
from irm.audit import Action
from irm.db import db
from irm.directory import sessions
from irm.models import User, Way

#: Under which the cookie keeps who has taken the first step and owes a code.
KEPT_AS = "second_step"

#: How long she may take for it.
LASTS = dt.timedelta(minutes=10)


def let_in(user: User, way: Way = Way.PASSWORD, shown_at: dt.datetime | None = None) -> None:
    """Open a session for a user who has shown who she is, and commit.

    `shown_at`: when she did, where that was elsewhere and is known.
    """
    at = clock.now()
    _end_the_one_before()
    token = sessions.open_for(
        db.session,
        user,
        at=at,
        user_agent=request.user_agent.string,
        address=request.remote_addr or "",
        way=way,
        shown_at=shown_at,
    )
    audit.record(db.session, user, Action.SIGNED_IN, at, user_id=user.id, way=way.value)
    db.session.commit()
    # A new cookie: what was planted before signing in is worth nothing after.
    session.clear()
    session.permanent = True
    session["token"] = token


def wait_for_code(user: User, way: Way = Way.PASSWORD, shown_at: dt.datetime | None = None) -> None:
    """Keep, in the signed cookie alone, that this user took the first step: she is not in.

    It commits.
    """
    _end_the_one_before()
    db.session.commit()
    session.clear()
    until = int((clock.now() + LASTS).timestamp())
    session[KEPT_AS] = {
        "user": user.id,
        "until": until,
        "bound_to": _bound_to(user),
        "way": way.value,
        "shown_at": shown_at.timestamp() if shown_at else None,
    }


def waiting() -> User | None:
    """Who owes a code here; None where it took too long, or her password is another one now."""
    kept = session.get(KEPT_AS)
    if not isinstance(kept, dict) or kept.get("until", 0) < clock.now().timestamp():
        return None
    user = db.session.scalar(select(User).where(User.id == kept.get("user"), User.is_active))
    return user if user is not None and kept.get("bound_to") == _bound_to(user) else None


def let_in_by_code(user: User) -> None:
    """Open a session for a user who owed a code and has shown it, and commit."""
    kept = session[KEPT_AS]
    # Cookies of those who began before irm knew another way say none.
    way, shown_at = Way(kept.get("way", Way.PASSWORD)), kept.get("shown_at")
    let_in(user, way, dt.datetime.fromtimestamp(shown_at, dt.UTC) if shown_at else None)


def _end_the_one_before() -> None:
    """Whoever signs in where somebody is signed in leaves no session that nobody holds."""
    token = session.get("token")
    if isinstance(token, str):
        sessions.end(db.session, token)


def _bound_to(user: User) -> str:
    return hashlib.sha256(f"second step\n{user.password_hash}".encode()).hexdigest()
