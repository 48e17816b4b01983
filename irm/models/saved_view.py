"""Filters of a list under a name, for one colleague, a team or all."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Json
from irm.models.brand import Brand
from irm.models.team import Team
from irm.models.user import User


class SavedView(Base):
    """What stands in the address of a list, and the columns it shows."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    #: Who made it; only she and the leads change it.
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    #: Of which page: `influencers` or `funnel`.
    page: Mapped[str] = mapped_column(String(20), default="influencers")
    name: Mapped[str] = mapped_column(String(80))
    #: Whether all members of the brand see it.
    is_team: Mapped[bool] = mapped_column(default=False)
    #: The one team whose members see it, where it is shared with no more than that.
    team_id: Mapped[int | None] = mapped_column(
        ForeignKey(Team.id, ondelete="SET NULL"), index=True
    )
    #: The query string: filters and sort.
    query: Mapped[str] = mapped_column(String(2000))
    columns: Mapped[Json] = mapped_column(default=list)
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = orm.relationship()
    team: Mapped[Team | None] = orm.relationship()

    @property
    def shared_team(self) -> Team | None:
        """The team it is shared with; of one that is removed it is its maker's alone."""
        return self.team if self.team is not None and self.team.removed_at is None else None

    __mapper_args__ = {"version_id_col": row_version}


Index(None, SavedView.brand_id, SavedView.page)
