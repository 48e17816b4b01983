"""What was read from the funnel's history and took long: kept until it is read again."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Json
from irm.models.brand import Brand


class Reading(Base):
    """One reading of a brand's moves as of a moment; numbers alone, nobody is named in it."""

    __tablename__ = "readings"

    brand_id: Mapped[int] = mapped_column(
        ForeignKey(Brand.id, ondelete="CASCADE"), primary_key=True
    )
    #: Which reading: the name of a part of irm/funnel/reading.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: What was asked, such as a period and an owner, as the reading writes it.
    asked: Mapped[str] = mapped_column(String(80), primary_key=True)
    as_of: Mapped[dt.datetime]
    result: Mapped[Json] = mapped_column(default=dict)
