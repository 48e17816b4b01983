"""How often a brand wants contact, and when nobody is to be contacted, or is there to do it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, LabelledEnum, closed
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.user import User


class PolicyScope(LabelledEnum):
    """What a cadence goes by; a person's own stands in the relationship."""

    STAGE = "stage", _l("Stage")
    LEVEL = "level", _l("Level")
    CAMPAIGN = "campaign", _l("Campaign")


class CadencePolicy(Base):
    """Days between contacts for one stage, level or phase of a campaign; none: the default."""

    __tablename__ = "cadence_policies"
    __table_args__ = (
        UniqueConstraint("brand_id", "scope", "key"),
        CheckConstraint("ideal >= 1 AND worst >= ideal", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    scope: Mapped[PolicyScope] = mapped_column(closed(PolicyScope))
    #: A stage, a level, or `before`, `during`, `after` a campaign.
    key: Mapped[str] = mapped_column(String(20))
    ideal: Mapped[int]
    worst: Mapped[int]


class Absence(Base):
    """A colleague is away, or a person wants no contact: from a first day to a last."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="order"),
        CheckConstraint("(user_id IS NULL) <> (influencer_id IS NULL)", name="whose"),
        GIVEN_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    influencer_id: Mapped[int | None] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
    why: Mapped[str] = mapped_column(String(200), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]


Index(None, Absence.user_id, Absence.first_on)


class QuietSeason(Base):
    """Days on which a brand contacts nobody, such as between the years."""

    __tablename__ = "quiet_seasons"
    __table_args__ = (CheckConstraint("last_on >= first_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
    #: Whether it comes back each year on the same days.
    is_yearly: Mapped[bool] = mapped_column(default=False)
