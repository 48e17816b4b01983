"""A review of the funnel: card by card through what moved or should have, and what was decided."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, Json, LabelledEnum, growing
from irm.models.brand import Brand
from irm.models.relationship import Relationship
from irm.models.touchpoint import Touchpoint
from irm.models.user import User


class Decision(LabelledEnum):
    """What a review says of one card."""

    MOVED = "moved", _l("Moved")
    STAYS = "stays", _l("Stays where it is")
    PLANNED = "planned", _l("A touchpoint is planned")
    PAUSED = "paused", _l("Paused")
    LATER = "later", _l("Next time")


class Review(Base):
    """One sitting; what it decided, the next one does not look at again."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: From when on it looks at what happened.
    since: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    #: Whom the minutes were mailed to, as ids.
    recipients: Mapped[Json] = mapped_column(default=list)
    #: What the reach rested on when it was closed, as codes of irm/network/risk.py; empty:
    #: nobody had measured that. Null: it is open, or was closed before this was kept.
    rests_on: Mapped[Json | None]
    row_version: Mapped[int] = mapped_column(default=1)

    brand: Mapped[Brand] = orm.relationship()
    user: Mapped[User | None] = orm.relationship()

    __mapper_args__ = {"version_id_col": row_version}


Index(None, Review.brand_id, Review.closed_at)


class ReviewItem(Base):
    """One card of a review, why it is looked at, and what was decided."""

    __tablename__ = "review_items"
    __table_args__ = (UniqueConstraint("review_id", "relationship_id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey(Review.id, ondelete="CASCADE"))
    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    #: Its place in the sitting.
    place: Mapped[int]
    #: Why it is here, as codes with parameters: [{"code": "moved", …}, …].
    why: Mapped[Json] = mapped_column(default=list)
    #: Null: nobody has decided yet.
    decision: Mapped[Decision | None] = mapped_column(growing(Decision))
    note: Mapped[str] = mapped_column(String(500), default="")
    touchpoint_id: Mapped[int | None] = mapped_column(
        ForeignKey(Touchpoint.id, ondelete="SET NULL")
    )
    decided_at: Mapped[dt.datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    review: Mapped[Review] = orm.relationship()
    relationship: Mapped[Relationship] = orm.relationship()
    touchpoint: Mapped[Touchpoint | None] = orm.relationship()
    decided_by: Mapped[User | None] = orm.relationship()
