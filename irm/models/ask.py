"""What we want of somebody, thought through before it is asked."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base
from irm.models.relationship import Relationship
from irm.models.touchpoint import Touchpoint
from irm.models.user import User


class Ask(Base):
    """The answers of the ask form, kept with the touchpoint that it planned.

    What was asked in the end is an interaction of kind `ask`, with its outcome.
    """

    __tablename__ = "asks"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    touchpoint_id: Mapped[int | None] = mapped_column(
        ForeignKey(Touchpoint.id, ondelete="SET NULL"), unique=True
    )
    #: What we want.
    wish: Mapped[str] = mapped_column(String(500))
    #: What is in it for them, whether it serves their community, whether it fits shared values.
    benefit: Mapped[str] = mapped_column(String(500))
    community: Mapped[str] = mapped_column(String(500))
    shared_values: Mapped[str] = mapped_column(String(500))
    #: Gives since the last ask when it was planned, and how many the gate wanted; null: it never
    #: opens at that stage by itself.
    gives: Mapped[int] = mapped_column(default=0)
    gives_needed: Mapped[int | None]
    #: Why it was planned although the gate was shut.
    override_reason: Mapped[str | None] = mapped_column(String(500))
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey(User.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[dt.datetime]

    relationship: Mapped[Relationship] = orm.relationship()
    touchpoint: Mapped[Touchpoint | None] = orm.relationship()
    author: Mapped[User | None] = orm.relationship()


_overridden = Ask.override_reason.is_not(None)
Index(
    "ix_asks_overridden",
    Ask.created_at,
    sqlite_where=_overridden,
    postgresql_where=_overridden,
)
