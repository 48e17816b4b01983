"""What stands side by side when a few people are compared, in a constant number of reads."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from irm.models import Account, Influencer, Post, Relationship, Score, Snapshot, User
from irm.models.base import Rows
from irm.scoring import facts
from irm.scoring.growth import FREQUENCY_DAYS, MONTH, TOLERANCE, Frequency, frequency
from irm.scoring.growth import Snapshot as Figures

MOST = 5
"""How many people fit beside each other on a screen."""

POSTS = 20_000
"""Posts looked at to say how often they publish: more than five people make in that time."""


def people(brand_id: int, ids: Sequence[int]) -> Rows:
    """Select what a brand knows of some people; who is not among its people is left out."""
    return (
        select(
            Influencer.id,
            Influencer.name,
            Influencer.audience,
            Influencer.reach,
            Influencer.resonance,
            Influencer.tier,
            Influencer.tier_set_by_id,
            Influencer.tier_reason,
            Influencer.archetype,
            Influencer.archived_at,
            Relationship.relevance,
            Relationship.fit,
            Relationship.stage,
            Relationship.last_contact_at,
            User.name.label("owner_name"),
        )
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .join(User, User.id == Relationship.owner_id, isouter=True)
        .where(
            Influencer.id.in_(ids),
            Relationship.brand_id == brand_id,
            Influencer.known,
            Influencer.merged_into_id.is_(None),
        )
    )


def ticked(brand_id: int, relationship_ids: Sequence[int]) -> Rows:
    """Select `id influencer_id` of some relationships of a brand."""
    return select(Relationship.id, Relationship.influencer_id).where(
        Relationship.brand_id == brand_id, Relationship.id.in_(relationship_ids)
    )


def accounts(ids: Sequence[int]) -> Rows:
    """Select the accounts they have now, each person's largest first, with their oldest posts."""
    oldest = select(func.min(Post.published_at)).where(Post.account_id == Account.id)
    return (
        select(
            Account.id,
            Account.influencer_id,
            Account.platform,
            Account.handle,
            Account.followers,
            oldest.scalar_subquery().label("first_post_at"),
        )
        .where(Account.influencer_id.in_(ids), Account.is_current)
        .order_by(func.coalesce(Account.followers, -1).desc(), Account.id)
    )


def figures(ids: Sequence[int]) -> Rows:
    """Select the followers of their accounts on the newest days, as many as growth looks at."""
    newest = (
        select(
            Snapshot.account_id,
            Snapshot.day,
            Snapshot.followers,
            func.row_number()
            .over(partition_by=Snapshot.account_id, order_by=Snapshot.day.desc())
            .label("place"),
        )
        .join(Account, Account.id == Snapshot.account_id)
        .where(Account.influencer_id.in_(ids), Account.is_current, Snapshot.followers.is_not(None))
        .subquery()
    )
    return select(newest).where(newest.c.place <= TOLERANCE * MONTH + 1)


def posts(ids: Sequence[int], day: dt.date) -> Rows:
    """Select whose posts came out when, in the days that tell how often somebody publishes."""
    since = dt.datetime.combine(day - dt.timedelta(days=FREQUENCY_DAYS), dt.time(), dt.UTC)
    return (
        select(Account.influencer_id, Post.published_at)
        .join(Account, Account.id == Post.account_id)
        .where(Account.influencer_id.in_(ids), Account.is_current, Post.published_at >= since)
        .limit(POSTS)
    )


def scores(brand_id: int, ids: Sequence[int]) -> Rows:
    """Select the newest score of each kind with its reasons, for the brand."""
    of_brand = select(Relationship.id).where(
        Relationship.brand_id == brand_id, Relationship.influencer_id.in_(ids)
    )
    newest = (
        select(
            Score.influencer_id,
            Score.kind,
            Score.reasons,
            func.row_number()
            .over(partition_by=(Score.influencer_id, Score.kind), order_by=Score.day.desc())
            .label("place"),
        )
        .where(
            Score.influencer_id.in_(ids),
            or_(Score.relationship_id.is_(None), Score.relationship_id.in_(of_brand)),
        )
        .subquery()
    )
    return select(newest).where(newest.c.place == 1)


def by_account(rows: Iterable[Any]) -> dict[int, list[Figures]]:
    """Put the rows of `figures` together, account by account."""
    found: dict[int, list[Figures]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(Figures(row.day, row.followers))
    return found


def often(
    published: Iterable[dt.datetime], first: dt.datetime | None, day: dt.date
) -> Frequency | None:
    """How often somebody publishes on all accounts together; `first` is their oldest post."""
    known = [facts.Post(0, at.date()) for at in published]
    # It counts for how long posts are known, and is among the others if it is of these days.
    if first is not None and (day - first.date()).days >= FREQUENCY_DAYS:
        known.append(facts.Post(0, first.date()))
    return frequency(known, day)
