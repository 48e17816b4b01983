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
    #: Whose brand it was done for and with whom, as far as the ids say it; irm/audit.py fills both
    #: in. No keys of other tables: an entry outlives what it is about.
    brand_id: Mapped[int | None]
    influencer_id: Mapped[int | None]


Index(None, AuditEntry.action, AuditEntry.at)
#: Whoever reads the audit asks for those of a colleague, a brand or a person, the newest first.
Index(None, AuditEntry.actor_id, AuditEntry.at)
Index(None, AuditEntry.brand_id, AuditEntry.at)
Index(None, AuditEntry.influencer_id, AuditEntry.at)
