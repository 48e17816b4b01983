"""Jumps of followers: far outside an account's own usual change, and whether people react more."""

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from irm.scoring.facts import Account, Counts, age, known
from irm.scoring.growth import Snapshot, followers_by_day
from irm.scoring.resonance import COMMENT, SHARE, UNLIKED

ENOUGH_CHANGES = 3
"""How many other changes of an account must be known to say what is usual for it."""

FAR = 6.0
"""How many spreads beyond the usual daily change a jump begins."""

LEAST_SPREAD = 0.001
"""The least spread of a daily change: nobody is so even that half a per cent is a jump."""

SIGMA = 1.4826
"""What a median deviation is multiplied by to compare it with a standard deviation."""

LEAST_SHARE = 0.15
"""A jump adds this part of the followers at least, beyond what was usual."""

LEAST_GAIN = 500
"""And as many followers at least, beyond what was usual."""

LEAST_FOLLOWERS = 100
"""Accounts smaller than this have only just begun; everything is a jump to them."""

RECENT_DAYS = 731
"""Jumps that ended longer before the newest figures are history, not a doubt."""

REACTION_DAYS = 90
"""How far before and after a jump posts are looked at."""

ENOUGH_POSTS = 3
"""How many posts it takes on either side."""

VIRAL = 5.0
"""A post with so many times the usual reactions explains a jump that follows within..."""

VIRAL_DAYS = 14
"""...so many days."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A rise of followers that is not this account's way.

    `usual` is what it would have gained in that time, `daily` and `spread` its usual change in a
    day (as logarithms), over so many other `changes`.
    """

    first: dt.date
    last: dt.date
    was: int
    now: int
    usual: float
    daily: float
    spread: float
    changes: int


@dataclass(frozen=True, slots=True)
class Reactions:
    """The usual reactions to a post before and after; 0 posts: a list's averages.

    `best` is the most that a single post of those days got.
    """

    before: float
    after: float
    posts_before: int
    posts_after: int
    best: float


@dataclass(frozen=True, slots=True)
class _Change:
    first: dt.date
    last: dt.date
    was: int
    now: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days

    @property
    def daily(self) -> float:
        return math.log(max(self.now, 1) / self.was) / self.days


def jumps(snapshots: Iterable[Snapshot], day: dt.date) -> list[Jump]:
    """Find the jumps of an account, oldest first; those that follow each other are one."""
    changes = [
        _Change(first, last, was, now)
        for (first, was), (last, now) in pairwise(followers_by_day(snapshots, day))
        if was
    ]
    if len(changes) <= ENOUGH_CHANGES:
        return []
    every = [one.daily for one in changes]
    # The median of the others is never below this: most changes need no closer look.
    least = sorted(every)[(len(every) - 2) // 2] + FAR * LEAST_SPREAD
    runs: list[_Change] = []
    for place, one in enumerate(changes):
        if one.was < LEAST_FOLLOWERS or every[place] <= least:
            continue
        others = every[:place] + every[place + 1 :]
        daily, spread = _usual(others)
        if every[place] - daily <= FAR * spread:
            continue
        if runs and runs[-1].last == one.first:
            runs[-1] = replace(runs[-1], last=one.last, now=one.now)
        else:
            runs.append(one)
    since = changes[-1].last - dt.timedelta(days=RECENT_DAYS)
    found = [_jump(run, changes) for run in runs if run.last >= since]
    return [one for one in found if one is not None]


def _jump(run: _Change, changes: Sequence[_Change]) -> Jump | None:
    """Compare a rise with what was usual before and after it; `None` where it is too small."""
    others = [one.daily for one in changes if not run.first <= one.first < run.last]
    if len(others) < ENOUGH_CHANGES:
        return None
    daily, spread = _usual(others)
    gained = run.was * math.expm1(min(daily, run.daily) * run.days)
    beyond = run.now - run.was - gained
    if beyond < LEAST_GAIN or beyond < LEAST_SHARE * run.was:
        return None
    return Jump(run.first, run.last, run.was, run.now, gained, daily, spread, len(others))


def _usual(daily: Sequence[float]) -> tuple[float, float]:
    """Give the median of some changes and their spread, which a few wild ones do not move."""
    middle = statistics.median(daily)
    deviation = statistics.median(abs(one - middle) for one in daily)
    return middle, max(LEAST_SPREAD, SIGMA * deviation)


def reactions(
    jump: Jump, account: Account, snapshots: Iterable[Snapshot], day: dt.date
) -> Reactions | None:
    """Compare how people reacted before and after a jump; `None` where one of both is not known.

    By posts, where there are enough on either side, else by the averages that lists gave.
    """
    near = dt.timedelta(days=REACTION_DAYS)
    recent = jump.first - dt.timedelta(days=VIRAL_DAYS)
    rated = [
        (one.published_on, value)
        for one in account.posts
        if one.published_on is not None
        and age(one.published_on, day) is not None
        and (value := reacted(one.counts, account.platform)) is not None
    ]
    before = [value for on, value in rated if jump.first - near <= on <= jump.first]
    after = [value for on, value in rated if jump.first < on <= jump.last + near]
    best = max((value for on, value in rated if recent <= on <= jump.last), default=0.0)
    if len(before) >= ENOUGH_POSTS and len(after) >= ENOUGH_POSTS:
        middles = statistics.median(before), statistics.median(after)
        return Reactions(*middles, len(before), len(after), best)

    listed = sorted(
        (one.day, value)
        for one in snapshots
        if one.averages is not None
        and age(one.day, day) is not None
        and (value := reacted(one.averages, account.platform)) is not None
    )
    earlier = [value for on, value in listed if jump.first - near <= on <= jump.first]
    later = [value for on, value in listed if jump.last <= on <= jump.last + near]
    if earlier and later:
        return Reactions(earlier[-1], later[0], 0, 0, best)
    return None


def is_matched(jump: Jump, found: Reactions) -> bool:
    """Say whether people react more since a jump, or reacted so much that they came.

    A rise of the reactions by half as many powers as that of the followers is enough: new
    followers always react less. So is one post that went viral.
    """
    if found.after > 0 and found.after >= found.before * math.sqrt(jump.now / jump.was):
        return True
    return found.best > 0 and found.best >= VIRAL * found.before


def reacted(counts: Counts, platform: str) -> float | None:
    """Count reactions as a rate does, without dividing them by anything."""
    likes, comments, shares = known(counts.likes), known(counts.comments), known(counts.shares)
    if likes is None and (platform not in UNLIKED or (comments is None and shares is None)):
        return None
    return (likes or 0.0) + COMMENT * (comments or 0.0) + SHARE * (shares or 0.0)
