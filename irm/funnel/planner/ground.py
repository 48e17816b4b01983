"""What all plans that are tried for one desk stand on: worked out once."""

from collections.abc import Iterator
from functools import lru_cache

from irm.funnel.planner import debt, duties
from irm.funnel.planner.terms import Desk, Person

#: Somebody who waits to be taken: what a minute with them saves (negative, the best first), since
#: when they wait, id, place in the desk's list, and which of their waits it is.
Entry = tuple[float, int, int, int, int]


class Ground:
    """A desk before anything but its duties is planned."""

    def __init__(self, desk: Desk, length: int) -> None:
        self.desk, self.length, self.people = desk, length, desk.people
        self.served = duties.place(desk, length)
        self.left = list(desk.minutes)
        self.fixed = [person.fixed for person in self.people]
        #: Days of contacts that stay: those of colleagues, and what duties have taken.
        self.stills = [
            tuple(day for day in person.stilling if 0 <= day < length) for person in self.people
        ]
        self._settle_duties()
        #: Whose wait may be ended here at all.
        self.waiting = [
            place
            for place, person in enumerate(self.people)
            if person.moves and not person.left_out
        ]
        # Many people share what takes turns with them.
        shared = {id(person.moves): person.moves for person in self.people if person.moves}
        costs = {key: [move.minutes for move in moves] for key, moves in shared.items()}
        self.shortest = min(map(min, costs.values()), default=0)
        means = {key: sum(minutes) / len(minutes) for key, minutes in costs.items()}
        #: What a contact with them costs on average: which comes next is no reason to wait.
        self.usual = [means.get(id(person.moves), 0.0) for person in self.people]
        #: The debt and the days beyond the worst limit of each, where nothing more is planned.
        self.alone = [
            (0.0, 0) if person.left_out else debt.of_plan(person, self.stills[place], length)
            for place, person in enumerate(self.people)
        ]
        self.debt = sum(owed for owed, _late in self.alone)
        self._wakes: dict[int, list[list[int]]] = {}
        self._first: dict[tuple[int, int, int], Entry] = {}

    def _settle_duties(self) -> None:
        of = {person.id: place for place, person in enumerate(self.people)}
        for touch in self.served.touches:
            place = of[touch.person_id]
            self.left[touch.day] -= touch.minutes
            self.fixed[place] = (*self.fixed[place], touch.day)
            self.stills[place] = (*self.stills[place], touch.day)

    def wakes(self, ahead: int) -> list[list[int]]:
        """By day, whose first wait comes up on it; `ahead` is what `comes_up` is told."""
        found = self._wakes.get(ahead)
        if found is None:
            found = self._wakes[ahead] = [[] for _day in range(self.length)]
            for place in self.waiting:
                person = self.people[place]
                for day in self.comes_up(person, person.anchor, person.contacted, 0, ahead):
                    found[day].append(place)
        return found

    def comes_up(
        self, person: Person, anchor: int, contacted: int, today: int, ahead: int
    ) -> Iterator[int]:
        """Yield the days, from today on, on which a wait is looked at: when it is due, and worse.

        The first is that on which rhythm and ceiling let somebody be contacted again.
        """
        ideal, worst = debt.limits(person, anchor)
        first = max(ideal, person.earliest, contacted + person.spacing, today)
        ahead = min(worst - anchor, ahead)
        latest = -1
        for day in (first, worst - ahead, worst - ahead // 2, worst):
            day = max(day, first)
            if latest < day < self.length:
                latest = day
                yield day

    def first_entry(self, place: int, day: int, ahead: int) -> Entry:
        """Somebody in the heap on a day of their first wait; the same in each plan tried."""
        key = place, day, ahead
        found = self._first.get(key)
        if found is None:
            found = self._first[key] = self.entry(place, self.people[place].anchor, day, 0, ahead)
        return found

    def entry(self, place: int, anchor: int, day: int, wait: int, ahead: int) -> Entry:
        """Somebody as they stand in the heap on a day, having waited since the day `anchor`."""
        person = self.people[place]
        ideal, worst = debt.limits(person, anchor)
        saved = person.weight * _saved(ideal - anchor, worst - anchor, day - anchor, ahead)
        return -saved / self.usual[place], anchor, person.id, place, wait


@lru_cache(1 << 16)
def _saved(ideal: int, worst: int, waited: int, ahead: int) -> float:
    return debt.saved(1.0, ideal, worst, waited, min(worst, ahead))
