"""How likely two people are one, and by what: a score, and reasons as codes with parameters.

A name alone is never enough: thousands share theirs. It takes a second thing that agrees.
"""

from collections.abc import Callable, Collection
from typing import Any

from irm.directory.duplicates.traits import SHORTEST, Traits, bare

#: How alike two texts are, 0 to 100.
Likeness = Callable[[str, str], float]

Reason = dict[str, Any]

#: From this score on a pair is shown.
ENOUGH = 50.0

#: From so alike on two names or handles are near.
NEAR_NAME, NEAR_HANDLE = 88.0, 85.0

#: What each thing in common weighs: the chance that it is no accident.
WEIGHTS = {
    "email": 0.9,
    "phone": 0.8,
    "link": 0.75,
    "handle": 0.6,
    "handle_name": 0.5,
    "mention": 0.45,
    "same_name": 0.5,
    "near_name": 0.35,
    "city": 0.4,
    "near_handle": 0.35,
    "topics": 0.15,
    "country": 0.15,
    "language": 0.1,
}

#: Any of these is enough by itself; a name takes another thing beside it.
_ENOUGH_ALONE = frozenset({"email", "phone", "link", "handle"})
_NAMES = frozenset({"same_name", "near_name", "handle_name"})

#: What several people share by trade or by accident: an agency's address, a common name.
_COMMON = 0.3

#: Names agree, but countries do not.
DOUBT = 0.85

#: Names agree, but there are two accounts on one platform. Many keep a second one, so that a name
#: and a country are still enough, as an import says it.
SECOND_ACCOUNT = 0.9


def compare(
    one: Traits,
    other: Traits,
    alike: Likeness,
    common: Collection[str] = (),
    *,
    is_common_name: bool = False,
) -> tuple[float, list[Reason]]:
    """Compare two people: the score, 0 where it is not enough, and what agrees, heaviest first.

    `common` are the keys (of `Traits.shareable`) that many share; those weigh little.
    """
    found = [*_shared(one, other), *_handles(one, other, alike), *names(one, other, alike)]
    codes = {reason["code"] for reason, _key in found}
    weighed = {
        reason["code"]: _COMMON if key in common else WEIGHTS[reason["code"]]
        for reason, key in found
    }
    if is_common_name and "same_name" in weighed:
        weighed["same_name"] = WEIGHTS["near_name"]
    strong = any(code in _ENOUGH_ALONE and weighed[code] > _COMMON for code in weighed)
    around = _around(one, other)
    has_name = bool(codes & _NAMES)
    if not strong and not (has_name and (around or codes - _NAMES)) and len(codes) < 2:
        return 0.0, []
    weighed |= {reason["code"]: WEIGHTS[reason["code"]] for reason in around}
    chance = 1.0
    for weight in weighed.values():
        chance *= 1 - weight
    score = 100 * (1 - chance)
    if not strong:
        score *= _doubt(one, other)
    if score < ENOUGH:
        return 0.0, []
    reasons = [*(reason for reason, _key in found), *around]
    reasons.sort(key=lambda reason: -weighed[reason["code"]])
    return round(score, 1), reasons


def _said(code: str, **params: Any) -> Reason:
    return {"code": code, "params": params}


def _shared(one: Traits, other: Traits) -> list[tuple[Reason, str]]:
    """Addresses, numbers and links of both."""
    found: list[tuple[Reason, str]] = []
    for email in sorted(one.emails & other.emails)[:1]:
        found.append((_said("email", value=email), f"e{email}"))
    for phone in sorted(one.phones.keys() & other.phones.keys())[:1]:
        found.append((_said("phone", value=one.phones[phone]), f"p{phone}"))
    for link in sorted(one.links & other.links)[:1]:
        found.append((_said("link", value=link), f"l{link}"))
    return found


def _handles(one: Traits, other: Traits, alike: Likeness) -> list[tuple[Reason, str]]:
    """One handle on two platforms, a handle that the other's bio or name tells, a near one."""
    found: list[tuple[Reason, str]] = []
    for key in sorted(one.handles.keys() & other.handles.keys()):
        mine, yours = one.handles[key], other.handles[key]
        across = next(((a, b) for a in sorted(mine) for b in sorted(yours) if a != b), None)
        if len(key) >= SHORTEST:
            a, b = across or (next(iter(mine)), next(iter(yours)))
            code = "handle" if across else "near_handle"
            found.append((_said(code, one=mine[a], other=yours[b], on=a, at=b), f"h{key}"))
            break
    for first, second in ((one, other), (other, one)):
        for key in sorted(first.mentions & second.handles.keys())[:1]:
            handle = next(iter(second.handles[key].values()))
            found.append((_said("mention", handle=handle), f"h{key}"))
    if not found:
        for first, second in ((one, other), (other, one)):
            key = bare(first.name)
            if len(key) >= SHORTEST and key in second.handles:
                handle = next(iter(second.handles[key].values()))
                found.append((_said("handle_name", handle=handle), f"h{key}"))
                break
    if not found:
        found += _near_handles(one, other, alike)
    return found[:2]


def _near_handles(one: Traits, other: Traits, alike: Likeness) -> list[tuple[Reason, str]]:
    for a, mine in one.handles.items():
        for b, yours in other.handles.items():
            if min(len(a), len(b)) >= SHORTEST and alike(a, b) >= NEAR_HANDLE:
                written = {
                    "one": next(iter(mine.values())),
                    "other": next(iter(yours.values())),
                    "on": next(iter(mine)),
                    "at": next(iter(yours)),
                }
                return [(_said("near_handle", **written), "")]
    return []


def names(one: Traits, other: Traits, alike: Likeness) -> list[tuple[Reason, str]]:
    """Whether two names are the same or near, in whatever order their words stand."""
    if not one.words or not other.words:
        return []
    if one.words == other.words:
        return [(_said("same_name"), "")]
    if len(one.words) < 2 or len(other.words) < 2:
        return []
    if set(one.words) < set(other.words) or set(one.words) > set(other.words):
        return [(_said("near_name"), "")]
    near = alike(" ".join(one.words), " ".join(other.words)) >= NEAR_NAME
    return [(_said("near_name"), "")] if near else []


def _around(one: Traits, other: Traits) -> list[Reason]:
    """Where they are and what they speak and publish about."""
    found = []
    if one.city and one.city == other.city:
        found.append(_said("city"))
    if one.country and one.country == other.country:
        found.append(_said("country"))
    if one.language and one.language == other.language:
        found.append(_said("language"))
    if one.topics & other.topics:
        found.append(_said("topics", value=", ".join(sorted(one.topics & other.topics)[:3])))
    return found


def _doubt(one: Traits, other: Traits) -> float:
    """What is left of a score by what speaks against it."""
    mine = {platform for platforms in one.handles.values() for platform in platforms}
    yours = {platform for platforms in other.handles.values() for platform in platforms}
    return doubt(
        other_country=bool(one.country and other.country and one.country != other.country),
        second_account=bool(mine & yours),
    )


def doubt(*, other_country: bool, second_account: bool) -> float:
    """What is left of a score where nothing but names and what is around them agrees."""
    if other_country:
        return DOUBT
    return SECOND_ACCOUNT if second_account else 1.0
