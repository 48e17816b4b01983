"""Somebody who is asked to join the team, and what she will be there."""

import datetime as dt

from sqlalchemy import ForeignKey, String, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, LabelledEnum, closed
from irm.models.brand import Brand, Role
from irm.models.user import User


class InvitationState(LabelledEnum):
    """Where an invitation stands; read off its moments, not stored."""

    WAITING = "waiting", _l("Waiting for an answer")
    EXPIRED = "expired", _l("Expired")
    ACCEPTED = "accepted", _l("Accepted")
    WITHDRAWN = "withdrawn", _l("Withdrawn")


class Invitation(Base):
    """One person asked to work for one or more brands."""

    __tablename__ = "invitations"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[Role] = mapped_column(closed(Role))
    #: The language of the letter; she chooses her own when she accepts.
    locale: Mapped[str] = mapped_column(String(8))
    #: SHA-256 of the newest letter's token: to send another letter ends the link of the one before.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: How many letters were written.
    letters: Mapped[int] = mapped_column(default=1)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    accepted_at: Mapped[dt.datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    withdrawn_at: Mapped[dt.datetime | None]

    invited_by: Mapped[User | None] = orm.relationship(foreign_keys=[invited_by_id])
    brands: Mapped[list[Brand]] = orm.relationship(
        secondary="invitation_brands", order_by=Brand.name_key
    )

    def state(self, at: dt.datetime) -> InvitationState:
        """Where it stands at a moment."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        return InvitationState.WAITING if at < self.expires_at else InvitationState.EXPIRED


class InvitationBrand(Base):
    """One of the brands somebody is invited to."""

    __tablename__ = "invitation_brands"

    invitation_id: Mapped[int] = mapped_column(
        ForeignKey(Invitation.id, ondelete="CASCADE"), primary_key=True
    )
    brand_id: Mapped[int] = mapped_column(
        ForeignKey(Brand.id, ondelete="CASCADE"), primary_key=True, index=True
    )
