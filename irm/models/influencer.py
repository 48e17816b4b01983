"""A person (or page) with an audience: intrinsic facts only."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, Big, LabelledEnum, closed, growing
from irm.models.user import User


class Tier(LabelledEnum):
    """How large a stage the person stands on, in the field's own words."""

    MACRO = "macro", _l("Macro")
    MIDDLE = "middle", _l("Magic middle")
    MICRO = "micro", _l("Micro")


class Archetype(LabelledEnum):
    """A face of influence: what makes people listen to this person."""

    CELEBRITY = "celebrity", _l("Celebrity")
    JOURNALIST = "journalist", _l("Journalist")
    ANALYST = "analyst", _l("Analyst")
    POLITICIAN = "politician", _l("Politician")
    EXPERT = "expert", _l("Subject expert")
    COMMUNITY_LEADER = "community_leader", _l("Community leader")
    CREATOR = "creator", _l("Creator")
    LOCAL = "local", _l("Local voice")
    FAN = "fan", _l("Fan")


class Origin(LabelledEnum):
    """Where the person stands towards us before any relationship."""

    EXTERNAL = "external", _l("External")
    EMPLOYEE = "employee", _l("Employee")
    PARTNER = "partner", _l("Partner")
    CUSTOMER = "customer", _l("Customer")


class LawfulBasis(LabelledEnum):
    """Why we may keep what we keep about a person (GDPR, article 6)."""

    LEGITIMATE_INTEREST = "legitimate_interest", _l("Legitimate interest")
    CONSENT = "consent", _l("Consent")
    CONTRACT = "contract", _l("Contract with them")
    LEGAL_OBLIGATION = "legal_obligation", _l("Legal obligation")
    PUBLIC_INTEREST = "public_interest", _l("Public interest")


class Influencer(Base):
    """One person over all their accounts. What a brand thinks of them hangs on Relationship."""

    __tablename__ = "influencers"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(80))
    city: Mapped[str | None] = mapped_column(String(120))
    language: Mapped[str | None] = mapped_column(String(8))
    #: Codes of the other languages they publish in, with blanks between.
    further_languages: Mapped[str | None] = mapped_column(String(80))
    timezone: Mapped[str | None] = mapped_column(String(64))
    bio: Mapped[str | None] = mapped_column(Text)
    #: What lists say they publish about, as the list wrote it.
    categories: Mapped[str | None] = mapped_column(String(200))
    archetype: Mapped[Archetype | None] = mapped_column(growing(Archetype))
    origin: Mapped[Origin] = mapped_column(closed(Origin), default=Origin.EXTERNAL)
    #: Computed by the thresholds, or set by a person who then stands in `tier_set_by_id`.
    tier: Mapped[Tier] = mapped_column(closed(Tier), default=Tier.MICRO)
    tier_set_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    tier_reason: Mapped[str | None] = mapped_column(String(200))
    #: When they set it; null where it is not set by hand, or was before irm wrote it down.
    tier_set_at: Mapped[dt.datetime | None]
    preferred_channel: Mapped[str | None] = mapped_column(String(32))
    #: The most contacts a month this person wants; null: they never said.
    contact_ceiling: Mapped[int | None]
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    business_model: Mapped[str | None] = mapped_column(Text)
    looks_for: Mapped[str | None] = mapped_column(Text)
    may_be_paid: Mapped[bool | None]
    may_be_paid_why: Mapped[str | None] = mapped_column(String(200))
    #: Largest account plus part of the others; null: not known.
    audience: Mapped[Big | None]
    reach: Mapped[float | None]
    resonance: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    lawful_basis: Mapped[str] = mapped_column(String(40), default="legitimate_interest")
    #: False: a stranger, known only as an end of a tie; left out unless asked for.
    known: Mapped[bool] = mapped_column(default=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("influencers.id"))
    archived_at: Mapped[dt.datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}


#: The few of a tier or an archetype, for the columns of the board.
Index(None, Influencer.tier)
Index(None, Influencer.archetype)
_merged = Influencer.merged_into_id.is_not(None)
Index(None, Influencer.merged_into_id, sqlite_where=_merged, postgresql_where=_merged)
_archived = Influencer.archived_at.is_not(None)
Index(None, Influencer.archived_at, sqlite_where=_archived, postgresql_where=_archived)


class ContactPoint(Base):
    """A way to write to or call a person; one belongs to one person."""

    __tablename__ = "contact_points"
    __table_args__ = (UniqueConstraint("kind", "value_key"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    #: `email`, `phone`, `address`, `website`, …
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(300))
    #: The value normalised, so that two ways of writing it are one.
    value_key: Mapped[str] = mapped_column(String(300))
