"""The ties of a whole graph as the search of routes asks for them."""

import numpy as np

from irm.network.arrays.graph import TieGraph
from irm.network.routes import Adjacent
from irm.network.warmth import HALF_STRENGTH


def adjacency(graph: TieGraph) -> Adjacent:
    """Who is tied to whom, whichever way, with the cost of the step, the cheapest first."""
    both = graph.undirected()
    matrix, ids = both.matrix, both.ids
    costs = np.log1p(HALF_STRENGTH / matrix.data)
    rows = np.repeat(np.arange(len(both)), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, costs, rows))
    others, costs = ids[matrix.indices[order]], costs[order]
    ends = matrix.indptr.tolist()
    known: dict[int, list[tuple[int, float]]] = {}

    def adjacent(person: int) -> list[tuple[int, float]]:
        found = known.get(person)
        if found is None:
            if person not in both:
                return []
            row = both.place(person)
            span = slice(ends[row], ends[row + 1])
            found = known[person] = list(
                zip(others[span].tolist(), costs[span].tolist(), strict=True)
            )
        return found

    return adjacent
