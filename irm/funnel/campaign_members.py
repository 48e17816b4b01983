"""Who takes part in a campaign: adding people, one or by the thousand, and taking them out."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Insert, and_, bindparam, delete, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from irm.audit import Action, record
from irm.directory.columns import owner
from irm.directory.people import is_listed
from irm.errors import Done, Refused
from irm.i18n import _l
from irm.models import Campaign, CampaignMember, Influencer, Relationship, User
from irm.models.base import Rows

#: So many people are added at once; who wants more adds them in parts.
MOST_AT_ONCE = 5_000

#: More people than this are no campaign, but everybody.
MOST = 20_000

#: Ids named by one statement.
CHUNK = 1_000


def add(
    session: Session, campaign: Campaign, ids: Sequence[int], *, user: User, at: dt.datetime
) -> int:
    """Add relationships of its brand; returns how many were not members before.

    Whoever is archived is left out, and so is whoever is one already. Raises Refused where they
    are more than MOST_AT_ONCE, or would be more than MOST with those there are.
    """
    if len(ids) > MOST_AT_ONCE:
        raise Refused(
            _l("Up to %(n)s people are added at once: narrow the list down.", n=MOST_AT_ONCE)
        )
    there = counted(session, campaign.id)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        session.execute(
            _insert(session)
            .from_select(
                ["campaign_id", "relationship_id", "added_at", "added_by_id"],
                select(
                    literal(campaign.id),
                    Relationship.id,
                    literal(at, CampaignMember.added_at.type),
                    literal(user.id),
                )
                .join(Influencer, Influencer.id == Relationship.influencer_id)
                .where(
                    Relationship.id.in_(some),
                    Relationship.brand_id == campaign.brand_id,
                    is_listed(),
                    ~_is_member(campaign.id),
                ),
            )
            .on_conflict_do_nothing()  # type: ignore[attr-defined]  # somebody added them just now
        )
    now_there = counted(session, campaign.id)
    if now_there > MOST:
        raise Refused(_l("A campaign has %(n)s members at most.", n=MOST))
    if now_there > there:
        _changed(session, campaign, "members_added", user, at)
    return now_there - there


def added_at(session: Session, campaign: Campaign, at: dt.datetime, user: User) -> Sequence[int]:
    """The relationships that a colleague added at a moment, to take them out again."""
    return session.scalars(
        select(CampaignMember.relationship_id).where(
            CampaignMember.campaign_id == campaign.id,
            CampaignMember.added_at == at,
            CampaignMember.added_by_id == user.id,
        )
    ).all()


def remove(
    session: Session, campaign: Campaign, ids: Sequence[int], *, user: User, at: dt.datetime
) -> int:
    """Take relationships out; returns how many were members. Raises Done where nobody was."""
    gone = 0
    for start in range(0, len(ids), CHUNK):
        done = session.execute(
            delete(CampaignMember)
            .where(
                CampaignMember.campaign_id == campaign.id,
                CampaignMember.relationship_id.in_(ids[start : start + CHUNK]),
            )
            .returning(CampaignMember.id)
        )
        gone += len(done.all())
    if not gone:
        raise Done(_l("They are no members of “%(name)s” any more.", name=campaign.name))
    _changed(session, campaign, "members_removed", user, at)
    return gone


def counted(session: Session, campaign_id: int) -> int:
    """How many members a campaign has."""
    return (
        session.scalar(select(func.count()).where(CampaignMember.campaign_id == campaign_id)) or 0
    )


def members(campaign_id: int) -> Rows:
    """Select the members by name, as rows of what their list shows."""
    return (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Relationship.stage,
            Relationship.last_contact_at,
            Relationship.next_touchpoint_on,
            Relationship.name_order,
            Influencer.name,
            Influencer.archived_at,
            Influencer.do_not_contact,
            owner.name.label("owner_name"),
        )
        .join(CampaignMember, CampaignMember.relationship_id == Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(owner, owner.id == Relationship.owner_id, isouter=True)
        .where(CampaignMember.campaign_id == campaign_id)
        .order_by(Relationship.name_order, Relationship.id)
    )


def is_after(id: int, name_order: str) -> ColumnElement[bool]:
    """The condition that a member stands after this one in their list."""
    return or_(
        Relationship.name_order > name_order,
        and_(Relationship.name_order == name_order, Relationship.id > id),
    )


def is_one_of(ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a member is one of these relationships."""
    return Relationship.id.in_(ids)


def open_ones(brand_id: int, today: dt.date, most: int) -> Rows:
    """Select the campaigns that people may be added to, the next first: `id name starts_on`."""
    return (
        select(Campaign.id, Campaign.name, Campaign.starts_on)
        .where(
            Campaign.brand_id == brand_id,
            Campaign.cancelled_at.is_(None),
            Campaign.ends_on >= today,
        )
        .order_by(Campaign.starts_on, Campaign.id)
        .limit(most)
    )


def overlapping(campaign: Campaign, most: int) -> Rows:
    """Select other campaigns on the same days with the same people: `id name people`."""
    mine = aliased(CampaignMember)
    return (
        select(Campaign.id, Campaign.name, func.count().label("people"))
        .join(CampaignMember, CampaignMember.campaign_id == Campaign.id)
        .join(
            mine,
            and_(
                mine.relationship_id == CampaignMember.relationship_id,
                mine.campaign_id == campaign.id,
            ),
        )
        .where(
            Campaign.brand_id == campaign.brand_id,
            Campaign.id != campaign.id,
            Campaign.cancelled_at.is_(None),
            Campaign.starts_on <= campaign.ends_on,
            Campaign.ends_on >= campaign.starts_on,
        )
        .group_by(Campaign.id, Campaign.name)
        .order_by(func.count().desc(), Campaign.id)
        .limit(most)
    )


#: The campaigns of the relationship `of_id` that are not called off, the last first.
OF_ONE = (
    select(Campaign.id, Campaign.name, Campaign.starts_on, Campaign.ends_on)
    .join(CampaignMember, CampaignMember.campaign_id == Campaign.id)
    .where(CampaignMember.relationship_id == bindparam("of_id"), Campaign.cancelled_at.is_(None))
    .order_by(Campaign.ends_on.desc(), Campaign.id)
)


def _insert(session: Session) -> Insert:
    """An insert that can pass over who is there already; the same on both databases."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return (sqlite.insert if is_sqlite else postgresql.insert)(CampaignMember)


def _is_member(campaign_id: int) -> ColumnElement[bool]:
    return (
        select(CampaignMember.id)
        .where(
            CampaignMember.campaign_id == campaign_id,
            CampaignMember.relationship_id == Relationship.id,
        )
        .exists()
    )


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
