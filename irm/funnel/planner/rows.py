"""The rows a plan is read from: colleagues, what is planned already, and people.

Those of a hundred thousand people are named tuples: an attribute of a row of SQLAlchemy's is looked
for by its name each time, and takes longer than all that is done with it.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.models import (
    Archetype,
    BrandMember,
    Influencer,
    Interaction,
    Kind,
    Level,
    PlanGap,
    Planner,
    Relationship,
    Stage,
    State,
    Touchpoint,
    User,
)
from irm.models.base import Rows

_of_brand = Relationship.brand_id == bindparam("brand")

COLLEAGUES = (
    select(
        User.id,
        User.timezone,
        User.weekly_hours,
        User.work_days,
        User.country,
        User.is_active,
    )
    .join(BrandMember, BrandMember.user_id == User.id)
    .where(BrandMember.brand_id == bindparam("brand"))
    .order_by(User.id)
)


class PlannedRow(NamedTuple):
    """An open touchpoint."""

    id: int
    relationship_id: int
    owner_id: int | None
    due_on: dt.date
    kind: Kind
    tactic: str | None
    channel: str | None
    minutes: int | None
    #: None: it stays as it is.
    why: Mapping[str, Any] | None
    campaign_id: int | None
    is_pinned: bool
    planned_by: Planner
    row_version: int

    @property
    def is_loose(self) -> bool:
        """Whether it may be planned otherwise: nobody put it where it is."""
        return self.planned_by is not Planner.PERSON and not self.is_pinned


class PersonRow(NamedTuple):
    """A relationship with what the planner goes by; `last_activity` is a code."""

    id: int
    influencer_id: int
    owner_id: int | None
    stage: Stage
    level: Level | None
    cadence_ideal: int | None
    cadence_worst: int | None
    fit: float | None
    last_contact_at: dt.datetime | None
    last_two_way_at: dt.datetime | None
    paused_until: dt.date | None
    unanswered: int
    archetype: Archetype | None
    country: str | None
    timezone: str | None
    preferred_channel: str | None
    contact_ceiling: int | None
    do_not_contact: bool
    last_activity: str | None


def planned(session: Session, brand_id: int) -> list[PlannedRow]:
    """Read what is open with a brand's people, by relationship and day."""
    found = session.connection().execute(_PLANNED, {"brand": brand_id})
    return [PlannedRow._make(row) for row in found.all()]


def people(session: Session, brand_id: int, owner_id: int | None = None) -> list[PersonRow]:
    """Read a brand's people, or those of one colleague."""
    statement = _people()
    if owner_id is not None:
        statement = statement.where(Relationship.owner_id == owner_id)
    found = session.connection().execute(statement, {"brand": brand_id})
    return [PersonRow._make(row) for row in found.all()]


def strays(session: Session, brand_id: int) -> dict[int | None, list[int]]:
    """Read whom a plan left out when they were another colleague's, by whose they are now."""
    found: dict[int | None, list[int]] = {}
    for owner_id, id in session.execute(_STRAYS, {"brand": brand_id}):
        found.setdefault(owner_id, []).append(id)
    return found


_STRAYS = (
    select(Relationship.owner_id, Relationship.id)
    .join(PlanGap, PlanGap.relationship_id == Relationship.id)
    .where(
        PlanGap.brand_id == bindparam("brand"),
        PlanGap.owner_id.is_distinct_from(Relationship.owner_id),
    )
    .distinct()
)

_is_loose = and_(Touchpoint.planned_by != Planner.PERSON, ~Touchpoint.is_pinned)

_PLANNED = (
    select(
        Touchpoint.id,
        Touchpoint.relationship_id,
        Touchpoint.owner_id,
        Touchpoint.due_on,
        Touchpoint.kind,
        Touchpoint.tactic,
        Touchpoint.channel,
        Touchpoint.minutes,
        # Of what stays nothing is compared.
        case((_is_loose, Touchpoint.why)).label("why"),
        Touchpoint.campaign_id,
        Touchpoint.is_pinned,
        Touchpoint.planned_by,
        Touchpoint.row_version,
    )
    .join(Relationship, Relationship.id == Touchpoint.relationship_id)
    .where(_of_brand, Touchpoint.state == State.OPEN)
    .order_by(Touchpoint.relationship_id, Touchpoint.due_on, Touchpoint.id)
)

#: What the plan, or the cadence, wanted and somebody skipped: lately, or for a campaign that may
#: still owe something.
DROPPED = (
    select(Touchpoint.relationship_id, Touchpoint.due_on, Touchpoint.campaign_id, Touchpoint.tactic)
    .join(Relationship, Relationship.id == Touchpoint.relationship_id)
    .where(
        _of_brand,
        Touchpoint.state == State.SKIPPED,
        Touchpoint.closed_by_id.is_not(None),
        or_(
            Touchpoint.due_on >= bindparam("since"),
            and_(Touchpoint.campaign_id.is_not(None), Touchpoint.due_on >= bindparam("owed_since")),
        ),
    )
)


@cache
def _people() -> Rows:
    last = (
        select(Interaction.activity)
        .where(
            Interaction.relationship_id == Relationship.id,
            Interaction.activity.is_not(None),
        )
        .order_by(Interaction.happened_at.desc(), Interaction.id.desc())
        .limit(1)
        .correlate(Relationship)
        .scalar_subquery()
    )
    return (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Relationship.owner_id,
            Relationship.stage,
            Relationship.level,
            Relationship.cadence_ideal,
            Relationship.cadence_worst,
            Relationship.fit,
            Relationship.last_contact_at,
            Relationship.last_two_way_at,
            Relationship.paused_until,
            Relationship.unanswered,
            Influencer.archetype,
            Influencer.country,
            Influencer.timezone,
            Influencer.preferred_channel,
            Influencer.contact_ceiling,
            Influencer.do_not_contact,
            last.label("last_activity"),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(_of_brand, is_listed())
        .order_by(Relationship.id)
    )
