"""People who passed from one colleague to another, for good or for a while."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base
from irm.models.brand import Brand
from irm.models.relationship import Relationship
from irm.models.user import User


class Handover(Base):
    """One handover; undone as a whole where nobody has touched it since."""

    __tablename__ = "handovers"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    from_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: The day on which they go back; null: for good.
    back_on: Mapped[dt.date | None]
    returned_at: Mapped[dt.datetime | None]
    why: Mapped[str] = mapped_column(String(200), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]


Index(None, Handover.brand_id, Handover.at)


class HandoverItem(Base):
    """One relationship that passed on, and to whom."""

    __tablename__ = "handover_items"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(
        ForeignKey(Handover.id, ondelete="CASCADE"), index=True
    )
    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    to_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: How many open touchpoints went along.
    touchpoints: Mapped[int] = mapped_column(default=0)
