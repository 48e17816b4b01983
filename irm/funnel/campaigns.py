"""Campaigns, dated pushes of a brand: what is planned around them, what they owe afterwards."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.funnel import cadence
from irm.funnel.cadence import Span
from irm.i18n import _l
from irm.models import (
    Brand,
    Campaign,
    CampaignDay,
    CampaignMember,
    Direction,
    Influencer,
    Interaction,
    Relationship,
)
from irm.models.base import LabelledEnum, Rows

#: After its last day everybody is thanked within so many days, and has the results within so many.
THANKS_DAYS, RESULTS_DAYS = 7, cadence.AFTER_DAYS

#: Campaigns offered to be found by.
OFFERED = 300

#: So long before its events people are warmed up: whoever plans looks that far ahead.
AHEAD_DAYS = 26 * 7


def event_days(campaign_id: int) -> Rows:
    """Select the event days of a campaign in their order: `day name`."""
    return (
        select(CampaignDay.day, CampaignDay.name)
        .where(CampaignDay.campaign_id == campaign_id)
        .order_by(CampaignDay.day, CampaignDay.name)
    )


def named(reader: Reader) -> Rows:
    """Select the campaigns that people can be found by, the latest first: `id name`.

    A partner knows those alone in which somebody takes part whom she owns.
    """
    found = select(Campaign.id, Campaign.name).where(Campaign.brand_id == reader.brand_id)
    if reader.only_own:
        member = (
            select(CampaignMember.id)
            .join(Relationship, Relationship.id == CampaignMember.relationship_id)
            .where(CampaignMember.campaign_id == Campaign.id, *reader.seen)
        )
        found = found.where(member.exists())
    return found.order_by(Campaign.starts_on.desc(), Campaign.id.desc()).limit(OFFERED)


class Around(NamedTuple):
    """What is planned around of one campaign; the same for each of its members."""

    campaign_id: int
    name: str
    starts_on: dt.date
    ends_on: dt.date
    #: Before, during and after it.
    spans: tuple[Span, ...]
    event_days: tuple[dt.date, ...]


def phases(
    session: Session, brand_id: int, first: dt.date, last: dt.date
) -> Mapping[int, Sequence[Around]]:
    """The campaigns that matter to each relationship from a day to a day, the first to end first.

    Those that ended within AFTER_DAYS before `first` are there, for what they still owe, and those
    that begin within AHEAD_DAYS after `last`; those called off are not. Keys are the ids of
    relationships; two statements, however many there are.
    """
    campaigns = {
        row.id: row
        for row in session.execute(
            select(Campaign.id, Campaign.name, Campaign.starts_on, Campaign.ends_on).where(
                Campaign.brand_id == brand_id,
                Campaign.cancelled_at.is_(None),
                Campaign.ends_on >= first - dt.timedelta(days=cadence.AFTER_DAYS),
                Campaign.starts_on <= last + dt.timedelta(days=AHEAD_DAYS),
            )
        )
    }
    days: dict[int, list[dt.date]] = {}
    found: dict[int, list[Around]] = {}
    if not campaigns:
        return found
    for row in session.execute(
        select(CampaignDay.campaign_id, CampaignDay.day)
        .where(CampaignDay.campaign_id.in_(campaigns))
        .order_by(CampaignDay.day)
    ):
        days.setdefault(row.campaign_id, []).append(row.day)
    around = {
        row.id: Around(
            row.id,
            row.name,
            row.starts_on,
            row.ends_on,
            cadence.spans_of(row.starts_on, row.ends_on),
            tuple(days.get(row.id, ())),
        )
        for row in campaigns.values()
    }
    members = session.execute(
        select(CampaignMember.relationship_id, CampaignMember.campaign_id)
        .join(Campaign, Campaign.id == CampaignMember.campaign_id)
        .where(CampaignMember.campaign_id.in_(campaigns))
        .order_by(Campaign.ends_on, Campaign.id)
    )
    for relationship_id, campaign_id in members:
        found.setdefault(relationship_id, []).append(around[campaign_id])
    return found


class Care(LabelledEnum):
    """How a duty after a campaign stands."""

    DONE = "done", _l("Done")
    OPEN = "open", _l("To do")
    LATE = "late", _l("Late")


class Owed(NamedTuple):
    """One duty toward a member: until when, and when it was done."""

    care: Care
    by: dt.date
    done_on: dt.date | None


class Aftercare(NamedTuple):
    """What one member is owed after a campaign."""

    thanks: Owed
    results: Owed

    @property
    def is_done(self) -> bool:
        return self.thanks.care is Care.DONE and self.results.care is Care.DONE


def aftercare(session: Session, campaign: Campaign, today: dt.date) -> dict[int, Aftercare]:
    """What each member is owed, by the id of the relationship; nothing before it has ended.

    It is judged by what went out to them since its last day as `thanks` or `results`. Nobody is
    owed anything by a campaign that was called off; whoever is archived or is not to be contacted
    is left out. One statement; days are those of the brand.
    """
    if campaign.cancelled_at is not None or today <= campaign.ends_on:
        return {}
    zone = ZoneInfo(session.get_one(Brand, campaign.brand_id).timezone)
    since = dt.datetime.combine(campaign.ends_on, dt.time(), zone)
    rows = session.execute(_given({campaign.id: since}))
    by_thanks = campaign.ends_on + dt.timedelta(days=THANKS_DAYS)
    by_results = campaign.ends_on + dt.timedelta(days=RESULTS_DAYS)
    return {
        row.relationship_id: Aftercare(
            _owed(row.thanks, by_thanks, today, zone), _owed(row.results, by_results, today, zone)
        )
        for row in rows
    }


#: When a member was first thanked, and first given the results.
Given = tuple[dt.datetime | None, dt.datetime | None]


def given(
    session: Session, campaigns: Iterable[int], since: dt.datetime
) -> dict[tuple[int, int], Given]:
    """When members of campaigns were first thanked, and given results, since a moment.

    Keys are (campaign, relationship); one statement, however many campaigns there are.
    """
    return given_since(session, dict.fromkeys(campaigns, since))


def given_since(session: Session, since: Mapping[int, dt.datetime]) -> dict[tuple[int, int], Given]:
    """The same, with a moment for each campaign by its id."""
    if not since:
        return {}
    rows = session.execute(_given(since))
    return {(row.campaign_id, row.relationship_id): (row.thanks, row.results) for row in rows}


def _given(since: Mapping[int, dt.datetime]) -> Rows:
    def first(activity: str) -> ColumnElement[dt.datetime]:
        return func.min(case((Interaction.activity == activity, Interaction.happened_at)))

    went_out = (
        (Interaction.relationship_id == CampaignMember.relationship_id)
        & or_(
            *(
                (CampaignMember.campaign_id == id) & (Interaction.happened_at >= at)
                for id, at in since.items()
            )
        )
        & (Interaction.direction != Direction.IN)
        & Interaction.activity.in_(("thanks", "results"))
    )
    return (
        select(
            CampaignMember.campaign_id,
            CampaignMember.relationship_id,
            first("thanks").label("thanks"),
            first("results").label("results"),
        )
        .join(Relationship, Relationship.id == CampaignMember.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(Interaction, went_out, isouter=True)
        .where(
            CampaignMember.campaign_id.in_(since),
            ~Influencer.do_not_contact,
            is_listed(),
        )
        .group_by(CampaignMember.campaign_id, CampaignMember.relationship_id)
    )


def _owed(at: dt.datetime | None, by: dt.date, today: dt.date, zone: dt.tzinfo) -> Owed:
    if at is not None:
        return Owed(Care.DONE, by, at.astimezone(zone).date())
    return Owed(Care.LATE if today > by else Care.OPEN, by, None)
