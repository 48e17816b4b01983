"""What looks odd in the figures of an account: a doubt with what it rests on, never a verdict.

A doubt is a small dict that JSON can hold: `code`, the account, and the parameters of its sentence
(`doubt_sentences`). Shapes that look bought have other causes too, and the sentence names them.
Figures that look wrong say how the scores read them.
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from irm.scoring import jumps
from irm.scoring.facts import Account, Counts, age, known
from irm.scoring.growth import MOST_A_DAY, Snapshot, crowded
from irm.scoring.reasons import Reason, short
from irm.scoring.resonance import (
    AVERAGES_COUNT_AS,
    VIEWED,
    Expectation,
    Usual,
    expectation,
    of_account,
)

Doubt: TypeAlias = dict[str, Any]

WRONG = frozenset(
    {"likes.alone", "likes.views", "posts.ahead", "figures.ahead", "posts.crowded", "negative"}
)
"""The codes of figures that look wrong; the others are of shapes that look bought."""

OUTSIDE = 20.0
"""A rate this many times above or below what is usual lies outside the spread of a platform."""

ENOUGH_POSTS = 5
"""How many posts it takes to doubt a rate; a list's averages count as so many."""

LIKES_ABOVE = 2.0
"""Most posts have more likes than this many times the followers: likes far above followers."""

SHOWN_JUMPS = 3
"""Of how many jumps of an account there is a doubt, the newest."""


def of(
    account: Account,
    snapshots: Iterable[Snapshot],
    day: dt.date,
    lines: Mapping[str, Expectation] | None = None,
) -> list[Doubt]:
    """Doubt what is odd about one account as of a day: bought shapes first, then wrong figures."""
    known_figures = list(snapshots)
    return [
        {"code": code, "account": account.id, "platform": account.platform, **params}
        for code, params in (
            *_jumps(account, known_figures, day),
            *_rates(account, day, lines),
            *_likes(account),
            *_days(account, known_figures, day),
            *_negative(account, known_figures),
        )
    ]


def of_reasons(stored: Iterable[Reason]) -> list[Doubt]:
    """Doubt the rates that a stored resonance rests on: what `of` says of them, without the posts.

    Reasons that an older version wrote may lack what it takes; they give no doubt.
    """
    return [
        {"code": code, "account": one["account"], "platform": one["platform"], **params}
        for one in stored
        if one.get("code") == "resonance.rate" and one.keys() >= {*_RATED}
        for code, params in _outside(*(one[name] for name in _RATED))
    ]


#: What it takes to doubt a rate, in the order of `_outside`.
_RATED = ("rate", "expected", "posts", "line", "followers")


def _jumps(
    account: Account, snapshots: Sequence[Snapshot], day: dt.date
) -> Iterator[tuple[str, Doubt]]:
    for one in jumps.jumps(snapshots, day)[-SHOWN_JUMPS:]:
        params: Doubt = {
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "was": one.was,
            "now": one.now,
            "usual": round(one.usual),
            "daily": short(100 * math.expm1(one.daily)),
            "spread": short(100 * math.expm1(one.spread)),
            "changes": one.changes,
        }
        found = jumps.reactions(one, account, snapshots, day)
        if found is None:
            yield "jump.unchecked", params
        elif not jumps.is_matched(one, found):
            yield (
                "jump.unmatched",
                params
                | {
                    "before": short(found.before),
                    "after": short(found.after),
                    "posts_before": found.posts_before,
                    "posts_after": found.posts_after,
                },
            )


def _rates(
    account: Account, day: dt.date, lines: Mapping[str, Expectation] | None
) -> Iterator[tuple[str, Doubt]]:
    scored = of_account(account, day, lines)
    if scored is None:
        return
    above = _above(account)
    if above:
        yield "likes.above", above
    found: Usual = scored.usual
    posts = found.posts if found.source == "posts" else 0
    line = expectation(account.platform, lines).accounts
    followers = known(account.followers) or 0.0
    for code, params in _outside(found.rate, scored.expected, posts, line, followers):
        if not above or code != "rate.high":
            yield code, params


