"""Making a plan better by exchange: what was put on a day early may be in the way of more.

The filling never looks back. Here those who owe most try each place of the plan: an empty one, one
of somebody else, who then takes the place that came free or another one, or goes without. Whatever
lowers the debt of all who are touched by it stays. It ends when nothing helps any more, or when as
much was tried as a desk may cost.
"""

import math
from collections.abc import Sequence

from irm.funnel.planner import debt
from irm.funnel.planner.rules import Place, are_right
from irm.funnel.planner.terms import Person

#: So much may be tried for one desk, counted in plans of one person that are weighed.
TRIES = 15_000

#: So many of those who owe most are looked at in one round.
WORST_OFF = 40

#: So many are offered a place that came free.
OFFERED = 8

_EPSILON = 1e-9


class Exchange:
    """The places of one desk, and who holds which."""

    def __init__(
        self,
        people: list[Person],
        places: list[Place],
        fixed: Sequence[Sequence[int]],
        stills: Sequence[Sequence[int]],
        length: int,
    ) -> None:
        self.people, self.places, self.length = people, places, length
        #: Days of each person's contacts that stay, and of those the ones that still a wait.
        self._fixed, self._stills = fixed, stills
        self.held: list[list[int]] = [[] for _one in people]
        for number, place in enumerate(places):
            if place.whose >= 0:
                self.held[place.whose].append(number)
        self._owed = [self._owes(one, self.held[one]) for one in range(len(people))]
        self._cheap = [_cheapest(person) for person in people]
        self._empty = [number for number, place in enumerate(places) if place.whose < 0]
        self._tries = 0

    def run(self) -> None:
        while self._tries < TRIES and self._round():
            pass

    def _round(self) -> bool:
        """Let those who owe most try each place; whether anything got better."""
        better = False
        for one in self._worst_off(WORST_OFF):
            for number in range(len(self.places)):
                if self._tries >= TRIES:
                    return False
                if self.places[number].whose != one and self._take(one, number):
                    better = True
        return better

    def _worst_off(self, most: int) -> list[int]:
        owing = [one for one, owed in enumerate(self._owed) if owed > _EPSILON and self._cheap[one]]
        owing.sort(key=lambda one: (-self._owed[one], self.people[one].id))
        return owing[:most]

    def _take(self, one: int, number: int) -> bool:
        """Let a person have a place, if all who are touched by it owe less together then."""
        place = self.places[number]
        if not self._may(one, place):
            return False
        for given_up in self._ways(one, number):
            mine = [*(n for n in self.held[one] if n not in given_up), number]
            if not self._is_right(one, mine):
                continue
            gain = self._owed[one] - self._owes(one, mine)
            other = place.whose
            if other < 0:
                if gain > _EPSILON:
                    self._settle({one: mine})
                    return True
                gain, settled = self._offer(gain, {one: mine}, list(given_up))
                if gain > _EPSILON:
                    self._settle(settled)
                    return True
                continue
            loss, theirs = self._without(other, number, given_up)
            if gain - loss > _EPSILON:
                self._settle({one: mine, other: theirs})
                return True
        return False

    def _ways(self, one: int, number: int) -> list[tuple[int, ...]]:
        """What a person may give up for a place: nothing, or the contact before it, or after."""
        day, held = self.places[number].day, self.held[one]
        ways: list[tuple[int, ...]] = [()]
        before = [n for n in held if self.places[n].day <= day]
        after = [n for n in held if self.places[n].day >= day]
        if before:
            ways.append((max(before, key=lambda n: self.places[n].day),))
        if after:
            ways.append((min(after, key=lambda n: self.places[n].day),))
        return ways

    def _without(self, other: int, number: int, freed: tuple[int, ...]) -> tuple[float, list[int]]:
        """What it costs somebody to lose a place, and which they then hold: the best they find."""
        rest = [n for n in self.held[other] if n != number]
        best, theirs = self._owes(other, rest), rest
        if not self._is_right(other, rest):
            return math.inf, rest
        for offered in (*freed, *self._empty):
            if not self._may(other, self.places[offered]):
                continue
            held = [*rest, offered]
            if self._is_right(other, held) and (owes := self._owes(other, held)) < best:
                best, theirs = owes, held
        return best - self._owed[other], theirs

    def _offer(
        self, gain: float, settled: dict[int, list[int]], freed: list[int]
    ) -> tuple[float, dict[int, list[int]]]:
        """Offer a place that came free to those who owe most."""
        best, found = gain, settled
        for number in freed:
            for other in self._worst_off(OFFERED):
                held = [*self.held[other], number]
                if other in settled or not self._may(other, self.places[number]):
                    continue
                if self._is_right(other, held):
                    total = gain + self._owed[other] - self._owes(other, held)
                    if total > best:
                        best, found = total, {**settled, other: held}
        return best, found

    def _settle(self, settled: dict[int, list[int]]) -> None:
        for one in settled:
            for number in self.held[one]:
                if self.places[number].whose == one:
                    self.places[number].whose = -1
        for one, numbers in settled.items():
            self.held[one] = sorted(numbers, key=lambda n: self.places[n].day)
            for number in numbers:
                self.places[number].whose = one
        self._empty = [number for number, place in enumerate(self.places) if place.whose < 0]
        for one in settled:
            self._owed[one] = self._owes(one, self.held[one])

    def _owes(self, one: int, numbers: list[int]) -> float:
        days = [*self._stills[one], *(self.places[number].day for number in numbers)]
        return debt.of_plan(self.people[one], days, self.length)[0]

    def _may(self, one: int, place: Place) -> bool:
        person = self.people[one]
        cheap = self._cheap[one]
        return bool(
            cheap
            and cheap <= place.minutes
            and person.open[place.day]
            and place.day >= person.earliest
        )

    def _is_right(self, one: int, numbers: list[int]) -> bool:
        """Whether contacts in these places keep the person's rhythm and ceiling."""
        self._tries += 1
        places = sorted((self.places[number] for number in numbers), key=lambda place: place.day)
        return are_right(self.people[one], self._fixed[one], self._stills[one], places)


def _cheapest(person: Person) -> int:
    """The minutes that a contact takes at least; 0: nothing may be done."""
    return 0 if person.left_out else min((move.minutes for move in person.moves), default=0)
