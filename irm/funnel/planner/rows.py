"""The rows a plan is read from: colleagues, what is planned already, and people."""

from functools import cache

from sqlalchemy import bindparam, select

from irm.directory.people import is_listed
from irm.models import (
    BrandMember,
    Influencer,
    Interaction,
    Relationship,
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

PLANNED = (
    select(
        Touchpoint.id,
        Touchpoint.relationship_id,
        Touchpoint.owner_id,
        Touchpoint.due_on,
        Touchpoint.kind,
        Touchpoint.tactic,
        Touchpoint.channel,
        Touchpoint.minutes,
        Touchpoint.why,
        Touchpoint.campaign_id,
        Touchpoint.is_pinned,
        Touchpoint.planned_by,
        Touchpoint.row_version,
    )
    .join(Relationship, Relationship.id == Touchpoint.relationship_id)
    .where(_of_brand, Touchpoint.state == State.OPEN)
    .order_by(Touchpoint.relationship_id, Touchpoint.due_on, Touchpoint.id)
)

#: What the plan, or the cadence, wanted and somebody skipped.
DROPPED = (
    select(Touchpoint.relationship_id, Touchpoint.due_on)
    .join(Relationship, Relationship.id == Touchpoint.relationship_id)
    .where(
        _of_brand,
        Touchpoint.state == State.SKIPPED,
        Touchpoint.closed_by_id.is_not(None),
        Touchpoint.due_on >= bindparam("since"),
    )
)


@cache
def people() -> Rows:
    """Select a brand's relationships, with what the planner goes by."""
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
