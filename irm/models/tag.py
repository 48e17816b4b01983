"""Words that a brand sorts its people by."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base
from irm.models.brand import Brand
from irm.models.relationship import Relationship


class Tag(Base):
    """One word of one brand."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("brand_id", "name_key"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    #: The name folded: "Été" and "ete" are one tag.
    name_key: Mapped[str] = mapped_column(String(60))


class RelationshipTag(Base):
    """A tag on a relationship."""

    __tablename__ = "relationship_tags"

    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(
        ForeignKey(Tag.id, ondelete="CASCADE"), primary_key=True, index=True
    )
