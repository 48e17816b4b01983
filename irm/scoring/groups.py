"""Groups: some people scored as one unit, and what they weigh beside one person.

A group is known by what can be added up of its members, tier by tier. So a database adds up a
hundred thousand people in one statement, and nobody's order matters.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from irm.models import Tier
from irm.scoring.facts import known
from irm.scoring.reach import reach
from irm.scoring.resonance import Expectation, expectation

DOUBLING = 25
"""So many points of resonance are twice the reactions."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person, as far as a group asks; `reactions` are those to expect of `reactions()`."""

    tier: Tier
    audience: int | None = None
    resonance: float | None = None
    relevance: float | None = None
    reactions: float | None = None


@dataclass(frozen=True, slots=True)
class Mean:
    """A score that is weighted by audience, as the sums it is made of."""

    people: int = 0
    weight: float = 0.0
    weighted: float = 0.0

    @property
    def value(self) -> float | None:
        """The weighted mean; `None` where nobody's is known, or nobody has an audience."""
        return self.weighted / self.weight if self.weight > 0 else None


@dataclass(frozen=True, slots=True)
class Part:
    """The people of a group who are of one tier, added up; `audience` is of those `sized`."""

    tier: Tier
    people: int
    sized: int = 0
    audience: int = 0
    largest: int = 0
    resonance: Mean = Mean()
    relevance: Mean = Mean()
    #: Of how many people the reactions to expect are known, and those reactions.
    moving: int = 0
    reactions: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Some people as one."""

    parts: tuple[Part, ...]

    @property
    def people(self) -> int:
        """How many they are."""
        return sum(part.people for part in self.parts)

    @property
    def sized(self) -> int:
        """Of how many the audience is known."""
        return sum(part.sized for part in self.parts)

    @property
    def audience(self) -> int | None:
        """The joint audience, at most: the sum, as nobody knows who follows several of them."""
        return sum(part.audience for part in self.parts) if self.sized else None

    @property
    def largest(self) -> int | None:
        """The joint audience, at least: that of the one who has most."""
        return max(part.largest for part in self.parts) if self.sized else None

    @property
    def reach(self) -> float | None:
        """The reach of the joint audience."""
        return reach(self.audience)

    @property
    def resonance(self) -> Mean:
        """Their resonance, weighted by audience."""
        return _together(part.resonance for part in self.parts)

    @property
    def relevance(self) -> Mean:
        """Their relevance, weighted by audience."""
        return _together(part.relevance for part in self.parts)

    @property
    def moving(self) -> int:
        """Of how many the reactions to expect are known."""
        return sum(part.moving for part in self.parts)

    @property
    def reactions(self) -> float | None:
        """The reactions to expect of those of whom they are known."""
        return math.fsum(part.reactions for part in self.parts) if self.moving else None

    def of(self, tier: Tier) -> Part | None:
        """The part of one tier."""
        return next((part for part in self.parts if part.tier is tier), None)


@dataclass(frozen=True, slots=True)
class Beside:
    """How a group compares with one person; `None` where one of the two is not known."""

    #: How many times as many people it reaches, and how many times as many react.
    reaches: float | None
    moves: float | None
    #: Whether somebody of the group is not counted in the second: then it is that at least.
    at_least: bool
    #: How many micros of the group are one such person, by people reached and by reactions.
    micros_reach: int | None
    micros_move: int | None


def reactions(
    accounts: Iterable[tuple[str, int | None]],
    resonance: float | None,
    lines: Mapping[str, Expectation] | None = None,
) -> float | None:
    """Say how many reactions one post on each account (platform, followers) may be expected to get.

    Followers times the usual rate for their number, doubled for every 25 points of resonance above
    50, halved for every 25 below. `None` where the resonance or every number of followers is not
    known.
    """
    usual = [
        followers * expectation(platform, lines).rate(followers)
        for platform, followers in accounts
        if followers is not None and known(followers)
    ]
    if resonance is None or not usual:
        return None
    return math.fsum(usual) * 2 ** ((resonance - 50) / DOUBLING)


def together(members: Iterable[Member]) -> Group:
    """Add up people, in whatever order."""
    by_tier: dict[Tier, list[Member]] = {}
    for member in members:
        by_tier.setdefault(member.tier, []).append(member)
    return Group(tuple(_part(tier, by_tier[tier]) for tier in Tier if tier in by_tier))


def beside(group: Group, one: Group) -> Beside:
    """Set a group beside another, most often one person; only where both sides are known."""
    micros = group.of(Tier.MICRO)
    audience, moved = one.audience, one.reactions
    is_known = one.moving == one.people
    return Beside(
        reaches=_times(group.audience, audience),
        moves=_times(group.reactions, moved) if is_known else None,
        at_least=group.moving < group.people,
        micros_reach=_how_many(audience, micros.audience, micros.sized) if micros else None,
        micros_move=_how_many(moved, micros.reactions, micros.moving)
        if micros and is_known
        else None,
    )


def _part(tier: Tier, members: Sequence[Member]) -> Part:
    sizes = [member.audience for member in members if member.audience is not None]
    moved = [member.reactions for member in members if member.reactions is not None]
    return Part(
        tier,
        len(members),
        len(sizes),
        sum(sizes),
        max(sizes, default=0),
        _mean((member.audience, member.resonance) for member in members),
        _mean((member.audience, member.relevance) for member in members),
        len(moved),
        math.fsum(moved),
    )


def _mean(pairs: Iterable[tuple[int | None, float | None]]) -> Mean:
    both = [(size, score) for size, score in pairs if size is not None and score is not None]
    return Mean(
        len(both),
        math.fsum(size for size, _score in both),
        math.fsum(size * score for size, score in both),
    )


def _together(means: Iterable[Mean]) -> Mean:
    each = list(means)
    return Mean(
        sum(one.people for one in each),
        math.fsum(one.weight for one in each),
        math.fsum(one.weighted for one in each),
    )


def _times(many: float | None, one: float | None) -> float | None:
    return many / one if many is not None and one else None


def _how_many(wanted: float | None, added_up: float, people: int) -> int | None:
    """How many people of an average it takes to come to what is wanted."""
    if not wanted or not people or not added_up:
        return None
    return math.ceil(wanted / (added_up / people) - 1e-9)
