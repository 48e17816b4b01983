"""What makes the days of somebody's contacts right: rhythm, ceiling, and what stands there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from irm.funnel.planner import debt
from irm.funnel.planner.moves import fitting
from irm.funnel.planner.terms import Person


@dataclass(slots=True)
class Place:
    """A piece of a day: so many minutes, and whose contact they hold."""

    day: int
    minutes: int
    #: Place of the person in the desk's list; -1 where it is empty.
    whose: int = -1


def are_right(
    person: Person, fixed: Iterable[int], stills: Iterable[int], places: Sequence[Place]
) -> bool:
    """Whether somebody may be contacted in all these places; they are in the order of their days.

    `fixed` are the days of contacts that stay, of which those in `stills` begin the wait anew.
    """
    if fitting(person, (one.minutes for one in places)) is None:
        return False
    days = [one.day for one in places]
    if any(abs(day - one) < person.apart for day in days for one in fixed):
        return False
    anchors, contacted = [person.anchor, *stills], person.contacted
    for day in days:
        if not person.open[day] or day < person.earliest or day - contacted < person.spacing:
            return False
        anchor = max((one for one in anchors if one <= day), default=day)
        if day < debt.limits(person, anchor)[0]:
            return False
        anchors.append(day)
        contacted = day
    return True
