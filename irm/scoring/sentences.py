"""Reasons as sentences, made when they are shown, in the reader's language."""

from collections.abc import Callable
from typing import TypeAlias

from irm.i18n import _, _n
from irm.models import Archetype, Platform
from irm.scoring.reasons import Reason, short

Format: TypeAlias = Callable[[float], str]


def plain(number: float) -> str:
    """Write a number without knowing the reader's language."""
    return f"{number:,.10g}"


def sentence(reason: Reason, number: Format = plain) -> str:
    """Make the sentence of a stored reason in the reader's language.

    `number` writes a number as that language does. A code this version does not know gives "".
    """
    make = _SENTENCES.get(str(reason.get("code")))
    return "" if make is None else make(reason, number)


def platform_label(name: str) -> str:
    """Name a platform; one this version does not know is another one."""
    known = {platform.value: platform for platform in Platform}
    return str(known.get(name, Platform.OTHER).label)


def _audience(reason: Reason, number: Format) -> str:
    if "largest" not in reason:
        return _("%(audience)s followers on one account.", audience=number(reason["audience"]))
    return _(
        "An audience of %(audience)s: the largest account has %(largest)s followers, the others "
        "count at %(overlap)s%% because followers overlap.",
        audience=number(reason["audience"]),
        largest=number(reason["largest"]),
        overlap=number(100 * reason["overlap"]),
    )


def _rate(reason: Reason, number: Format) -> str:
    compared = _(
        "%(platform)s: people react at %(rate)s%%, where %(expected)s%% is usual for this size.",
        platform=platform_label(reason["platform"]),
        rate=number(short(100 * reason["rate"])),
        expected=number(short(100 * reason["expected"])),
    )
    if reason["posts"]:
        rests = _n("It rests on one post.", "It rests on the last %(n)s posts.", reason["posts"])
    else:
        rests = _("It rests on the averages of a list.")
    if reason["line"]:
        line = _n(
            "The usual rate comes from one account of yours.",
            "The usual rate comes from %(count)s accounts of yours.",
            reason["line"],
            count=number(reason["line"]),
        )
    else:
        line = _("The usual rate is irm’s own estimate.")
    return f"{compared} {rests} {line}"


def _topic(reason: Reason, number: Format) -> str:
    params = {"topic": reason["name"], "gives": number(reason["gives"])}
    if not reason["matching"]:
        return _("“%(topic)s” appears in the bio: %(gives)s points.", **params)
    if reason["bio"]:
        return _n(
            "“%(topic)s” appears in the bio and in one post: %(gives)s points.",
            "“%(topic)s” appears in the bio and in %(n)s posts: %(gives)s points.",
            reason["matching"],
            **params,
        )
    return _n(
        "“%(topic)s” appears in one post: %(gives)s points.",
        "“%(topic)s” appears in %(n)s posts: %(gives)s points.",
        reason["matching"],
        **params,
    )


def _nothing(reason: Reason, number: Format) -> str:
    return _n(
        "One text was read, and it speaks of none of the brand’s topics.",
        "%(count)s texts were read, and none speaks of the brand’s topics.",
        reason["texts"],
        count=number(reason["texts"]),
    )


def _read(reason: Reason, number: Format) -> str:
    return _n(
        "One text was read for the brand’s topics.",
        "%(count)s texts were read for the brand’s topics.",
        reason["texts"],
        count=number(reason["texts"]),
    )


def _parts(reason: Reason, number: Format) -> str:
    words = {"reach": _("reach"), "resonance": _("resonance"), "relevance": _("relevance")}
    parts = [f"{word} {number(reason[name])}" for name, word in words.items() if name in reason]
    return _("Made of %(parts)s.", parts=", ".join(parts))


def _tier(reason: Reason, number: Format) -> str:
    audience = number(reason["audience"])
    if "below" in reason:
        return _(
            "An audience of %(audience)s is below %(below)s.",
            audience=audience,
            below=number(reason["below"]),
        )
    return _(
        "An audience of %(audience)s reaches %(threshold)s.",
        audience=audience,
        threshold=number(reason["from"]),
    )


def _recognised(reason: Reason, number: Format) -> str:
    known = {archetype.value: archetype.label for archetype in Archetype}
    return _(
        "%(archetype)s: recognised beyond the accounts, with an audience of %(audience)s "
        "(%(threshold)s or more).",
        archetype=known.get(reason["archetype"], reason["archetype"]),
        audience=number(reason["audience"]),
        threshold=number(reason["from"]),
    )


def _chosen(reason: Reason, number: Format) -> str:  # noqa: ARG001  (all sentences are called alike)
    if reason["why"]:
        return _("A colleague chose it: %(why)s", why=reason["why"])
    return _("A colleague chose it.")


_SENTENCES: dict[str, Callable[[Reason, Format], str]] = {
    "reach.audience": _audience,
    "reach.unknown": lambda *_args: _("No account with a known number of followers."),
    "resonance.rate": _rate,
    "resonance.unknown": lambda *_args: _(
        "No reactions are known: no post of the last 180 days with its counts, and no averages."
    ),
    "relevance.topic": _topic,
    "relevance.read": _read,
    "relevance.nothing": _nothing,
    "relevance.no_topics": lambda *_args: _("The brand has no topics yet."),
    "relevance.unknown": lambda *_args: _("Neither a bio nor the text of a post is known."),
    "fit.parts": _parts,
    "fit.unknown": lambda *_args: _("Neither reach, resonance nor relevance is known."),
    "tier.audience": _tier,
    "tier.recognised": _recognised,
    "tier.chosen": _chosen,
    "tier.unknown": lambda *_args: _("The audience is not known; until it is, micro."),
}
