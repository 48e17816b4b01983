"""What a brand wants to be part of."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Json
from irm.models.brand import Brand


class Topic(Base):
    """A theme of a brand: a name, keywords and a weight from 0 to 1."""

    __tablename__ = "topics"
    __table_args__ = (
        UniqueConstraint("brand_id", "name"),
        CheckConstraint("weight >= 0 AND weight <= 1", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    #: Words and phrases, as the brand wrote them.
    keywords: Mapped[Json] = mapped_column(default=list)
    weight: Mapped[float] = mapped_column(default=1.0)
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}
