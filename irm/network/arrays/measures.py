"""What is measured of everybody in a network: influence, community, betweenness, bridging."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from irm.network.arrays import louvain
from irm.network.arrays.graph import TieGraph

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

SEED = 1
"""The same network gives the same communities."""

PRECISION = 1e-9
"""Influence is computed until all changes of a step add up to less."""

TURNS = 500
"""PageRank loses 15 % of what is left to change with each step: it needs about 130."""

SMALLEST = 3
"""Two people are a pair, no community."""

MOST_IN_BETWEENNESS = 1000
"""Betweenness looks at the shortest paths between all pairs: of larger communities that takes
minutes."""

BETWEENNESS_WORK = 1_500_000_000
"""People times ties, of all communities together: some ten seconds."""


@dataclass(slots=True)
class Measured:
    """What was measured; place n of each array is that of `graph.ids[n]`."""

    graph: TieGraph
    influence: Numbers
    rank: Counts
    #: None where nobody speaks of the brand's topics.
    topical: Numbers | None
    topical_rank: Counts | None
    #: Numbers from 0, the largest community first; -1: in none.
    community: Counts
    communities: int
    #: None without ties.
    modularity: float | None
    #: Not a number where it was not measured.
    betweenness: Numbers
    bridging: Numbers
    ties_in: Counts
    ties_out: Counts
    left_out: list[dict[str, Any]] = field(default_factory=list)


def measure(
    graph: TieGraph, speakers: Mapping[int, float], note: Callable[[], None] = lambda: None
) -> Measured:
    """Measure a network; `note` is called after each of the STEPS.

    `speakers` are people who speak of the brand's topics, with how relevant they are.
    """
    both = graph.undirected()
    influence = _influence(graph)
    note()
    begun = {person: value for person, value in speakers.items() if person in graph}
    topical = _influence(graph, begun) if begun else None
    note()
    labels = _communities(both)
    modularity = louvain.modularity(both.matrix, labels) if len(graph) else None
    note()
    sizes = np.bincount(labels) if len(graph) else np.zeros(0, dtype=np.int64)
    communities = int((sizes >= SMALLEST).sum())
    left_out: list[dict[str, Any]] = []
    betweenness = _betweenness(both, labels, sizes, left_out)
    note()
    return Measured(
        graph=graph,
        influence=influence,
        rank=_ranks(influence),
        topical=topical,
        topical_rank=None if topical is None else _ranks(topical),
        community=np.where(labels < communities, labels, -1),
        communities=communities,
        modularity=modularity,
        betweenness=betweenness,
        bridging=_bridging(both, labels),
        ties_in=np.bincount(graph.matrix.indices, minlength=len(graph)),
        ties_out=np.diff(graph.matrix.indptr).astype(np.int64),
        left_out=left_out,
    )


STEPS = 4
"""How often `measure` says that it is further."""


def sizes(measured: Measured) -> list[int]:
    """How many people each community has, by its label."""
    labels = measured.community[measured.community >= 0]
    found: list[int] = np.bincount(labels, minlength=measured.communities).tolist()
    return found


def rows(measured: Measured, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Everybody's place by ascending id, as plain values.

    Id, influence, rank, topical influence and rank, number of the community, betweenness, bridging,
    ties in and out; `numbers` are those of the communities, by their labels.
    """
    nobody: list[Any] = [None] * len(measured.graph)
    # The last one stands for the label of those who are in none.
    named = [*numbers, None]
    columns: list[list[Any]] = [
        measured.graph.ids.tolist(),
        measured.influence.tolist(),
        measured.rank.tolist(),
        nobody if measured.topical is None else measured.topical.tolist(),
        nobody if measured.topical_rank is None else measured.topical_rank.tolist(),
        [named[label] for label in measured.community.tolist()],
        [None if value != value else value for value in measured.betweenness.tolist()],
        measured.bridging.tolist(),
        measured.ties_in.tolist(),
        measured.ties_out.tolist(),
    ]
    return zip(*columns, strict=True)


