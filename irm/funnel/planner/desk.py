"""One desk while it is being filled: who is due, what is free, and what is put where.

Day by day, those who are due stand in one heap by what a minute with them saves; the best are
taken until the day is full. What a minute saves rises as somebody waits, in a few steps, and stays
from the worst limit on. So each person is looked at a few times in all and not once a day.
"""

import heapq
from collections.abc import Iterable

from irm.funnel.planner import debt, duties
from irm.funnel.planner.improving import Exchange
from irm.funnel.planner.moves import fitting, in_turn
from irm.funnel.planner.rules import Place, are_right
from irm.funnel.planner.terms import Desk, Filled, Gap, Move, Person, Touch

#: So many who do not fit into what is left of a day are passed over; then the day is closed.
PASSED_OVER = 15

#: An entry of the heap: what a minute saves (negative, the best first), since when they wait, id,
#: place in the desk's list, and which wait it was made for.
_Entry = tuple[float, int, int, int, int]


class Filling:
    """One desk while it is being filled."""

    def __init__(self, desk: Desk, length: int, served: duties.Served, ahead: int) -> None:
        self.desk, self.length, self.people = desk, length, desk.people
        self.served, self._ahead = served, ahead
        self.left = list(desk.minutes)
        self.places: list[Place] = []
        self._anchors = [person.anchor for person in self.people]
        self._contacted = [person.contacted for person in self.people]
        self._last = [person.last_move for person in self.people]
        self._fixed = [person.fixed for person in self.people]
        #: Days of contacts that stay: those of colleagues, and what duties have taken.
        self._stills: list[list[int]] = [
            [day for day in person.stilling if 0 <= day < length] for person in self.people
        ]
        self._days: list[list[int]] = [[] for _one in self.people]
        #: Which wait of a person the entries of the heap are about; others are out of date.
        self._waits = [0] * len(self.people)
        self._wakes: list[list[tuple[int, int]]] = [[] for _day in range(length)]
        self._heap: list[_Entry] = []
        self._of = {person.id: place for place, person in enumerate(self.people)}
        for touch in served.touches:
            place = self._of[touch.person_id]
            self.left[touch.day] -= touch.minutes
            self._fixed[place] = (*self._fixed[place], touch.day)
            self._stills[place].append(touch.day)
        #: What was taken over from another plan, and what came to it, by person.
        self._taken: dict[int, list[Place]] = {}
        #: What a contact with them costs on average: which comes next is no reason to wait.
        self._usual = [
            sum(move.minutes for move in person.moves) / max(1, len(person.moves))
            for person in self.people
        ]
        #: What takes turns, by what was done last: the same for many people.
        self._turns: dict[tuple[int, int, str | None], tuple[Move, ...]] = {}
        self._shortest = min(
            (move.minutes for person in self.people for move in person.moves), default=0
        )
        self.debt = 0.0

    def keep(self, places: Iterable[Place]) -> "Filling":
        """Take over what another plan had, as far as it is right here."""
        for one in sorted(places, key=lambda one: (one.day, one.whose)):
            place = one.whose
            person, mine = self.people[place], self._taken.setdefault(place, [])
            is_free = not person.left_out and self.left[one.day] >= one.minutes
            if is_free and are_right(person, self._fixed[place], self._stills[place], [*mine, one]):
                self._take(Place(one.day, one.minutes, place))
        return self

    def run(self) -> "Filling":
        stills: dict[int, list[int]] = {}
        for place, person in enumerate(self.people):
            if person.left_out or not person.moves:
                continue
            for day in (*self._stills[place], *self._days[place]):
                stills.setdefault(day, []).append(place)
            self._wait(place, 0)
        for day in range(self.length):
            for place in stills.get(day, ()):
                self._anchors[place] = self._contacted[place] = day
                self._last[place] = self._done_by(place, day)
                self._wait(place, day + 1)
            for place, wait in self._wakes[day]:
                if wait == self._waits[place]:
                    heapq.heappush(self._heap, self._entry(place, day))
            if self.left[day] > 0:
                self._fill_day(day)
        self._count()
        return self

    def improve(self) -> None:
        """Exchange places as long as that lowers the debt."""
        if not self.debt or not self.places:
            return
        rest = [Place(day, left) for day, left in enumerate(self.left) if left > 0]
        exchange = Exchange(
            self.people, [*self.places, *rest], self._fixed, self._stills, self.length
        )
        exchange.run()
        self.places = [place for place in exchange.places if place.whose >= 0]
        self._days = [[] for _one in self.people]
        for place in self.places:
            self._days[place.whose].append(place.day)
        self._count()

    def result(self) -> Filled:
        """The plan as it came out, with who waits beyond the worst limit all the same."""
        touches = [*self.served.touches, *self._touches()]
        touches.sort(key=lambda touch: (touch.day, touch.person_id))
        gaps, total = list(self.served.gaps), 0.0
        for place, person in enumerate(self.people):
            if person.left_out:
                continue
            days = [*self._stills[place], *self._days[place]]
            owed, late = debt.of_plan(person, days, self.length)
            total += owed
            if late:
                why = self._why_not(person)
                gaps.append(Gap(person.id, "contact", why, late, owed, is_whole=not days))
        used = sum(touch.minutes for touch in touches)
        return Filled(self.desk.owner_id, touches, gaps, total, sum(self.desk.minutes), used)

    def _touches(self) -> list[Touch]:
        """What is done on each place: in turn, and never one thing twice running."""
        made = []
        for whose, done in self._done().items():
            person = self.people[whose]
            anchors = [person.anchor, *self._stills[whose]]
            for day, move in done:
                anchor = max(one for one in anchors if one <= day)
                why = "late" if day > debt.limits(person, anchor)[1] else "due"
                made.append(Touch(person.id, day, move.code, move.minutes, why, day - anchor))
                anchors.append(day)
        return made

    def _done(self) -> dict[int, list[tuple[int, Move]]]:
        """What is done with each person on which day."""
        held: dict[int, list[Place]] = {}
        for place in sorted(self.places, key=lambda one: one.day):
            held.setdefault(place.whose, []).append(place)
        done = {}
        for whose, places in held.items():
            person = self.people[whose]
            moves = fitting(person, (one.minutes for one in places))
            days = (one.day for one in places)
            done[whose] = list(zip(days, moves or (), strict=True))
        return done

    def exact(self) -> list[Place]:
        """The places, with no more minutes than what is done there takes."""
        return [
            Place(day, move.minutes, whose)
            for whose, done in self._done().items()
            for day, move in done
        ]

    def _count(self) -> None:
        self.debt = sum(
            debt.of_plan(person, [*self._stills[n], *self._days[n]], self.length)[0]
            for n, person in enumerate(self.people)
            if not person.left_out
        )

    def _why_not(self, person: Person) -> str:
        if self.desk.owner_id is None:
            return "nobody"
        first = max(0, debt.limits(person, person.anchor)[0], person.earliest)
        return "no_room" if any(person.open[first:]) else "shut"

    def _first(self, place: int) -> int:
        """The first day on which somebody may be contacted by their rhythm and their ceiling."""
        person = self.people[place]
        ideal = debt.limits(person, self._anchors[place])[0]
        return max(ideal, person.earliest, self._contacted[place] + person.spacing)

    def _wait(self, place: int, today: int) -> None:
        """Let a person's next wait begin: they come up when they are due, and as it grows worse."""
        self._waits[place] += 1
        wake = place, self._waits[place]
        anchor = self._anchors[place]
        worst = debt.limits(self.people[place], anchor)[1]
        first = max(self._first(place), today)
        ahead = min(worst - anchor, self._ahead)
        latest = -1
        for day in (first, worst - ahead, worst - ahead // 2, worst):
            if latest < max(day, first) < self.length:
                latest = max(day, first)
                self._wakes[latest].append(wake)

    def _entry(self, place: int, day: int) -> _Entry:
        person, anchor = self.people[place], self._anchors[place]
        ideal, worst = (limit - anchor for limit in debt.limits(person, anchor))
        ahead = min(worst, self._ahead)
        saved = debt.saved(person.weight, ideal, worst, day - anchor, ahead)
        return -saved / self._usual[place], anchor, person.id, place, self._waits[place]

    def _fill_day(self, day: int) -> None:
        passed: list[_Entry] = []
        heap, waits, people = self._heap, self._waits, self.people
        fixed, taken = self._fixed, self._taken
        while heap and self.left[day] >= self._shortest and len(passed) < PASSED_OVER:
            entry = heapq.heappop(heap)
            place, wait = entry[3], entry[4]
            if wait != waits[place]:
                continue
            # Most people are open and have nothing else ahead.
            if not people[place].open[day] or fixed[place] or place in taken:
                later = self._next_day(place, day)
                if later != day:
                    if later < self.length:
                        self._wakes[later].append((place, wait))
                    continue
            move = self._next_move(place, day)
            if move is None:
                passed.append(entry)
                continue
            self._take(Place(day, move.minutes, place))
            self._anchors[place] = self._contacted[place] = day
            self._last[place] = move.code
            self._wait(place, day + 1)
        for entry in passed:
            heapq.heappush(heap, entry)

    def _next_move(self, place: int, day: int) -> Move | None:
        """What is done next and fits into what is left of a day; None where nothing does."""
        person, last, left = self.people[place], self._last[place], self.left[day]
        key = id(person.moves), person.thrift, last
        turned = self._turns.get(key)
        if turned is None:
            turned = self._turns[key] = in_turn(person, last)
        taken = self._taken.get(place)
        for move in turned:
            if move.minutes > left:
                continue
            if not taken:
                return move
            # What was taken over for later days must still be able to take its turn.
            places = sorted([*taken, Place(day, move.minutes)], key=lambda one: one.day)
            if are_right(person, self._fixed[place], self._stills[place], places):
                return move
        return None

    def _is_in_the_way(self, place: int, day: int) -> bool:
        """Whether a contact on a day would come too soon before one that was taken over."""
        taken = self._taken.get(place)
        if not taken:
            return False
        following = [one.day for one in taken if one.day > day]
        return bool(following) and min(following) < debt.limits(self.people[place], day)[0]

    def _done_by(self, place: int, day: int) -> str | None:
        """The code of what is done last with somebody up to a day."""
        if place not in self._taken:
            return self._last[place]
        person = self.people[place]
        places = sorted(self._taken[place], key=lambda one: one.day)
        sizes = (one.minutes for one in places if one.day <= day)
        done = fitting(person, sizes)
        return done[-1].code if done else person.last_move

    def _take(self, one: Place) -> None:
        self.places.append(one)
        self.left[one.day] -= one.minutes
        self._days[one.whose].append(one.day)
        if one.whose in self._taken:
            self._taken[one.whose].append(one)

    def _next_day(self, place: int, day: int) -> int:
        """The first day from this one on which they may be contacted; the length: none is left."""
        person, fixed = self.people[place], self._fixed[place]
        apart = person.apart if fixed else 0
        while day < self.length:
            if not person.open[day]:
                day += 1
                continue
            near = next((one for one in fixed if abs(one - day) < apart), None)
            if near is None:
                return self.length if self._is_in_the_way(place, day) else day
            day = max(day + 1, near + apart)
        return self.length
