"""A new password for whoever forgot hers: a link by mail that works once, for half an hour.

It dies with the password or the address it was made for, with the account, and with a newer link.
"""

import datetime as dt
import hashlib

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.directory import passwords, sessions, team, tokens
from irm.directory.tokens import Purpose
from irm.errors import Refused
from irm.i18n import _l
from irm.models import PasswordReset, User

#: How long a link works.
LASTS = dt.timedelta(minutes=30)

#: Links are kept for longer than they work, so that the history of a takeover can be told.
KEPT = dt.timedelta(days=30)


class Gone(Refused):
    """The link is used, replaced, too old, or was never ours: we do not say which."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            _l(
                "This link does not work any more: it was used, or a newer one took its place, "
                "or it is older than 30 minutes. Ask for a new one."
            )
        )


def ask(session: Session, user: User, token: str, at: dt.datetime) -> tuple[int, list[int]]:
    """Keep a new link of a user; return its id, and the ids of those that end with it."""
    # Two who ask at once take turns, so that one link is left.
    session.execute(select(User.id).where(User.id == user.id).with_for_update())
    replaced = session.scalars(
        update(PasswordReset)
        .where(PasswordReset.user_id == user.id, PasswordReset.ended_at.is_(None))
        .values(ended_at=at)
        .returning(PasswordReset.id)
        .execution_options(synchronize_session=False)
    ).all()
    made = PasswordReset(
        user_id=user.id,
        token_hash=tokens.kept(token, Purpose.RESET),
        bound_to=_bound_to(user),
        created_at=at,
        expires_at=at + LASTS,
    )
    session.add(made)
    session.flush()
    return made.id, list(replaced)


def owner(session: Session, token: str, at: dt.datetime) -> tuple[PasswordReset, User]:
    """The link of a token and whose it is; nothing is used up.

    Raises Gone where it does not work.
    """
    found = session.execute(
        select(PasswordReset, User)
        .join(User, User.id == PasswordReset.user_id)
        .where(
            PasswordReset.token_hash == tokens.kept(token, Purpose.RESET),
            PasswordReset.ended_at.is_(None),
            PasswordReset.expires_at > at,
            User.is_active,
        )
    ).first()
    if found is None or found[0].bound_to != _bound_to(found[1]):
        raise Gone()
    return found[0], found[1]


def use(session: Session, token: str, password: str, at: dt.datetime) -> User:
    """Set a new password by a link, which is used up; every session of hers ends.

    Raises Gone where the link does not work, Refused where the password will not do: the link
    then works still.
    """
    reset, user = owner(session, token, at)
    # Hashing comes before the first write: others wait for their turn.
    password_hash = passwords.keep(
        password,
        is_admin=user.is_admin,
        about=team.about(session, user.name, user.email),
        before=user.password_hash,
    )
    used = session.scalar(
        update(PasswordReset)
        .where(PasswordReset.id == reset.id, PasswordReset.ended_at.is_(None))
        .values(ended_at=at)
        .returning(PasswordReset.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise Gone()
    user.password_hash = password_hash
    sessions.end_all(session, user)
    sessions.forgive(session, user.email)
    audit.record(session, user, Action.PASSWORD_CHANGED, at, user_id=user.id)
    return user


def prune(session: Session, at: dt.datetime) -> None:
    """Forget links that stopped working long ago."""
    old = PasswordReset.expires_at < at - KEPT
    # Asked first: to delete nothing would still cost the writer's turn.
    if session.scalar(select(PasswordReset.id).where(old).limit(1)) is not None:
        session.execute(delete(PasswordReset).where(old))


def _bound_to(user: User) -> str:
    return hashlib.sha256(f"{user.password_hash}\n{user.email_key}".encode()).hexdigest()
