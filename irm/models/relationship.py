"""Influencer × brand. Everything the funnel shows hangs here."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, orm, text
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l, own
from irm.models.base import GIVEN_ONCE, Base, Big, LabelledEnum, closed, growing
from irm.models.brand import Brand
from irm.models.influencer import Influencer, Tier
from irm.models.user import User

#: Stands for "nothing planned" where rows are sorted by their next touchpoint.
NEVER = dt.date(9999, 12, 31)

#: Stands for "not known" where rows are sorted by a score, best first.
UNKNOWN_ORDER = 101.0


class Stage(LabelledEnum):
    """The five stages of the funnel, in their order; a brand may call them by its own names."""

    UNAWARE = "unaware", own("unaware", _l("Unaware"))
    AWARE = "aware", own("aware", _l("Aware"))
    INTERESTED = "interested", own("interested", _l("Interested"))
    ENGAGED = "engaged", own("engaged", _l("Engaged"))
    AMBASSADOR = "ambassador", own("ambassador", _l("Ambassador"))


class Level(LabelledEnum):
    """How experienced a partner is; where set, it replaces the stage's cadence."""

    BEGINNER = "beginner", _l("Beginner")
    INTERMEDIATE = "intermediate", _l("Intermediate")
    ADVANCED = "advanced", _l("Advanced")


