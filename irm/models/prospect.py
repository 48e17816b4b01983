"""Influencer × brand before the funnel: somebody a brand may want to begin with."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base, Json
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.relationship import UNKNOWN_ORDER


class Prospect(Base):
    """Somebody who is not in a brand's funnel, and how well what they say fits its topics.

    Those a brand brought in itself (`is_own`) its members may see. The others stand in other
    brands' funnels: here are the best of them, and only who is in such a brand too may see them.
    """

    __tablename__ = "prospects"
    __table_args__ = (UniqueConstraint("brand_id", "influencer_id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    is_own: Mapped[bool] = mapped_column(default=False)
    relevance: Mapped[float | None]
    fit: Mapped[float | None]
    #: Why, as in `scores`: the topics, and the newest posts that speak of each.
    reasons: Mapped[Json] = mapped_column(default=list)
    #: 100 minus relevance, UNKNOWN_ORDER where it is not known: never null, so pages go by key.
    relevance_order: Mapped[float] = mapped_column(default=UNKNOWN_ORDER)
    #: When somebody said "not for us"; they are not proposed again.
    dismissed_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


Index(None, Prospect.brand_id, Prospect.relevance_order, Prospect.id)
