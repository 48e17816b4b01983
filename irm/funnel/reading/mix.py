"""Who makes up each stage today: by tier and by owner, from the kept counters."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.funnel.reading.whom import zero
from irm.models import Stage, StageCounter, Tier


class Mix(NamedTuple):
    """How many of each tier, and of each owner (0: nobody), stand at each stage."""

    tiers: dict[Tier, dict[Stage, int]]
    owners: dict[int, dict[Stage, int]]


def read(session: Session, brand_id: int) -> Mix:
    """The mix of a brand's people, the owner of most first."""
    tiers = {tier: zero() for tier in Tier}
    owners: dict[int, dict[Stage, int]] = {}
    counted = (
        select(
            StageCounter.stage,
            StageCounter.tier,
            StageCounter.owner_id,
            func.sum(StageCounter.people),
        )
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.stage, StageCounter.tier, StageCounter.owner_id)
    )
    for stage, tier, owner_id, people in session.execute(counted):
        if people:
            tiers[tier][stage] += int(people)
            owners.setdefault(owner_id, zero())[stage] += int(people)
    ranked = sorted(owners.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    return Mix(tiers, dict(ranked))
