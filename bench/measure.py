"""Comparing two deeds fairly: in turn, several rounds, on a machine that others use too."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.lines import Deed, Line, Pair

#: Rounds that count, and how many are tried at most to get them.
ROUNDS, TRIES = 5, 20

#: How often one side is asked before it is the other's turn.
TURN = 3

#: How far the bare hello page may stray from its median in a round that counts.
STRAY = 0.25

#: Times before the first round, so that caches are as warm as on any morning.
WARM = 4


@dataclass
class Result:
    """A line of the table, measured."""

    line: Line
    ratio: float
    least: float
    most: float
    #: Milliseconds of our side and of the other, where times were compared.
    ours: float | None = None
    other: float | None = None
    #: False where too few rounds were quiet enough to be believed.
    is_sound: bool = True
    samples: list[float] = field(default_factory=list)

    @property
    def is_within(self) -> bool:
        """Whether the bar holds."""
        return self.is_sound and self.ratio <= self.line.bar


@dataclass(frozen=True)
class _Round:
    hello: float
    ours: list[float]
    other: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours) / statistics.median(self.other)


def compare(pair: Pair, hello: Deed) -> Result:
    """Measure ours and the other in turn until enough rounds were quiet."""
    for _again in range(WARM):
        pair.ours()
        pair.other()
    rounds: list[_Round] = []
    sound: list[_Round] = []
    while len(sound) < ROUNDS and len(rounds) < TRIES:
        rounds.append(_round(pair, hello))
        usual = statistics.median(one.hello for one in rounds)
        sound = [one for one in rounds if abs(one.hello / usual - 1) <= STRAY]
    ratios = [one.ratio for one in sound]
    return Result(
        pair.line,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        1000 * statistics.median(time for one in sound for time in one.ours),
        1000 * statistics.median(time for one in sound for time in one.other),
        len(sound) >= ROUNDS,
        [time for one in sound for time in one.ours],
    )


def _round(pair: Pair, hello: Deed) -> _Round:
    """Ours and the other, a few at a time, so that what disturbs one disturbs the other."""
    greeting = statistics.median(hello() for _again in range(15))
    ours: list[float] = []
    other: list[float] = []
    while len(ours) < pair.times:
        ours += [pair.ours() for _again in range(TURN)]
        other += [pair.other() for _again in range(TURN)]
    return _Round(greeting, ours, other)


def figure(line: Line, read: Callable[[], float], times: int = 1) -> Result:
    """Read a figure that is no comparison of times."""
    values = [read() for _again in range(times)]
    return Result(line, statistics.median(values), min(values), max(values))


def tail(of: Result, line: Line) -> Result:
    """How much slower the slowest hundredth was than the usual answer, in what was measured."""
    times = sorted(of.samples)
    worst = times[min(len(times) - 1, int(len(times) * 0.99))]
    ratio = worst / statistics.median(times)
    return Result(line, ratio, ratio, ratio, 1000 * worst, of.ours, of.is_sound)
