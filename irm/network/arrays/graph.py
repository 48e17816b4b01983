"""A graph as a sparse matrix, which networkx takes as one of its own.

The functions of networkx that we need run on it without a copy: irm/network/arrays/backend.py.
"""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ids = NDArray[np.int64]
Weights = NDArray[np.float64]

#: Where ids lie closer together than this, a table finds their places faster than a search.
SPARSENESS = 20


class TieGraph:
    """People and the strength of the ties between them: row reaches column.

    `ids` ascend; place n of every array of results is that of `ids[n]`.
    """

    __networkx_backend__ = "irm"

    def __init__(self, ids: Ids, matrix: Any, *, is_directed: bool = True) -> None:
        self.ids = ids
        self.matrix = matrix
        self.graph: dict[str, Any] = {}
        self._is_directed = is_directed
        self._places: dict[int, int] | None = None

    @classmethod
    def of(cls, sources: Ids, targets: Ids, strengths: Weights) -> Self:
        """Make a graph of ties; those of the same two people add up.

        A tie to oneself, and one without a strength above 0, is none.
        """
        is_tie = (sources != targets) & np.isfinite(strengths) & (strengths > 0)
        if not is_tie.all():
            sources, targets, strengths = sources[is_tie], targets[is_tie], strengths[is_tie]
        ids = distinct(sources, targets)
        n = len(ids)
        place = (places(ids, sources), places(ids, targets))
        matrix = sparse.coo_array((strengths, place), shape=(n, n)).tocsr()
        matrix.sum_duplicates()
        return cls(ids, matrix)

    def undirected(self) -> "TieGraph":
        """The same people, each tie counting for both."""
        if not self._is_directed:
            return self
        matrix = (self.matrix + self.matrix.T).tocsr()
        matrix.sort_indices()
        return TieGraph(self.ids, matrix, is_directed=False)

    def among(self, chosen: NDArray[np.int64]) -> "TieGraph":
        """Some of its people, by their places, which ascend, and the ties between them."""
        inner = self.matrix[chosen][:, chosen].tocsr()
        return TieGraph(self.ids[chosen], inner, is_directed=self._is_directed)

    def near(self, person: int, steps: int) -> list[set[int]]:
        """Who is one, two … steps away, whichever way the ties go; nobody stands in two sets."""
        if person not in self:
            return [set() for _step in range(steps)]
        both = self.undirected().matrix
        seen = np.zeros(len(self), dtype=bool)
        edge = np.array([self.place(person)])
        seen[edge] = True
        found = []
        for _step in range(steps):
            reached = np.unique(both[edge].indices)
            edge = reached[~seen[reached]]
            seen[edge] = True
            found.append(set(self.ids[edge].tolist()))
        return found

    def place(self, person: int) -> int:
        """Where a person stands in every array of results."""
        if self._places is None:
            self._places = {id: n for n, id in enumerate(self.ids.tolist())}
        return self._places[person]

    # What networkx asks of a graph.

    def is_directed(self) -> bool:
        """Whether a tie is that of one of the two."""
        return self._is_directed

    def is_multigraph(self) -> bool:
        """Whether two people may have several: no, they add up."""
        return False

    def number_of_nodes(self) -> int:
        """How many people."""
        return len(self.ids)

    def number_of_edges(self) -> int:
        """How many pairs of people have a tie; each direction counts where there are two."""
        stored = int(self.matrix.nnz)
        return stored if self._is_directed else stored // 2

    def order(self) -> int:
        """How many people."""
        return len(self.ids)

    @property
    def nodes(self) -> list[int]:
        """Everybody's id."""
        found: list[int] = self.ids.tolist()
        return found

    @property
    def adj(self) -> dict[int, dict[int, float]]:
        """Whom each reaches, and how strongly; for looking at small graphs."""
        matrix, ids = self.matrix, self.nodes
        return {
            person: {
                ids[at]: float(matrix.data[n])
                for n, at in enumerate(
                    matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]],
                    int(matrix.indptr[row]),
                )
            }
            for row, person in enumerate(ids)
        }

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self.nodes)

    def __contains__(self, person: object) -> bool:
        at = np.searchsorted(self.ids, person) if isinstance(person, int) else len(self.ids)
        return bool(at < len(self.ids) and self.ids[at] == person)


def distinct(*columns: Ids) -> Ids:
    """All ids that stand in some columns, ascending, each once."""
    highest = max((int(column.max()) for column in columns if len(column)), default=0)
    if highest >= SPARSENESS * sum(map(len, columns)) or any(
        len(column) and column.min() < 0 for column in columns
    ):
        return np.unique(np.concatenate(columns)).astype(np.int64)
    seen = np.zeros(highest + 1, dtype=bool)
    for column in columns:
        seen[column] = True
    return np.flatnonzero(seen).astype(np.int64)


def places(ids: Ids, wanted: Ids) -> NDArray[np.int32]:
    """Where each of the wanted, all of whom are there, stands among ids that ascend."""
    if len(ids) and ids[0] >= 0 and ids[-1] < SPARSENESS * len(ids):
        table = np.zeros(int(ids[-1]) + 1, dtype=np.int32)
        table[ids] = np.arange(len(ids), dtype=np.int32)
        return table[wanted]
    return np.searchsorted(ids, wanted).astype(np.int32)
