"""How often a relationship wants contact, and when the next one is due by that."""

import datetime as dt
import math
from dataclasses import dataclass

from irm.models import Level, Relationship, Stage


@dataclass(frozen=True, slots=True)
class Cadence:
    """Days between contacts: the ideal number, and the worst that is still bearable."""

    ideal: int
    worst: int


BY_STAGE = {
    Stage.UNAWARE: Cadence(14, 30),
    Stage.AWARE: Cadence(14, 30),
    Stage.INTERESTED: Cadence(10, 21),
    Stage.ENGAGED: Cadence(14, 30),
    Stage.AMBASSADOR: Cadence(14, 30),
}

BY_LEVEL = {
    Level.BEGINNER: Cadence(7, 14),
    Level.INTERMEDIATE: Cadence(14, 21),
    Level.ADVANCED: Cadence(30, 45),
}


def of(relationship: Relationship) -> Cadence:
    """The cadence in force: the person's own, else by level, else by stage."""
    base = BY_LEVEL[relationship.level] if relationship.level else BY_STAGE[relationship.stage]
    return Cadence(
        relationship.cadence_ideal or base.ideal, relationship.cadence_worst or base.worst
    )


def with_ceiling(cadence: Cadence, contacts_a_month: int | None) -> Cadence:
    """Slow a cadence down to what the person bears; their own ceiling always wins."""
    if not contacts_a_month:
        return cadence
    days = math.ceil(30 / contacts_a_month)
    return Cadence(max(cadence.ideal, days), max(cadence.worst, days))


def next_day(cadence: Cadence, *, last_contact: dt.date, last_two_way: dt.date | None) -> dt.date:
    """The day the next contact is due.

    Counted from the last two-way contact; but an unanswered contact is not followed by the next
    one before half the interval has passed.
    """
    half = last_contact + dt.timedelta(days=math.ceil(cadence.ideal / 2))
    ideal = (last_two_way or last_contact) + dt.timedelta(days=cadence.ideal)
    return max(ideal, half)
