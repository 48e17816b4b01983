"""Somebody who was asked to introduce us to somebody, and what became of it."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, Json, LabelledEnum
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.relationship import Relationship
from irm.models.touchpoint import Touchpoint
from irm.models.user import User


class IntroductionState(LabelledEnum):
    """How far an introduction has come; read from its ask, never stored."""

    PLANNED = "planned", _l("To be asked")
    ASKED = "asked", _l("Asked")
    AGREED = "agreed", _l("Agreed to introduce us")
    MADE = "made", _l("Introduced")
    DECLINED = "declined", _l("Declined")
    UNANSWERED = "unanswered", _l("No answer")
    DROPPED = "dropped", _l("Not asked")


class Introduction(Base):
    """One asking of one connector for the way to one person; what it costs fades in months.

    How far it has come is what became of its touchpoint and of the exchange that kept it: who takes
    that back, or writes another outcome, changes the introduction with it.
    """

    __tablename__ = "introductions"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    #: Whose kindness it costs.
    connector_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    #: To whom.
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    #: The ask that was planned for it.
    touchpoint_id: Mapped[int | None] = mapped_column(
        ForeignKey(Touchpoint.id, ondelete="SET NULL"), index=True
    )
    #: Ids of the people on the way, from the connector to the person.
    path: Mapped[Json] = mapped_column(default=list)
    #: When a colleague noted that they brought us together; null: not yet, or never.
    made_at: Mapped[dt.datetime | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}


Index(None, Introduction.brand_id, Introduction.created_at)
