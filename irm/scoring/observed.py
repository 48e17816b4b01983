"""What is known of a person's accounts over time: what growth and doubts are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from irm.models import Account, Post, Snapshot
from irm.models.base import Rows
from irm.scoring import facts, growth

POSTS = 5000
"""Posts looked at of each account, the newest: more than three years of four a day."""

SNAPSHOTS = 800
"""Days of figures looked at of each account, the newest: two years of one a day."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One account with its posts, its figures day by day, and the handle it has now."""

    account: facts.Account
    handle: str
    snapshots: tuple[growth.Snapshot, ...]


def accounts(influencer_id: int) -> Rows:
    """Select the accounts a person has now, in the order of their making."""
    return (
        select(
            Account.id,
            Account.platform,
            Account.handle,
            Account.followers,
            Account.likes_average,
            Account.comments_average,
            Account.shares_average,
            Account.views_average,
            Account.engagement_average,
        )
        .where(Account.influencer_id == influencer_id, Account.is_current)
        .order_by(Account.id)
    )


def posts(influencer_id: int) -> Rows:
    """Select the counts of the newest posts of each account a person has now."""
    newest = (
        select(
            Post.account_id,
            Post.id,
            Post.published_at,
            Post.likes,
            Post.comments,
            Post.shares,
            Post.views,
            func.row_number()
            .over(
                partition_by=Post.account_id,
                order_by=(Post.published_at.desc().nulls_last(), Post.id.desc()),
            )
            .label("place"),
        )
        .join(Account, Account.id == Post.account_id)
        .where(Account.influencer_id == influencer_id, Account.is_current)
        .subquery()
    )
    return select(newest).where(newest.c.place <= POSTS)


def snapshots(influencer_id: int) -> Rows:
    """Select the newest figures of each account a person has now."""
    newest = (
        select(
            Snapshot.account_id,
            Snapshot.day,
            Snapshot.followers,
            Snapshot.likes_average,
            Snapshot.comments_average,
            Snapshot.shares_average,
            Snapshot.views_average,
            Snapshot.engagement_average,
            func.row_number()
            .over(partition_by=Snapshot.account_id, order_by=Snapshot.day.desc())
            .label("place"),
        )
        .join(Account, Account.id == Snapshot.account_id)
        .where(Account.influencer_id == influencer_id, Account.is_current)
        .subquery()
    )
    return select(newest).where(newest.c.place <= SNAPSHOTS)


def observed(
    accounts: Iterable[Any], posts: Iterable[Any], snapshots: Iterable[Any]
) -> list[Observed]:
    """Put the rows of the three together, account by account."""
    published: dict[int, list[facts.Post]] = {}
    for row in posts:
        counts = facts.Counts(row.likes, row.comments, row.shares, row.views)
        on = row.published_at.date() if row.published_at else None
        published.setdefault(row.account_id, []).append(facts.Post(row.id, on, counts))
    figures: dict[int, list[growth.Snapshot]] = {}
    for row in snapshots:
        one = growth.Snapshot(row.day, row.followers, _averages(row))
        figures.setdefault(row.account_id, []).append(one)
    return [
        Observed(
            facts.Account(
                row.id,
                row.platform.value,
                row.followers,
                _averages(row),
                tuple(published.get(row.id, ())),
            ),
            row.handle,
            tuple(figures.get(row.id, ())),
        )
        for row in accounts
    ]


def _averages(row: Any) -> facts.Counts:
    return facts.averages(
        row.likes_average,
        row.comments_average,
        row.shares_average,
        row.views_average,
        row.engagement_average,
    )
