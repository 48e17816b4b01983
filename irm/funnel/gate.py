"""The ask gate: whether somebody may be asked for something now.

It is read from facts alone. Who asks reads them: irm/funnel/asks.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from irm.models import Stage

_ORDER = tuple(Stage)

#: Gives since the last ask that open the gate at a stage; at the others it never opens by itself.
_NEEDED = {Stage.AWARE: 3, Stage.INTERESTED: 3, Stage.ENGAGED: 1, Stage.AMBASSADOR: 0}


class Answer(StrEnum):
    """What the gate says to an ask."""

    OPEN = "open"
    #: It takes a reason, which the lead sees.
    SHUT = "shut"
    #: No reason opens it.
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gate looks at in one relationship."""

    stage: Stage
    #: What the evidence supports; None: nothing is proven.
    earned: Stage | None = None
    #: Gives since the last ask.
    gives: int = 0
    #: Whether we ever turned to them.
    has_outbound: bool = False
    #: Whether they applied, which is the first move in our place.
    has_applied: bool = False
    #: Whether another ask is planned: what was given before counts for that one.
    has_planned_ask: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer, with its why as a code with parameters; open has none."""

    answer: Answer
    #: The lower of the claimed and the earned stage.
    stage: Stage
    #: Gives that count, and how many are wanted; None: no number opens the gate.
    gives: int
    needed: int | None
    why: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it may be asked without further ado."""
        return self.answer is Answer.OPEN

    @property
    def missing(self) -> int | None:
        """How many more gives open the gate; None: no number does."""
        return None if self.needed is None else max(0, self.needed - self.gives)


def lower(stage: Stage, earned: Stage | None) -> Stage:
    """The stage at which the gate judges: the claim counts no further than it is earned."""
    return min(stage, earned or Stage.UNAWARE, key=_ORDER.index)


def needed(stage: Stage, earned: Stage | None) -> int | None:
    """How many gives since the last ask open the gate; None: it never opens by itself."""
    return _NEEDED.get(lower(stage, earned))


def judge(facts: Facts) -> Verdict:
    """Say whether somebody may be asked, and why not."""
    at, wanted = lower(facts.stage, facts.earned), needed(facts.stage, facts.earned)
    gives = 0 if facts.has_planned_ask else facts.gives
    if not facts.has_outbound and not facts.has_applied:
        return Verdict(Answer.NEVER, at, gives, wanted, {"code": "first_contact"})
    if wanted is None:
        return Verdict(Answer.SHUT, at, gives, wanted, {"code": "unaware"})
    if gives >= wanted:
        return Verdict(Answer.OPEN, at, gives, wanted)
    code = "asked_already" if facts.has_planned_ask else "gives"
    why = {"code": code, "have": gives, "needed": wanted}
    return Verdict(Answer.SHUT, at, gives, wanted, why)
