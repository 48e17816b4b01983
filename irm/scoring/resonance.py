"""Resonance: how much more an audience reacts than audiences of that size on that platform."""

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from irm.scoring.facts import UNDATED_AGE, Account, Counts, Post, age, known

WINDOW_DAYS = 180
"""Older posts say nothing of today."""

LAST_POSTS = 24
"""How many of an account's newest posts are looked at."""

AVERAGES_COUNT_AS = 5
"""How many posts a list's own averages are worth."""

PRIOR_POSTS = 5
"""Shrinkage: with this many posts, half of the distance to "as expected" is believed."""

COMMENT, SHARE = 2, 3
"""What a comment and a share weigh beside a like."""

VIEWED = frozenset({"youtube", "tiktok", "twitch"})
"""Platforms that count the views of each post; there a rate is per view."""

UNLIKED = frozenset({"blog", "podcast", "newsletter", "other"})
"""Platforms without a like button: elsewhere a post whose likes are hidden has no known rate."""

SLOPES = (-0.6, 0.0)
"""Between which a fitted slope is kept: a list of "top" accounts was selected by engagement."""

SETTLED = 0.01
"""A new line that lies nowhere further from the old one, in log10 (2.3 %), is taken for the same:
else every night would move everybody's resonance by a hair."""

SIZES = (2, 8)
"""Between which powers of ten of followers lines are held against each other."""

ENOUGH_ACCOUNTS = 30
"""From how many accounts on a platform's line is fitted on our own data."""


#: Points without a name: (log10 followers, log10 rate).
Cloud: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """The rate that audiences of a size have on a platform: a line in log-log space, base 10.

    `accounts` is how many it was fitted on; 0 for one that came with the product. `cloud` is a
    sample of those accounts as it comes out of a fit, (log10 followers, log10 rate), for a drawing.
    """

    intercept: float
    slope: float
    accounts: int = 0
    cloud: Cloud = field(default=(), compare=False, repr=False)

    def rate(self, followers: float) -> float:
        """Give the expected rate for a number of followers above 0."""
        return math.pow(10.0, self.intercept + self.slope * math.log10(followers))

    def is_near(self, other: "Expectation") -> bool:
        """Whether both lines expect the same within `SETTLED`, whatever the size."""
        apart = (
            abs(self.intercept - other.intercept + (self.slope - other.slope) * size)
            for size in SIZES
        )
        return max(apart) <= SETTLED


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual rate of an account, and what it rests on."""

    rate: float
    posts: int
    source: Literal["posts", "averages"]
    #: The newest of those posts.
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class AccountResonance:
    """What one account adds to a person's resonance."""

    account: Account
    usual: Usual
    expected: float
    score: float


DEFAULTS: Mapping[str, Expectation] = {
    "instagram": Expectation(-0.90, -0.17),
    "youtube": Expectation(-1.30, -0.02),
    "tiktok": Expectation(-0.95, -0.01),
    "twitch": Expectation(-1.50, -0.02),
    "x": Expectation(-1.30, -0.30),
    "facebook": Expectation(-1.30, -0.25),
    "linkedin": Expectation(-0.80, -0.25),
    "threads": Expectation(-1.10, -0.25),
    "bluesky": Expectation(-0.90, -0.25),
    "mastodon": Expectation(-0.90, -0.25),
    "pinterest": Expectation(-1.60, -0.25),
    "snapchat": Expectation(-1.10, -0.20),
    "blog": Expectation(-1.50, -0.30),
    "podcast": Expectation(-1.50, -0.30),
    "newsletter": Expectation(-1.50, -0.30),
}
"""The lines that come with irm: rough, and replaced where our own data has enough accounts."""

OTHER = Expectation(-1.20, -0.25)
"""The line of a platform that has none of its own."""


def expectation(platform: str, fitted: Mapping[str, Expectation] | None = None) -> Expectation:
    """Choose a platform's line: our own where it was fitted, else the one shipped."""
    return (fitted or {}).get(platform) or DEFAULTS.get(platform, OTHER)


def rate(counts: Counts, platform: str, followers: int | float | None) -> float | None:
    """Rate a post: (likes + 2 comments + 3 shares) / followers, or / views on a video platform.

    A missing comment or share counts nothing. `None` where the likes are not known, what to divide
    by is not known or 0, or the rate is beyond all numbers.
    """
    likes, comments, shares = known(counts.likes), known(counts.comments), known(counts.shares)
    base = known(counts.views if platform in VIEWED else followers)
    if base is None or base == 0 or (likes is None and platform not in UNLIKED):
        return None
    if likes is None and comments is None and shares is None:
        return None
    return known(((likes or 0.0) + COMMENT * (comments or 0.0) + SHARE * (shares or 0.0)) / base)


def usual(account: Account, day: dt.date) -> Usual | None:
    """Find the usual rate of an account as of a day.

    The median of its newest posts whose rate is known; without such a post the averages of a list.
    """
    rated = [
        (days, -post.id, value)
        for post in account.posts
        if (days := _age(post, day)) <= WINDOW_DAYS
        and (value := rate(post.counts, account.platform, account.followers)) is not None
    ]
    if rated:
        newest = sorted(rated)[:LAST_POSTS]
        median = statistics.median(value for _, _, value in newest)
        return Usual(median, len(newest), "posts", -newest[0][1])
    if account.averages is not None:
        value = rate(account.averages, account.platform, account.followers)
        if value is not None:
            return Usual(value, AVERAGES_COUNT_AS, "averages")
    return None


def of_account(
    account: Account, day: dt.date, fitted: Mapping[str, Expectation] | None = None
) -> AccountResonance | None:
    """Score one account: 50 + 25 log2 of its rate against the expected one, shrunk, 0 to 100.

    A rate of 0 scores 0. `None` without a known rate, or without followers to expect one for.
    """
    found = usual(account, day)
    if found is None or not known(account.followers):
        return None
    assert account.followers is not None
    expected = expectation(account.platform, fitted).rate(account.followers)
    return AccountResonance(account, found, expected, _score(found, expected))


def of_person(accounts: Iterable[AccountResonance | None]) -> float | None:
    """Take the mean of a person's accounts, weighted by followers; unknown ones are left out."""
    counted = [one for one in accounts if one is not None]
    weights = [float(one.account.followers or 0) for one in counted]
    if not counted:
        return None
    weighted = math.fsum(w * one.score for w, one in zip(weights, counted, strict=True))
    return min(100.0, max(0.0, weighted / math.fsum(weights)))


def _age(post: Post, day: dt.date) -> int:
    days = age(post.published_on, day)
    return UNDATED_AGE if days is None else days


def _score(found: Usual, expected: float) -> float:
    if found.rate == 0:
        return 0.0
    shrink = found.posts / (found.posts + PRIOR_POSTS)
    return min(100.0, max(0.0, 50 + 25 * shrink * math.log2(found.rate / expected)))
