"""A colleague's calendar: the secret in its address, and the rows that stand in it."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import team
from irm.directory.people import is_listed
from irm.errors import Done
from irm.i18n import _l
from irm.ledger.ageing import is_not_paused
from irm.models import (
    Brand,
    Campaign,
    CampaignDay,
    Influencer,
    Promise,
    Promiser,
    PromiseState,
    Relationship,
    State,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.base import Rows

#: Bytes of the secret: nobody guesses 256 bits, so guesses need not be counted.
SECRET_BYTES = 32

#: How far a calendar reaches: what is overdue for longer is for Today, not for a calendar.
BEHIND, AHEAD = dt.timedelta(days=30), dt.timedelta(days=366)

#: The most of each that a calendar holds, the first ones first.
TOUCHPOINTS, PROMISES, DAYS = 2000, 500, 500


def renew(session: Session, user: User, at: dt.datetime) -> str:
    """Give a colleague's calendar a new address; returns its secret, which nobody keeps.

    The address she had before is no more.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    user.calendar_hash = _hash(secret)
    record(session, user, Action.CALENDAR_CHANGED, at, user_id=user.id, change="renewed")
    return secret


def switch_off(session: Session, user: User, at: dt.datetime) -> None:
    """Take the address of a colleague's calendar away.

    Raises Done where she has none.
    """
    if user.calendar_hash is None:
        raise Done(_l("Your calendar is switched off already."))
    user.calendar_hash = None
    record(session, user, Action.CALENDAR_CHANGED, at, user_id=user.id, change="off")


def owner(session: Session, secret: str) -> User | None:
    """Whose calendar a secret opens; None where it opens none, or she works here no more.

    What is looked for is the hash, so that the time it takes says nothing about the secret.
    """
    return session.scalar(_OWNER, {"hash": _hash(secret)})


_OWNER = select(User).where(User.calendar_hash == bindparam("hash"), User.is_active)


def _hash(secret: str) -> str:
    # What is no text of ours has a hash as well, and is then not found.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def touchpoints(user: User, day: dt.date) -> Rows:
    """Select her open touchpoints around her day, at brands she still works for, soonest first.

    What falls due during a pause is left out, as on Today.
    """
    return (
        select(
            Touchpoint.id,
            Touchpoint.due_on,
            Touchpoint.kind,
            Touchpoint.purpose,
            Touchpoint.tactic,
            Touchpoint.channel,
            Touchpoint.why,
            Touchpoint.created_at,
            Touchpoint.row_version,
            Relationship.influencer_id,
            Relationship.brand_id,
            Brand.name.label("brand_name"),
            Brand.stage_labels,
            Influencer.name,
        )
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .join(Brand, Brand.id == Relationship.brand_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Touchpoint.owner_id == user.id,
            Touchpoint.state == State.OPEN,
            Touchpoint.due_on.between(day - BEHIND, day + AHEAD),
            or_(is_not_paused(day), Relationship.paused_until <= Touchpoint.due_on),
            is_listed(),
            *_hers(user),
        )
        .order_by(Touchpoint.due_on, Touchpoint.id)
        .limit(TOUCHPOINTS)
    )


def promises(user: User, day: dt.date) -> Rows:
    """Select what we promised and she sees to, as `touchpoints` does.

    Of a private promise the row says so (`is_private`): its text is not for a calendar. One that
    a colleague keeps private is not there at all.
    """
    is_private = Promise.visibility == Visibility.PRIVATE
    return (
        select(
            Promise.id,
            Promise.due_on,
            Promise.what,
            Promise.created_at,
            Promise.row_version,
            is_private.label("is_private"),
            Relationship.influencer_id,
            Relationship.brand_id,
            Brand.name.label("brand_name"),
            Influencer.name,
        )
        .join(Relationship, Relationship.id == Promise.relationship_id)
        .join(Brand, Brand.id == Relationship.brand_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Promise.owner_id == user.id,
            Promise.promiser == Promiser.US,
            Promise.state == PromiseState.OPEN,
            Promise.due_on.between(day - BEHIND, day + AHEAD),
            or_(~is_private, Promise.author_id == user.id),
            is_listed(),
            *_hers(user),
        )
        .order_by(Promise.due_on, Promise.id)
        .limit(PROMISES)
    )


def days(user: User, day: dt.date) -> Rows:
    """Select the days on which campaigns of her brands meet people, those called off left out.

    What a brand has planned is not for partners.

    An administrator sees every brand, and works for those she is a member of, or whose campaign
    she runs.
    """
    hers = team.is_within_reach(user.id, Campaign.brand_id, None)
    if user.is_admin:
        hers = or_(hers, Campaign.owner_id == user.id)
    return (
        select(
            CampaignDay.id,
            CampaignDay.day,
            CampaignDay.name,
            Campaign.id.label("campaign_id"),
            Campaign.name.label("campaign_name"),
            Campaign.created_at,
            Campaign.row_version,
            Campaign.brand_id,
            Brand.name.label("brand_name"),
        )
        .join(Campaign, Campaign.id == CampaignDay.campaign_id)
        .join(Brand, Brand.id == Campaign.brand_id)
        .where(
            Campaign.cancelled_at.is_(None),
            CampaignDay.day.between(day - BEHIND, day + AHEAD),
            hers,
        )
        .order_by(CampaignDay.day, CampaignDay.id)
        .limit(DAYS)
    )


def _hers(user: User) -> list[ColumnElement[bool]]:
    if user.is_admin:
        return []
    return [team.is_within_reach(user.id, Relationship.brand_id, Relationship.owner_id)]
