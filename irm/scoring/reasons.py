"""Why a score is what it is: codes with parameters, never sentences.

A reason is a small dict that JSON can hold: `code`, the parameters of its sentence, and the ids of
the posts, topics and accounts it rests on, for a page to link to. `sentences` shows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

from irm.models import Archetype, Tier
from irm.scoring.reach import OVERLAP
from irm.scoring.relevance import Relevance
from irm.scoring.resonance import AccountResonance, Expectation
from irm.scoring.tiers import RECOGNISED, Thresholds

Reason: TypeAlias = dict[str, Any]

SHOWN_ACCOUNTS = 3
SHOWN_TOPICS = 5


def of_reach(
    audience: int | None, largest: int | None, accounts: int, overlap: float = OVERLAP
) -> list[Reason]:
    """Say what the audience is made of."""
    if audience is None or largest is None:
        return [{"code": "reach.unknown"}]
    reason = {"code": "reach.audience", "audience": audience, "accounts": accounts}
    if accounts > 1:
        reason |= {"largest": largest, "overlap": overlap}
    return [reason]


def of_resonance(
    accounts: Iterable[AccountResonance | None], lines: Mapping[str, Expectation] | None = None
) -> list[Reason]:
    """Compare each account with its line, the largest accounts first."""
    lines = lines or {}
    known = [one for one in accounts if one is not None]
    known.sort(key=lambda one: (-(one.account.followers or 0), one.account.id))
    return of_rates(
        of_rate(
            one.account.id,
            one.account.platform,
            one.usual.rate,
            one.expected,
            one.usual.posts if one.usual.source == "posts" else 0,
            lines[one.account.platform].accounts if one.account.platform in lines else 0,
        )
        for one in known
    )


def of_rates(accounts: Iterable[Reason]) -> list[Reason]:
    """Keep the reasons of the first few accounts; not known where there are none."""
    return list(islice(accounts, SHOWN_ACCOUNTS)) or [{"code": "resonance.unknown"}]


def of_rate(
    account: int, platform: str, rate: float, expected: float, posts: int, line: int
) -> Reason:
    """Compare one account with its line. `posts` 0: a list's averages; `line` 0: ours."""
    return {
        "code": "resonance.rate",
        "account": account,
        "platform": platform,
        "rate": short(rate),
        "expected": short(expected),
        "posts": posts,
        "line": line,
    }


def of_relevance(found: Relevance | None, has_topics: bool) -> list[Reason]:
    """Name the topics somebody speaks of, and where."""
    return of_topics(
        [
            of_topic(one.topic.id, one.topic.name, one.gives, one.matching, one.posts, one.in_bio)
            for one in (found.topics if found else ())
        ],
        has_topics,
        found.texts if found else 0,
    )


def of_topics(topics: Sequence[Reason], has_topics: bool, texts: int) -> list[Reason]:
    """Keep the reasons of the strongest few topics; say so where there is none."""
    if not has_topics:
        return [{"code": "relevance.no_topics"}]
    if not texts:
        return [{"code": "relevance.unknown"}]
    strongest = sorted(topics, key=lambda one: (-one["gives"], one["topic"]))
    return strongest[:SHOWN_TOPICS] or [{"code": "relevance.nothing", "texts": texts}]


def of_topic(
    topic: int, name: str, gives: float, matching: int, posts: Sequence[int], in_bio: bool
) -> Reason:
    """Say what one topic gives, in points of 100, and the newest posts that speak of it."""
    return {
        "code": "relevance.topic",
        "topic": topic,
        "name": name,
        "gives": round(100 * gives, 1),
        "matching": matching,
        "posts": list(posts),
        "bio": in_bio,
    }


def of_fit(reach: float | None, resonance: float | None, relevance: float | None) -> list[Reason]:
    """Name the scores that a fit was made of."""
    if reach is None and resonance is None and relevance is None:
        return [{"code": "fit.unknown"}]
    scores = {"reach": reach, "resonance": resonance, "relevance": relevance}
    known = {name: round(score, 1) for name, score in scores.items() if score is not None}
    return [{"code": "fit.parts", **known}]


def of_tier(
    tier: Tier, audience: int | None, archetype: Archetype | None, thresholds: Thresholds
) -> list[Reason]:
    """Say which threshold or which recognition decided."""
    if audience is None:
        return [{"code": "tier.unknown"}]
    reason: Reason = {"code": "tier.audience", "audience": audience, "tier": tier.value}
    if tier is Tier.MACRO and audience < thresholds.macro and archetype in RECOGNISED:
        reason |= {"code": "tier.recognised", "archetype": archetype.value if archetype else ""}
    if tier is Tier.MICRO:
        reason["below"] = thresholds.middle
    else:
        macro = reason["code"] == "tier.audience" and tier is Tier.MACRO
        reason["from"] = thresholds.macro if macro else thresholds.middle
    return [reason]


def of_choice(user: int | None, why: str | None) -> list[Reason]:
    """Say that a colleague set the tier, and why in their own words."""
    return [{"code": "tier.chosen", "user": user, "why": why or ""}]


def short(number: float) -> float:
    """Round to three figures: more would claim more than is known."""
    return float(f"{number:.3g}")
