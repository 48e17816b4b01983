"""The cheapest ways from many people to one: a search over a few steps, on plain dicts.

Costs are above 0 and add up. Nothing here knows a database, so that a page can search what it read
and a job what it holds.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

MOST_STEPS = 3
"""An introduction by friends of friends of friends is none."""

Adjacent = Callable[[int], Iterable[tuple[int, float]]]
"""Who is tied to a person, with the cost of that step, the cheapest first."""


class Route(NamedTuple):
    """A way to somebody, from the connector on."""

    #: Of the connector and of all steps.
    cost: float
    #: From the connector to the person who is to be reached.
    people: tuple[int, ...]

    @property
    def connector(self) -> int:
        """Who would be asked."""
        return self.people[0]


def best(
    target: int,
    adjacent: Adjacent,
    connectors: Mapping[int, float],
    most: int = 5,
    steps: int = MOST_STEPS,
) -> list[Route]:
    """The cheapest route from each connector, of at most so many steps; the cheapest of them.

    `connectors` are those who may be asked, with what asking each costs. Equals go by the number of
    steps, then by ids. It goes from the person outwards; who cannot be on one of the best routes
    any more is not looked at.
    """
    if not connectors or most < 1 or steps < 1:
        return []
    least = min(connectors.values())
    bound = float("inf")
    found: dict[int, float] = {}
    at: dict[int, int] = {}
    # Of each step outwards: what it costs from there to the target, and who comes next.
    layers: list[dict[int, tuple[float, int]]] = [{target: (0.0, target)}]
    cheapest = {target: 0.0}
    for step in range(1, steps + 1):
        layer: dict[int, tuple[float, int]] = {}
        is_last = step == steps
        for person, (spent, _next) in sorted(layers[-1].items(), key=_by_cost):
            if spent + least > bound:
                break
            for other, cost in adjacent(person):
                total = spent + cost
                if total + least > bound:
                    break
                asking = connectors.get(other)
                if (is_last and asking is None) or total >= cheapest.get(other, bound + 1.0):
                    continue
                cheapest[other] = total
                layer[other] = (total, person)
                if asking is not None and other != target:
                    found[other] = total + asking
                    at[other] = step
                    if len(found) >= most and total + asking < bound:
                        bound = heapq.nsmallest(most, found.values())[-1]
        layers.append(layer)
        if not layer:
            break
    routes = [Route(cost, _people(layers, at[one], one)) for one, cost in found.items()]
    return sorted(routes, key=_by_rank)[:most]


def _by_cost(one: tuple[int, tuple[float, int]]) -> tuple[float, int]:
    return one[1][0], one[0]


def _by_rank(route: Route) -> tuple[float, int, tuple[int, ...]]:
    # Sums of the same steps in another order differ in the last digit.
    return round(route.cost, 12), len(route.people), route.people


def _people(layers: list[dict[int, tuple[float, int]]], step: int, person: int) -> tuple[int, ...]:
    """Who stands on the way from somebody whom the search met at a step."""
    found = [person]
    while step:
        person = layers[step][person][1]
        found.append(person)
        step -= 1
    return tuple(found)
