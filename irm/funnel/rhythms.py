"""What is agreed with one person: their level, and a cadence of their own."""

import datetime as dt

from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused, Stale
from irm.funnel import touchpoints
from irm.funnel.policies import MOST_DAYS
from irm.i18n import _l
from irm.models import Level, Relationship, User


def agree(
    session: Session,
    relationship: Relationship,
    *,
    level: Level | None,
    ideal: int | None,
    worst: int | None,
    user: User,
    at: dt.datetime,
    seen_version: int,
) -> bool:
    """Set level and own cadence in days; what the cadence had planned follows.

    Returns whether anything changed. None is none of their own. Raises Refused where the days make
    no sense, Stale where somebody changed the relationship since `seen_version`.
    """
    if seen_version != relationship.row_version:
        raise Stale(
            _l(
                "%(name)s was changed meanwhile. Look again, then repeat.",
                name=relationship.influencer.name,
            )
        )
    if any(days is not None and not 1 <= days <= MOST_DAYS for days in (ideal, worst)):
        raise Refused(_l("Write a whole number of days, from 1 to %(n)s.", n=MOST_DAYS))
    if ideal is not None and worst is not None and worst < ideal:
        raise Refused(_l("The longest wait is not shorter than the ideal one."))
    new = level, ideal, worst
    if new == (relationship.level, relationship.cadence_ideal, relationship.cadence_worst):
        return False
    relationship.level, relationship.cadence_ideal, relationship.cadence_worst = new
    record(session, user, Action.RHYTHM_CHANGED, at, relationship_id=relationship.id)
    session.flush()
    touchpoints.keep_pace(session, relationship, at=at, author=user)
    return True
