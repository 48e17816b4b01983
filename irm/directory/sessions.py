"""Signed-in browsers: rows that can be ended, and tries that are counted."""

import datetime as dt
import enum
import hashlib
import secrets
from typing import NamedTuple

from sqlalchemy import Select, bindparam, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session as DbSession

from irm.directory import factor_rule
from irm.models import LoginAttempt, SecondFactor, Session, Setting, Tried, User, Way
from irm.models.keys import fold

IDLE = dt.timedelta(hours=12)
ABSOLUTE = dt.timedelta(days=30)

#: How often "last seen" is written: reading a page should not write.
SEEN_EVERY = dt.timedelta(minutes=15)

#: Failed tries allowed: per account and address in a minute, per address in an hour, per account
#: in a day.
TRIES_A_MINUTE, TRIES_AN_HOUR, TRIES_A_DAY = 5, 20, 20


#: Tries are kept for longer than any of these counts.
KEPT = dt.timedelta(days=2)


def open_for(
    session: DbSession,
    user: User,
    *,
    at: dt.datetime,
    user_agent: str,
    address: str,
    way: Way = Way.PASSWORD,
    shown_at: dt.datetime | None = None,
) -> str:
    """Open a session; returns the token that only the browser keeps.

    A password was entered just now; of any other way `shown_at` says when she showed who she is.
    """
    token = secrets.token_urlsafe(32)
    session.execute(delete(Session).where(Session.user_id == user.id, Session.expires_at < at))
    session.add(
        Session(
            user_id=user.id,
            token_hash=_hash(token),
            created_at=at,
            last_seen_at=at,
            expires_at=at + ABSOLUTE,
            way=way,
            entered_at=at if way is Way.PASSWORD else shown_at,
            user_agent=user_agent[:200],
            address=address[:64],
        )
    )
    return token


class Seen(NamedTuple):
    """A session, and when it was last seen to be used."""

    session_id: int
    at: dt.datetime
    #: When she last showed who she is; null: nobody said when.
    entered_at: dt.datetime | None
    #: Whether she has to set up a second step before anything else.
    lacks_factor: bool


_HAS_FACTOR = exists().where(
    SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None)
)
_RULE = select(Setting.value).where(Setting.name == factor_rule.NAME).scalar_subquery()

