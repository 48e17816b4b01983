"""Where the people of a picture stand: those who reach each other near each other, no two on one.

Fruchterman and Reingold's springs, on complex numbers: of two people at p and q the push is
1 / (p - q), conjugated, so that a round over a hundred people is ten thousand divisions and no
arrays are needed. Nothing is drawn by dice: the same picture is the same every time.
"""

import cmath
import math
from collections.abc import Mapping, Sequence

ROUNDS = 40
"""So often everybody takes a step; later steps are shorter."""

WIDER = 1.6
"""How much wider than high a picture is: a page has more room at the sides."""

GAP = 1.3
"""How far two stand apart at least: so many times the sum of their radii."""

LOOSENINGS = 40
"""So often those who stand on each other are pushed apart, at most."""

#: The angle between two seeds of a sunflower: the next one always has room.
_GOLDEN = math.pi * (3 - math.sqrt(5))


def placed(
    groups: Sequence[int],
    links: Mapping[tuple[int, int], float],
    sizes: Sequence[float],
    *,
    middle: int | None = None,
) -> list[tuple[float, float]]:
    """Place people, numbered from 0, in a picture about 1000 wide and 1000 / WIDER high.

    `groups` says to which community each belongs, `links` how strongly two are tied (more than 0),
    `sizes` how wide each is drawn, in the measure of the picture; `middle` begins, and is
    held, in the centre of the others, before all are spread over the picture.
    """
    count = len(groups)
    if not count:
        return []
    points = _start(groups, middle)
    springs = _springs(count, links)
    for turn in range(ROUNDS):
        # Steps of a tenth of the picture at first, of a hundredth in the end.
        longest = 0.1 * (1 - turn / ROUNDS) + 0.01
        pushes = _pushes(points, 1 / count)
        for at, tied in enumerate(springs):
            here = points[at]
            pull = sum(
                force * (there := points[other] - here) * abs(there) for other, force in tied
            )
            # Whoever is tied to nobody would drift away for ever.
            step = pushes[at] + pull - 0.6 * here
            length = abs(step)
            pushes[at] = step * (longest / length) if length > longest else step
        points = [point + step for point, step in zip(points, pushes, strict=True)]
        if middle is not None:
            points[middle] = 0j
    return _loosened(_spread(points), sizes)


def _start(groups: Sequence[int], middle: int | None) -> list[complex]:
    """Communities on a circle, the members of each like the seeds of a sunflower."""
    known = sorted(set(groups), key=lambda group: (-groups.count(group), group))
    seen = dict.fromkeys(known, 0)
    found = []
    for at, group in enumerate(groups):
        turn = cmath.rect(0.35, 2 * math.pi * known.index(group) / len(known))
        number = seen[group] = seen[group] + 1
        seed = cmath.rect(0.03 * math.sqrt(number), number * _GOLDEN)
        found.append(0j if at == middle else (turn if len(known) > 1 else 0j) + seed)
    return found


def _springs(count: int, links: Mapping[tuple[int, int], float]) -> list[list[tuple[int, float]]]:
    """Whom each is tied to, and how hard that pulls: ten times as strong is twice as hard."""
    found: list[list[tuple[int, float]]] = [[] for _one in range(count)]
    most = max(links.values(), default=1.0)
    # In a circle of so many the springs balance the pushes at about a place's own width.
    stiff = math.sqrt(count)
    for (one, other), strength in links.items():
        force = stiff * (1 + math.log10(max(strength / most, 0.001)) / 4)
        found[one].append((other, force))
        found[other].append((one, force))
    return found


def _pushes(points: Sequence[complex], room: float) -> list[complex]:
    """How everybody is pushed away by everybody else."""
    found = []
    for at, here in enumerate(points):
        try:
            push = sum([1 / (here - there) for there in points[:at]])
            push += sum([1 / (here - there) for there in points[at + 1 :]])
        except ZeroDivisionError:
            # On one spot with somebody: away from there, each in a direction of their own.
            push = cmath.rect(1.0, at * _GOLDEN)
        found.append(room * complex(push).conjugate())
    return found


def _spread(points: Sequence[complex]) -> list[complex]:
    """The same picture as wide and as high as a page's place for it, its crowded parts thinned.

    Each stands half where the springs put them and half by their turn from left to right and from
    top to bottom: few who are far out leave the many in the middle their room.
    """
    across = _evened([point.real for point in points])
    down = _evened([point.imag for point in points])
    return [complex(500 * x, 500 / WIDER * y) for x, y in zip(across, down, strict=True)]


def _evened(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    last = max(1, len(values) - 1)
    turns = {at: turn for turn, at in enumerate(sorted(range(len(values)), key=values.__getitem__))}
    return [
        (value - low) / span + turns[at] / last - 1 if len(values) > 1 else 0.0
        for at, value in enumerate(values)
    ]


def _loosened(points: list[complex], sizes: Sequence[float]) -> list[tuple[float, float]]:
    """Push apart who stands on another, by no more than it takes."""
    for _turn in range(LOOSENINGS):
        is_done = True
        for one in range(len(points)):
            for other in range(one):
                away = points[one] - points[other]
                wanted = GAP * (sizes[one] + sizes[other]) / 2
                if away.real > wanted or away.real < -wanted:
                    continue
                apart = abs(away)
                if apart >= wanted:
                    continue
                is_done = False
                whither = away / apart if apart else cmath.rect(1.0, one * _GOLDEN)
                points[one] += whither * (wanted - apart) / 2
                points[other] -= whither * (wanted - apart) / 2
        if is_done:
            break
    return [(round(point.real, 1), round(point.imag, 1)) for point in points]
