"""Another password by choice of whoever is signed in."""

import datetime as dt

from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.directory import passwords, sessions, team
from irm.models import User


def change(session: Session, user: User, password: str, token: str, at: dt.datetime) -> str:
    """Set a password; every other session of hers ends, and this one goes on under a new token.

    Returns that token. Raises Refused where the password will not do.
    """
    # Hashing comes before the first write: others wait for their turn.
    kept = passwords.keep(
        password, is_admin=user.is_admin, about=team.about(session, user.name, user.email)
    )
    user.password_hash = kept
    sessions.end_others(session, user, token)
    audit.record(session, user, Action.PASSWORD_CHANGED, at, user_id=user.id)
    return sessions.renew(session, token)
