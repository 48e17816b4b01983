"""Which community of today is which of yesterday: it keeps its number while most stay."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irm.network.arrays.measures import Measured

KEPT_SHARE = 0.5
"""It is the same if more than this part of the old one, or of the new one, is in the other."""


def successors(measured: Measured, stored: Sequence[Any]) -> dict[int, int]:
    """Say for communities of today, by their labels, which number of yesterday they go on with.

    `stored` are the ids of people, ascending, each with the number of their community, or 0. Those
    with most people in common are matched first; one that parted goes on as its largest part, two
    that joined as the larger one.
    """
    old_ids, old = np.array(stored, dtype=np.int64).reshape(-1, 2).T
    ids, labels = measured.graph.ids, measured.community
    _both, here, there = np.intersect1d(ids, old_ids, assume_unique=True, return_indices=True)
    now, before = labels[here], old[there]
    counted = (now >= 0) & (before > 0)
    pairs, common = np.unique(
        np.stack((now[counted], before[counted]), axis=1), axis=0, return_counts=True
    )
    sizes = dict(zip(*_counts(labels[labels >= 0]), strict=True))
    old_sizes = dict(zip(*_counts(old[old > 0]), strict=True))
    found: dict[int, int] = {}
    taken: set[int] = set()
    # Most in common first; among equals the older number, so that it comes out the same each time.
    for at in np.lexsort((pairs[:, 0], pairs[:, 1], -common)).tolist():
        label, number = pairs[at].tolist()
        if label in found or number in taken:
            continue
        if common[at] > KEPT_SHARE * min(sizes[label], old_sizes[number]):
            found[label] = number
            taken.add(number)
    return found


def _counts(values: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    distinct, counts = np.unique(values, return_counts=True)
    return distinct.tolist(), counts.tolist()
