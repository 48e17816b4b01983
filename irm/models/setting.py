"""Settings of the organisation, those that a person may change while irm runs."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Json


class Setting(Base):
    """One organisation-wide value under its name, such as the tier thresholds."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Json]
