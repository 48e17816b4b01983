"""Graphs on sparse matrices, as networkx sees them."""

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.network.arrays import measures
from irm.network.arrays.backend import BACKEND
from tests.network.graphs import DATA, PUBLIC, graph, planted

PEOPLE = st.integers(1, 12)
TIES = st.lists(st.tuples(PEOPLE, PEOPLE, st.floats(0.01, 100)), max_size=40)


def as_igraph(found):
    rows = found.matrix.tocoo()
    made = igraph.Graph(n=len(found), directed=True, edges=np.stack((rows.row, rows.col), axis=1))
    made.es["weight"] = rows.data
    return made


def agrees_with_igraph(found):
    ours = nx.pagerank(found, tol=1e-9 / len(found), max_iter=500)
    theirs = np.array(as_igraph(found).pagerank(weights="weight"))
    mine = np.fromiter(ours.values(), dtype=float)
    assert np.abs(mine - theirs).sum() < 1e-6
    # Nobody's is off by more than a millionth of the most influential one's.
    assert np.abs(mine - theirs).max() < 1e-6 * theirs.max()


def test_ties_of_two_people_add_up_and_nobody_is_tied_to_themselves():
    found = graph((5, 9, 1.0), (5, 9, 2.0), (9, 5, 4.0), (7, 7, 3.0), (9, 11, 0.0), (5, 9, np.nan))
    assert found.adj == {5: {9: 3.0}, 9: {5: 4.0}}
    assert found.undirected().adj == {5: {9: 7.0}, 9: {5: 7.0}}
    assert (found.number_of_nodes(), found.number_of_edges()) == (2, 2)
    assert found.undirected().number_of_edges() == 1


def test_ids_may_lie_far_apart():
    found = graph((2_000_000_000, 3), (3, 900_000_000))
    assert found.nodes == [3, 900_000_000, 2_000_000_000]
    assert 900_000_000 in found
    assert 4 not in found
    assert found.adj[2_000_000_000] == {3: 1.0}


@given(TIES)
def test_pagerank_is_that_of_networkx(ties):
    found = graph(*ties)
    if not len(found):
        assert nx.pagerank(found) == {}
        return
    plain = nx.DiGraph()
    plain.add_nodes_from(found.nodes)
    for one, others in found.adj.items():
        plain.add_weighted_edges_from((one, other, weight) for other, weight in others.items())
    ours, theirs = (nx.pagerank(one, tol=1e-12, max_iter=500) for one in (found, plain))
    assert ours == pytest.approx(theirs, abs=1e-9)
    first = found.nodes[0]
    begun = {"personalization": {first: 2.0}, "tol": 1e-12, "max_iter": 500}
    assert nx.pagerank(found, **begun) == pytest.approx(nx.pagerank(plain, **begun), abs=1e-9)


@given(TIES)
def test_a_graph_of_networkx_can_be_taken_over_and_given_back(ties):
    found = graph(*ties)
    plain = BACKEND.convert_to_nx(found)
    assert plain.number_of_edges() == found.number_of_edges()
    again = BACKEND.convert_from_nx(plain, edge_attrs={"weight": 1.0})
    assert again.adj == found.adj


def test_pagerank_is_that_of_igraph_on_a_planted_graph():
    agrees_with_igraph(planted(3000, 20_000, 20, 0.8))


@pytest.mark.skipif(not DATA.is_dir(), reason="the public files are not beside this project")
@pytest.mark.parametrize("name", PUBLIC)
def test_pagerank_is_that_of_igraph_on_public_graphs(name):
    agrees_with_igraph(PUBLIC[name]())


@given(TIES)
def test_betweenness_is_that_of_networkx(ties):
    found = graph(*ties).undirected()
    plain = nx.Graph()
    plain.add_nodes_from(found.nodes)
    plain.add_edges_from((one, other) for one, others in found.adj.items() for other in others)
    theirs = nx.betweenness_centrality(plain)
    ours = measures.betweenness(found.matrix) if len(found) else []
    assert list(ours) == pytest.approx(list(theirs.values()), abs=1e-9)


def test_who_is_near_is_found_whichever_way_ties_go():
    found = graph((1, 2), (3, 2), (3, 4), (4, 5), (6, 7))
    assert found.near(1, 3) == [{2}, {3}, {4}]
    assert found.near(6, 2) == [{7}, set()]
    assert found.near(99, 2) == [set(), set()]
