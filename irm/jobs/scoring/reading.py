"""What scoring reads: plain tuples, some thousands of people at a time."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from irm.models import Account, Influencer, Post, Relationship, Score
from irm.scoring.resonance import WINDOW_DAYS


def people(brand_id: int | None = None) -> Select[int]:
    """Select the ids of people we know, not strangers: a brand's, or all; ascending."""
    found = select(Influencer.id).where(Influencer.known, Influencer.merged_into_id.is_(None))
    if brand_id is not None:
        its = select(Relationship.influencer_id).where(Relationship.brand_id == brand_id)
        found = found.where(Influencer.id.in_(its))
    return found.order_by(Influencer.id)


def accounts(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read the current accounts of some people: rows as `batch.block` takes them."""
    rows = session.connection().execute(
        select(
            Account.influencer_id,
            Account.id,
            Account.platform,
            Account.followers,
            Account.likes_average,
            Account.comments_average,
            Account.shares_average,
            Account.views_average,
            Account.engagement_average,
        ).where(Account.is_current, _among(Account.influencer_id, ids))
    )
    wanted = set(ids)
    return [row for row in rows if row.influencer_id in wanted]


def counts(session: Session, ids: Sequence[int], day: dt.date) -> list[Any]:
    """Read the counts of posts of late: a person's id, then a row as `batch.block` takes it."""
    since = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(days=WINDOW_DAYS)
    rows = session.connection().execute(
        select(
            Account.influencer_id,
            Post.account_id,
            Post.id,
            Post.published_at,
            Post.likes,
            Post.comments,
            Post.shares,
            Post.views,
        )
        .join(Account, Account.id == Post.account_id)
        .where(
            Account.is_current,
            _among(Account.influencer_id, ids),
            or_(Post.published_at >= since, Post.published_at.is_(None)),
        )
    )
    wanted = set(ids)
    return [row[1:] for row in rows if row.influencer_id in wanted]


def texts(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read what people posted on their current accounts."""
    rows = session.connection().execute(
        select(Account.influencer_id, Post.id, Post.published_at, Post.text, Post.language)
        .join(Account, Account.id == Post.account_id)
        .where(Account.is_current, _among(Account.influencer_id, ids))
    )
    wanted = set(ids)
    return [row for row in rows if row.influencer_id in wanted]


def stored_people(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read what is stored of people and may change."""
    rows = session.connection().execute(
        select(
            Influencer.id,
            Influencer.bio,
            Influencer.archetype,
            Influencer.tier,
            Influencer.tier_set_by_id,
            Influencer.tier_reason,
            Influencer.audience,
            Influencer.reach,
            Influencer.resonance,
        ).where(_among(Influencer.id, ids))
    )
    wanted = set(ids)
    return [row for row in rows if row.id in wanted]


def stored_relationships(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read what is stored of people's relationships and may change."""
    rows = session.connection().execute(
        select(
            Relationship.id,
            Relationship.influencer_id,
            Relationship.brand_id,
            Relationship.relevance,
            Relationship.fit,
            Relationship.relevance_order,
            Relationship.fit_order,
            Relationship.reach_order,
            Relationship.resonance_order,
        ).where(_among(Relationship.influencer_id, ids))
    )
    wanted = set(ids)
    return [row for row in rows if row.influencer_id in wanted]


def silences(
    session: Session, subject: InstrumentedAttribute[Any], ids: Sequence[int]
) -> Sequence[Any]:
    """Read why scores were written down as not known: (subject, kind, reasons), newest last.

    The subject is `Score.influencer_id` or `Score.relationship_id`; `ids` ascend.
    """
    if not ids:
        return []
    of_person = Score.relationship_id.is_(None)
    unknown = (
        select(subject, Score.kind, Score.reasons)
        .where(
            Score.value.is_(None),
            of_person if subject is Score.influencer_id else ~of_person,
            _among(subject, ids),
        )
        .order_by(Score.day)
    )
    return session.connection().execute(unknown).all()


def _among(column: InstrumentedAttribute[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Rows of these people: by their range where they stand close together, else one by one.

    A range may hold a few others; whoever reads drops them.
    """
    if ids[-1] - ids[0] < 2 * len(ids):
        return column.between(ids[0], ids[-1])
    return column.in_(ids)
