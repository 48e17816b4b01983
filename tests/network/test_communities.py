"""Communities: as good as others find them, the same each time, and standing through the days."""

import random
import time
from collections import Counter

import igraph
import networkx as nx
import numpy as np
import pytest

from irm.network.arrays import louvain, measures, stability
from tests.network.graphs import DATA, PUBLIC, graph, mps, planted, rand

are_there = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public files are not beside this project (../shared/data)"
)


def leiden(both):
    """The modularity of what igraph's Leiden finds."""
    rows = both.matrix.tocoo()
    once = rows.row < rows.col
    made = igraph.Graph(n=len(both), edges=np.stack((rows.row[once], rows.col[once]), axis=1))
    igraph.set_random_number_generator(random.Random(7))
    return made.community_leiden("modularity", weights=rows.data[once].tolist()).modularity


def is_as_good_as_leiden(found):
    both = found.undirected()
    for seed in (1, 2):
        ours = louvain.modularity(both.matrix, louvain.communities(both.matrix, seed))
        assert ours >= 0.97 * leiden(both)


def test_a_planted_graph_is_parted_as_well_as_leiden_does():
    is_as_good_as_leiden(planted(4000, 40_000, 40, 0.7))


@are_there
@pytest.mark.parametrize("name", PUBLIC)
def test_public_graphs_are_parted_as_well_as_leiden_does(name):
    is_as_good_as_leiden(PUBLIC[name]())


def test_planted_groups_are_found():
    found = planted(2000, 40_000, 10, 0.9)
    measured = measures.measure(found, {})
    assert measured.communities == 10
    assert rand(measured.community.tolist(), [(id - 1) % 10 for id in found.nodes]) > 0.95


@are_there
def test_the_graph_of_the_mps_separates_the_parliamentary_groups():
    found, groups = mps()
    labels = measures.measure(found, {}).community.tolist()
    index = rand(labels, [groups[id] for id in found.nodes])
    print(f"adjusted Rand index against the parliamentary groups: {index:.3f}")  # noqa: T201
    assert len(found) == 339
    assert index >= 0.7


def test_the_same_graph_and_seed_give_the_same_communities():
    both = planted(3000, 30_000, 30, 0.6).undirected()
    once, again = (nx.community.louvain_communities(both, seed=5) for _turn in range(2))
    assert once == again
    assert {id for part in once for id in part} == set(both.nodes)
    assert sum(map(len, once)) == len(both)


def test_modularity_is_that_of_networkx():
    both = planted(300, 2000, 6, 0.7).undirected()
    parts = nx.community.louvain_communities(both, seed=1)
    labels = np.array([next(n for n, part in enumerate(parts) if id in part) for id in both.nodes])
    plain = nx.Graph()
    for one, others in both.adj.items():
        plain.add_weighted_edges_from((one, other, weight) for other, weight in others.items())
    assert louvain.modularity(both.matrix, labels) == pytest.approx(
        nx.community.modularity(plain, parts)
    )


def test_a_graph_of_one_way_ties_is_made_one_of_both_ways_first():
    with pytest.raises(NotImplementedError):
        nx.community.louvain_communities(graph((1, 2)), seed=1)


# What breaks others.


def test_no_ties_at_all():
    measured = measures.measure(graph(), {})
    assert measured.communities == 0
    assert measured.modularity is None
    assert list(measures.rows(measured, [])) == []


def test_one_tie_is_a_pair_and_no_community():
    measured = measures.measure(graph((1, 2)), {})
    assert measured.communities == 0
    assert list(measured.community) == [-1, -1]
    assert measured.influence.sum() == pytest.approx(1)


