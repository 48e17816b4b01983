"""How people stand with a brand: what proposals go by."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.models import Influencer, Relationship, Stage
from irm.network.arrays.discovery import Standing

VALUED = (Stage.INTERESTED, Stage.ENGAGED, Stage.AMBASSADOR)
"""From this stage on somebody's ties say something about whom else we would value."""

GOOD_FIT = 60.0
"""Whoever fits so well is valued at any stage."""

NEW_FOR = dt.timedelta(days=90)
"""So long somebody counts as a newcomer."""


def read(session: Session, brand_id: int, day: dt.date) -> Standing:
    """Read who is in a brand's funnel, whom it values, who is an ambassador, and who is new."""
    found = Standing()
    rows = session.execute(
        select(
            Relationship.influencer_id,
            Relationship.stage,
            Relationship.fit,
            Relationship.created_at,
            Influencer.do_not_contact,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id)
    )
    for person, stage, fit, created_at, is_barred in rows:
        found.related.add(person)
        if is_barred:
            continue
        if stage in VALUED or (fit or 0.0) >= GOOD_FIT:
            found.valued.add(person)
        if stage is Stage.AMBASSADOR:
            found.ambassadors.add(person)
        elif day - created_at.date() < NEW_FOR:
            found.newcomers.add(person)
    return found
