"""Two people who may be one, and what was decided about it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, Json, LabelledEnum, closed
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.user import User


class DuplicateState(LabelledEnum):
    """What was decided about a pair."""

    OPEN = "open", _l("To decide")
    LATER = "later", _l("Later")
    DISTINCT = "distinct", _l("Not the same")
    MERGED = "merged", _l("Merged")


class Duplicate(Base):
    """A pair of people who may be one, the smaller id first."""

    __tablename__ = "duplicates"
    __table_args__ = (
        UniqueConstraint("left_id", "right_id"),
        CheckConstraint("left_id < right_id", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    left_id: Mapped[int] = mapped_column(ForeignKey(Influencer.id, ondelete="CASCADE"))
    right_id: Mapped[int] = mapped_column(ForeignKey(Influencer.id, ondelete="CASCADE"), index=True)
    #: How likely it is, 0 to 100.
    score: Mapped[float]
    #: What they have in common, as codes with parameters.
    reasons: Mapped[Json] = mapped_column(default=list)
    state: Mapped[DuplicateState] = mapped_column(
        closed(DuplicateState, "state"), default=DuplicateState.OPEN
    )
    found_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    left: Mapped[Influencer] = orm.relationship(foreign_keys=left_id)
    right: Mapped[Influencer] = orm.relationship(foreign_keys=right_id)


Index(None, Duplicate.state, Duplicate.score, Duplicate.id)


class Merge(Base):
    """Two people made one, with all that is needed to make them two again."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey(Influencer.id, ondelete="CASCADE"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey(Influencer.id, ondelete="CASCADE"), index=True)
    #: Where it was decided.
    brand_id: Mapped[int | None] = mapped_column(ForeignKey(Brand.id, ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    at: Mapped[dt.datetime]
    #: The columns of both as they were, and which rows moved from whom.
    record: Mapped[Json] = mapped_column(default=dict)
    undone_at: Mapped[dt.datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: What could not be split again, as codes with parameters.
    report: Mapped[Json] = mapped_column(default=list)
