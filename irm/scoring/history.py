"""How a person's scores went over time, and the posts that moved them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import FunctionElement, Over, ScalarSelect, func, or_, select

from irm.models import Account, Post, Score
from irm.models.base import Rows
from irm.scoring.changes import Cause


def between(influencer_id: int, relationship_id: int | None, first: dt.date, last: dt.date) -> Rows:
    """Select the scores that stood at some time of these days, oldest first.

    `kind day value reasons`, the `day_before` and `value_before` of the one that stood before, and
    `until`, the day of the next one, if there is any.
    """
    every = (
        select(
            Score.kind,
            Score.day,
            Score.value,
            Score.reasons,
            _beside(func.lag(Score.day)).label("day_before"),
            _beside(func.lag(Score.value)).label("value_before"),
            _beside(func.lead(Score.day)).label("until"),
        )
        .where(
            Score.influencer_id == influencer_id,
            or_(Score.relationship_id.is_(None), Score.relationship_id == relationship_id),
        )
        .subquery()
    )
    stood = or_(every.c.until.is_(None), every.c.until > first)
    return select(every).where(every.c.day <= last, stood).order_by(every.c.day)


def _beside(function: FunctionElement[Any]) -> Over[Any]:
    """Look at the row before or after, among those of a kind."""
    return function.over(partition_by=Score.kind, order_by=Score.day)


def posts(influencer_id: int, causes: Iterable[Cause]) -> Rows:
    """Select `id account_id platform published_at url` of the posts of some causes, newest first.

    Where a cause knows since which post there are new ones, all of that account from that post to
    the newest.
    """
    found = list(causes)
    named = {post for one in found for post in one.get("posts", ())}
    named |= {one["since"] for one in found if "since" in one}
    since = [
        (Post.account_id == one["account"])
        & Post.published_at.between(_moment_of(one["since"]), _moment_of(one["posts"][0]))
        for one in found
        if "since" in one
    ]
    return (
        select(Post.id, Post.account_id, Account.platform, Post.published_at, Post.url)
        .join(Account, Account.id == Post.account_id)
        .where(Account.influencer_id == influencer_id, or_(Post.id.in_(named), *since))
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(200)
    )


def _moment_of(post: int) -> ScalarSelect[dt.datetime | None]:
    return select(Post.published_at).where(Post.id == post).scalar_subquery()
