"""Signed-in browsers: rows that can be ended, and tries that are counted."""

import datetime as dt
import hashlib
import secrets
from typing import NamedTuple

from sqlalchemy import Select, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Session as DbSession

from irm.models import LoginAttempt, Session, User
from irm.models.keys import fold

IDLE = dt.timedelta(hours=12)
ABSOLUTE = dt.timedelta(days=30)

#: How often "last seen" is written: reading a page should not write.
SEEN_EVERY = dt.timedelta(minutes=15)

#: Failed tries allowed: per account and address in a minute, per address in an hour, per account
#: in a day.
TRIES_A_MINUTE, TRIES_AN_HOUR, TRIES_A_DAY = 5, 20, 20


def open_for(
    session: DbSession, user: User, *, at: dt.datetime, user_agent: str, address: str
) -> str:
    """Open a session; returns the token that only the browser keeps."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(Session).where(Session.user_id == user.id, Session.expires_at < at))
    session.add(
        Session(
            user_id=user.id,
            token_hash=_hash(token),
            created_at=at,
            last_seen_at=at,
            expires_at=at + ABSOLUTE,
            user_agent=user_agent[:200],
            address=address[:64],
        )
    )
    return token


class Seen(NamedTuple):
    """A session, and when it was last seen to be used."""

    session_id: int
    at: dt.datetime


#: Asked at every request, so it is put together once.
_OF_TOKEN = (
    select(Session.id, Session.last_seen_at, User)
    .join(User, User.id == Session.user_id)
    .where(
        Session.token_hash == bindparam("token_hash"),
        Session.expires_at > bindparam("at"),
        Session.last_seen_at > bindparam("idle_since"),
        User.is_active,
    )
)


def of_token(session: DbSession, token: str, at: dt.datetime) -> tuple[Seen, User] | None:
    """The session of a token and its user, if both are alive."""
    values = {"token_hash": _hash(token), "at": at, "idle_since": at - IDLE}
    found = session.execute(_OF_TOKEN, values).first()
    return None if found is None else (Seen(found[0], found[1]), found[2])


def note_seen(session: DbSession, seen: Seen, at: dt.datetime) -> bool:
    """Write that a session was used, if that was not written of late; says whether it did."""
    if at - seen.at <= SEEN_EVERY:
        return False
    session.execute(update(Session).where(Session.id == seen.session_id).values(last_seen_at=at))
    return True


def end(session: DbSession, token: str) -> None:
    """End the session of a token, wherever it is used."""
    session.execute(delete(Session).where(Session.token_hash == _hash(token)))


def end_all(session: DbSession, user: User) -> None:
    """End all sessions of a user, as after a change of her password."""
    session.execute(delete(Session).where(Session.user_id == user.id))


def by_email(email: str) -> Select[User]:
    """Select the active user with this address, however it is written."""
    return select(User).where(User.email_key == fold(email), User.is_active)


def may_try(session: DbSession, email: str, address: str, at: dt.datetime) -> bool:
    """Whether another try to sign in is allowed now, for this account from this address."""
    account = _hash(fold(email))
    same_account = LoginAttempt.account_key == account
    same_address = LoginAttempt.address == address
    in_a_minute = LoginAttempt.at > at - dt.timedelta(minutes=1)
    in_an_hour = LoginAttempt.at > at - dt.timedelta(hours=1)

    minute, hour, day = session.execute(
        select(
            func.count(case((same_account & same_address & in_a_minute, 1))),
            func.count(case((same_address & in_an_hour, 1))),
            func.count(case((same_account, 1))),
        ).where(
            LoginAttempt.at > at - dt.timedelta(days=1),
            LoginAttempt.succeeded.is_(False),
            same_account | same_address,
        )
    ).one()
    return bool(minute < TRIES_A_MINUTE and hour < TRIES_AN_HOUR and day < TRIES_A_DAY)


def note_try(
    session: DbSession, email: str, address: str, at: dt.datetime, *, succeeded: bool
) -> None:
    """Keep that somebody tried to sign in."""
    session.add(
        LoginAttempt(
            account_key=_hash(fold(email)), address=address[:64], at=at, succeeded=succeeded
        )
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