#: Asked at every request, so it is put together once.
_OF_TOKEN = (
    select(Session.id, Session.last_seen_at, Session.entered_at, _HAS_FACTOR, _RULE, User)
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
    if found is None:
        return None
    id, seen_at, entered_at, has_factor, rule, user = found
    lacks = not has_factor and factor_rule.concerns(factor_rule.read(rule), user)
    return Seen(id, seen_at, entered_at, lacks), user


def note_seen(session: DbSession, seen: Seen, at: dt.datetime) -> bool:
    """Write that a session was used, if that was not written of late; says whether it did."""
    if at - seen.at <= SEEN_EVERY:
        return False
    session.execute(update(Session).where(Session.id == seen.session_id).values(last_seen_at=at))
    return True


def note_entered(session: DbSession, token: str, at: dt.datetime) -> None:
    """Keep that she showed once more who she is, in the session of a token."""
    session.execute(update(Session).where(Session.token_hash == _hash(token)).values(entered_at=at))


def end(session: DbSession, token: str) -> None:
    """End the session of a token, wherever it is used."""
    session.execute(delete(Session).where(Session.token_hash == _hash(token)))


def end_all(session: DbSession, user: User) -> int:
    """End all sessions of a user, as after a change of her password; return how many."""
    ended = delete(Session).where(Session.user_id == user.id)
    return len(session.scalars(ended.returning(Session.id)).all())


def of_user(user_id: int, at: dt.datetime) -> Select[Session]:
    """Select the sessions of a user that are alive, the one used last first."""
    return (
        select(Session)
        .where(
            Session.user_id == user_id,
            Session.expires_at > at,
            Session.last_seen_at > at - IDLE,
        )
        .order_by(Session.last_seen_at.desc(), Session.id.desc())
    )


def is_of(one: Session, token: str) -> bool:
    """Whether this is the session of a token."""
    return one.token_hash == _hash(token)


def end_one(session: DbSession, user: User, id: int) -> bool:
    """End a session of this user; says whether there was one."""
    ended = delete(Session).where(Session.id == id, Session.user_id == user.id)
    return session.scalar(ended.returning(Session.id)) is not None


def end_others(session: DbSession, user: User, token: str) -> int:
    """End all sessions of a user but the one of this token; return how many."""
    others = delete(Session).where(Session.user_id == user.id, Session.token_hash != _hash(token))
    return len(session.scalars(others.returning(Session.id)).all())


def renew(session: DbSession, token: str) -> str:
    """Give a session another token, as after a change of what its user may; the old one is dead."""
    new = secrets.token_urlsafe(32)
    session.execute(
        update(Session).where(Session.token_hash == _hash(token)).values(token_hash=_hash(new))
    )
    return new


def prune(session: DbSession, at: dt.datetime) -> int:
    """Delete sessions that are over and tries that no longer count; return how many."""
    over = or_(Session.expires_at < at, Session.last_seen_at < at - IDLE)
    old = LoginAttempt.at < at - KEPT
    found = 0
    # Asked first: to delete nothing would still cost the writer's turn.
    for model, condition in ((Session, over), (LoginAttempt, old)):
        if session.scalar(select(model.id).where(condition).limit(1)) is not None:
            deleted = session.execute(delete(model).where(condition).returning(model.id))
            found += len(deleted.all())
    return found


def whose(email: str) -> Select[User]:
    """Select the user with this address, however it is written, deactivated or not."""
    return select(User).where(User.email_key == fold(email))


def by_email(email: str) -> Select[User]:
    """Select the active user with this address, however it is written."""
    return whose(email).where(User.is_active)


class Limit(enum.Enum):
    """For how long tries to sign in are counted."""

    MINUTE = dt.timedelta(minutes=1)
    HOUR = dt.timedelta(hours=1)
    DAY = dt.timedelta(days=1)


def limit_reached(
    session: DbSession,
    email: str,
    address: str,
    at: dt.datetime,
    kind: Tried = Tried.SIGN_IN,
) -> Limit | None:
    """The longest limit that this account or address has reached; None where it may try."""
    account = _hash(fold(email))
    same_account = LoginAttempt.account_key == account
    same_address = LoginAttempt.address == address
    in_a_minute = LoginAttempt.at > at - Limit.MINUTE.value
    in_an_hour = LoginAttempt.at > at - Limit.HOUR.value

    minute, hour, day = session.execute(
        select(
            func.count(case((same_account & same_address & in_a_minute, 1))),
            func.count(case((same_address & in_an_hour, 1))),
            func.count(case((same_account, 1))),
        ).where(
            LoginAttempt.at > at - Limit.DAY.value,
            LoginAttempt.kind == kind,
            LoginAttempt.succeeded.is_(False),
            same_account | same_address,
        )
    ).one()
    if day >= TRIES_A_DAY:
        return Limit.DAY
    if hour >= TRIES_AN_HOUR:
        return Limit.HOUR
    return Limit.MINUTE if minute >= TRIES_A_MINUTE else None


def note_try(
    session: DbSession,
    email: str,
    address: str,
    at: dt.datetime,
    *,
    succeeded: bool,
    kind: Tried = Tried.SIGN_IN,
) -> None:
    """Keep that somebody tried to sign in, or to enter her password again."""
    session.add(
        LoginAttempt(
            account_key=_hash(fold(email)),
            address=address[:64],
            at=at,
            kind=kind,
            succeeded=succeeded,
        )
    )


def forgive(session: DbSession, email: str) -> None:
    """Forget the wrong passwords of an account, whose owner has shown that she is herself.

    Else anybody who knows her address could keep her out, a day at a time. Codes still count.
    """
    session.execute(
        delete(LoginAttempt).where(
            LoginAttempt.account_key == account_key(email),
            LoginAttempt.kind.in_((Tried.SIGN_IN, Tried.PASSWORD)),
            LoginAttempt.succeeded.is_(False),
        )
    )


#: How often a new password may be asked for in an hour: for one account, from one address.
RESETS_OF_AN_ACCOUNT, RESETS_FROM_AN_ADDRESS = 3, 20


def may_ask(session: DbSession, email: str, address: str, at: dt.datetime) -> bool:
    """Whether a new password may be asked for now, of an account known or not.

    It counts what `note_asked` kept, so it holds over any number of processes.
    """
    same_account = LoginAttempt.account_key == _hash(fold(email))
    same_address = LoginAttempt.address == address[:64]
    of_account, from_address = session.execute(
        select(func.count(case((same_account, 1))), func.count(case((same_address, 1)))).where(
            LoginAttempt.at > at - Limit.HOUR.value,
            LoginAttempt.kind == Tried.RESET,
            same_account | same_address,
        )
    ).one()
    return of_account < RESETS_OF_AN_ACCOUNT and from_address < RESETS_FROM_AN_ADDRESS


def account_key(email: str) -> str:
    """Under which the tries of an account are kept."""
    return _hash(fold(email))


def note_asked(session: DbSession, email: str, address: str, at: dt.datetime) -> None:
    """Keep that somebody asked for a new password."""
    session.add(
        LoginAttempt(account_key=_hash(fold(email)), address=address[:64], at=at, kind=Tried.RESET)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
