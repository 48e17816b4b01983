"""Fit: the three scores as one, for sorting a list."""

import math
from dataclasses import dataclass

FLOOR = 1.0
"""The least a known score counts as, so that one zero does not wipe out the rest."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each score means to a brand; only their proportions matter."""

    reach: float = 0.2
    resonance: float = 0.4
    relevance: float = 0.4


def fit(
    reach: float | None,
    resonance: float | None,
    relevance: float | None,
    weights: Weights | None = None,
) -> float | None:
    """Take the weighted geometric mean of the scores that are known, 1 to 100.

    `None` when nothing is known, or nothing that has a weight.
    """
    weights = weights or Weights()
    pairs = [
        (score, weight)
        for score, weight in (
            (reach, weights.reach),
            (resonance, weights.resonance),
            (relevance, weights.relevance),
        )
        if score is not None and weight > 0
    ]
    if not pairs:
        return None
    total = math.fsum(weight for _, weight in pairs)
    logs = math.fsum(weight * math.log(max(FLOOR, score)) for score, weight in pairs)
    return min(100.0, math.exp(logs / total))