def _influence(graph: TieGraph, begun: Mapping[int, float] | None = None) -> Numbers:
    """PageRank: where one ends up who follows ties, strong ones rather, and begins anew at times.

    `begun` are those with whom one begins, else with anybody.
    """
    if not len(graph):
        return np.zeros(0)
    tolerance = PRECISION / len(graph)
    found = nx.pagerank(graph, personalization=begun, tol=tolerance, max_iter=TURNS)
    return np.fromiter(found.values(), dtype=np.float64, count=len(graph))


def _communities(both: TieGraph) -> Counts:
    """Number everybody's community, the largest first."""
    labels = np.zeros(len(both), dtype=np.int64)
    if not len(both):
        return labels
    parts = nx.community.louvain_communities(both, seed=SEED)
    members = np.fromiter(itertools.chain.from_iterable(parts), dtype=np.int64, count=len(both))
    sizes = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
    labels[np.searchsorted(both.ids, members)] = np.repeat(np.arange(len(parts)), sizes)
    return labels


def _ranks(values: Numbers) -> Counts:
    """1 for the highest; those who are equal but for what the last step left over go by id."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    rounded = np.round(values / values.max(), 9)
    found = np.empty(len(values), dtype=np.int64)
    found[np.argsort(-rounded, kind="stable")] = np.arange(1, len(values) + 1)
    return found


def _bridging(both: TieGraph, labels: Counts) -> Numbers:
    """How evenly somebody's ties go to several communities: one minus the sum of squared shares."""
    size = len(both)
    if not size:
        return np.zeros(0)
    joining = (np.ones(size), labels, np.arange(size + 1))
    links = both.matrix @ sparse.csr_array(joining, shape=(size, int(labels.max()) + 1))
    rows = np.repeat(np.arange(size), np.diff(links.indptr))
    sums = np.bincount(rows, links.data, size)
    shares = links.data / sums[rows]
    # What is left over by rounding is no bridge.
    return np.asarray(np.round(1.0 - np.bincount(rows, shares * shares, size), 9))


def _betweenness(
    both: TieGraph, labels: Counts, sizes: Counts, left_out: list[dict[str, Any]]
) -> Numbers:
    """Betweenness within each community that is small enough, the smallest first."""
    found = np.full(len(both), np.nan)
    order = np.argsort(labels, kind="stable")
    ends = np.concatenate(([0], np.cumsum(sizes)))
    work, beyond = 0, []
    for label in np.argsort(sizes, kind="stable").tolist():
        size = int(sizes[label])
        if size < SMALLEST:
            continue
        members = np.sort(order[ends[label] : ends[label + 1]])
        inner = both.among(members).matrix if size <= MOST_IN_BETWEENNESS else None
        work += 0 if inner is None else size * int(inner.nnz + size)
        if inner is None or work > BETWEENNESS_WORK:
            beyond.append(size)
        else:
            found[members] = betweenness(inner)
    if beyond:
        left_out.append(
            {
                "code": "betweenness.large",
                "communities": len(beyond),
                "people": sum(beyond),
                "most": MOST_IN_BETWEENNESS,
            }
        )
    return found


def betweenness(matrix: Any) -> Numbers:
    """The share of the shortest paths between two others that pass through each.

    Brandes' method, from all people at once, a step further each time: `matrix` is symmetric, and
    what it holds counts as a tie whatever its strength.
    """
    size = matrix.shape[0]
    if size < SMALLEST:
        return np.zeros(size)
    ties = sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), matrix.shape)
    paths = np.eye(size)
    distance = np.where(paths > 0, 0, -1).astype(np.int32)
    edge, step = paths, 0
    while True:
        edge = np.where(distance < 0, ties @ edge, 0.0)
        if not edge.any():
            break
        step += 1
        distance[edge > 0] = step
        paths = paths + edge
    carried = np.zeros((size, size))
    for far in range(step, 0, -1):
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(distance == far, (1.0 + carried) / paths, 0.0)
        carried += np.where(distance == far - 1, (ties @ share) * paths, 0.0)
    np.fill_diagonal(carried, 0.0)
    return np.asarray(carried.sum(axis=1) / ((size - 1) * (size - 2)))
