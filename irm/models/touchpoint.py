"""What is planned: one contact, due on a day, with a reason."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, Json, LabelledEnum, closed
from irm.models.relationship import Relationship
from irm.models.user import User


class State(LabelledEnum):
    """Open until it was done or skipped."""

    OPEN = "open", _l("Open")
    DONE = "done", _l("Done")
    SKIPPED = "skipped", _l("Skipped")


class Planner(LabelledEnum):
    """Who put it there: what a person planned or took a hand in, irm does not move."""

    PERSON = "person", _l("A colleague")
    CADENCE = "cadence", _l("The cadence")
    PLAN = "plan", _l("The plan")


class Touchpoint(Base):
    """One planned contact. `due_on` is a day in the owner's zone."""

    __tablename__ = "touchpoints"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    due_on: Mapped[dt.date]
    #: `give`, `ask` or `talk`; the words of an interaction's kind.
    kind: Mapped[str] = mapped_column(String(8), default="talk")
    #: What for, in the planner's own words; empty where the cadence planned it.
    purpose: Mapped[str] = mapped_column(String(200), default="")
    tactic: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    #: Why now, as a code with parameters: {"code": "cadence", "days": 14, …}.
    why: Mapped[Json] = mapped_column(default=dict)
    state: Mapped[State] = mapped_column(closed(State), default=State.OPEN)
    planned_by: Mapped[Planner] = mapped_column(closed(Planner), default=Planner.PERSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: The campaign it belongs to: its warm-up, its thanks, its results.
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id", ondelete="SET NULL"))
    #: What it costs of a colleague's week; null: what its kind usually costs.
    minutes: Mapped[int | None]
    #: Stays on its day, whatever is planned anew.
    is_pinned: Mapped[bool] = mapped_column(default=False)
    snoozes: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[dt.datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    relationship: Mapped[Relationship] = orm.relationship()
    owner: Mapped[User | None] = orm.relationship(foreign_keys=owner_id)

    __mapper_args__ = {"version_id_col": row_version}


_open = Touchpoint.state == State.OPEN
_of_campaign = Touchpoint.campaign_id.is_not(None)
Index(None, Touchpoint.campaign_id, sqlite_where=_of_campaign, postgresql_where=_of_campaign)
Index(
    "ix_touchpoints_due",
    Touchpoint.owner_id,
    Touchpoint.due_on,
    Touchpoint.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
