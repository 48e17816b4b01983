"""When we last had contact, and what was given since the last ask: read from what happened."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from irm.models import Direction, Kind

#: An answer within this many days makes a contact an exchange.
ANSWER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Contact:
    """The derived columns of one relationship that rest on its interactions."""

    last_contact_at: dt.datetime | None = None
    last_two_way_at: dt.datetime | None = None
    last_inbound_at: dt.datetime | None = None
    last_outbound_at: dt.datetime | None = None
    gives_since_ask: int = 0


def read(history: Iterable[tuple[dt.datetime, Direction, Kind]]) -> Contact:
    """Read the derived columns from a relationship's interactions, oldest first.

    A two-way exchange is an interaction `both`, or an `in` within ANSWER_DAYS of an `out`,
    whichever of the two came first; it counts from the day of their message.
    """
    inbound = outbound = two_way = last = None
    gives = 0
    window = dt.timedelta(days=ANSWER_DAYS)
    for at, direction, kind in history:
        last = at
        if direction is Direction.BOTH:
            inbound = outbound = two_way = at
        elif direction is Direction.IN:
            inbound = at
            if outbound is not None and at - outbound <= window:
                two_way = at
        else:
            outbound = at
            if inbound is not None and at - inbound <= window:
                two_way = inbound if two_way is None else max(two_way, inbound)
        # What they gave us is not ours to count.
        if direction is not Direction.IN:
            gives = 0 if kind is Kind.ASK else gives + (kind is Kind.GIVE)
    return Contact(last, two_way, inbound, outbound, gives)
