"""The second step of signing in: set up, asked for, switched off.

The key is that of the installation: an app's secret is made of it and of what the table holds, so
that a stolen table makes no codes.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets

import pyotp
from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.directory import sessions
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.models import LoginAttempt, RecoveryCode, SecondFactor, Tried, User

#: The seconds that a code stands; it passes during the next as many too.
STEP = 30

#: How many codes there are for when the app is gone.
CODES = 10

#: Letters and figures that nobody takes for others, and how many of them make a code.
_ALPHABET, _LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 10

#: How slowly a recovery code is hashed: its 49 bits could be tried out off-line otherwise.
_SLOWLY = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1, "hash_len": 32}

#: For how long what the app was shown may be confirmed.
LASTS = dt.timedelta(hours=1)

#: Wrong codes allowed, and the time in which they are counted.
TRIES, TRIES_IN = 5, dt.timedelta(minutes=5)


class TooManyCodes(Refused):
    """Somebody who knows the password guesses codes."""

    status = 429

    def __init__(self) -> None:
        super().__init__(_l("Too many wrong codes. Wait five minutes, then try again."))


def is_on(session: Session, user_id: int) -> bool:
    """Whether this user is asked for a code."""
    return session.scalar(_on(user_id).with_only_columns(SecondFactor.user_id)) is not None


def of(session: Session, user_id: int) -> SecondFactor | None:
    """A user's second step that is on, if she has one."""
    return session.scalar(_on(user_id))


def waiting(session: Session, user_id: int, at: dt.datetime) -> SecondFactor | None:
    """What she began to set up within the hour and has not confirmed yet."""
    return session.scalar(
        select(SecondFactor).where(
            SecondFactor.user_id == user_id,
            SecondFactor.confirmed_at.is_(None),
            SecondFactor.created_at > at - LASTS,
        )
    )


def secret(factor: SecondFactor, key: str) -> str:
    """What the app makes its codes of, as it is typed in: 32 letters and figures."""
    made = hmac.new(key.encode(), f"totp:{factor.user_id}:{factor.seed}".encode(), hashlib.sha256)
    return base64.b32encode(made.digest()[:20]).decode()


def uri(factor: SecondFactor, key: str, *, email: str, issuer: str) -> str:
    """The same with its name, as apps read it from a picture."""
    totp = pyotp.TOTP(secret(factor, key), interval=STEP)
    return totp.provisioning_uri(name=email, issuer_name=issuer)


def begin(session: Session, user: User, at: dt.datetime) -> None:
    """Make what the app will be shown.

    Raises Refused where a second step is on already.
    """
    factor = session.get(SecondFactor, user.id, with_for_update=True)
    if factor is None:
        factor = SecondFactor(user_id=user.id, last_step=0)
        session.add(factor)
    elif factor.confirmed_at is not None:
        raise Refused(_l("The second step is on already."))
    factor.seed, factor.created_at = secrets.token_hex(24), at


def confirm(session: Session, user: User, code: str, key: str, at: dt.datetime) -> list[str]:
    """Switch it on, once a code shows that the app has it; returns the recovery codes.

    Raises Refused where the code is wrong, Stale where there is nothing to confirm any more.
    """
    factor = waiting(session, user.id, at)
    if factor is None:
        raise Stale(_l("This took too long, or it is on already. Begin anew."))
    step = _step(secret(factor, key), code, at)
    if step is None:
        raise Refused(
            _l("This is not the code that the app should show now. Are both clocks right?")
        )
    # Hashing comes before the first write: others wait for their turn.
    codes = _made(factor)
    confirmed = session.scalar(
        update(SecondFactor)
        .where(
            SecondFactor.user_id == user.id,
            SecondFactor.seed == factor.seed,
            SecondFactor.confirmed_at.is_(None),
        )
        .values(confirmed_at=at, last_step=step)
        .returning(SecondFactor.user_id)
        .execution_options(synchronize_session=False)
    )
    if confirmed is None:
        raise Stale(_l("This took too long, or it is on already. Begin anew."))
    _record(session, user, user, "on", at)
    return _kept(session, user, codes)


def renew_codes(session: Session, user: User, at: dt.datetime) -> list[str]:
    """Make new recovery codes; those there were are worth nothing any more.

    Raises Refused where there is no second step.
    """
    factor = of(session, user.id)
    codes = _made(factor) if factor else {}
    same = _on(user.id).where(SecondFactor.seed == factor.seed) if factor else _on(user.id)
    if not codes or session.scalar(same.with_for_update()) is None:
        raise Refused(_l("The second step is not on."))
    _record(session, user, user, "new_codes", at)
    return _kept(session, user, codes)


