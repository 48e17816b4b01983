"""Audience and reach: how many people someone can speak to."""

import math
from collections.abc import Iterable

OVERLAP = 0.5
"""Which part of the smaller accounts' followers is new; an organisation may set its own."""

FULL = 8
"""The power of ten that scores 100: a hundred million."""


def audience(followers: Iterable[int | None], overlap: float = OVERLAP) -> int | None:
    """Add up a person's accounts, in whole people.

    The largest account counts in full, the others by `overlap`, because many follow the same
    person twice. `None` when no account has a known number of followers.
    """
    counted = [number for number in followers if number is not None and number >= 0]
    if not counted:
        return None
    largest = max(counted)
    return round(largest + overlap * (sum(counted) - largest))


def reach(audience: int | None) -> float | None:
    """Score an audience from 0 to 100 on a logarithmic scale; `None` stays `None`.

    It depends on this one audience alone: nobody's reach moves because somebody else was added.
    """
    if audience is None or audience < 0:
        return None
    return min(100.0, 100 * math.log10(1 + audience) / FULL)
