"""What networkx calls for a `TieGraph`: its functions of the same names, on sparse matrices.

networkx finds it by the entry point `networkx.backends` in setup.cfg.
"""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from irm.network.arrays import louvain
from irm.network.arrays.graph import TieGraph


class Backend:
    """The functions of networkx that a `TieGraph` answers itself; arguments as there."""

    @staticmethod
    def convert_from_nx(graph: Any, *_args: Any, **given: Any) -> TieGraph:
        """Take over a graph of networkx whose nodes are numbers."""
        attributes = given.get("edge_attrs") or {"weight": 1.0}
        name, default = next(iter(attributes.items()), ("weight", 1.0))
        ties = list(graph.edges(data=name, default=default or 1.0))
        sources = np.array([tie[0] for tie in ties], dtype=np.int64)
        targets = np.array([tie[1] for tie in ties], dtype=np.int64)
        weights = np.array([tie[2] for tie in ties], dtype=np.float64)
        if not graph.is_directed():
            sources, targets = np.r_[sources, targets], np.r_[targets, sources]
            weights = np.r_[weights, weights]
        found = TieGraph.of(sources, targets, weights)
        return TieGraph(found.ids, found.matrix, is_directed=graph.is_directed())

    @staticmethod
    def convert_to_nx(result: Any, *_args: Any, **_given: Any) -> Any:
        """Give networkx a graph of its own; anything else is one of its values already."""
        if not isinstance(result, TieGraph):
            return result
        found = nx.DiGraph() if result.is_directed() else nx.Graph()
        found.add_nodes_from(result.ids.tolist())
        rows, columns = result.matrix.nonzero()
        strengths = result.matrix.data.tolist()
        ids = result.ids
        ends = (ids[rows].tolist(), ids[columns].tolist(), strengths)
        found.add_weighted_edges_from(zip(*ends, strict=True))
        return found

    @staticmethod
    def can_run(name: str, args: Any, kwargs: Any) -> bool | str:
        """Say whether a call is one we answer."""
        graph = args[0] if args else kwargs.get("G")
        if name == "louvain_communities" and getattr(graph, "is_directed", bool)():
            return "communities are those of a graph whose ties count for both"
        return True

    @staticmethod
    def pagerank(
        graph: TieGraph,
        alpha: float = 0.85,
        personalization: Mapping[int, float] | None = None,
        max_iter: int = 100,
        tol: float = 1.0e-6,
        nstart: Mapping[int, float] | None = None,
        weight: str | None = "weight",
        dangling: Mapping[int, float] | None = None,
    ) -> dict[int, float]:
        """As `networkx.pagerank`."""
        values = pagerank(
            graph,
            alpha,
            _vector(graph, personalization),
            max_iter,
            tol,
            _vector(graph, nstart),
            weight,
            _vector(graph, dangling),
        )
        return dict(zip(graph.nodes, values.tolist(), strict=True))

    @staticmethod
    def louvain_communities(
        graph: TieGraph,
        weight: str | None = "weight",
        resolution: float = 1,
        threshold: float = 1e-7,
        max_level: int | None = None,
        seed: Any = None,
    ) -> list[set[int]]:
        """As `networkx.community.louvain_communities`; the largest come first."""
        if max_level is not None:
            raise NotImplementedError("communities are those of the last level")
        matrix = graph.matrix if weight else _unweighted(graph)
        labels = louvain.communities(matrix, _number(seed), resolution)
        order = np.argsort(labels, kind="stable")
        parts = np.split(graph.ids[order], np.cumsum(np.bincount(labels))[:-1])
        found = [set(part.tolist()) for part in parts if len(part)]
        return sorted(found, key=lambda part: (-len(part), min(part)))


def pagerank(
    graph: TieGraph,
    alpha: float,
    personal: NDArray[np.float64] | None,
    max_iter: int,
    tol: float,
    start: NDArray[np.float64] | None = None,
    weight: str | None = "weight",
    dangling: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """PageRank by power iteration, ended as networkx ends it: the sum of changes below n × tol."""
    size = len(graph)
    if not size:
        return np.zeros(0)
    matrix = graph.matrix if weight else _unweighted(graph)
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    is_end = sums == 0
    shares = matrix.T.tocsr()
    shares.data = shares.data * (1.0 / np.where(is_end, 1.0, sums))[shares.indices]
    even = np.full(size, 1.0 / size)
    personal = even if personal is None else personal
    onward = personal if dangling is None else dangling
    values = even if start is None else start
    for _turn in range(max_iter):
        before = values
        lost = alpha * float(before[is_end].sum())
        values = alpha * (shares @ before) + lost * onward + (1 - alpha) * personal
        if float(np.abs(values - before).sum()) < size * tol:
            return np.asarray(values)
    raise nx.PowerIterationFailedConvergence(max_iter)


def _vector(graph: TieGraph, given: Mapping[int, float] | None) -> NDArray[np.float64] | None:
    """Values of some people as shares that add up to 1."""
    if given is None:
        return None
    found = np.zeros(len(graph))
    for person, value in given.items():
        if person in graph:
            found[graph.place(person)] = value
    total = found.sum()
    if total == 0:
        raise ZeroDivisionError("nobody of the graph is among those named")
    return np.asarray(found / total)


def _unweighted(graph: TieGraph) -> Any:
    matrix = graph.matrix.copy()
    matrix.data = np.ones_like(matrix.data)
    return matrix


def _number(seed: Any) -> int:
    """A seed as networkx takes one: a number, or dice of Python's."""
    if seed is None:
        return 0
    return seed if isinstance(seed, int) else int(seed.getrandbits(32))


BACKEND = Backend()
