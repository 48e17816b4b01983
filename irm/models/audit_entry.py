"""Who did what, to whom, when: ids and codes only, never texts."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Json
from irm.models.user import User


class AuditEntry(Base):
    """One act, written in the transaction of the act itself, never changed."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    #: Null: irm itself, or the command line.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(40))
    #: The keys the action declares, each an id or a code.
    ids: Mapped[Json] = mapped_column(default=dict)


Index(None, AuditEntry.action, AuditEntry.at)
