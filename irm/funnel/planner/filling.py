"""Filling a colleague's weeks with the contacts that reduce most relationship debt.

Several plans are tried and the best is kept; the plan before this one is among them, and stays
unless another is much better. What is planned is taken to happen and to be answered; planning
anew, each night or after a change, puts right where it was not.
"""

from irm.funnel.planner.desk import Filling
from irm.funnel.planner.ground import Ground
from irm.funnel.planner.rules import Place
from irm.funnel.planner.terms import LOYALTY, Desk, Filled

#: How many days ahead a contact's worth is counted: where hours are short it is the next weeks
#: that count, where there are enough it is who waits now. Each is tried, and the best plan kept.
AHEAD = (1, 3, 7, 400)

#: Where there is so many times more to do than there are hours, no exchange helps: who waits for
#: ever outweighs by far who waits a day longer.
OVERLOADED = 4.0

#: With so few people each of the plans is made better before the best is kept.
FEW = 40

#: So often what is still free is filled.
ROUNDS = 6


def fill(desk: Desk, length: int) -> Filled:
    """Plan one desk for so many days; the same desk gives the same plan.

    What the plan before had stays where it is still right, and what has become free is filled,
    unless a plan from scratch would owe much less.
    """
    ground = Ground(desk, length)
    if desk.owner_id is None or not any(desk.minutes):
        return Filling(ground, 1).result()
    best = _from_scratch(ground)
    before = [
        Place(day, minutes, place)
        for place, person in enumerate(desk.people)
        for day, minutes in person.before
    ]
    if before:
        kept = Filling(ground, length).keep(before).run()
        if kept.debt <= best.debt * LOYALTY:
            best = kept
    return _at_rest(best).result()


def _from_scratch(ground: Ground) -> Filling:
    if _load(ground.desk, ground.length) > OVERLOADED:
        return Filling(ground, ground.length).run()
    tried = [Filling(ground, ahead).run() for ahead in AHEAD]
    if len(ground.people) > FEW:
        tried = [min(tried, key=lambda one: one.debt)]
    for one in tried:
        one.improve()
    return min(tried, key=lambda one: one.debt)


def _at_rest(filling: Filling) -> Filling:
    """Fill what is still free, until nothing more comes to it: planning again then changes nothing.

    An exchange leaves pieces of days, and a contact taken over from a plan may make room for one
    that had to wait for it.
    """
    for _round in range(ROUNDS):
        again = Filling(filling.ground, filling.length)
        again.keep(filling.exact()).run()
        if len(again.places) == len(filling.places):
            return again
        filling = again
    return filling


def _load(desk: Desk, length: int) -> float:
    """How many times the hours of a desk it would take to keep everybody within the ideal."""
    wanted = sum(
        person.moves[0].minutes * length / person.ideal
        for person in desk.people
        if person.moves and not person.left_out
    )
    return wanted / sum(desk.minutes)
