"""What a campaign owes its members afterwards: thanks, results, and a touch that asks nothing.

Duties come before everything else: each has a last day, and the one whose last day is nearest is
placed first, on the first day that has room and on which the person may be contacted.
"""

from dataclasses import dataclass, field

from irm.funnel.planner.terms import Desk, Duty, Gap, Person, Touch

#: Days between two contacts with one person, where they set no ceiling of their own.
APART = 2


@dataclass(slots=True)
class Served:
    """The duties that found a day, and those that did not."""

    touches: list[Touch] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def place(desk: Desk, length: int) -> Served:
    """Give each duty of a desk its day, where there is one."""
    served = Served()
    people = {person.id: person for person in desk.people}
    left = list(desk.minutes)
    taken: dict[int, list[int]] = {}
    for duty in sorted(desk.duties, key=_order):
        person = people[duty.person_id]
        if person.left_out:
            continue
        days = taken.setdefault(person.id, [*person.fixed, person.contacted])
        day = _day(duty, person, days, left, length)
        if day is None:
            served.gaps.append(
                Gap(person.id, duty.what, _why_not(desk, duty, person, length), 0, 0.0,
                    campaign_id=duty.campaign_id)
            )  # fmt: skip
            continue
        left[day] -= duty.minutes
        days.append(day)
        waited = day - person.anchor
        served.touches.append(
            Touch(
                person.id, day, duty.what, duty.minutes, duty.what, waited, duty.campaign_id
            )
        )  # fmt: skip
    return served


def _order(duty: Duty) -> tuple[int, int, int, str]:
    return duty.last, duty.first, duty.person_id, duty.what


def _day(duty: Duty, person: Person, days: list[int], left: list[int], length: int) -> int | None:
    apart = max(person.spacing, APART)

    def is_free(day: int) -> bool:
        return (
            left[day] >= duty.minutes
            and bool(person.open[day])
            and all(abs(day - other) >= apart for other in days)
        )

    first, last = max(0, duty.first), min(duty.last, length - 1)
    if duty.before is not None and first <= duty.before <= last and is_free(duty.before):
        return duty.before
    return next(filter(is_free, range(first, last + 1)), None)


def _why_not(desk: Desk, duty: Duty, person: Person, length: int) -> str:
    if desk.owner_id is None:
        return "nobody"
    first, last = max(0, duty.first), min(duty.last, length - 1)
    return "no_room" if any(person.open[first : last + 1]) else "shut"
