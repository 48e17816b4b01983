"""Colleagues of a brand under one name, to filter by and to share views with."""

import datetime as dt

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base
from irm.models.brand import Brand, BrandMember
from irm.models.user import User


class Team(Base):
    """A named group of members. It owns nobody: an owner is one person."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("brand_id", "name_key"),
        # What its members lead to, so that team and member are of one brand.
        UniqueConstraint("id", "brand_id"),
        GIVEN_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    #: The name folded: "Été" and "ete" are one team. Null once it is removed: the name is free.
    name_key: Mapped[str | None] = mapped_column(String(60))
    #: What it had stays, so that the removal can be taken back; nobody sees it meanwhile.
    removed_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class TeamMember(Base):
    """Somebody in a team. Whoever works for the brand no more is in none of its teams."""

    __tablename__ = "team_members"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "brand_id"], [Team.id, Team.brand_id], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["brand_id", "user_id"],
            [BrandMember.brand_id, BrandMember.user_id],
            ondelete="CASCADE",
        ),
    )

    team_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    brand_id: Mapped[int]


Index(None, TeamMember.user_id, TeamMember.brand_id)
