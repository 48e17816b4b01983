"""Communities by Louvain's method, on arrays: some thousand people are looked at together.

The method goes person by person: each joins the neighbouring community that gains most. Here a
lot of people, drawn by dice, decides at once by what the lot before left behind, so that each
decision is one product of sparse matrices. Of small graphs the lots are single persons.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Labels = NDArray[np.int64]

LOTS = 12
"""A look at everybody falls into so many lots: with fewer, neighbours change places in step."""

ALONE = 3000
"""With no more ties than this, people decide one by one."""

SETTLED = 0.004
"""Once so small a part of the people moves in a look at all, the level is done."""

LOOKS = 24
"""No level is looked at more often."""

ROUNDS = 6
"""All levels are gone through so often at most, each time from what the last one found."""

WORTH = 0.002
"""A round that makes the communities better by a smaller part than this was the last."""


def communities(matrix: Any, seed: int, resolution: float = 1.0) -> Labels:
    """Say in which community each row of a symmetric matrix is: numbers from 0, without gaps."""
    dice = np.random.default_rng(seed)
    level = _Level.of(matrix, resolution)
    labels = np.arange(level.size, dtype=np.int64)
    if level.total <= 0:
        return labels
    reached = -1.0
    for _round in range(ROUNDS):
        found = _climb(level, labels, dice)
        gained = modularity(matrix, found, resolution) - reached
        if gained > 0:
            labels, reached = found, reached + gained
        if gained <= WORTH * abs(reached):
            break
    return labels


def _climb(level: "_Level", labels: Labels, dice: np.random.Generator) -> Labels:
    """Move people, then the groups they form, then the groups of these, until none gains by it."""
    at = np.arange(level.size)
    while True:
        labels = level.settle(labels, dice)
        parts = level.parts(labels, dice)
        if parts.max() + 1 == level.size:
            return _numbered(labels[at])
        at = parts[at]
        level = level.merged(parts)
        # Each part begins where its people are.
        begun = np.empty(level.size, dtype=np.int64)
        begun[parts] = _numbered(labels)
        labels = begun


def modularity(matrix: Any, labels: Labels, resolution: float = 1.0) -> float:
    """How much better communities part the ties than chance would: -0.5 to 1; 0 without ties."""
    total = float(matrix.sum())
    if total <= 0:
        return 0.0
    count = int(labels.max()) + 1
    strengths = np.asarray(matrix.sum(axis=1)).ravel()
    heads = np.repeat(labels, np.diff(matrix.indptr))
    inside = float(matrix.data[heads == labels[matrix.indices]].sum())
    sums = np.bincount(labels, strengths, count)
    return inside / total - resolution * float((sums / total) @ (sums / total))


class _Level:
    """A graph whose nodes are people, or communities of the level below."""

    def __init__(self, ties: Any, strengths: NDArray[np.float64], resolution: float) -> None:
        #: Ties to others; those within a node go wherever it goes.
        self.ties = ties
        #: Of each node, those within it included.
        self.strengths = strengths
        self.total = float(strengths.sum())
        self.size = len(strengths)
        self._resolution = resolution

    @classmethod
    def of(cls, matrix: Any, resolution: float) -> "_Level":
        strengths = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
        ties = sparse.csr_array(matrix, copy=True)
        ties.setdiag(0.0)
        ties.eliminate_zeros()
        return cls(ties, strengths, resolution)

    def merged(self, labels: Labels) -> "_Level":
        """The graph whose nodes are the communities of this one."""
        count = int(labels.max()) + 1
        joining = _indicator(labels, count)
        ties = (joining.T @ self.ties @ joining).tocsr()
        ties.setdiag(0.0)
        ties.eliminate_zeros()
        return _Level(ties, _sums(labels, self.strengths, count), self._resolution)

    def settle(self, labels: Labels, dice: np.random.Generator) -> Labels:
        """Move nodes between communities until hardly any gains by it; labels are below `size`."""
        labels = labels.astype(np.int64, copy=True)
        sums = _sums(labels, self.strengths, self.size)
        if self.ties.nnz <= ALONE:
            return self._settle_alone(labels, sums, dice)
        waiting = np.flatnonzero(np.diff(self.ties.indptr))
        for _look in range(LOOKS):
            moved = []
            for lot in np.array_split(dice.permutation(waiting), LOTS):
                if len(lot):
                    moved.append(self._move(lot, labels, sums))
            movers = np.concatenate(moved) if moved else waiting[:0]
            if len(movers) <= SETTLED * self.size:
                break
            # Whose neighbours stayed where they were would decide as before.
            is_near = np.zeros(self.size, dtype=bool)
            is_near[self.ties[movers].indices] = True
            waiting = np.flatnonzero(is_near)
        return labels

    def parts(self, labels: Labels, dice: np.random.Generator) -> Labels:
        """Part each community into groups that hold together, found from single nodes anew.

        What was joined too early can so be parted again: the next level moves the groups. It is
        the step that Leiden's method adds to Louvain's.
        """
        heads = np.repeat(labels, np.diff(self.ties.indptr))
        inner = self.ties.copy()
        inner.data = np.where(heads == labels[inner.indices], inner.data, 0.0)
        inner.eliminate_zeros()
        within = _Level(inner, self.strengths, self._resolution)
        groups, sums = np.arange(self.size), self.strengths.copy()
        for lot in np.array_split(dice.permutation(np.flatnonzero(np.diff(inner.indptr))), LOTS):
            # Whom somebody has joined stays, so that no group is taken apart again.
            alone = lot[np.bincount(groups, minlength=self.size)[groups[lot]] == 1]
            if len(alone):
                within._move(alone, groups, sums)
        found = _numbered(groups)
        return found if found.max(initial=-1) + 1 < self.size else _numbered(labels)

    def _move(
        self, lot: NDArray[np.int64], labels: Labels, sums: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Let a lot of nodes, each with a tie, decide; returns those that moved."""
        links = self.ties[lot] @ _indicator(labels, self.size)
        ends = links.indptr
        own, strengths = labels[lot], self.strengths[lot]
        rows = np.repeat(np.arange(len(lot)), np.diff(ends))
        scale = self._resolution / self.total
        is_own = links.indices == own[rows]
        # What a node itself adds to its community is no reason to stay there.
        others = sums[links.indices] - np.where(is_own, strengths[rows], 0.0)
        gains = links.data - scale * strengths[rows] * others
        best = np.maximum.reduceat(gains, ends[:-1])
        stay = -scale * strengths * (sums[own] - strengths)
        np.add.at(stay, rows[is_own], links.data[is_own])
        # The first of the best: `rows` ascend, and a later write would win.
        at = np.flatnonzero(gains == best[rows])[::-1]
        choice = np.empty(len(lot), dtype=np.int64)
        choice[rows[at]] = links.indices[at]
        goes = best > stay + 1e-12 * self.total
        nodes, to = lot[goes], choice[goes]
        sums -= np.bincount(labels[nodes], self.strengths[nodes], self.size)
        sums += np.bincount(to, self.strengths[nodes], self.size)
        labels[nodes] = to
        return nodes

    def _settle_alone(
        self, labels: Labels, sums: NDArray[np.float64], dice: np.random.Generator
    ) -> Labels:
        """The same for a small graph, node by node."""
        ends, heads = self.ties.indptr.tolist(), self.ties.indices.tolist()
        data, strengths = self.ties.data.tolist(), self.strengths.tolist()
        of, total, scale = labels.tolist(), sums.tolist(), self._resolution / self.total
        for _look in range(LOOKS):
            has_moved = False
            for node in dice.permutation(self.size).tolist():
                own, mine = of[node], strengths[node]
                links: dict[int, float] = {}
                for place in range(ends[node], ends[node + 1]):
                    there = of[heads[place]]
                    links[there] = links.get(there, 0.0) + data[place]
                total[own] -= mine
                best, most = own, links.get(own, 0.0) - scale * mine * total[own]
                for there, link in links.items():
                    gain = link - scale * mine * total[there]
                    if gain > most + 1e-12 * self.total:
                        best, most = there, gain
                total[best] += mine
                of[node] = best
                has_moved |= best != own
            if not has_moved:
                break
        return np.array(of, dtype=np.int64)


def _indicator(labels: Labels, count: int) -> Any:
    """A matrix with a 1 where a row's node is in a column's community."""
    size = len(labels)
    shape = (np.ones(size), labels.astype(np.int32), np.arange(size + 1, dtype=np.int32))
    return sparse.csr_array(shape, shape=(size, count))


def _sums(labels: Labels, strengths: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The strength of each community."""
    return np.bincount(labels, strengths, count).astype(np.float64)


def _numbered(labels: Any) -> Labels:
    """The same communities, numbered from 0 without gaps."""
    _kept, numbers = np.unique(labels, return_inverse=True)
    return numbers.astype(np.int64)
