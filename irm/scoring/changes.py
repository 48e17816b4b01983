"""What moved a score: the reasons of two days, compared.

A cause is a small dict as a reason is: `code`, the parameters of its sentence, and the ids of the
posts, topics and accounts it is about. `change_sentences` shows it. What a reason of an older
version does not hold is not known, and names no cause.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from irm.scoring.reasons import SHOWN_ACCOUNTS, SHOWN_TOPICS, SIZED_ACCOUNTS, Reason

Cause: TypeAlias = dict[str, Any]

#: What a score was made of when nobody knew it.
_UNKNOWN = frozenset(
    {
        "reach.unknown",
        "resonance.unknown",
        "relevance.no_topics",
        "relevance.unknown",
        "fit.unknown",
    }
)


def causes(before: Sequence[Reason], after: Sequence[Reason]) -> list[Cause]:
    """Name what differs between the reasons of a score on two days; nothing where nothing does.

    The order of the reasons does not matter.
    """
    if _sorted(before) == _sorted(after):
        return []
    was, now = _silence(before), _silence(after)
    if now is not None:
        return [{"code": "score.lost", "why": now}]
    if was is not None:
        return [{"code": "score.found", "why": was}]
    found = [
        *_formula(before, after),
        *_reach(_one(before, "reach.audience"), _one(after, "reach.audience")),
        *_rates(_by(before, "account"), _by(after, "account")),
        *_relevance(before, after),
        *_fit(_one(before, "fit.parts"), _one(after, "fit.parts")),
    ]
    return found or [{"code": "other"}]


def _formula(before: Sequence[Reason], after: Sequence[Reason]) -> list[Cause]:
    # The first is not written down.
    was, now = (max((one.get("formula", 1) for one in some), default=1) for some in (before, after))
    return [] if was == now else [{"code": "formula", "was": was, "now": now}]


def _reach(was: Reason, now: Reason) -> list[Cause]:
    found: list[Cause] = []
    if _differs(was, now, "overlap"):
        found.append({"code": "overlap", "was": was["overlap"], "now": now["overlap"]})
    sizes = [{one[0]: one for one in some.get("sizes", ())} for some in (was, now)]
    if all(sizes):
        found += _sizes(sizes[0], sizes[1])
    elif _differs(was, now, "accounts"):
        found.append({"code": "accounts", "was": was["accounts"], "now": now["accounts"]})
    if not found and _differs(was, now, "audience"):
        found.append({"code": "audience", "was": was["audience"], "now": now["audience"]})
    return found


def _sizes(was: dict[int, Any], now: dict[int, Any]) -> list[Cause]:
    """Compare the followers of each account.

    Where only the largest were written down, one that comes or goes may have been there all along.
    """
    found: list[Cause] = []
    is_whole = max(len(was), len(now)) < SIZED_ACCOUNTS
    for account in sorted(was.keys() | now.keys()):
        _id, platform, followers = now.get(account) or was[account]
        about = {"account": account, "platform": platform}
        if account in was and account in now:
            if was[account][2] != followers:
                sizes = {"was": was[account][2], "now": followers}
                found.append({"code": "followers", **about, **sizes})
        elif is_whole:
            code = "account.sized" if account in now else "account.unsized"
            found.append({"code": code, **about, "followers": followers})
    return found


def _rates(was: dict[int, Reason], now: dict[int, Reason]) -> list[Cause]:
    found: list[Cause] = []
    for account in sorted(was.keys() | now.keys()):
        if account in was and account in now:
            found += _rate(was[account], now[account])
            continue
        here, others = (was, now) if account in was else (now, was)
        code = "left" if account in was else "entered"
        if len(others) < SHOWN_ACCOUNTS:
            code = "gone" if account in was else "rated"
        about = {"account": account, "platform": here[account]["platform"]}
        found.append({"code": f"account.{code}", **about})
    return found


def _rate(was: Reason, now: Reason) -> list[Cause]:
    """Compare the reasons of one account."""
    about = {"account": now["account"], "platform": now["platform"]}
    rates = {"was": was["rate"], "now": now["rate"]}
    found: list[Cause] = []
    if _is_fitted_anew(was, now):
        between = {"was": was["expected"], "now": now["expected"], "accounts": now["line"]}
        found.append({"code": "line", **about, **between})
    if _differs(was, now, "followers"):
        sizes = {"was": was["followers"], "now": now["followers"]}
        found.append({"code": "followers", **about, **sizes})
    if bool(was["posts"]) != bool(now["posts"]):
        code = "rate.posts" if now["posts"] else "rate.averages"
        found.append({"code": code, **about, **rates})
    elif was.get("newest") and _differs(was, now, "newest"):
        new = {"since": was["newest"], "posts": [now["newest"]]}
        found.append({"code": "posts.new", **about, **rates, **new})
    elif was["posts"] != now["posts"]:
        counts = {"was": was["posts"], "now": now["posts"]}
        found.append({"code": "posts.counted", **about, **counts})
    elif was["rate"] != now["rate"]:
        found.append({"code": "reactions", **about, **rates})
    return found


def _is_fitted_anew(was: Reason, now: Reason) -> bool:
    if was["line"] != now["line"]:
        return True
    if "slope" in was and "slope" in now:
        return bool(was["slope"] != now["slope"] or was["intercept"] != now["intercept"])
    # Without the line itself: the same line expects the same of the same followers.
    return bool(was["expected"] != now["expected"])


def _relevance(before: Sequence[Reason], after: Sequence[Reason]) -> list[Cause]:
    """Compare topics, and what was read for them."""
    was, now = _by(before, "topic"), _by(after, "topic")
    read = [_one(some, "relevance.read", "relevance.nothing") for some in (before, after)]
    prints = [one.get("topics") for one in read]
    found: list[Cause] = []
    for topic in sorted(was.keys() | now.keys()):
        found += _topic(topic, was, now, prints[0], prints[1])
    named = {cause["topic"] for cause in found}
    if prints[0] is not None and prints[1] is not None:
        changed = {key for key, _print in prints[0].items() ^ prints[1].items()}
        if changed - set(map(str, named)):
            found.append({"code": "topics"})
    if _differs(read[0], read[1], "texts"):
        found.append({"code": "texts", "was": read[0]["texts"], "now": read[1]["texts"]})
    return found


def _topic(
    topic: int,
    before: dict[int, Reason],
    after: dict[int, Reason],
    prints_before: dict[str, int] | None,
    prints_after: dict[str, int] | None,
) -> list[Cause]:
    """Compare the reasons of one topic, which one of the days may not have."""
    was, now = before.get(topic), after.get(topic)
    about = {"topic": topic, "name": (now or was or {})["name"]}
    known = prints_before is not None and prints_after is not None
    print_was, print_now = ((one or {}).get(str(topic)) for one in (prints_before, prints_after))
    if known and print_was != print_now:
        if print_now is None:
            return [{"code": "topic.removed", **about}]
        return [{"code": "topic.added" if print_was is None else "topic.edited", **about}]
    if was is not None and now is not None:
        return _told(was, now, about)
    others = after if now is None else before
    if len(others) >= SHOWN_TOPICS:
        return [{"code": "topic.left" if now is None else "topic.entered", **about}]
    if not known:
        return [{"code": "topic.gone" if now is None else "topic.new", **about}]
    nothing: Reason = {"name": about["name"], "gives": 0, "matching": 0, "posts": [], "bio": False}
    return _told(was or nothing, now or nothing, about)


def _told(was: Reason, now: Reason, about: dict[str, Any]) -> list[Cause]:
    """Compare what was said of one topic on two days."""
    found: list[Cause] = []
    new = [post for post in now["posts"] if post not in was["posts"]]
    if new or was["matching"] != now["matching"]:
        counts = {"was": was["matching"], "now": now["matching"], "posts": new}
        found.append({"code": "topic.posts", **about, **counts})
    if was["bio"] != now["bio"]:
        found.append({"code": "topic.bio" if now["bio"] else "topic.no_bio", **about})
    if was["name"] != now["name"]:
        found.append({"code": "topic.renamed", **about, "was": was["name"]})
    if not found and was["gives"] != now["gives"]:
        found.append({"code": "topic.gives", **about, "was": was["gives"], "now": now["gives"]})
    return found


def _fit(was: Reason, now: Reason) -> list[Cause]:
    found: list[Cause] = []
    if _differs(was, now, "weights"):
        found.append({"code": "weights"})
    for part in ("reach", "resonance", "relevance"):
        if was.get(part) != now.get(part):
            found.append({"code": "part", "part": part, "was": was.get(part), "now": now.get(part)})
    return found


def _sorted(reasons: Iterable[Reason]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in reasons)


def _silence(reasons: Sequence[Reason]) -> Reason | None:
    """The reason why a score is not known, if it is not."""
    return next((one for one in reasons if one.get("code") in _UNKNOWN), None)


def _one(reasons: Sequence[Reason], *codes: str) -> Reason:
    return next((one for one in reasons if one.get("code") in codes), {})


def _by(reasons: Sequence[Reason], subject: str) -> dict[int, Reason]:
    code = {"account": "resonance.rate", "topic": "relevance.topic"}[subject]
    return {one[subject]: one for one in reasons if one.get("code") == code}


def _differs(was: Reason, now: Reason, name: str) -> bool:
    """Whether both know it and say otherwise."""
    return name in was and name in now and was[name] != now[name]
