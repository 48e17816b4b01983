"""What people published and how their figures went, by account."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from irm.directory.export.columns import COUNTS, FIGURES, OF_POST_DAY
from irm.models import Account, Influencer, Post, PostSnapshot, Snapshot
from irm.models.base import Rows

_ACCOUNT = (
    Account.influencer_id,
    Account.platform,
    Account.handle,
    Account.platform_id,
)


def posts(people: ColumnElement[bool]) -> Rows:
    """Select the posts of the people a condition keeps; `with_days` adds their history."""
    own = ("platform_post_id", "published_at", "text", "language", "url", *COUNTS)
    return (
        select(
            Post.id,
            *_ACCOUNT,
            *(getattr(Post, name) for name in own),
            Post.counts_on,
            Post.content_key,
        )
        .join(Account, Account.id == Post.account_id)
        .join(Influencer, Influencer.id == Account.influencer_id)
        .where(people)
    )


def with_days(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Give posts their counts on other days."""
    found = session.execute(
        select(PostSnapshot.post_id, *(getattr(PostSnapshot, name) for name in OF_POST_DAY))
        .where(PostSnapshot.post_id.in_([row["id"] for row in rows]))
        .order_by(PostSnapshot.day)
    )
    days: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        days[one.post_id].append({name: getattr(one, name) for name in OF_POST_DAY})
    for row in rows:
        row["history"] = days[row["id"]]


def snapshots(people: ColumnElement[bool]) -> Rows:
    """Select every day's figures of the accounts of the people a condition keeps."""
    return (
        select(Snapshot.id, *_ACCOUNT, Snapshot.day, *(getattr(Snapshot, name) for name in FIGURES))
        .join(Account, Account.id == Snapshot.account_id)
        .join(Influencer, Influencer.id == Account.influencer_id)
        .where(people)
    )
