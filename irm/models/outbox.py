"""Every mail irm sends, from the moment it is due to what the server said."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, Json, LabelledEnum, closed
from irm.models.brand import Brand
from irm.models.user import User


class Category(LabelledEnum):
    """What a mail is for; it decides its turn and what to do in doubt."""

    SECURITY = "security", _l("Security")
    TEAM = "team", _l("Team")
    EXTERNAL = "external", _l("External")
    CAMPAIGN = "campaign", _l("Campaign")


class DoubtPolicy(LabelledEnum):
    """What to do when nobody knows whether the server took it."""

    HOLD = "hold", _l("Ask a person")
    RESEND = "resend", _l("Send once more")


class MailState(LabelledEnum):
    """Where a mail stands; never nowhere."""

    PENDING = "pending", _l("Waiting")
    CLAIMED = "claimed", _l("Being prepared")
    SENDING = "sending", _l("Being sent")
    SENT = "sent", _l("Sent")
    HELD = "held", _l("Needs a decision")
    FAILED = "failed", _l("Failed")
    CANCELLED = "cancelled", _l("Cancelled")
    SUPPRESSED = "suppressed", _l("Suppressed")


class Outbox(Base):
    """One mail to one recipient, as it was rendered; a retry sends the same bytes."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: `digest:{user}:{local date}`, or `{letter}:{subject}:{recipient}`: one and only one.
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    letter: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey(User.id, ondelete="SET NULL"), index=True
    )
    brand_id: Mapped[int | None] = mapped_column(ForeignKey(Brand.id, ondelete="SET NULL"))
    #: The ids of every brand its text tells of, as it was written: who may read it later.
    tells_of: Mapped[Json] = mapped_column(default=list)
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body_text: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    headers: Mapped[Json] = mapped_column(default=dict)
    category: Mapped[Category] = mapped_column(closed(Category))
    doubt_policy: Mapped[DoubtPolicy] = mapped_column(closed(DoubtPolicy, "doubt_policy"))
    state: Mapped[MailState] = mapped_column(closed(MailState, "state"), default=MailState.PENDING)
    #: Lower goes first: security 0, team 10, external 20, campaign 30.
    priority: Mapped[int] = mapped_column(default=10)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[dt.datetime]
    deadline_at: Mapped[dt.datetime]
    claim_token: Mapped[str | None] = mapped_column(String(80))
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[dt.datetime | None]
    marked_at: Mapped[dt.datetime | None]
    #: How often nobody knew whether it went out.
    doubt: Mapped[int] = mapped_column(default=0)
    last_code: Mapped[int | None]
    last_text: Mapped[str | None] = mapped_column(String(500))
    relay_queue_id: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    resolved_note: Mapped[str | None] = mapped_column(String(200))


Index(None, Outbox.state, Outbox.not_before, Outbox.id)
Index(None, Outbox.state, Outbox.marked_at)

#: Letters whose text opens an account, as long as they hold it; irm/mail/confidential.py.
HOLDS_A_SECRET = text("letter IN ('reset', 'invitation') AND body_text <> ''")
Index(
    "ix_outbox_secret",
    Outbox.id,
    sqlite_where=HOLDS_A_SECRET,
    postgresql_where=HOLDS_A_SECRET,
)


class OutboxAttempt(Base):
    """One try to hand a mail to the server; only ever added to."""

    __tablename__ = "outbox_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey(Outbox.id, ondelete="CASCADE"), index=True)
    n: Mapped[int]
    claim_token: Mapped[str | None] = mapped_column(String(80))
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    stage: Mapped[str] = mapped_column(String(20))
    code: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(String(500))
    #: `accepted`, `deferred`, `refused`, `unknown`, `expired`.
    outcome: Mapped[str | None] = mapped_column(String(20))


class Suppression(Base):
    """An address that must not be written to, kept as a hash."""

    __tablename__ = "suppressions"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: `hard_bounce`, `soft`, `complaint`, `unsubscribe`, `erased`.
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime]


class ChannelHealth(Base):
    """Whether the mail server answers; a breaker so that a dead one is not hammered."""

    __tablename__ = "channel_health"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: `closed` (all well), `open` (waiting until), `half_open` (one mail tries).
    state: Mapped[str] = mapped_column(String(10), default="closed")
    until: Mapped[dt.datetime | None]
    consecutive_failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(500))
    since: Mapped[dt.datetime | None]
    #: Mails that went their way since `window_at`, the beginning of the present minute.
    window_sent: Mapped[int] = mapped_column(default=0)
    window_at: Mapped[dt.datetime | None]
    #: The pace the server taught us when it sent us away, and when it last did.
    per_minute: Mapped[int | None]
    limited_at: Mapped[dt.datetime | None]
