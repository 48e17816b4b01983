"""Relationship debt: what it costs that somebody waits.

A day on which a person waits beyond the worst limit counts one, a day beyond the ideal a tenth,
times what the relationship counts. Summed over the days of a plan it is what the planner makes as
small as the hours allow.
"""

from collections.abc import Iterable

from irm.funnel.planner.terms import BEYOND_IDEAL, BEYOND_WORST, Person


def limits(person: Person, anchor: int) -> tuple[int, int]:
    """The days on which the ideal and the worst limit are reached after a contact of a day.

    A span with a tighter rhythm, such as a campaign, brings them forward where it is in force.
    """
    ideal, worst = anchor + person.ideal, anchor + person.worst
    for span in person.spans:
        if span.last < anchor:
            continue
        tight = max(span.first, anchor + span.ideal)
        if tight <= span.last and tight < ideal:
            ideal = tight
        tight = max(span.first, anchor + span.worst)
        if tight <= span.last and tight < worst:
            worst = tight
    return ideal, worst


def of_wait(person: Person, anchor: int, until: int) -> tuple[float, int]:
    """The debt, and the days beyond the worst limit, between a contact and the next.

    Counted are days from the plan's first on, up to the day before `until`.
    """
    ideal, worst = limits(person, anchor)
    beyond_worst = max(0, until - max(worst + 1, 0))
    beyond_ideal = max(0, until - max(ideal + 1, 0)) - beyond_worst
    debt = person.weight * (BEYOND_WORST * beyond_worst + BEYOND_IDEAL * max(0, beyond_ideal))
    return debt, beyond_worst


def of_plan(person: Person, days: Iterable[int], length: int) -> tuple[float, int]:
    """The debt, and the days beyond the worst limit, of a person who is contacted on these days."""
    total, late, anchor = 0.0, 0, person.anchor
    for day in [*sorted(days), length]:
        debt, beyond = of_wait(person, anchor, day)
        total, late, anchor = total + debt, late + beyond, day
    return total, late


def saved(counts: float, ideal: int, worst: int, waited: int, ahead: int) -> float:
    """What a contact saves over the days ahead when somebody has waited so many days.

    Without it each of these days costs what a longer wait costs; with it the wait begins anew.
    `counts` is what the relationship counts, `ideal` and `worst` are its limits in days.
    """
    without = _cost(ideal, worst, waited + ahead) - _cost(ideal, worst, waited)
    return counts * (without - _cost(ideal, worst, ahead))


def _cost(ideal: int, worst: int, wait: int) -> float:
    """What a wait of so many days has cost since it began."""
    if wait <= ideal:
        return 0.0
    if wait <= worst:
        return BEYOND_IDEAL * (wait - ideal)
    return BEYOND_IDEAL * (worst - ideal) + BEYOND_WORST * (wait - worst)
