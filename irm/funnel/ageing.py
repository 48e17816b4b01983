"""Nobody forgotten: a brand's limits, how many are over them, and whom its lead is told of."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory.people import is_listed
from irm.ledger import ageing
from irm.ledger.ageing import Ageing, Limits
from irm.models import Brand, Influencer, Relationship, User

#: Counted exactly up to so many.
MOST = 10_000


def set_limits(
    session: Session, brand: Brand, limits: Limits, *, user: User, at: dt.datetime
) -> bool:
    """Set the limits of a brand; returns whether anything changed."""
    if ageing.limits(brand.limits) == limits:
        return False
    brand.limits = ageing.stored(limits)
    record(session, user, Action.BRAND_CHANGED, at, brand_id=brand.id)
    return True


def over(session: Session, brand: Brand, limits: Limits, at: dt.datetime) -> dict[Ageing, int]:
    """How many people would be over these limits now; MOST + 1 where they are more than that."""
    zone = ZoneInfo(brand.timezone)
    day = at.astimezone(zone).date()
    found = {}
    for mark in (Ageing.STUCK, Ageing.SLIPPING, Ageing.LOST):
        some = (
            select(Relationship.id)
            .join(Influencer, Influencer.id == Relationship.influencer_id)
            .where(
                Relationship.brand_id == brand.id,
                ageing.condition(mark, day, zone, limits),
                is_listed(),
            )
            .limit(MOST + 1)
        )
        found[mark] = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return found
