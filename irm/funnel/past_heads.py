"""How many stood in each column of the board at a past moment, and how many do today."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.directory.people import Filter
from irm.funnel import board
from irm.funnel.past import EVERYBODY, Narrowed
from irm.funnel.reading.standing import standing
from irm.funnel.reading.whom import Whom
from irm.models import Influencer, Relationship, Stage, StageMove, Tier
from irm.models.aside import aside

#: Many are of a tier: who moved is looked at first, then of which tier they are.
_tier_of = aside(Influencer.tier.expression)


def heads(
    session: Session, brand_id: int, moment: dt.datetime, narrowed: Narrowed = EVERYBODY
) -> dict[Stage, tuple[int, int]]:
    """How many stood in each column at a moment, and how many do today.

    Tier, owner and her teams are those of today. It costs as much as was moved since.
    """
    filter = Filter(tier=narrowed.tier, owner_id=narrowed.owner_id, teams=narrowed.teams)
    whom = Whom(brand_id, narrowed.owner_id, narrowed.teams)
    now = {stage: head.people for stage, head in board.heads(session, brand_id, filter).items()}
    if narrowed.tier is None:
        then = standing(session, whom, moment)
    else:
        then = _of_tier(session, whom, narrowed.tier, moment, now)
    return {stage: (then[stage], now[stage]) for stage in now}


def _of_tier(
    session: Session, whom: Whom, tier: Tier, moment: dt.datetime, now: dict[Stage, int]
) -> dict[Stage, int]:
    """The same as `standing`, of a tier, which its counts do not know."""
    then = dict(now)
    moved = (
        select(StageMove.from_stage, StageMove.to_stage, func.count())
        .join(Relationship, Relationship.id == StageMove.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*whom.moves(), StageMove.at >= moment, _tier_of == tier)
        .group_by(StageMove.from_stage, StageMove.to_stage)
    )
    for came_from, went_to, moves in session.execute(moved):
        then[went_to] -= moves
        if came_from is not None:
            then[came_from] += moves
    joined = whom.joined(session)
    of_tier = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.id.in_([one.id for one in joined]), _tier_of == tier)
    )
    ours = set(session.scalars(of_tier)) if joined else set()
    for one in joined:
        stood = one.stood(moment) if one.id in ours else None
        if one.id in ours:
            then[one.stage] -= 1
        if stood is not None:
            then[stood] += 1
    return then
