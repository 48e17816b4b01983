"""Where those stood at the end of one day who stand here at the end of another."""

from collections import Counter
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ScalarResult, select
from sqlalchemy.orm import Session

from irm.funnel.reading import stream
from irm.funnel.reading.period import Period
from irm.funnel.reading.standing import standings
from irm.funnel.reading.stream import PLACES, STAGES
from irm.funnel.reading.whom import Joined, Whom
from irm.models import Influencer, Relationship, Stage

#: From where to where; from None: they were not there yet.
Way = tuple[Stage | None, Stage]

#: Stands for whoever began after the period.
_LATER = len(STAGES)


def read(session: Session, whom: Whom, period: Period) -> dict[Way, int]:
    """How many went each way, those who stayed where they were among them.

    Only those who moved are looked at one by one: all others stood at the second day where they
    stood at the first.
    """
    joined = whom.joined(session)
    first, last = _ends(session, whom, period)
    pairs = Counter(zip(first, last, strict=True))
    ways: Counter[Way] = Counter()
    for (came, went), people in pairs.items():
        to = STAGES[went]
        if to is not None:
            ways[STAGES[came], to] += people
    for one in joined:
        to = one.stood(period.until)
        if to is not None:
            ways[one.stood(period.since), to] += 1
    [stood] = standings(session, whom, [period.since])
    for stage in Stage:
        moved = sum(people for (came, _to), people in ways.items() if came is stage)
        ways[stage, stage] += stood[stage] - moved
    return {way: people for way, people in ways.items() if people}


def _ends(session: Session, whom: Whom, period: Period) -> tuple[bytearray, bytearray]:
    """Under each id where a relationship stood before its first move and after its last."""
    first = stream.shelf(session)
    last = bytearray(len(first))
    for _id, who, came, went in stream.moves(session, whom, period.since, period.until):
        if not last[who]:
            first[who] = PLACES[came]
        last[who] = PLACES[went]
    return first, last


class Page(NamedTuple):
    """Some relationships by id, and whether more come after them."""

    ids: list[int]
    has_more: bool


def went(session: Session, whom: Whom, period: Period, way: Way, after: int, limit: int) -> Page:
    """The relationships that went one way, by id, above an id."""
    joined = whom.joined(session)
    first, last = _ends(session, whom, period)
    found = [one.id for one in joined if _way_of(one, period) == way]
    if way[0] is way[1]:
        _look_behind(session, whom, period, first, last)
        apart = {one.id for one in joined}
        still = _standing(session, whom, way[1], after)
        those = (id for id in still if not last[id] and id not in apart)
        found.extend(islice(those, limit + 1))
        still.close()
    came, to = PLACES[way[0]], PLACES[way[1]]
    found.extend(who for who in range(len(last)) if last[who] == to and first[who] == came)
    found = sorted(id for id in found if id > after)
    return Page(found[:limit], len(found) > limit)


def _way_of(one: Joined, period: Period) -> tuple[Stage | None, Stage | None]:
    return one.stood(period.since), one.stood(period.until)


def _look_behind(
    session: Session, whom: Whom, period: Period, first: bytearray, last: bytearray
) -> None:
    """Note where those stood all the time who moved after it alone."""
    for _id, who, came, _went in stream.moves(session, whom, period.until):
        if not last[who]:
            first[who] = PLACES[came]
            last[who] = PLACES[came] or _LATER


def _standing(session: Session, whom: Whom, stage: Stage, after: int) -> ScalarResult[int]:
    """Those who stand at a stage today, by id."""
    statement = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*whom.relationships(), Relationship.stage == stage, Relationship.id > after)
        .order_by(Relationship.id)
    )
    return session.scalars(statement, execution_options={"yield_per": stream.CHUNK})
