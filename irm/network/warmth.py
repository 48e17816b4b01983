"""How warm a way to somebody is: what each step and the one who is asked for it are worth.

A route's warmth is 100 times the product of its parts, each between 0 and 1. So that routes can be
searched by sums, a part costs the negative of its logarithm.
"""

import datetime as dt
import math
from dataclasses import dataclass

from irm.models import Stage
from irm.network.fatigue import freshness

STAGES: dict[Stage, float] = {Stage.INTERESTED: 0.5, Stage.ENGAGED: 0.75, Stage.AMBASSADOR: 0.95}
"""How ready somebody at a stage is to introduce us; at the others nobody is asked."""

UNPROVEN = 0.6
"""What is left of that where the evidence supports a lower stage than the claimed one."""

NOTHING_GIVEN = 0.7
"""What is left where nothing was given since the last ask; of an ambassador, all."""

TALK_HALF_LIFE_DAYS = 180
"""After so many days without an exchange both ways somebody is half as ready."""

TALKED_WITHIN = dt.timedelta(days=365)
"""Whom we have not spoken with for so long we do not serve well."""

HALF_STRENGTH = 1.0
"""The strength of a tie by which half of the introductions would come about."""

_ORDER = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Connector:
    """Somebody of the brand who may be asked for an introduction, on one day."""

    relationship_id: int
    influencer_id: int
    name: str
    stage: Stage
    earned: Stage | None
    gives: int
    #: Days since the last exchange both ways.
    silent: int
    fatigue: float
    #: How many introductions were asked or are planned, of all times.
    asked: int

    @property
    def is_proven(self) -> bool:
        """Whether the evidence supports the stage that is claimed."""
        earned = self.earned or Stage.UNAWARE
        return _ORDER.index(earned) >= _ORDER.index(self.stage)

    @property
    def readiness(self) -> float:
        """How ready they are to be asked: above 0, below 1."""
        given = self.gives > 0 or self.stage is Stage.AMBASSADOR
        return (
            STAGES[self.stage]
            * (1.0 if self.is_proven else UNPROVEN)
            * (1.0 if given else NOTHING_GIVEN)
            * math.pow(0.5, self.silent / TALK_HALF_LIFE_DAYS)
            * freshness(self.fatigue)
        )

    @property
    def cost(self) -> float:
        """What asking them costs in the search."""
        return -math.log(self.readiness)


def step_worth(strength: float) -> float:
    """How probably a tie of a strength, of both directions together, leads on: 0 to 1."""
    return strength / (strength + HALF_STRENGTH)


def step_cost(strength: float) -> float:
    """What a step along a tie costs in the search; always above 0."""
    return math.log1p(HALF_STRENGTH / strength)


def warmth(cost: float) -> float:
    """How warm a route of a cost is: 0 to 100."""
    return 100.0 * math.exp(-cost)
