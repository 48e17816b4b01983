"""What scoring reads: plain tuples, some thousands of people at a time."""

import datetime as dt
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    Text,
    cast,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from irm.models import Account, Influencer, Post, Prospect, Relationship, Score, Task, TaskState
from irm.scoring.resonance import WINDOW_DAYS


def people(brand_id: int | None = None) -> Select[int]:
    """Select the ids of people we know, not strangers: a brand's, its prospects too, or all.

    They ascend.
    """
    found = select(Influencer.id).where(Influencer.known, Influencer.merged_into_id.is_(None))
    if brand_id is not None:
        its = select(Relationship.influencer_id).where(Relationship.brand_id == brand_id)
        looked_at = select(Prospect.influencer_id).where(Prospect.brand_id == brand_id)
        found = found.where(or_(Influencer.id.in_(its), Influencer.id.in_(looked_at)))
    return found.order_by(Influencer.id)


def accounts(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read the current accounts of some people: rows as `batch.block` takes them."""
    rows = session.connection().execute(
        select(
            Account.influencer_id,
            Account.id,
            type_coerce(Account.platform, String),
            Account.followers,
            Account.likes_average,
            Account.comments_average,
            Account.shares_average,
            Account.views_average,
            Account.engagement_average,
        ).where(Account.is_current, _among(Account.influencer_id, ids))
    )
    return _of(rows.all(), 0, ids)


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
    return [row[1:] for row in _of(rows.all(), 0, ids)]


def texts(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read what people posted on their current accounts: person, post, text, language."""
    rows = session.connection().execute(
        select(Account.influencer_id, Post.id, Post.text, Post.language)
        .join(Account, Account.id == Post.account_id)
        .where(Account.is_current, _among(Account.influencer_id, ids))
    )
    return _of(rows.all(), 0, ids)


def days(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read when people posted on their current accounts: person, post, day.

    The day is a date, or its ISO text where the database keeps it so.
    """
    found = session.connection().execute(
        select(Account.influencer_id, Post.id, _day(session, Post.published_at))
        .join(Account, Account.id == Post.account_id)
        .where(Account.is_current, _among(Account.influencer_id, ids))
    )
    # Of a million rows it tells that they come as the driver gives them.
    assert found.cursor is not None
    rows = found.cursor.fetchall()
    found.close()
    return _of(rows, 0, ids)


def stored_people(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read what is stored of people and may change."""
    rows = session.connection().execute(
        select(
            Influencer.id,
            Influencer.bio,
            type_coerce(Influencer.archetype, String),
            type_coerce(Influencer.tier, String),
            Influencer.tier_set_by_id,
            Influencer.tier_reason,
            Influencer.audience,
            Influencer.reach,
            Influencer.resonance,
        ).where(_among(Influencer.id, ids))
    )
    return _of(rows.all(), 0, ids)


def stored_relationships(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read what is stored of people's relationships and may change; their ids ascend."""
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
    return sorted(_of(rows.all(), 1, ids), key=itemgetter(0))


def stored_prospects(session: Session, ids: Sequence[int]) -> list[Any]:
    """Read what is stored of people as prospects of brands.

    `is_kept` says that they stay whatever they score, `is_scored` that somebody wrote down why.
    """
    rows = session.connection().execute(
        select(
            Prospect.id,
            Prospect.influencer_id,
            Prospect.brand_id,
            Prospect.relevance,
            Prospect.fit,
            or_(Prospect.is_own, Prospect.dismissed_at.is_not(None)).label("is_kept"),
            (cast(Prospect.reasons, Text) != "[]").label("is_scored"),
        ).where(_among(Prospect.influencer_id, ids))
    )
    return _of(rows.all(), 1, ids)


def silences(
    session: Session, subject: InstrumentedAttribute[Any], ids: Sequence[int]
) -> Sequence[Any]:
    """Read why scores were written down as not known: (subject, kind, reasons), newest last.

    The reasons are text, as they are stored. The subject is `Score.influencer_id` or
    `Score.relationship_id`; `ids` ascend.
    """
    if not ids:
        return []
    of_person = Score.relationship_id.is_(None)
    unknown = (
        select(subject, type_coerce(Score.kind, String), cast(Score.reasons, Text))
        .where(
            Score.value.is_(None),
            of_person if subject is Score.influencer_id else ~of_person,
            _among(subject, ids),
        )
        .order_by(Score.day)
    )
    return session.connection().execute(unknown).all()


def newest_task(session: Session) -> int:
    """Read the number of the newest task, 0 before the first."""
    return session.scalar(select(func.max(Task.id))) or 0


def scored_since(session: Session, task_id: int) -> list[int]:
    """Read the ids of the people whom tasks after that one name that are no longer waiting."""
    begun = select(Task.arguments).where(
        Task.kind == "score", Task.id > task_id, Task.state != TaskState.QUEUED
    )
    people = {id for arguments in session.scalars(begun) for id in arguments.get("people") or ()}
    return sorted(people)


def is_waiting(session: Session, brand_id: int | None) -> bool:
    """Say whether a scoring of a brand's people, or of everybody, waits to be begun."""
    waiting = select(Task.id).where(
        Task.kind == "score",
        Task.state == TaskState.QUEUED,
        or_(Task.brand_id.is_(None), Task.brand_id == brand_id),
        Task.arguments["people"].as_string().is_(None),
    )
    return session.scalar(waiting.limit(1)) is not None


def _among(column: InstrumentedAttribute[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Rows of these people: by their range where they stand close together, else one by one.

    A range may hold a few others; `_of` drops them.
    """
    if ids[-1] - ids[0] < 2 * len(ids):
        return column.between(ids[0], ids[-1])
    return column.in_(ids)


def _of(rows: Sequence[Any], place: int, ids: Sequence[int]) -> list[Any]:
    """Keep the rows of some people, whose ids stand at a place in each row."""
    if ids[-1] - ids[0] + 1 == len(ids):
        return list(rows)
    wanted = set(ids)
    return [row for row in rows if row[place] in wanted]


def _day(session: Session, moment: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The day of a moment in UTC, as the database has it at hand: of a million rows, that tells."""
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(type_coerce(moment, String), 1, 10)
    return cast(func.timezone("UTC", moment), Date)