def _outside(
    rate: float, expected: float, posts: int, line: int, followers: float
) -> Iterator[tuple[str, Doubt]]:
    """Doubt a rate far from what is usual; 0 posts: the averages of a list.

    No account is so small that less than one reaction is a low rate.
    """
    if (posts or AVERAGES_COUNT_AS) < ENOUGH_POSTS or not expected > 0:
        return
    params = {"rate": short(rate), "expected": short(expected), "posts": posts, "line": line}
    if rate > OUTSIDE * expected:
        yield "rate.high", params | {"times": OUTSIDE}
    elif rate < expected / OUTSIDE and expected * followers >= OUTSIDE:
        yield "rate.low", params | {"times": OUTSIDE}


def _above(account: Account) -> Doubt | None:
    """Doubt more likes than followers on most posts, where a view costs nobody a like."""
    followers = known(account.followers)
    if account.platform in VIEWED or not followers:
        return None
    likes = [like for one in account.posts if (like := known(one.counts.likes)) is not None]
    above = sum(like > LIKES_ABOVE * followers for like in likes)
    if len(likes) < ENOUGH_POSTS or 2 * above <= len(likes):
        return None
    most = {"most": _whole(max(likes)), "followers": account.followers}
    return {"posts": above, "of": len(likes), "times": LIKES_ABOVE, **most}


def _likes(account: Account) -> Iterator[tuple[str, Doubt]]:
    """Doubt likes of more people than there are: none who follow, or more than looked."""
    counted = [one.counts for one in account.posts]
    if account.averages is not None:
        counted.append(account.averages)
    likes = [like for one in counted if (like := known(one.likes))]
    followers = known(account.followers)
    if likes and not followers:
        yield (
            "likes.alone",
            {"most": _whole(max(likes)), "followers": None if followers is None else 0},
        )
    if account.platform not in VIEWED:
        return
    above = [
        (like, view)
        for one in account.posts
        if (like := known(one.counts.likes)) is not None
        and (view := known(one.counts.views)) is not None
        and like > view
    ]
    if above:
        like, view = max(above, key=lambda pair: (pair[0] - pair[1], pair))
        yield "likes.views", {"posts": len(above), "likes": _whole(like), "views": _whole(view)}


def _days(
    account: Account, snapshots: Sequence[Snapshot], day: dt.date
) -> Iterator[tuple[str, Doubt]]:
    ahead = [
        one.published_on
        for one in account.posts
        if one.published_on is not None and age(one.published_on, day) is None
    ]
    if ahead:
        yield "posts.ahead", {"posts": len(ahead), "last": max(ahead).isoformat()}
    later = [one.day for one in snapshots if age(one.day, day) is None]
    if later:
        yield "figures.ahead", {"days": len(later), "last": max(later).isoformat()}
    strange = crowded(account.posts, day)
    if strange:
        most = max(strange.values())
        on = min(one for one, number in strange.items() if number == most)
        yield (
            "posts.crowded",
            {"days": len(strange), "most": most, "on": on.isoformat(), "bound": MOST_A_DAY},
        )


def _negative(account: Account, snapshots: Sequence[Snapshot]) -> Iterator[tuple[str, Doubt]]:
    counted = [one.counts for one in account.posts]
    counted += [one for one in (account.averages, *(one.averages for one in snapshots)) if one]
    figures = [figure for one in counted for figure in _figures(one)]
    figures += [account.followers, *(one.followers for one in snapshots)]
    below = [figure for figure in figures if figure is not None and figure < 0]
    if below:
        yield "negative", {"figures": len(below), "least": _whole(max(min(below), -(2.0**53)))}


def _figures(counts: Counts) -> tuple[int | float | None, ...]:
    return counts.likes, counts.comments, counts.shares, counts.views


def _whole(figure: int | float | None) -> int:
    return round(figure or 0)
