"""Another password by choice of whoever is signed in, and another hash of the same one."""

import datetime as dt

from sqlalchemy import update
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
        password,
        is_admin=user.is_admin,
        about=team.about(session, user.name, user.email),
        before=user.password_hash,
    )
    user.password_hash = kept
    sessions.end_others(session, user, token)
    audit.record(session, user, Action.PASSWORD_CHANGED, at, user_id=user.id)
    return sessions.renew(session, token)


def renew_hash(session: Session, user: User, renewed: str) -> None:
    """Keep another hash of the same password, unless she has another password by now."""
    session.execute(
        update(User)
        .where(User.id == user.id, User.password_hash == user.password_hash)
        .values(password_hash=renewed)
    )
