"""The campaigns of a brand as a year: those of its days, what comes, and what ended lately."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from irm.directory.columns import owner
from irm.funnel import campaigns
from irm.funnel.campaigns import RESULTS_DAYS, THANKS_DAYS
from irm.models import Campaign, CampaignDay, CampaignMember
from irm.models.base import Rows

#: Campaigns of one page; more are no year's work.
MOST = 200

#: What is missing is looked up of campaigns that ended within so many days.
MISSED_DAYS = 60


def of_year(brand_id: int, year: int, *, ahead: bool) -> Rows:
    """Select the campaigns with a day in a year, by their days; `ahead`: later ones as well.

    Rows are `id name goal starts_on ends_on cancelled_at owner_name people event_on`, the last
    being the first event day. The caller limits.
    """
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    people = (
        select(func.count())
        .where(CampaignMember.campaign_id == Campaign.id)
        .correlate(Campaign)
        .scalar_subquery()
    )
    event_on = (
        select(func.min(CampaignDay.day))
        .where(CampaignDay.campaign_id == Campaign.id)
        .correlate(Campaign)
        .scalar_subquery()
    )
    in_year = (Campaign.starts_on <= last) & (Campaign.ends_on >= first)
    return (
        select(
            Campaign.id,
            Campaign.name,
            Campaign.goal,
            Campaign.starts_on,
            Campaign.ends_on,
            Campaign.cancelled_at,
            owner.name.label("owner_name"),
            people.label("people"),
            event_on.label("event_on"),
        )
        .join(owner, owner.id == Campaign.owner_id, isouter=True)
        .where(
            Campaign.brand_id == brand_id,
            or_(in_year, Campaign.starts_on > last) if ahead else in_year,
        )
        .order_by(Campaign.starts_on, Campaign.id)
    )


class Missing(NamedTuple):
    """How many members of a campaign were not thanked, and have no results, though it is time."""

    thanks: int
    results: int


def missing(
    session: Session, rows: Sequence[Any], today: dt.date, zone: dt.tzinfo
) -> dict[int, Missing]:
    """What campaigns that ended lately still owe and should have given by now, by one statement."""
    ended = {
        row.id: row.ends_on
        for row in rows
        if row.cancelled_at is None and 0 < (today - row.ends_on).days <= MISSED_DAYS
    }
    if not ended:
        return {}
    starts = {id: dt.datetime.combine(day, dt.time(), zone) for id, day in ended.items()}
    late = {id: [0, 0] for id in ended}
    for (id, _relationship), given in campaigns.given_since(session, starts).items():
        for at, days in enumerate((THANKS_DAYS, RESULTS_DAYS)):
            is_late = (today - ended[id]).days > days
            late[id][at] += is_late and given[at] is None
    return {id: Missing(*counts) for id, counts in late.items()}
