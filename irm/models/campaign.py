"""A dated push of one brand with its members; the rest of the year is between campaigns."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base
from irm.models.brand import Brand
from irm.models.relationship import Relationship
from irm.models.user import User


class Campaign(Base):
    """One campaign, from its first day to its last."""

    __tablename__ = "campaigns"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="order"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    goal: Mapped[str] = mapped_column(String(500), default="")
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    #: Whoever runs it.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: Called off: it is kept, and nothing is planned around it.
    cancelled_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    brand: Mapped[Brand] = orm.relationship()
    owner: Mapped[User | None] = orm.relationship(foreign_keys=owner_id)

    __mapper_args__ = {"version_id_col": row_version}


Index(None, Campaign.brand_id, Campaign.ends_on)


class CampaignDay(Base):
    """A day of a campaign on which people meet: an event."""

    __tablename__ = "campaign_days"
    __table_args__ = (UniqueConstraint("campaign_id", "day", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey(Campaign.id, ondelete="CASCADE"))
    day: Mapped[dt.date]
    name: Mapped[str] = mapped_column(String(120))


class CampaignMember(Base):
    """A relationship that takes part in a campaign."""

    __tablename__ = "campaign_members"
    __table_args__ = (UniqueConstraint("campaign_id", "relationship_id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey(Campaign.id, ondelete="CASCADE"))
    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    added_at: Mapped[dt.datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    campaign: Mapped[Campaign] = orm.relationship()
    relationship: Mapped[Relationship] = orm.relationship()
