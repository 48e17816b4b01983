"""What the formulas look at: plain values, so that a score needs neither database nor clock.

A figure that is not known is `None`, never 0. A negative figure is a mistake in the source and is
read as not known.
"""

import datetime as dt
from dataclasses import dataclass, field

UNDATED_AGE = 180
"""The age in days that a post without a believable date is given."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How people answered one post, or a list's averages of many."""

    likes: int | float | None = None
    comments: int | float | None = None
    shares: int | float | None = None
    views: int | float | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One published piece. `id` breaks ties between posts of one day: the higher is the newer."""

    id: int
    published_on: dt.date | None = None
    counts: Counts = field(default_factory=Counts)
    text: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One presence on one platform, with its posts and the averages a list gave for it."""

    id: int
    platform: str
    followers: int | None = None
    averages: Counts | None = None
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What a brand wants to be part of. `weight` stands between 0 and 1."""

    id: int
    name: str
    keywords: tuple[str, ...]
    weight: float = 1.0


def averages(
    likes: float | None,
    comments: float | None,
    shares: float | None,
    views: float | None,
    engagement: float | None,
) -> Counts:
    """Read a list's averages per post; reactions that came without a split count as likes."""
    if likes is None and engagement is not None:
        return Counts(likes=engagement, views=views)
    return Counts(likes, comments, shares, views)


def known(figure: int | float | None) -> float | None:
    """Read a figure: not known when absent, negative, infinite or not a number."""
    if figure is None or not 0 <= figure < float("inf"):
        return None
    return float(figure)


def age(published_on: dt.date | None, day: dt.date) -> int | None:
    """Count the days since a post, 0 at least; `None` for one without a believable date.

    A date more than a day ahead is a mistake. One day is allowed, because somewhere on earth it
    is tomorrow already.
    """
    if published_on is None:
        return None
    days = (day - published_on).days
    return None if days < -1 else max(days, 0)
