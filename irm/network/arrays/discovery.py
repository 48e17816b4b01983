"""Whom to look at, whom to bring together, whom to ask for help: proposals from the network."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from irm.network.arrays.measures import Measured

SHOWN = 50
"""So many proposals of each sort: more than anybody looks through."""

NAMED = 3
"""So many people a reason names: the most influential of them."""

AT_LEAST = 2
"""Somebody whom one person follows is nobody many follow; and one friend in common is chance."""

MOST_PARTNERS = 2000
"""Pairs are looked for among so many whom we value: the most influential."""

FAMOUS = 1000
"""Who has more ties than this says nothing of two people who both know them."""

MENTEES = 3
"""A mentor is proposed to so many newcomers at most."""


@dataclass(slots=True)
class Standing:
    """How people stand with a brand, by their ids."""

    related: set[int] = field(default_factory=set)
    valued: set[int] = field(default_factory=set)
    ambassadors: set[int] = field(default_factory=set)
    newcomers: set[int] = field(default_factory=set)


def proposals(measured: Measured, standing: Standing) -> dict[str, list[dict[str, Any]]]:
    """All proposals, the best first: ids with scores and reasons, which are codes."""
    if not len(measured.graph):
        return {"alike": [], "partners": [], "mentors": []}
    both = measured.graph.undirected().matrix
    ties = sparse.csr_array((np.ones(both.nnz), both.indices, both.indptr), both.shape)
    return {
        "alike": _alike(measured, standing),
        "partners": _partners(measured, standing, ties),
        "mentors": _mentors(measured, standing, ties),
    }


def _alike(measured: Measured, standing: Standing) -> list[dict[str, Any]]:
    """Strangers and prospects whom many that we value follow or mention, most of them first."""
    graph = measured.graph
    valued, related = _places(measured, standing.valued), _places(measured, standing.related)
    rows = graph.matrix[valued]
    counts = np.bincount(rows.indices, minlength=len(graph))
    counts[related] = 0
    strengths = np.bincount(rows.indices, rows.data, len(graph))
    by = rows.tocsc()
    found = []
    for place in np.lexsort((graph.ids, -strengths, -counts))[:SHOWN].tolist():
        if counts[place] < AT_LEAST:
            break
        who = valued[by.indices[by.indptr[place] : by.indptr[place + 1]]]
        reason = {"code": "alike.reached", "by": int(counts[place]), "ids": _named(measured, who)}
        rank = {"code": "alike.rank", "rank": int(measured.rank[place])}
        found.append(
            {
                "id": int(graph.ids[place]),
                "score": round(float(strengths[place]), 3),
                "reasons": [reason, rank],
            }
        )
    return found


def _partners(measured: Measured, standing: Standing, ties: Any) -> list[dict[str, Any]]:
    """Pairs we value who have no tie but know the same people: they would get on.

    By resource allocation: each one both know counts the less, the more people that one knows.
    """
    graph = measured.graph
    valued = _places(measured, standing.valued)
    valued = np.sort(valued[np.argsort(measured.rank[valued], kind="stable")][:MOST_PARTNERS])
    degrees = np.diff(ties.indptr)
    worth = np.where((degrees > 1) & (degrees <= FAMOUS), 1.0 / np.maximum(degrees, 1), 0.0)
    rows = ties[valued]
    scores = sparse.triu(rows @ sparse.diags_array(worth) @ rows.T, k=1).tocoo()
    common = (rows @ sparse.diags_array((worth > 0) * 1.0) @ rows.T).tocsr()
    is_tied = rows[:, valued].tocsr()
    order = np.lexsort((scores.col, scores.row, -np.round(scores.data, 9)))
    found: list[dict[str, Any]] = []
    seen: Counter[int] = Counter()
    for at in order.tolist():
        if len(found) == SHOWN:
            break
        one, other = int(scores.row[at]), int(scores.col[at])
        shared = int(common[one, other])
        # One whom everybody would get on with does not fill the list.
        if shared < AT_LEAST or is_tied[one, other] or max(seen[one], seen[other]) >= MENTEES:
            continue
        seen.update((one, other))
        mutual = np.intersect1d(rows[[one]].indices, rows[[other]].indices)
        apart = measured.community[valued[one]] != measured.community[valued[other]]
        reasons: list[dict[str, Any]] = [
            {"code": "partners.common", "common": shared, "ids": _named(measured, mutual)}
        ]
        if apart:
            reasons.append({"code": "partners.apart"})
        found.append(
            {
                "ids": [int(graph.ids[valued[one]]), int(graph.ids[valued[other]])],
                "score": round(float(scores.data[at]), 4),
                "reasons": reasons,
            }
        )
    return found


def _mentors(measured: Measured, standing: Standing, ties: Any) -> list[dict[str, Any]]:
    """For newcomers an ambassador of their community, who knows them or those they know."""
    graph = measured.graph
    ambassadors = _places(measured, standing.ambassadors)
    newcomers = _places(measured, standing.newcomers)
    newcomers = newcomers[np.argsort(measured.rank[newcomers], kind="stable")]
    taken: Counter[int] = Counter()
    found: list[dict[str, Any]] = []
    for newcomer in newcomers.tolist():
        if len(found) == SHOWN:
            break
        community = measured.community[newcomer]
        near = ambassadors[measured.community[ambassadors] == community]
        near = np.array([one for one in near.tolist() if taken[one] < MENTEES], dtype=np.int64)
        if community < 0 or not len(near):
            continue
        own = ties[[newcomer]]
        common = (ties[near] @ own.T).toarray().ravel()
        is_tied = ties[near][:, [newcomer]].toarray().ravel()
        best = int(np.lexsort((measured.rank[near], -common, -is_tied))[0])
        mentor = int(near[best])
        taken[mentor] += 1
        reasons: list[dict[str, Any]] = [{"code": "mentor.community"}]
        if is_tied[best]:
            reasons.append({"code": "mentor.tied"})
        if common[best]:
            mutual = np.intersect1d(ties[[mentor]].indices, own.indices)
            named = _named(measured, mutual)
            reasons.append({"code": "mentor.common", "common": int(common[best]), "ids": named})
        found.append(
            {
                "id": int(graph.ids[newcomer]),
                "mentor": int(graph.ids[mentor]),
                "reasons": reasons,
            }
        )
    return found


def _places(measured: Measured, people: Collection[int]) -> NDArray[np.int64]:
    """The places, ascending, of those who are in the network."""
    wanted = np.array(sorted(people), dtype=np.int64)
    return np.flatnonzero(np.isin(measured.graph.ids, wanted))


def _named(measured: Measured, places: NDArray[np.int64]) -> list[int]:
    """The ids of the most influential of some people."""
    best = places[np.argsort(measured.rank[places], kind="stable")][:NAMED]
    found: list[int] = measured.graph.ids[best].tolist()
    return found
