"""When we last had contact, and what was given since the last ask: read from what happened."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from irm.models import Channel, Direction, Kind

#: Ways of turning to one person, who may answer; a comment or a parcel asks for no answer.
ADDRESSED = frozenset({Channel.MESSAGE, Channel.EMAIL, Channel.CALL, Channel.MEETING})

#: After so many days on which nobody answered a person is left in peace.
TRIES = 3

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
    #: Days (of UTC) on which we turned to them since they last did or answered.
    unanswered: int = 0


def read(history: Iterable[tuple[dt.datetime, Direction, Kind, Channel]]) -> Contact:
    """Read the derived columns from a relationship's interactions, oldest first.

    A two-way exchange is an interaction `both`, or an `in` within ANSWER_DAYS of an `out`,
    whichever of the two came first; it counts from the day of their message.
    """
    inbound = outbound = two_way = last = None
    gives = unanswered = 0
    tried_on = None
    window = dt.timedelta(days=ANSWER_DAYS)
    for at, direction, kind, channel in history:
        last = at
        if direction is not Direction.OUT:
            unanswered, tried_on = 0, None
        elif channel in ADDRESSED and at.date() != tried_on:
            unanswered, tried_on = unanswered + 1, at.date()
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
    return Contact(last, two_way, inbound, outbound, gives, unanswered)
