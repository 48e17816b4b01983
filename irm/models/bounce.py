"""What came back for a mail that the server had taken."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, LabelledEnum, closed
from irm.models.outbox import Outbox


class BounceKind(LabelledEnum):
    """What a report says of a mail; it decides whether the address is written to again."""

    HARD = "hard", _l("There is no such address")
    SOFT = "soft", _l("The mailbox did not take it")
    POLICY = "policy", _l("The other side did not want it")
    COMPLAINT = "complaint", _l("The reader called it spam")
    DELAYED = "delayed", _l("It is on its way, but late")
    OTHER = "other", _l("It could not be delivered")


class Bounce(Base):
    """One report about one mail; a report that comes twice is kept once."""

    __tablename__ = "bounces"
    __table_args__ = (UniqueConstraint("report_key", "outbox_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The hash of the report's own Message-ID.
    report_key: Mapped[str] = mapped_column(String(64))
    outbox_id: Mapped[int] = mapped_column(ForeignKey(Outbox.id, ondelete="CASCADE"), index=True)
    kind: Mapped[BounceKind] = mapped_column(closed(BounceKind, "kind"))
    #: As in RFC 3463, "5.1.1"; empty where the report names none.
    status: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[dt.datetime]
    #: Whether somebody had the address written to again: it no longer counts against it.
    is_forgiven: Mapped[bool] = mapped_column(default=False)


Index(None, Bounce.kind, Bounce.at)
