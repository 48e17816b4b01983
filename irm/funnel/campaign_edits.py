"""Making campaigns, changing them, calling them off and taking them up again.

Called off is not gone: it is kept, and nothing is planned around it any more.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session, attributes

from irm.audit import Action, record
from irm.errors import Done, Refused, Stale
from irm.i18n import _l
from irm.models import Campaign, CampaignDay, User

NAME_LENGTH, GOAL_LENGTH = 120, 500

#: Before this day there was no campaign that matters here.
FIRST_DAY = dt.date(1990, 1, 1)

#: Nobody plans further ahead than this, or for longer.
HORIZON_DAYS = 3 * 366

#: More days than this on which people meet are no campaign.
MOST_EVENT_DAYS = 60


class Terms(NamedTuple):
    """What a campaign is to be."""

    name: str
    goal: str
    starts_on: dt.date
    ends_on: dt.date
    owner_id: int | None
    #: The days on which people meet, and what for.
    days: Sequence[tuple[dt.date, str]] = ()


def make(
    session: Session, brand_id: int, terms: Terms, *, user: User, at: dt.datetime, today: dt.date
) -> Campaign:
    """Make a campaign without members.

    Raises Refused where its days make no sense.
    """
    _refuse_days(terms, today)
    campaign = Campaign(brand_id=brand_id, author_id=user.id, created_at=at)
    _write(campaign, terms)
    session.add(campaign)
    session.flush()
    _put_days(session, campaign, terms.days)
    _changed(session, campaign, "made", user, at)
    return campaign


def change(
    session: Session,
    campaign: Campaign,
    terms: Terms,
    *,
    user: User,
    at: dt.datetime,
    today: dt.date,
    seen_version: int,
) -> None:
    """Make it another; what the cadence had planned with its members follows by repacing.

    Raises Refused as `make` does, Stale where somebody changed it since `seen_version`.
    """
    refuse_stale(campaign, seen_version)
    _refuse_days(terms, today)
    _write(campaign, terms)
    # Another event is a change of the campaign, too: whoever saw the old ones is told.
    attributes.flag_modified(campaign, "name")
    session.execute(delete(CampaignDay).where(CampaignDay.campaign_id == campaign.id))
    _put_days(session, campaign, terms.days)
    _changed(session, campaign, "changed", user, at)
    session.flush()


def call_off(session: Session, campaign: Campaign, *, user: User, at: dt.datetime) -> None:
    """Call it off. Raises Done where it is already."""
    if campaign.cancelled_at is not None:
        raise Done(_l("“%(name)s” is called off already.", name=campaign.name))
    campaign.cancelled_at = at
    _changed(session, campaign, "called_off", user, at)
    session.flush()


def take_up(session: Session, campaign: Campaign, *, user: User, at: dt.datetime) -> None:
    """Take it up again after it was called off. Raises Done where it is on already."""
    if campaign.cancelled_at is None:
        raise Done(_l("“%(name)s” is on already.", name=campaign.name))
    campaign.cancelled_at = None
    _changed(session, campaign, "taken_up", user, at)
    session.flush()


def refuse_stale(campaign: Campaign, seen_version: int) -> None:
    """Raise Stale where somebody changed it since."""
    if seen_version != campaign.row_version:
        raise Stale(
            _l("“%(name)s” was changed meanwhile. Look again, then repeat.", name=campaign.name)
        )


def _refuse_days(terms: Terms, today: dt.date) -> None:
    first, last = terms.starts_on, terms.ends_on
    if last < first:
        raise Refused(_l("A campaign ends on the day it starts or later: choose another last day."))
    if first < FIRST_DAY:
        raise Refused(_l("This day is too long ago to be right."))
    if (first - today).days > HORIZON_DAYS or (last - first).days > HORIZON_DAYS:
        raise Refused(_l("Choose a day within the next three years."))
    if len(terms.days) > MOST_EVENT_DAYS:
        raise Refused(_l("A campaign has %(n)s event days at most.", n=MOST_EVENT_DAYS))
    if not all(first <= day <= last for day, _name in terms.days):
        raise Refused(_l("An event day lies between the first and the last day of its campaign."))
    if len(set(terms.days)) < len(terms.days):
        raise Refused(_l("The same event stands there twice."))


def _write(campaign: Campaign, terms: Terms) -> None:
    campaign.name, campaign.goal = terms.name, terms.goal
    campaign.starts_on, campaign.ends_on = terms.starts_on, terms.ends_on
    campaign.owner_id = terms.owner_id


def _put_days(session: Session, campaign: Campaign, days: Sequence[tuple[dt.date, str]]) -> None:
    session.add_all(CampaignDay(campaign_id=campaign.id, day=day, name=name) for day, name in days)


def _changed(session: Session, campaign: Campaign, what: str, user: User, at: dt.datetime) -> None:
    record(
        session,
        user,
        Action.CAMPAIGN_CHANGED,
        at,
        brand_id=campaign.brand_id,
        campaign_id=campaign.id,
        change=what,
    )
