"""What a colleague has to do: what is due, and who has nothing planned."""

import datetime as dt
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, func, or_, select
from sqlalchemy.orm import aliased

from irm.directory.people import is_listed
from irm.funnel import asked, claims, elsewhere, pauses
from irm.ledger.ageing import is_not_paused
from irm.models import (
    NEVER,
    Influencer,
    Interaction,
    Relationship,
    State,
    Touchpoint,
    Visibility,
)
from irm.models.base import Rows
from irm.models.relationship import LEFT_IN_PEACE

#: How far "the next days" reach.
DAYS_AHEAD = 7

#: For so long a lead is told that the gate was overridden.
LATELY = dt.timedelta(days=7)

last = aliased(Interaction, name="last")


def due(
    user_id: int | BindParameter[int],
    by: dt.date | BindParameter[dt.date],
    *,
    today: dt.date | BindParameter[dt.date],
    brand_id: int | None = None,
    with_private: bool = True,
) -> Rows:
    """Select a colleague's open touchpoints due by a day, oldest first, as plain rows.

    What falls due during a pause is left out until the pause is over, `today` or before. Each
    carries the person, the stage and the last exchange the colleague may read
    (`last_summary`, `last_at`, `last_kind`); her own private notes are among them if asked for.
    """
    statement = _due(with_private).where(
        Touchpoint.owner_id == user_id,
        Touchpoint.due_on <= by,
        or_(is_not_paused(today), Relationship.paused_until <= Touchpoint.due_on),
    )
    statement = statement.add_columns(*elsewhere.columns(today))
    return statement if brand_id is None else statement.where(Relationship.brand_id == brand_id)


@cache
def _due(with_private: bool) -> Rows:
    """What is open, whoever's it is; kept, because to put it together takes longer than to ask."""
    return (
        select(
            Touchpoint.id,
            Touchpoint.relationship_id,
            Touchpoint.due_on,
            Touchpoint.purpose,
            Touchpoint.kind,
            Touchpoint.channel,
            Touchpoint.why,
            Touchpoint.snoozes,
            Touchpoint.row_version,
            Relationship.influencer_id,
            Relationship.brand_id,
            Relationship.stage,
            Relationship.last_contact_at,
            Relationship.last_two_way_at,
            Relationship.gives_since_ask,
            Influencer.name,
            Influencer.tier,
            last.summary.label("last_summary"),
            last.happened_at.label("last_at"),
            last.kind.label("last_kind"),
            last.direction.label("last_direction"),
        )
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(last, last.id == _last_readable(with_private), isouter=True)
        .where(Touchpoint.state == State.OPEN, is_listed())
        .order_by(Touchpoint.due_on, Touchpoint.id)
    )


def _last_readable(with_private: bool) -> Any:
    """The newest exchange that the touchpoint's owner may read, or may read in a mail."""
    newest = aliased(Interaction, name="newest")
    readable = newest.visibility == Visibility.TEAM
    if with_private:
        readable = or_(readable, newest.author_id == Touchpoint.owner_id)
    return (
        select(newest.id)
        .where(newest.relationship_id == Touchpoint.relationship_id, readable)
        .order_by(newest.happened_at.desc(), newest.id.desc())
        .limit(1)
        .correlate(Touchpoint)
        .scalar_subquery()
    )


@lru_cache(64)
def tallies(brand_id: int, user_id: int, at: dt.datetime, today: dt.date, most: int) -> Rows:
    """Select `proposed paused overridden unanswered`: how much of each there is.

    The statement is kept: asked for by the hour, it is put together once an hour.

    Proposed and paused are those of a colleague's people; overridden is how often anybody of the
    brand overrode the gate of late, unanswered how many of its people are left in peace since then.
    All but overridden are counted to `most`, one more stands for more.
    """
    return select(
        claims.counting(brand_id, user_id, most).scalar_subquery().label("proposed"),
        pauses.counting(brand_id, user_id, today, most).scalar_subquery().label("paused"),
        asked.overriding(brand_id, at - LATELY).scalar_subquery().label("overridden"),
        _left_in_peace(brand_id, (at - LATELY).date(), most).scalar_subquery().label("unanswered"),
    )


def _left_in_peace(brand_id: int, since: dt.date, most: int) -> Rows:
    some = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == brand_id,
            # A try is a contact: an index leads to those of late.
            Relationship.contact_order.between(since, NEVER - dt.timedelta(days=1)),
            LEFT_IN_PEACE,
            is_listed(),
        )
        .limit(most + 1)
    )
    return select(func.count()).select_from(some.subquery())
