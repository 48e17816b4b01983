"""Why a score is what it is: codes with parameters, never sentences.

A reason is a small dict that JSON can hold: `code`, the parameters of its sentence, and the ids of
the posts, topics and accounts it rests on, for a page to link to. `sentences` shows it; what only
`changes` reads, to name why a score moved, has no place in the sentence.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias

from irm.models import Archetype, Tier
from irm.scoring.facts import Topic
from irm.scoring.fit import Weights
from irm.scoring.reach import OVERLAP
from irm.scoring.relevance import Relevance
from irm.scoring.resonance import AccountResonance, Expectation, Usual, expectation
from irm.scoring.tiers import RECOGNISED, Thresholds

Reason: TypeAlias = dict[str, Any]

SHOWN_ACCOUNTS = 3
SHOWN_TOPICS = 5

SIZED_ACCOUNTS = 8
"""Of how many accounts the followers are kept; hardly anybody has more."""

FORMULAS = {"reach": 1, "resonance": 1, "relevance": 2, "fit": 1}
"""The version of each formula. Raise it with the formula: a score that moves then says why."""

#: What reasons say of it. The first version is not written down: it would stand in every row.
_STAMPS = {kind: {"formula": n} if n > 1 else {} for kind, n in FORMULAS.items()}

PRINTS = 100_000
"""How many prints of topics there are: few enough to be short, so many that an edit shows."""

#: An account's id, platform and followers.
Size: TypeAlias = tuple[int, str, int]


def of_reach(audience: int | None, sizes: Sequence[Size], overlap: float = OVERLAP) -> list[Reason]:
    """Say what the audience is made of; `sizes` of the accounts, the largest first."""
    if audience is None or not sizes:
        return [{"code": "reach.unknown"}]
    reason: Reason = {"code": "reach.audience", "audience": audience, "accounts": len(sizes)}
    if len(sizes) > 1:
        reason |= {"largest": sizes[0][2], "overlap": overlap}
    kept = [list(one) for one in sizes[:SIZED_ACCOUNTS]]
    return [reason | {"sizes": kept, **_STAMPS["reach"]}]


def of_resonance(
    accounts: Iterable[AccountResonance | None], lines: Mapping[str, Expectation] | None = None
) -> list[Reason]:
    """Compare each account with its line, the largest accounts first."""
    known = [one for one in accounts if one is not None]
    known.sort(key=lambda one: (-(one.account.followers or 0), one.account.id))
    return of_rates(
        of_rate(
            one.account.id,
            one.account.platform,
            one.account.followers or 0,
            one.usual,
            one.expected,
            expectation(one.account.platform, lines),
        )
        for one in known
    )


def of_rates(accounts: Iterable[Reason]) -> list[Reason]:
    """Keep the reasons of the first few accounts; not known where there are none."""
    return list(islice(accounts, SHOWN_ACCOUNTS)) or [{"code": "resonance.unknown"}]


def of_rate(
    account: int,
    platform: str,
    followers: int,
    usual: Usual,
    expected: float,
    line: Expectation,
) -> Reason:
    """Compare one account with its line. `posts` 0: a list's averages; `line` 0: ours."""
    return {
        "code": "resonance.rate",
        "account": account,
        "platform": platform,
        "rate": short(usual.rate),
        "expected": short(expected),
        "posts": usual.posts if usual.source == "posts" else 0,
        "line": line.accounts,
        "followers": followers,
        "newest": usual.newest,
        **_line(line),
        **_STAMPS["resonance"],
    }


@lru_cache(256)
def _line(line: Expectation) -> Mapping[str, float]:
    # One line is that of many thousand accounts.
    return {"intercept": short(line.intercept), "slope": short(line.slope)}


def of_relevance(found: Relevance | None, topics: Sequence[Topic]) -> list[Reason]:
    """Name the topics somebody speaks of, and where."""
    return of_topics(
        [
            of_topic(one.topic.id, one.topic.name, one.gives, one.matching, one.posts, one.in_bio)
            for one in (found.topics if found else ())
        ],
        prints(topics),
        found.texts if found else 0,
    )


def of_topics(found: Sequence[Reason], topics: Mapping[str, int], texts: int) -> list[Reason]:
    """Keep the reasons of the strongest few topics, and of how many texts; say so where none is.

    `topics` are the prints of all topics of the brand.
    """
    if not topics:
        return [{"code": "relevance.no_topics"}]
    if not texts:
        return [{"code": "relevance.unknown"}]
    strongest = sorted(found, key=lambda one: (-one["gives"], one["topic"]))[:SHOWN_TOPICS]
    code = "relevance.read" if strongest else "relevance.nothing"
    read = {"code": code, "texts": texts, "topics": topics}
    return [*strongest, read | _STAMPS["relevance"]]


def prints(topics: Iterable[Topic]) -> dict[str, int]:
    """Give each topic a number that changes when its keywords or its weight do."""
    return {
        str(one.id): zlib.crc32(repr((sorted(one.keywords), one.weight)).encode()) % PRINTS
        for one in topics
    }


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


def of_fit(
    reach: float | None,
    resonance: float | None,
    relevance: float | None,
    weights: Weights | None = None,
) -> list[Reason]:
    """Name the scores that a fit was made of."""
    if reach is None and resonance is None and relevance is None:
        return [{"code": "fit.unknown"}]
    weights = weights or Weights()
    scores = {"reach": reach, "resonance": resonance, "relevance": relevance}
    known = {name: round(score, 1) for name, score in scores.items() if score is not None}
    weighed = [weights.reach, weights.resonance, weights.relevance]
    return [{"code": "fit.parts", **known, "weights": weighed, **_STAMPS["fit"]}]


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
