"""A colleague's way back in when she forgot her password: one link, once, for half an hour."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base
from irm.models.user import User


class PasswordReset(Base):
    """One link that was asked for; it works while `ended_at` is null and `bound_to` holds."""

    __tablename__ = "password_resets"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    #: SHA-256 of the token: who reads the table cannot use it.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: A hash of password and address as they were: another one of either, and the link is dead.
    bound_to: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    #: When it was used, or replaced by a newer one.
    ended_at: Mapped[dt.datetime | None]
