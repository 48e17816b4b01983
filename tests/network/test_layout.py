"""Where people stand in a picture: the same each time, apart, and near those they are tied with."""

import math
from itertools import combinations, pairwise

import pytest

from irm.network import layout

#: Three rings of six, each with one tie to the next ring.
GROUPS = [number // 6 for number in range(18)]
LINKS = {
    **{(at, 6 * (at // 6) + (at + 1) % 6): 1.0 for at in range(18)},
    **dict.fromkeys(pairwise((0, 6, 12)), 0.2),
}
SIZES = [20.0] * 18


def apart(points, pairs):
    """The mean distance of some pairs."""
    found = [math.dist(points[one], points[other]) for one, other in pairs]
    return sum(found) / len(found)


def test_the_same_people_stand_where_they_stood():
    assert layout.placed(GROUPS, LINKS, SIZES) == layout.placed(GROUPS, LINKS, SIZES)


def test_those_of_a_community_stand_nearer_each_other_than_others():
    points = layout.placed(GROUPS, LINKS, SIZES)
    pairs = list(combinations(range(18), 2))
    inside = [pair for pair in pairs if GROUPS[pair[0]] == GROUPS[pair[1]]]
    outside = [pair for pair in pairs if GROUPS[pair[0]] != GROUPS[pair[1]]]

    assert apart(points, inside) < 0.6 * apart(points, outside)


def test_nobody_stands_on_another():
    sizes = [44.0] * 40
    points = layout.placed([0] * 40, {(0, at): 1.0 for at in range(1, 40)}, sizes, middle=0)

    assert min(math.dist(*pair) for pair in combinations(points, 2)) >= 44


@pytest.mark.parametrize(
    ("groups", "links"),
    [([], {}), ([0], {}), ([0, 0], {}), ([0, 1], {(0, 1): 3.0}), ([0] * 5, {})],
    ids=["nobody", "one", "two strangers", "two tied", "five without a tie"],
)
def test_few_people_are_placed_too(groups, links):
    points = layout.placed(groups, links, [12.0] * len(groups), middle=0 if groups else None)

    assert len(points) == len(set(points)) == len(groups)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in points)
