"""What may be planned with somebody: the tactics of their stage, for their face of influence.

An ask is never planned by the planner: it takes the answers of the ask form, which only a
colleague can give. So a contact the planner puts anywhere asks for nothing.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from irm.funnel import activities, tactics
from irm.funnel.planner.terms import Move
from irm.ledger.contact import ADDRESSED
from irm.models import Archetype, Channel, Kind, Stage

#: So many things take turns.
VARIETY = 5

#: What takes longer is planned only where the hours of a desk suffice for all its people.
LONG_MINUTES = 30

#: What fits from the third stage on, where the tactics of a stage alone would come back too soon.
_CHECK_INS = {Stage.INTERESTED: "message", Stage.ENGAGED: "message", Stage.AMBASSADOR: "call"}

#: What costs a contact of which nothing is known but its channel.
_BY_CHANNEL = {
    Channel.COMMENT: 5,
    Channel.MESSAGE: 10,
    Channel.EMAIL: 15,
    Channel.CALL: 30,
    Channel.MEETING: 60,
    Channel.EVENT: 60,
    Channel.PARCEL: 30,
}
_MINUTES = {one.value: minutes for one, minutes in _BY_CHANNEL.items()}
_USUAL = 10


def moves(
    stage: Stage, archetype: Archetype | None, minutes: Mapping[str, int], *, is_lean: bool
) -> tuple[Move, ...]:
    """What takes turns with such a person, the best first; the own minutes of a brand go before.

    Lean leaves out what takes long.
    """
    return _moves(stage, archetype, tuple(sorted(minutes.items())), is_lean)


@lru_cache(1024)
def _moves(
    stage: Stage, archetype: Archetype | None, minutes: tuple[tuple[str, int], ...], is_lean: bool
) -> tuple[Move, ...]:
    own = dict(minutes)
    codes: list[str] = []
    for one in reversed(list(Stage)[: list(Stage).index(stage) + 1]):
        found = [tactic for tactic in tactics.of(one) if tactic.kind is not Kind.ASK]
        found = [tactic for tactic in found if archetype not in tactic.never]
        # Those that suit this face of influence come first; each keeps its place otherwise.
        found.sort(key=lambda tactic: archetype is not None and archetype not in tactic.suits)
        codes += [tactic.code for tactic in found]
        if one is stage and stage in _CHECK_INS:
            codes.append(_CHECK_INS[stage])
    costs = [Move(code, own.get(code, usual_minutes(code))) for code in codes]
    if is_lean:
        costs = [move for move in costs if move.minutes <= LONG_MINUTES]
    return tuple(costs[:VARIETY])


def own_minutes(planning: Mapping[str, Any] | None) -> dict[str, int]:
    """What a brand says its contacts cost, in minutes by code, from `brands.planning`."""
    said = (planning or {}).get("minutes", {})
    return {str(code): int(minutes) for code, minutes in said.items()}


def cost(touchpoint: Any, own: Mapping[str, int]) -> int:
    """What a touchpoint (or its row) costs in minutes: as it says, as the brand says, as usual."""
    code = touchpoint.tactic
    said: int | None = touchpoint.minutes or own.get(code)
    return said or usual_minutes(code, touchpoint.channel)


def usual_minutes(code: str | None, channel: str | None = None) -> int:
    """What a contact usually costs of a colleague's week, by what is done, else by its channel."""
    found = activities.find(code)
    if found is not None:
        return found.minutes
    return _MINUTES.get(channel or "", _USUAL)


def channel(code: str, preferred: str | None) -> str:
    """Through what it goes: the person's own channel, where it is turned to them alone."""
    found = activities.find(code)
    usual = found.channel if found is not None else Channel.MESSAGE
    is_known = preferred in {one.value for one in ADDRESSED}
    return preferred if preferred and is_known and usual in ADDRESSED else usual.value
