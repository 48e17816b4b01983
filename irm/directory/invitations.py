"""Asking somebody into the team: a letter with a link, which she answers by choosing a password."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from irm import audit
from irm.audit import Action
from irm.directory import team, tokens
from irm.directory.tokens import Purpose
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.models import (
    Brand,
    BrandMember,
    Invitation,
    InvitationBrand,
    InvitationState,
    Role,
    User,
)
from irm.models.keys import fold

#: How long a letter's link works.
LASTS = dt.timedelta(days=7)


class Gone(Refused):
    """The link does not work; the sentence says why, as far as whoever holds it may know."""

    status = 410

    def __init__(self, state: InvitationState | None) -> None:
        super().__init__(_WHY[state])
        #: Where the invitation stands; None: there is none of this link.
        self.state = state


_WHY = {
    None: _l("This invitation is not known here: a newer letter may have taken its place."),
    InvitationState.ACCEPTED: _l("This invitation was used already. Sign in with your password."),
    InvitationState.EXPIRED: _l("This invitation is older than 7 days. Ask for a new one."),
    InvitationState.WITHDRAWN: _l("This invitation was withdrawn."),
}


def of_brands(brand_ids: Collection[int] | None) -> Select[Invitation]:
    """Select the invitations to any of these brands (None: to all there are), the newest first."""
    statement = (
        select(Invitation)
        .options(selectinload(Invitation.brands), joinedload(Invitation.invited_by))
        .order_by(Invitation.id.desc())
    )
    if brand_ids is None:
        return statement
    there = select(InvitationBrand.invitation_id).where(InvitationBrand.brand_id.in_(brand_ids))
    return statement.where(Invitation.id.in_(there))


def user_of(session: Session, email: str) -> User | None:
    """Who has this address already.

    Raises Refused where it is no address, or that of a colleague who was deactivated.
    """
    user = session.scalar(select(User).where(User.email_key == fold(team.email_address(email))))
    if user is not None and not user.is_active:
        raise Refused(_l("%(name)s was deactivated; an administrator decides.", name=user.name))
    return user


def add_member(
    session: Session,
    user: User,
    brands: Sequence[Brand],
    role: Role,
    *,
    by: User | None,
    at: dt.datetime,
) -> list[Brand]:
    """Let somebody who is here already work for more brands; return those that are new to her.

    Where she is a member already, her role stays.
    """
    known = set(session.scalars(select(BrandMember.brand_id).where(BrandMember.user_id == user.id)))
    added = [brand for brand in brands if brand.id not in known]
    for brand in added:
        team.join(session, user, brand, role)
        audit.record(
            session,
            by,
            Action.MEMBER_ADDED,
            at,
            brand_id=brand.id,
            user_id=user.id,
            role=role.value,
        )
    return added


def invite(
    session: Session,
    *,
    name: str,
    email: str,
    brands: Sequence[Brand],
    role: Role,
    locale: str,
    token: str,
    by: User,
    at: dt.datetime,
) -> Invitation:
    """Invite somebody who is not here yet.

    Raises Refused where the address is none, or an invitation to one of the brands waits already.
    """
    address = team.email_address(email)
    key = fold(address)
    if len(key) > team.EMAIL_LENGTH:
        raise Refused(_l("“%(text)s” is not an e-mail address.", text=address[:80]))
    waiting = of_brands([brand.id for brand in brands]).where(
        Invitation.email_key == key,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > at,
    )
    if session.scalars(waiting.limit(1)).first() is not None:
        raise Refused(
            _l("%(email)s is invited already. You can send the letter again.", email=address)
        )
    made = Invitation(
        name=name,
        email=address,
        email_key=key,
        role=role,
        locale=locale,
        token_hash=tokens.kept(token, Purpose.INVITATION),
        invited_by=by,
        created_at=at,
        sent_at=at,
        expires_at=at + LASTS,
        brands=list(brands),
    )
    session.add(made)
    session.flush()
    _record(session, made, "sent", by, at)
    return made


def send_again(
    session: Session, invitation: Invitation, token: str, by: User, at: dt.datetime
) -> None:
    """Give an invitation another letter, and 7 more days; the link of the one before is dead.

    Raises Stale where it was answered or withdrawn.
    """
    _change(
        session,
        invitation,
        token_hash=tokens.kept(token, Purpose.INVITATION),
        letters=Invitation.letters + 1,
        sent_at=at,
        expires_at=at + LASTS,
    )
    _record(session, invitation, "sent_again", by, at)


def withdraw(session: Session, invitation: Invitation, by: User, at: dt.datetime) -> None:
    """Take an invitation back.

    Raises Stale where it was answered or withdrawn.
    """
    _change(session, invitation, withdrawn_at=at)
    _record(session, invitation, "withdrawn", by, at)


def of_token(session: Session, token: str, at: dt.datetime) -> Invitation:
    """The invitation that waits for an answer under this token; nothing is used up.

    Raises Gone where the link does not work.
    """
    invitation = session.scalar(
        select(Invitation).where(Invitation.token_hash == tokens.kept(token, Purpose.INVITATION))
    )
    state = None if invitation is None else invitation.state(at)
    if invitation is None or state is not InvitationState.WAITING:
        raise Gone(state)
    return invitation


def accept(
    session: Session,
    token: str,
    *,
    name: str,
    password: str,
    locale: str,
    timezone: str,
    at: dt.datetime,
) -> User:
    """Make a colleague of whoever was invited; the link is used up.

    Raises Gone where the link does not work, Refused where the password will not do: the link
    then works still.
    """
    invitation = of_token(session, token, at)
    user = team.add_user(
        session,
        name=name,
        email=invitation.email,
        password=password,
        known_as=invitation.name,
        locale=locale,
        timezone=timezone,
        at=at,
    )
    _take(session, invitation, user, at)
    return user


def accept_as(session: Session, token: str, user: User, at: dt.datetime) -> list[Brand]:
    """Let somebody who got an account meanwhile join; return the brands that are new to her.

    Raises Gone where the link does not work.
    """
    return _take(session, of_token(session, token, at), user, at)


def _take(session: Session, invitation: Invitation, user: User, at: dt.datetime) -> list[Brand]:
    try:
        _change(session, invitation, accepted_at=at, accepted_by_id=user.id)
    except Stale:
        raise Gone(InvitationState.ACCEPTED) from None
    _record(session, invitation, "accepted", user, at)
    return add_member(session, user, invitation.brands, invitation.role, by=user, at=at)


def _change(session: Session, invitation: Invitation, **values: object) -> None:
    """Write to an invitation that is still open: of two who try at once, one does."""
    # What she holds is what she saw: a letter that was sent meanwhile has another token.
    open_still = update(Invitation).where(
        Invitation.id == invitation.id,
        Invitation.token_hash == invitation.token_hash,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    changed = session.scalar(
        open_still.values(**values)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise Stale(_l("This invitation was answered or withdrawn meanwhile."))
    session.refresh(invitation)


def _record(
    session: Session, invitation: Invitation, change: str, by: User, at: dt.datetime
) -> None:
    action = Action.INVITATION_CHANGED
    audit.record(session, by, action, at, invitation_id=invitation.id, change=change)