def left(session: Session, user_id: int) -> int:
    """How many recovery codes were not used yet."""
    return session.scalars(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    ).one()


def switch_off(session: Session, user: User, by: User | None, at: dt.datetime) -> bool:
    """Take the second step and its codes away; says whether there was any."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    gone = session.scalar(
        delete(SecondFactor)
        .where(SecondFactor.user_id == user.id)
        .returning(SecondFactor.confirmed_at)
    )
    if gone is None:
        return False
    _record(session, user, by, "off", at)
    return True


def passes(
    session: Session, user: User, code: str, *, key: str, address: str, at: dt.datetime
) -> bool:
    """Whether a code lets her in; it is used up by that, and a wrong one is counted.

    Raises TooManyCodes where there were too many wrong ones, whatever this one is.
    """
    # Of those who try at once each waits here for the one before: no count is read twice.
    factor = session.scalar(_on(user.id).with_for_update())
    if factor is None:
        return False
    wrong = session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(
            LoginAttempt.account_key == sessions.account_key(user.email),
            LoginAttempt.at > at - TRIES_IN,
            LoginAttempt.kind == Tried.CODE,
            LoginAttempt.succeeded.is_(False),
        )
    )
    if (wrong or 0) >= TRIES:
        raise TooManyCodes()
    is_right = _use(session, factor, user, code, key, at)
    kind = Tried.CODE
    sessions.note_try(session, user.email, address, at, succeeded=is_right, kind=kind)
    return is_right


def _use(
    session: Session, factor: SecondFactor, user: User, code: str, key: str, at: dt.datetime
) -> bool:
    """Use up a code of the app or a recovery code, if it is one: of two at once, one passes."""
    step = _step(secret(factor, key), code, at)
    if step is not None:
        newer = (
            update(SecondFactor)
            .where(SecondFactor.user_id == user.id, SecondFactor.last_step < step)
            .values(last_step=step)
            .returning(SecondFactor.user_id)
            .execution_options(synchronize_session=False)
        )
        return session.scalar(newer) is not None
    unused = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash.in_(_hashes(factor, code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(unused) is None:
        return False
    _record(session, user, user, "code_used", at)
    return True


def is_recovery_code(code: str) -> bool:
    """Whether this looks like one of those on paper, right or wrong."""
    return bool(_plain(code))


def _on(user_id: int) -> Select[SecondFactor]:
    return select(SecondFactor).where(
        SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None)
    )


def _step(secret: str, code: str, at: dt.datetime) -> int | None:
    """The step of time that a code is of: this one or the one before."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdecimal()):
        return None
    totp, now = pyotp.TOTP(secret, interval=STEP), int(at.timestamp()) // STEP
    for step in (now, now - 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None


def _made(factor: SecondFactor) -> dict[str, str]:
    """New recovery codes, each with what is kept of it."""
    made: set[str] = set()
    while len(made) < CODES:
        made.add("".join(secrets.choice(_ALPHABET) for _n in range(_LENGTH)))
    return {f"{one[:5]}-{one[5:]}": _hash(factor, one) for one in sorted(made)}


def _kept(session: Session, user: User, codes: dict[str, str]) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.add_all(RecoveryCode(user_id=user.id, code_hash=one) for one in codes.values())
    return list(codes)


def _hashes(factor: SecondFactor, code: str) -> tuple[str, ...]:
    """What may be kept of a code as it was typed; nothing where it cannot be one."""
    plain = _plain(code)
    if not plain:
        return ()
    # Codes from before they were hashed slowly still let in, once.
    before = hashlib.sha256(f"recovery:{factor.user_id}:{plain}".encode()).hexdigest()
    return _hash(factor, plain), before


def _plain(code: str) -> str:
    """A recovery code without what it is typed with; empty where it cannot be one."""
    plain = "".join(one for one in code.casefold() if one.isalnum())
    return plain if len(plain) == _LENGTH and set(plain) <= set(_ALPHABET) else ""


def _hash(factor: SecondFactor, plain: str) -> str:
    """The seed is the salt: one hash of what was typed is looked for among all ten."""
    text, salt = f"recovery:{factor.user_id}:{plain}".encode(), factor.seed.encode()
    return hash_secret_raw(text, salt, type=Type.ID, **_SLOWLY).hex()


def _record(session: Session, user: User, by: User | None, change: str, at: dt.datetime) -> None:
    audit.record(session, by, Action.FACTOR_CHANGED, at, user_id=user.id, change=change)
