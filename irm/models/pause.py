"""A relationship that was left in peace for a while: until when, why, and who said so."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base
from irm.models.relationship import Relationship
from irm.models.user import User


class Pause(Base):
    """One pause as it was made; nothing is deleted.

    Which one holds stands in the relationship: it ends by itself on its day, so that no job has to
    come by.
    """

    __tablename__ = "pauses"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    #: The day on which they are back.
    until: Mapped[dt.date]
    why: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: When somebody ended it before its day, or made another of it.
    ended_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    relationship: Mapped[Relationship] = orm.relationship()


Index(None, Pause.relationship_id, Pause.at)