class Relationship(Base):
    """What one brand has with one person.

    The columns below `derived` are kept by irm/ledger alone and can be rebuilt from history.
    Those named `…_order` are never null and sort ascending, so that lists can be paged by key:
    scores stand as 100 minus the score, "not known" as UNKNOWN_ORDER, "nothing planned" as NEVER.
    """

    __tablename__ = "relationships"
    __table_args__ = (UniqueConstraint("brand_id", "influencer_id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    #: The claimed stage: what a person set.
    stage: Mapped[Stage] = mapped_column(closed(Stage), default=Stage.UNAWARE)
    stage_since: Mapped[dt.datetime]
    #: What the dated evidence supports, and the day of its newest proof.
    earned_stage: Mapped[Stage | None] = mapped_column(closed(Stage, "earned_stage"))
    earned_on: Mapped[dt.date | None]
    #: The first day on which time alone may change the two above; null: none.
    earned_check_on: Mapped[dt.date | None]
    #: The claimed stage at which somebody said no to what the evidence proposes; forgotten once
    #: the evidence is another.
    dismissed_from: Mapped[Stage | None] = mapped_column(growing(Stage))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    level: Mapped[Level | None] = mapped_column(closed(Level))
    #: This person's own cadence, in days; null: by level or stage.
    cadence_ideal: Mapped[int | None]
    cadence_worst: Mapped[int | None]
    #: The day on which a pause ends; one that lies behind is none. Its history: `pauses`.
    paused_until: Mapped[dt.date | None]
    paused_why: Mapped[str | None] = mapped_column(String(200))
    relevance: Mapped[float | None]
    fit: Mapped[float | None]
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    # derived
    last_contact_at: Mapped[dt.datetime | None]
    last_two_way_at: Mapped[dt.datetime | None]
    last_inbound_at: Mapped[dt.datetime | None]
    last_outbound_at: Mapped[dt.datetime | None]
    next_touchpoint_on: Mapped[dt.date | None]
    gives_since_ask: Mapped[int] = mapped_column(default=0)
    #: Days on which we turned to them since they last answered.
    unanswered: Mapped[int] = mapped_column(default=0)
    #: Sorted by code point on both databases, so that both page alike.
    name_order: Mapped[str] = mapped_column(
        String(80).with_variant(String(80, collation="C"), "postgresql"), default=""
    )
    fit_order: Mapped[float] = mapped_column(default=UNKNOWN_ORDER)
    relevance_order: Mapped[float] = mapped_column(default=UNKNOWN_ORDER)
    resonance_order: Mapped[float] = mapped_column(default=UNKNOWN_ORDER)
    reach_order: Mapped[float] = mapped_column(default=UNKNOWN_ORDER)
    #: The day of the next touchpoint, or NEVER.
    next_order: Mapped[dt.date] = mapped_column(default=NEVER)
    #: The day of the last contact, longest ago first, or NEVER for never contacted.
    contact_order: Mapped[dt.date] = mapped_column(default=NEVER)

    influencer: Mapped[Influencer] = orm.relationship()
    brand: Mapped[Brand] = orm.relationship()
    owner: Mapped[User | None] = orm.relationship()

    __mapper_args__ = {"version_id_col": row_version}


#: Where the evidence and the claim are two things. Written out, with no value to bind: an index
#: of those rows alone serves a query that says the same.
DIFFERS = text("coalesce(relationships.earned_stage, 'unaware') <> relationships.stage")
_differs = text("coalesce(earned_stage, 'unaware') <> stage")
Index(
    "ix_relationships_differing",
    Relationship.brand_id,
    Relationship.fit_order,
    Relationship.id,
    sqlite_where=_differs,
    postgresql_where=_differs,
)
Index(
    "ix_relationships_differing_owner",
    Relationship.brand_id,
    Relationship.owner_id,
    Relationship.fit_order,
    Relationship.id,
    sqlite_where=_differs,
    postgresql_where=_differs,
)
#: Who did not answer so often that they are left in peace; see irm/ledger/contact.py.
LEFT_IN_PEACE = text("relationships.unanswered >= 3")
_in_peace = text("unanswered >= 3")
Index(
    "ix_relationships_left_in_peace",
    Relationship.brand_id,
    Relationship.contact_order,
    sqlite_where=_in_peace,
    postgresql_where=_in_peace,
)
_paused = Relationship.paused_until.is_not(None)
Index(
    "ix_relationships_paused",
    Relationship.brand_id,
    Relationship.owner_id,
    Relationship.paused_until,
    sqlite_where=_paused,
    postgresql_where=_paused,
)
_checked = Relationship.earned_check_on.is_not(None)
Index(None, Relationship.earned_check_on, sqlite_where=_checked, postgresql_where=_checked)
Index(
    "ix_relationships_board",
    Relationship.brand_id,
    Relationship.stage,
    Relationship.next_order,
    Relationship.fit_order,
    Relationship.id,
)
#: The board's own order for columns that are no stages.
Index(
    "ix_relationships_planned",
    Relationship.brand_id,
    Relationship.next_order,
    Relationship.fit_order,
    Relationship.id,
)
#: How long people are at a stage: the one in the middle is found by a walk along it.
Index(
    "ix_relationships_stage_since",
    Relationship.brand_id,
    Relationship.stage,
    Relationship.stage_since,
)
Index(
    "ix_relationships_owner",
    Relationship.brand_id,
    Relationship.owner_id,
    Relationship.next_order,
    Relationship.fit_order,
    Relationship.id,
)
for _order in (
    Relationship.name_order,
    Relationship.fit_order,
    Relationship.relevance_order,
    Relationship.resonance_order,
    Relationship.reach_order,
    Relationship.next_order,
    Relationship.contact_order,
    Relationship.created_at,
):
    Index(f"ix_relationships_{_order.key}", Relationship.brand_id, _order, Relationship.id)


class StageMove(Base):
    """One change of stage; the birth of a relationship is a move from nothing."""

    __tablename__ = "stage_moves"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    #: That of the relationship, so that a brand's moves are read in their order without looking
    #: up whose each one is.
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    from_stage: Mapped[Stage | None] = mapped_column(closed(Stage, "from_stage"))
    to_stage: Mapped[Stage] = mapped_column(closed(Stage, "to_stage"))
    at: Mapped[dt.datetime]
    #: Null: irm itself did it, such as an import.
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: What the user wrote; null where nothing was asked.
    reason: Mapped[str | None] = mapped_column(String(500))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("stage_moves.id"))

    user: Mapped[User | None] = orm.relationship()


Index(None, StageMove.relationship_id, StageMove.at)
#: What a past day and the flow between two days are read from, without a look at the table.
Index(
    "ix_stage_moves_brand",
    StageMove.brand_id,
    StageMove.at,
    StageMove.relationship_id,
    StageMove.from_stage,
    StageMove.to_stage,
)
_undoing = StageMove.undoes_id.is_not(None)
Index(None, StageMove.undoes_id, sqlite_where=_undoing, postgresql_where=_undoing)


class StageCounter(Base):
    """How many relationships stand in one cell of the board, kept to be read at no cost."""

    __tablename__ = "stage_counters"

    brand_id: Mapped[int] = mapped_column(
        ForeignKey(Brand.id, ondelete="CASCADE"), primary_key=True
    )
    stage: Mapped[Stage] = mapped_column(closed(Stage), primary_key=True)
    tier: Mapped[Tier] = mapped_column(closed(Tier), primary_key=True)
    #: The owner's id, or 0 for nobody: a key may not be null.
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    people: Mapped[int] = mapped_column(default=0)
    audience: Mapped[Big] = mapped_column(default=0)
