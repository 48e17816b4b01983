"""What the planner works with: people, desks, duties and touches; days are numbers.

Day 0 is the first day of the plan. Nothing here knows a database, a clock or a language, so that
the same plan comes out of the same people, and is tried against every other one on small cases.
"""

from dataclasses import dataclass, field

from irm.models import Stage

#: How much a day counts on which somebody waits beyond the worst limit, and beyond the ideal.
BEYOND_WORST, BEYOND_IDEAL = 1.0, 0.1

#: What a relationship counts by its stage: the more was built, the more there is to lose.
STAGE_WEIGHTS = {
    Stage.UNAWARE: 1.0,
    Stage.AWARE: 1.5,
    Stage.INTERESTED: 2.5,
    Stage.ENGAGED: 3.0,
    Stage.AMBASSADOR: 4.0,
}

#: Between campaigns is when a relationship is lost: those with none ahead count so much more.
NO_CAMPAIGN_AHEAD = 1.2

#: Before an event, those who hardly know us count so much more, for so many weeks.
WARM_UP, WARM_UP_WEEKS = 1.5, 26

#: What is planned already stays, unless another plan owes so many times less.
LOYALTY = 1.03


def weight(stage: Stage, fit: float | None) -> float:
    """What a relationship counts: its stage, by half to one and a half for its fit (0–100).

    Where the fit is not known it is taken for 50, which changes nothing.
    """
    return STAGE_WEIGHTS[stage] * (0.5 + (50.0 if fit is None else fit) / 100)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may be done with a person: a tactic's code, and what it costs in minutes."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which another rhythm holds, such as those of a campaign; both ends are part."""

    first: int
    last: int
    ideal: int
    worst: int


@dataclass(slots=True)
class Person:
    """A relationship, as the planner sees it."""

    id: int
    weight: float
    ideal: int
    worst: int
    #: The day of the last two-way contact; before the plan it is negative.
    anchor: int
    #: The days on which they may be contacted: 1, or 0; as long as the plan.
    open: bytes
    #: What may be done with them, in the order in which it is; never one twice running.
    moves: tuple[Move, ...]
    #: Of so many of them that are next the shortest goes first; 1: strictly in turn.
    thrift: int = 1
    #: The first day on which a contact may stand: an unanswered one is not followed at once.
    earliest: int = 0
    #: Days between two contacts, at least: the person's own ceiling; 1 where they set none.
    spacing: int = 1
    #: The day of the last contact of any kind, which the ceiling counts from.
    contacted: int = -10_000
    #: The code of what was done last.
    last_move: str | None = None
    #: Days of contacts that stay where they are: people's own, pinned ones, another brand's.
    fixed: tuple[int, ...] = ()
    #: Of those the days whose contact is one of this relationship, and stills the cadence.
    stilling: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    #: Days on which the plan before this one had them, and for how many minutes.
    before: tuple[tuple[int, int], ...] = ()
    #: Why nothing is planned with them at all; empty: something may be.
    left_out: str = ""

    @property
    def apart(self) -> int:
        """Days between a contact that stays where it is and one that is planned beside it."""
        return max(self.spacing, (self.ideal + 1) // 2)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a campaign owes one of its members, from a day to a day."""

    person_id: int
    what: str
    first: int
    last: int
    minutes: int
    campaign_id: int
    #: The day on which the plan before this one had it.
    before: int | None = None


@dataclass(slots=True)
class Desk:
    """A colleague with the minutes of each day, and the people who are hers."""

    owner_id: int | None
    #: Minutes free for what is planned, day by day; what stays is taken off already.
    minutes: list[int]
    #: The same with what stays, whether it fits or not.
    whole: list[int] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact the planner puts on a day."""

    person_id: int
    day: int
    move: str
    minutes: int
    #: Why: `due`, `late` (beyond the worst limit), `thanks`, `results`, `between`.
    why: str
    #: Days since the last two-way contact, on that day.
    waited: int
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Somebody who waits beyond the worst limit in the plan's weeks, or a duty without room."""

    person_id: int
    #: `contact`, or what the duty is.
    what: str
    #: `no_room`, `nobody` (no colleague looks after them), `shut` (no day on which they may be).
    why: str
    #: Days beyond the worst limit within the plan.
    days: int
    debt: float
    #: Whether nothing at all is planned with them.
    is_whole: bool = True
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of one desk."""

    owner_id: int | None
    touches: list[Touch]
    gaps: list[Gap]
    debt: float
    #: Minutes there were, and minutes that are used.
    capacity: int
    used: int
