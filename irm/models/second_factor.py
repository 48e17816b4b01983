"""The second step of signing in: codes of an app, and those on paper for when the app is gone."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base
from irm.models.user import User


class SecondFactor(Base):
    """What a colleague's app makes its codes of; it is asked for once `confirmed_at` is set."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    #: The app's secret follows from this and the key of the installation: the table alone is
    #: worth nothing.
    seed: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    #: The newest step of time whose code was used: neither it nor an older one passes again.
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A code that stands in for the app, once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    #: A slow hash of the code, salted by its owner's seed: who reads the table cannot use it.
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[dt.datetime | None]
