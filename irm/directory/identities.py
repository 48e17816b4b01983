"""Which colleague an account at the sign-in service is: by her e-mail once, by its own name after.

No account is made here but by an invitation.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.errors import Forbidden
from irm.i18n import _l
from irm.models import User, UserIdentity
from irm.models.keys import fold


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom the sign-in service says somebody is."""

    issuer: str
    subject: str
    #: Her address, empty unless the service says that she showed that it is hers.
    email: str


class NotInvited(Forbidden):
    """The service knows her, and irm does not."""

    def __init__(self, email: str) -> None:
        super().__init__(
            _l(
                "Nobody signs in here as %(email)s. If you were invited, open the link in that "
                "letter; else ask a colleague who leads a brand to invite you.",
                email=email[:254],
            )
        )


def user_of(session: Session, shown: Shown, at: dt.datetime) -> User:
    """The colleague that somebody is; the first time she is tied to that account by her e-mail.

    Raises Forbidden where that is nobody, or nobody any more, or somebody else.
    """
    tied = _tied(session, shown)
    named = _named(session, shown)
    if tied is not None:
        if named is not None and named.id != tied.user_id:
            raise Forbidden(
                _l(
                    "This account belongs to one colleague here, and its e-mail to another. An "
                    "administrator can untie it."
                )
            )
        return _active(tied.user)
    if not shown.email:
        raise Forbidden(
            _l(
                "The sign-in service does not say which e-mail address is yours, or not that it "
                "was confirmed; irm needs that the first time."
            )
        )
    if named is None:
        raise NotInvited(shown.email)
    tie(session, _active(named), shown, at)
    return named


def tie(session: Session, user: User, shown: Shown, at: dt.datetime) -> None:
    """Let an account of the sign-in service be this colleague from now on.

    Raises Forbidden where either is tied to another.
    """
    if _tied(session, shown) is not None:
        raise Forbidden(_l("This account of the sign-in service belongs to another colleague."))
    if of(session, user.id, shown.issuer) is not None:
        # The address may have been given to somebody else after she left.
        raise Forbidden(
            _l(
                "%(email)s is tied to another account of the sign-in service. An administrator "
                "can untie it.",
                email=user.email,
            )
        )
    session.add(
        UserIdentity(user_id=user.id, issuer=shown.issuer, subject=shown.subject, created_at=at)
    )
    session.flush()
    audit.record(session, user, Action.IDENTITY_CHANGED, at, user_id=user.id, change="tied")


def of(session: Session, user_id: int, issuer: str) -> UserIdentity | None:
    """The account of this service that a colleague is tied to, if there is one."""
    return session.scalar(
        select(UserIdentity).where(UserIdentity.user_id == user_id, UserIdentity.issuer == issuer)
    )


def untie(session: Session, user: User, at: dt.datetime) -> bool:
    """Forget which accounts a colleague is tied to; says whether there were any."""
    gone = delete(UserIdentity).where(UserIdentity.user_id == user.id).returning(UserIdentity.id)
    if not session.scalars(gone).all():
        return False
    audit.record(session, None, Action.IDENTITY_CHANGED, at, user_id=user.id, change="untied")
    return True


def _tied(session: Session, shown: Shown) -> UserIdentity | None:
    return session.scalar(
        select(UserIdentity).where(
            UserIdentity.issuer == shown.issuer, UserIdentity.subject == shown.subject
        )
    )


def _named(session: Session, shown: Shown) -> User | None:
    """Whoever has the e-mail, whether she still works here or not."""
    if not shown.email:
        return None
    return session.scalar(select(User).where(User.email_key == fold(shown.email)))


def _active(user: User) -> User:
    if not user.is_active:
        raise Forbidden(_l("Your account was deactivated; an administrator decides."))
    return user
