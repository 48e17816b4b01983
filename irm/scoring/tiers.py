"""Tier: macro, magic middle or micro, one per person."""

from dataclasses import dataclass

from irm.models import Archetype, Tier

RECOGNISED = frozenset(
    {Archetype.CELEBRITY, Archetype.JOURNALIST, Archetype.ANALYST, Archetype.POLITICIAN}
)
"""Archetypes that people know from elsewhere than their accounts."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The audiences from which a tier begins; an organisation may set its own."""

    macro: int = 250_000
    middle: int = 10_000


def tier(
    audience: int | None, archetype: Archetype | None, thresholds: Thresholds | None = None
) -> Tier:
    """Sort a person by audience; who is recognised offline is macro from the middle up.

    Micro where the audience is not known. Whoever was given a tier by a colleague keeps that one:
    the caller asks `is_chosen` first.
    """
    thresholds = thresholds or Thresholds()
    if audience is None or audience < thresholds.middle:
        return Tier.MICRO
    if audience >= thresholds.macro or archetype in RECOGNISED:
        return Tier.MACRO
    return Tier.MIDDLE


def is_chosen(set_by_id: int | None, reason: str | None) -> bool:
    """Tell whether a colleague set the tier; the reason outlives a colleague who was removed."""
    return set_by_id is not None or reason is not None
