"""Growth: how fast an account gains followers, and how often it publishes."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from irm.scoring.facts import Counts, Post, age, known

PER_DAYS = 30
"""Growth is said as what it makes in this many days, whatever it was measured over."""

MONTH, YEAR = 30, 365
"""The two distances over which growth is measured."""

TOLERANCE = 2
"""Days half as far apart, or twice as far, still serve for a distance; others say nothing of it."""

FREQUENCY_DAYS = 90
"""How far back posts are counted to say how often somebody publishes."""

LEAST_DAYS = 28
"""Posts that are known for fewer days are counted as if for so many: one post is no habit."""

MOST_A_DAY = 100
"""More posts than these are hardly one day's work: one every quarter of an hour, day and night."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An account's figures on one day."""

    day: dt.date
    followers: int | None = None
    averages: Counts | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """What became of the followers between two days, and what that makes in 30 days."""

    first: dt.date
    last: dt.date
    was: int
    now: int
    #: Followers in 30 days, at an even pace.
    followers: float
    #: Per cent in 30 days, compounded; `None` for whoever began with nobody.
    percent: float | None

    @property
    def days(self) -> int:
        """How far apart the two days stand."""
        return (self.last - self.first).days


@dataclass(frozen=True, slots=True)
class Together:
    """The growth of several accounts in 30 days; the same follower may count on each."""

    accounts: int
    followers: float
    percent: float | None


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often somebody publishes: posts per week, and the days and posts it rests on."""

    per_week: float
    posts: int
    days: int


def followers_by_day(snapshots: Iterable[Snapshot], day: dt.date) -> list[tuple[dt.date, int]]:
    """List the days on which the followers are known, oldest first.

    A day that is still to come is a mistake, and left out.
    """
    found = sorted(
        (one.day, one.followers)
        for one in snapshots
        if one.followers is not None
        and known(one.followers) is not None
        and age(one.day, day) is not None
    )
    return list(dict(found).items())


def growth(snapshots: Iterable[Snapshot], day: dt.date, over: int = MONTH) -> Growth | None:
    """Measure from the newest snapshot back to the one nearest to `over` days before it.

    `None` where there is none that is at least half and at most twice as far back.
    """
    found = followers_by_day(snapshots, day)
    if not found:
        return None
    last, now = found[-1]
    near = [
        (abs(days - over), -days, first, was)
        for first, was in found[:-1]
        if over <= (days := (last - first).days) * TOLERANCE and days <= over * TOLERANCE
    ]
    if not near:
        return None
    *_, first, was = min(near)
    share = PER_DAYS / (last - first).days
    percent = 100 * (math.pow(now / was, share) - 1) if was else None
    return Growth(first, last, was, now, (now - was) * share, percent)


def together(growths: Iterable[Growth | None]) -> Together | None:
    """Add up the accounts whose growth is known; per cent as of the followers they began with."""
    found = [one for one in growths if one is not None]
    if not found:
        return None
    begun = math.fsum(one.was for one in found if one.percent is not None)
    gained = math.fsum(one.was * one.percent for one in found if one.percent is not None)
    return Together(
        len(found),
        math.fsum(one.followers for one in found),
        gained / begun if begun else None,
    )


def crowded(posts: Iterable[Post], day: dt.date) -> dict[dt.date, int]:
    """Find the days with more posts than anybody publishes, and how many they have."""
    dated = Counter(
        one.published_on
        for one in posts
        if one.published_on is not None and age(one.published_on, day) is not None
    )
    return {on: number for on, number in sorted(dated.items()) if number > MOST_A_DAY}


def frequency(posts: Iterable[Post], day: dt.date) -> Frequency | None:
    """Count the posts of the last 90 days, or since the oldest one that is known.

    Days with more posts than anybody publishes are left out. `None` where no post of those days is
    known: that may be because nobody looked.
    """
    every = list(posts)
    strange = crowded(every, day)
    ages = [
        (one.published_on, days)
        for one in every
        if (days := age(one.published_on, day)) is not None and one.published_on not in strange
    ]
    if not ages:
        return None
    window = min(FREQUENCY_DAYS, max(LEAST_DAYS, max(days for _, days in ages) + 1))
    counted = sum(days < window for _, days in ages)
    left_out = sum((age(on, day) or 0) < window for on in strange)
    if not counted:
        return None
    left = max(1, window - left_out)
    return Frequency(7 * counted / left, counted, left)
