"""A plan as it was made: what it rests on, how it came out, and whom it leaves out."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base, Json
from irm.models.brand import Brand
from irm.models.relationship import Relationship
from irm.models.user import User


class Plan(Base):
    """One run of the planner over a brand. What it planned are touchpoints, planned by it."""

    __tablename__ = "plans"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    #: Its first day, and how many weeks it reaches.
    from_on: Mapped[dt.date]
    weeks: Mapped[int]
    #: Figures of the whole and of each colleague, as codes and numbers.
    outcome: Mapped[Json] = mapped_column(default=dict)
    #: Null: the night's own.
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    made_at: Mapped[dt.datetime]


Index(None, Plan.brand_id, Plan.made_at)


class PlanGap(Base):
    """Somebody who does not fit into a brand's newest plan, and what that costs."""

    __tablename__ = "plan_gaps"

    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), primary_key=True
    )
    #: What is missing: `contact`, or the duty of a campaign: `thanks`, `results`, `between`.
    what: Mapped[str] = mapped_column(String(16), primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    #: Why it does not fit, as a code with parameters.
    why: Mapped[Json] = mapped_column(default=dict)
    #: Days beyond the worst limit within the plan's weeks, and the debt they are.
    days: Mapped[int] = mapped_column(default=0)
    debt: Mapped[float] = mapped_column(default=0.0)


Index(None, PlanGap.brand_id, PlanGap.owner_id, PlanGap.debt)
