"""Leaving somebody in peace until a day, and going on before it; each is kept with who and why.

A pause needs no job to end: on its day nothing reads it as one any more.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory.people import is_listed
from irm.errors import Refused, Stale
from irm.funnel.touchpoints import HORIZON_DAYS
from irm.i18n import _l
from irm.ledger.ageing import is_paused
from irm.models import Influencer, Pause, Relationship, User
from irm.models.base import Rows

#: So long a reason may be.
WHY_LENGTH = 200

#: What is offered first: long enough for a holiday, short enough not to forget them.
USUAL_DAYS = 30


class WrongDay(Refused):
    """No pause can end on this day."""


def pause(
    session: Session,
    relationship: Relationship,
    *,
    until: dt.date,
    why: str,
    user: User,
    at: dt.datetime,
    seen_version: int | None = None,
) -> Pause:
    """Pause a relationship until a day, or make another pause of the one that holds.

    Raises Refused where the day is not ahead or absurdly far, or no reason is given; Stale where
    somebody changed the relationship since `seen_version`.
    """
    _refuse_stale(relationship, seen_version)
    refuse(until, why, today_of(relationship, at))
    return put(session, relationship, until=until, why=why, user=user, at=at)


def refuse(until: dt.date, why: str, today: dt.date) -> None:
    """Raise WrongDay where no pause can end on this day, Refused where nobody says why."""
    if until <= today:
        raise WrongDay(_l("Choose a day after today: on that day they are back."))
    if (until - today).days > HORIZON_DAYS:
        raise WrongDay(_l("Choose a day within the next three years."))
    if not why:
        raise Refused(_l("Say why: whoever looks next wants to know."))


def put(
    session: Session,
    relationship: Relationship,
    *,
    until: dt.date,
    why: str,
    user: User,
    at: dt.datetime,
) -> Pause:
    """Pause a relationship that its caller holds, until a day that `refuse` let pass."""
    _end(session, relationship, user, at)
    made = Pause(relationship_id=relationship.id, until=until, why=why, at=at, user_id=user.id)
    session.add(made)
    relationship.paused_until, relationship.paused_why = until, why
    record(
        session,
        user,
        Action.PAUSED,
        at,
        relationship_id=relationship.id,
        until=until.isoformat(),
    )
    session.flush()
    return made


def resume(
    session: Session,
    relationship: Relationship,
    *,
    user: User,
    at: dt.datetime,
    seen_version: int | None = None,
) -> None:
    """Go on before the day.

    Raises Refused where no pause holds, Stale as `pause` does.
    """
    _refuse_stale(relationship, seen_version)
    if not is_paused(relationship.paused_until, today_of(relationship, at)):
        raise Refused(_l("%(name)s is not paused.", name=relationship.influencer.name))
    _end(session, relationship, user, at)
    relationship.paused_until = relationship.paused_why = None
    record(session, user, Action.RESUMED, at, relationship_id=relationship.id)
    session.flush()


def holds_on(relationship: Relationship, day: dt.date, at: dt.datetime) -> bool:
    """Whether the pause that holds now, if one does, still holds on a day ahead."""
    return is_paused(relationship.paused_until, max(day, today_of(relationship, at)))


def today_of(relationship: Relationship, at: dt.datetime) -> dt.date:
    """The day it is for the brand of a relationship."""
    return at.astimezone(ZoneInfo(relationship.brand.timezone)).date()


def counting(brand_id: int, owner_id: int, day: dt.date, most: int) -> Rows:
    """Select how many of an owner's relationships are paused on a day, up to `most` and one."""
    some = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == brand_id,
            Relationship.owner_id == owner_id,
            Relationship.paused_until > day,
            is_listed(),
        )
        .limit(most + 1)
    )
    return select(func.count()).select_from(some.subquery())


def _end(session: Session, relationship: Relationship, user: User, at: dt.datetime) -> None:
    """Note on the pause that holds, if one does, that it ended before its day."""
    session.execute(
        update(Pause)
        .where(
            Pause.relationship_id == relationship.id,
            Pause.ended_at.is_(None),
            Pause.until > today_of(relationship, at),
        )
        .values(ended_at=at, ended_by_id=user.id),
        execution_options={"synchronize_session": False},
    )


def _refuse_stale(relationship: Relationship, seen_version: int | None) -> None:
    if seen_version is not None and seen_version != relationship.row_version:
        raise Stale(
            _l(
                "%(name)s was changed meanwhile. Look again, then repeat.",
                name=relationship.influencer.name,
            )
        )