def test_a_hub_with_a_hundred_thousand_ties_is_measured_at_once():
    began = time.perf_counter()
    measured = measures.measure(graph(*[(id, 1) for id in range(2, 100_002)]), {})
    assert time.perf_counter() - began < 60
    assert measured.rank[0] == 1
    assert measured.ties_in[0] == 100_000
    assert measured.communities == 1
    assert measured.left_out == [
        {"code": "betweenness.large", "communities": 1, "people": 100_001, "most": 1000}
    ]
    assert np.isnan(measured.betweenness).all()


def test_crumbs_are_their_own_communities_and_pairs_are_none():
    ties = [(10 * n + one, 10 * n + one % 3 + 1) for n in range(200) for one in (1, 2, 3)]
    measured = measures.measure(graph(*ties, (5001, 5002)), {})
    assert measured.communities == 200
    assert set(Counter(measured.community.tolist()).values()) == {3, 2}
    assert measured.bridging.max() == 0


# What stands there.


def test_who_ties_two_groups_together_bridges_them():
    left = [(one, other) for one in range(1, 6) for other in range(1, 6)]
    right = [(one + 10, other + 10) for one, other in left]
    measured = measures.measure(graph(*left, *right, (1, 30), (30, 11)), {})
    bridging = dict(zip(measured.graph.nodes, measured.bridging.tolist(), strict=True))
    assert bridging[30] == max(bridging.values()) == 0.5
    assert bridging[2] == 0


def test_influence_towards_topics_begins_with_those_who_speak_of_them():
    found = graph((1, 2), (3, 4))
    measured = measures.measure(found, {1: 80.0})
    topical = dict(zip(found.nodes, measured.topical.tolist(), strict=True))
    assert topical[2] > topical[4] == 0
    assert measures.measure(found, {99: 80.0}).topical is None
    assert measures.measure(found, {}).topical_rank is None


def test_strong_ties_give_more_influence_and_equals_share_by_id():
    measured = measures.measure(graph((1, 2, 1.0), (1, 3, 9.0), (1, 4, 1.0)), {})
    assert dict(zip(measured.graph.nodes, measured.rank.tolist(), strict=True)) == {
        3: 1,
        2: 2,
        4: 3,
        1: 4,
    }


# Through the days.


def stored(measured, first=100):
    """What is stored of a measuring: who is in which community, numbered from 100."""
    labels = zip(measured.graph.nodes, measured.community.tolist(), strict=True)
    return [(id, label + first if label >= 0 else 0) for id, label in labels]


def test_communities_keep_their_numbers_while_most_stay():
    found = planted(1000, 20_000, 5, 0.9)
    before = stored(measures.measure(found, {}))
    # A tenth is gone, and others are new.
    rest = measures.measure(planted(1100, 22_000, 5, 0.9, seed=4), {})
    now = stability.successors(rest, [row for row in before if row[0] % 10])
    assert sorted(now.values()) == [100, 101, 102, 103, 104]
    was, places = dict(before), zip(rest.graph.nodes, rest.community.tolist(), strict=True)
    kept = [was[id] == now[label] for id, label in places if id in was]
    assert sum(kept) > 0.95 * len(kept)


def test_of_one_that_parts_the_larger_part_goes_on():
    ring = [(n, n % 6 + 1) for n in range(1, 7)]
    measured = measures.measure(graph(*ring, (11, 12), (12, 13), (13, 11)), {})
    larger, smaller = 0, 1
    before = [(id, 7) for id in (1, 2, 3, 4, 5, 6, 11, 12, 13)]
    assert stability.successors(measured, before) == {larger: 7}
    apart = [(id, 7 if id > 10 else 8) for id, _was in before]
    assert stability.successors(measured, apart) == {larger: 8, smaller: 7}


def test_nothing_goes_on_from_nothing():
    measured = measures.measure(graph((1, 2), (2, 3), (3, 1)), {})
    assert stability.successors(measured, []) == {}
    assert stability.successors(measured, [(1, 0), (2, 0), (3, 5), (8, 5), (9, 5)]) == {}
    assert stability.successors(measures.measure(graph(), {}), [(1, 5)]) == {}
