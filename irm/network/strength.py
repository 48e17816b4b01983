"""How strong a tie is: what kind it is, how often it was seen, and how long ago."""

import datetime as dt

from irm.models import TieKind

HALF_LIFE_DAYS = 365
"""After so many days without being seen a tie counts half as much."""

UNDATED_AGE = HALF_LIFE_DAYS
"""The age, in days, of a tie of which nobody said when."""

KIND_WEIGHTS: dict[TieKind, float] = {
    TieKind.FOLLOWS: 1.0,
    TieKind.TOGETHER: 1.0,
    TieKind.TAGS: 1.5,
    TieKind.MENTIONS: 2.0,
    TieKind.REPLIES: 2.0,
    TieKind.KNOWS: 3.0,
    TieKind.REFERS: 4.0,
    TieKind.INTRODUCED: 4.0,
    TieKind.COLLABORATES: 5.0,
}
"""What a tie of a kind, seen once and today, counts: who works together knows each other better
than who follows."""

OTHER_KIND = 1.0
"""What a kind counts that this version does not know."""


def kind_weight(kind: str) -> float:
    """What a tie of a kind counts that was seen once and today."""
    return _BY_WORD.get(kind, OTHER_KIND)


def fading(last_seen: dt.date | None, day: dt.date) -> float:
    """What is left, on a day, of a tie that was last seen then: 1 of today's, half in a year."""
    age = UNDATED_AGE if last_seen is None else max(0, (day - last_seen).days)
    return float(0.5 ** (age / HALF_LIFE_DAYS))


def strength(kind: str, weight: float, last_seen: dt.date | None, day: dt.date) -> float:
    """How strong a tie is on a day; several ties of the same two people add up."""
    return kind_weight(kind) * weight * fading(last_seen, day)


_BY_WORD = {kind.value: weight for kind, weight in KIND_WEIGHTS.items()}
