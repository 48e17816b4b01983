"""One desk while it is being filled: who is due, what is free, and what is put where.

Day by day, those who are due stand in one heap by what a minute with them saves; the best are
taken until the day is full. What a minute saves rises as somebody waits, in a few steps, and stays
from the worst limit on. So each person is looked at a few times in all and not once a day.
"""

import heapq
from collections.abc import Iterable, Mapping

from irm.funnel.planner import debt
from irm.funnel.planner.ground import Entry, Ground
from irm.funnel.planner.improving import Exchange
from irm.funnel.planner.moves import fitting, in_turn
from irm.funnel.planner.rules import Place, are_right
from irm.funnel.planner.terms import Filled, Gap, Move, Person, Touch

#: So many who do not fit into what is left of a day are passed over; then the day is closed.
PASSED_OVER = 15


class Filling:
    """One desk while it is being filled."""

    def __init__(self, ground: Ground, ahead: int) -> None:
        self.ground, self._ahead = ground, ahead
        self.length, self.people = ground.length, ground.people
        self.left = list(ground.left)
        self.places: list[Place] = []
        self._anchors = [person.anchor for person in self.people]
        self._contacted = [person.contacted for person in self.people]
        self._last = [person.last_move for person in self.people]
        #: Days of what is planned here, by person.
        self._days: dict[int, list[int]] = {}
        #: Which wait of a person the entries of the heap are about; others are out of date.
        self._waits = [0] * len(self.people)
        self._wakes: list[list[tuple[int, int]]] = [[] for _day in range(self.length)]
        self._heap: list[Entry] = []
        #: What was taken over from another plan, and what came to it, by person.
        self._taken: dict[int, list[Place]] = {}
        #: What takes turns, by what was done last: the same for many people.
        self._turns: dict[tuple[int, int, str | None], tuple[Move, ...]] = {}
        self.debt = ground.debt

    def keep(self, places: Iterable[Place]) -> "Filling":
        """Take over what another plan had, as far as it is right here."""
        for one in sorted(places, key=lambda one: (one.day, one.whose)):
            place = one.whose
            person, mine = self.people[place], self._taken.setdefault(place, [])
            is_free = not person.left_out and self.left[one.day] >= one.minutes
            if is_free and self._are_right(place, [*mine, one]):
                self._take(Place(one.day, one.minutes, place))
        return self

    def run(self) -> "Filling":
        """Fill the days one after the other; what is taken over stays."""
        # Nobody is looked at before a day that has room, or after the last one.
        room = [day for day, left in enumerate(self.left) if left >= self.ground.shortest]
        if room and self.ground.waiting:
            self._fill_days(room[-1] + 1)
        self._count()
        return self

    def _fill_days(self, until: int) -> None:
        first, stills = self.ground.wakes(self._ahead), self._stills()
        woken: dict[tuple[int, int], int] = {}
        for day in range(until):
            for place in stills.get(day, ()):
                self._anchors[place] = self._contacted[place] = day
                self._last[place] = self._done_by(place, day)
                self._wait(place, day + 1)
            woken.update(((place, 0), day) for place in first[day])
            woken.update((wake, day) for wake in self._wakes[day])
            if self.left[day] >= self.ground.shortest:
                self._wake(woken)
                woken.clear()
                self._fill_day(day)

    def _stills(self) -> dict[int, list[int]]:
        """By day, whose wait is ended on it by something that stays."""
        stills: dict[int, list[int]] = {}
        for place in self.ground.waiting:
            if self.ground.stills[place] or place in self._days:
                for day in (*self.ground.stills[place], *self._days.get(place, ())):
                    stills.setdefault(day, []).append(place)
        return stills

    def _wake(self, woken: Mapping[tuple[int, int], int]) -> None:
        """Put those who came up into the heap, each as they stood on that day."""
        ground, ahead, waits, anchors = self.ground, self._ahead, self._waits, self._anchors
        self._heap += [
            ground.entry(place, anchors[place], day, wait, ahead)
            if wait
            else ground.first_entry(place, day, ahead)
            for (place, wait), day in woken.items()
            if wait == waits[place]
        ]
        heapq.heapify(self._heap)

    def improve(self) -> None:
        """Exchange places as long as that lowers the debt."""
        if not self.debt or not self.places:
            return
        ground = self.ground
        rest = [Place(day, left) for day, left in enumerate(self.left) if left > 0]
        exchange = Exchange(
            self.people, [*self.places, *rest], ground.fixed, ground.stills, self.length
        )
        exchange.run()
        self.places = [place for place in exchange.places if place.whose >= 0]
        self._days = {}
        for place in self.places:
            self._days.setdefault(place.whose, []).append(place.day)
        self._count()

    def result(self) -> Filled:
        """The plan as it came out, with who waits beyond the worst limit all the same."""
        desk, served = self.ground.desk, self.ground.served
        touches = [*served.touches, *self._touches()]
        touches.sort(key=lambda touch: (touch.day, touch.person_id))
        gaps, total = list(served.gaps), 0.0
        for place, person in enumerate(self.people):
            owed, late = self._owed(place)
            total += owed
            if late:
                is_whole = not self.ground.stills[place] and place not in self._days
                why = self._why_not(person)
                gaps.append(Gap(person.id, "contact", why, late, owed, is_whole))
        used = sum(touch.minutes for touch in touches)
        return Filled(desk.owner_id, touches, gaps, total, sum(desk.minutes), used)

    def _owed(self, place: int) -> tuple[float, int]:
        """The debt of a person and their days beyond the worst limit, as it is planned here."""
        if place not in self._days:
            return self.ground.alone[place]
        days = [*self.ground.stills[place], *self._days[place]]
        return debt.of_plan(self.people[place], days, self.length)

    def _touches(self) -> list[Touch]:
        """What is done on each place: in turn, and never one thing twice running."""
        made = []
        for whose, done in self._done().items():
            person = self.people[whose]
            anchors = [person.anchor, *self.ground.stills[whose]]
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
        alone = self.ground.alone
        changed = sum(self._owed(place)[0] - alone[place][0] for place in self._days)
        self.debt = self.ground.debt + changed

    def _why_not(self, person: Person) -> str:
        if self.ground.desk.owner_id is None:
            return "nobody"
        first = max(0, debt.limits(person, person.anchor)[0], person.earliest)
        return "no_room" if any(person.open[first:]) else "shut"

    def _wait(self, place: int, today: int) -> None:
        """Let a person's next wait begin: they come up when they are due, and as it grows worse."""
        self._waits[place] += 1
        person, wake = self.people[place], (place, self._waits[place])
        anchor, contacted = self._anchors[place], self._contacted[place]
        for day in self.ground.comes_up(person, anchor, contacted, today, self._ahead):
            self._wakes[day].append(wake)

    def _fill_day(self, day: int) -> None:
        passed: list[Entry] = []
        heap, waits, people = self._heap, self._waits, self.people
        fixed, taken = self.ground.fixed, self._taken
        while heap and self.left[day] >= self.ground.shortest and len(passed) < PASSED_OVER:
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
            if self._are_right(place, places):
                return move
        return None

    def _are_right(self, place: int, places: list[Place]) -> bool:
        fixed, stills = self.ground.fixed[place], self.ground.stills[place]
        return are_right(self.people[place], fixed, stills, places)

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
        self._days.setdefault(one.whose, []).append(one.day)
        if one.whose in self._taken:
            self._taken[one.whose].append(one)

    def _next_day(self, place: int, day: int) -> int:
        """The first day from this one on which they may be contacted; the length: none is left."""
        person, fixed = self.people[place], self.ground.fixed[place]
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
