"""A year of one colleague with six hours a week and three hundred people, day by day.

People differ in how gladly they answer, and nobody who plans knows it. They are away now and then,
some write by themselves. Three ways of spending the same hours are compared; each does the same
things in turn, on the same days, with the same luck.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from irm.funnel.cadence import BY_STAGE
from irm.funnel.planner import choosing
from irm.funnel.planner.filling import fill
from irm.funnel.planner.reading import THRIFT
from irm.funnel.planner.terms import Desk, Move, Person, weight
from irm.ledger.contact import ADDRESSED, TRIES
from irm.models import Stage

DAYS, HOURS, PEOPLE = 365, 6, 300

#: Planned anew each week, for so many days.
HORIZON = 28

#: The first weeks are not counted: all begin with the same neglect.
BEGINNING = 42

#: How many are where in the funnel, as in the demo.
SHARES = {
    Stage.UNAWARE: 0.35,
    Stage.AWARE: 0.25,
    Stage.INTERESTED: 0.2,
    Stage.ENGAGED: 0.13,
    Stage.AMBASSADOR: 0.07,
}

#: How likely a contact of so many minutes is answered by somebody who always answers: a comment
#: less than a call.
GETS_ANSWERS = {5: 0.5, 10: 0.8, 15: 0.8, 20: 0.85, 30: 0.95}


@dataclass(slots=True)
class Somebody:
    """One of the people, with what only the year knows."""

    id: int
    stage: Stage
    fit: float
    #: How gladly they answer, from 0 to 1.
    gladly: float
    away: range
    last_two_way: int
    last_contact: int
    unanswered: int = 0
    last_move: str | None = None
    moves: tuple[Move, ...] = ()

    @property
    def worst(self) -> int:
        return BY_STAGE[self.stage].worst


@dataclass(slots=True)
class Year:
    """The people of a year, and how it went."""

    people: list[Somebody]
    luck: random.Random
    within: list[float] = field(default_factory=list)
    weighted: list[float] = field(default_factory=list)
    minutes: int = 0
    contacts: int = 0
    #: Contacts with people who had left three unanswered.
    nagged: int = 0


#: Whom to contact on a day: each with what is done, in that order, as long as there are minutes.
Way = Callable[[Year, int], Iterator[tuple[Somebody, Move]]]


def people(seed: int) -> list[Somebody]:
    """Three hundred people as they stand on the first day."""
    rng = random.Random(seed)
    stages = rng.choices(list(SHARES), list(SHARES.values()), k=PEOPLE)
    found = []
    for id, stage in enumerate(stages, 1):
        start = rng.randrange(DAYS)
        last = -rng.randrange(5, 90)
        found.append(
            Somebody(
                id,
                stage,
                fit=rng.uniform(10, 95),
                gladly=rng.betavariate(1.5, 1.5),
                away=range(start, start + 14),
                last_two_way=last,
                last_contact=last,
                moves=choosing.moves(stage, None, {}, is_lean=True),
            )
        )
    return found


def live(way: Way, seed: int) -> Year:
    """Live through the year in one way."""
    year = Year(people(seed), random.Random(seed + 1))
    for day in range(DAYS):
        for one in year.people:
            # Some write by themselves, now and then.
            if year.luck.random() < one.gladly / 250:
                _answer(one, day)
        if day % 7 < 5:
            _work(year, way, day)
        if day >= BEGINNING:
            _count(year, day)
    return year


def _work(year: Year, way: Way, day: int) -> None:
    left = HOURS * 60 // 5
    done = set()
    for one, move in way(year, day):
        if move.minutes > left or one.id in done:
            continue
        left -= move.minutes
        year.minutes += move.minutes
        year.contacts += 1
        year.nagged += one.unanswered >= TRIES
        done.add(one.id)
        one.last_contact, one.last_move = day, move.code
        likely = one.gladly * GETS_ANSWERS[move.minutes]
        if day not in one.away and year.luck.random() < likely:
            _answer(one, day)
        elif choosing.channel(move.code, None) in ADDRESSED:
            one.unanswered += 1
        if left < 5:
            return


def _answer(one: Somebody, day: int) -> None:
    one.last_two_way = one.last_contact = day
    one.unanswered = 0


def _count(year: Year, day: int) -> None:
    inside = [one for one in year.people if day - one.last_two_way <= one.worst]
    counts = {one.id: weight(one.stage, one.fit) for one in year.people}
    year.within.append(len(inside) / len(year.people))
    year.weighted.append(sum(counts[one.id] for one in inside) / sum(counts.values()))


def _next(one: Somebody) -> Move:
    """What is done next, strictly in turn."""
    codes = [move.code for move in one.moves]
    place = codes.index(one.last_move) + 1 if one.last_move in codes else 0
    return one.moves[place % len(codes)]


def oldest_first(year: Year, day: int) -> Iterator[tuple[Somebody, Move]]:
    """Who was contacted longest ago comes first: a list sorted by its date."""
    for one in sorted(year.people, key=lambda one: (one.last_contact, one.id)):
        if day not in one.away:
            yield one, _next(one)


def at_random(year: Year, day: int) -> Iterator[tuple[Somebody, Move]]:
    """Whoever comes to mind."""
    for one in random.Random(day).sample(year.people, len(year.people)):
        if day not in one.away:
            yield one, _next(one)


def planned() -> Way:
    """By the planner, anew each Monday; what it says for a day is done on that day."""
    plan: dict[int, list[tuple[int, str]]] = {}

    def way(year: Year, day: int) -> Iterator[tuple[Somebody, Move]]:
        if day % 7 == 0:
            plan.clear()
            for touch in fill(_desk(year.people, day), HORIZON).touches:
                plan.setdefault(day + touch.day, []).append((touch.person_id, touch.move))
        of = {one.id: one for one in year.people}
        for id, code in plan.get(day, ()):
            yield of[id], next(move for move in of[id].moves if move.code == code)

    return way


def _desk(people: list[Somebody], day: int) -> Desk:
    minutes = [HOURS * 12 if n % 7 < 5 else 0 for n in range(HORIZON)]
    desk = Desk(1, minutes, minutes)
    for one in people:
        rhythm = BY_STAGE[one.stage]
        is_silent = one.last_contact > one.last_two_way
        half = one.last_contact + (rhythm.ideal + 1) // 2 - day
        desk.people.append(
            Person(
                one.id,
                weight(one.stage, one.fit),
                rhythm.ideal,
                rhythm.worst,
                one.last_two_way - day,
                bytes(int(n % 7 < 5 and day + n not in one.away) for n in range(HORIZON)),
                one.moves,
                THRIFT,
                earliest=max(0, half) if is_silent else 0,
                contacted=one.last_contact - day,
                last_move=one.last_move,
                left_out="peace" if one.unanswered >= TRIES else "",
            )
        )
    return desk
