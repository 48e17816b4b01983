"""People who were erased: nothing of theirs but what keeps them from coming back."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Json
from irm.models.user import User


class Erasure(Base):
    """That somebody was erased, when and by whom; replayed after an old backup is restored."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The id they had; the row is gone or blank.
    influencer_id: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    at: Mapped[dt.datetime]
    #: What had to be kept, as codes with counts.
    kept: Mapped[Json] = mapped_column(default=dict)


class ErasedKey(Base):
    """A salted hash of a handle, an id, an address or a number of somebody who was erased."""

    __tablename__ = "erased_keys"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    erasure_id: Mapped[int] = mapped_column(ForeignKey(Erasure.id, ondelete="CASCADE"), index=True)
