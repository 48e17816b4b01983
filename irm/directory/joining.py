"""Accepting an invitation as whom the sign-in service says somebody is, without a password."""

import datetime as dt
import secrets

from sqlalchemy.orm import Session

from irm.directory import identities, invitations
from irm.directory.identities import Shown
from irm.errors import Forbidden
from irm.i18n import _l
from irm.models import User
from irm.models.keys import fold


def by_identity(
    session: Session, token: str, shown: Shown, *, name: str, timezone: str, at: dt.datetime
) -> User:
    """Make a colleague of whoever was invited, or let her who is one already join.

    Nobody is told the password she has then: she may choose one by mail. Raises Gone where the
    link does not work, Forbidden where it is somebody else's; the link then works still.
    """
    invitation = invitations.of_token(session, token, at)
    if fold(shown.email) != invitation.email_key:
        raise Forbidden(
            _l(
                "This invitation is for %(email)s. The sign-in service says that you are somebody "
                "else, or not that this address was confirmed.",
                email=invitation.email,
            )
        )
    there = invitations.user_of(session, invitation.email)
    if there is not None:
        user = identities.user_of(session, shown, at)
        invitations.accept_as(session, token, user, at)
        return user
    user = invitations.accept(
        session,
        token,
        name=name.strip() or invitation.name,
        password=secrets.token_urlsafe(48),
        locale=invitation.locale,
        timezone=timezone,
        at=at,
    )
    identities.tie(session, user, shown, at)
    return user
