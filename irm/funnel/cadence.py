"""How often a relationship wants contact, which rule says so, and when the next one is due by that.

A brand's policies stand over irm's own table. A level replaces the stage's cadence, a campaign
tightens it, what was set for a person replaces both, and the person's own ceiling always wins.
"""

import datetime as dt
import enum
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from irm.ledger.contact import TRIES
from irm.models import CadencePolicy, Level, PolicyScope, Stage


@dataclass(frozen=True, slots=True)
class Cadence:
    """Days between contacts: the ideal number, and the worst that is still bearable."""

    ideal: int
    worst: int


BY_STAGE: Mapping[Stage, Cadence] = {
    Stage.UNAWARE: Cadence(14, 30),
    Stage.AWARE: Cadence(14, 30),
    Stage.INTERESTED: Cadence(10, 21),
    Stage.ENGAGED: Cadence(14, 30),
    Stage.AMBASSADOR: Cadence(14, 30),
}

BY_LEVEL: Mapping[Level, Cadence] = {
    Level.BEGINNER: Cadence(7, 14),
    Level.INTERMEDIATE: Cadence(14, 21),
    Level.ADVANCED: Cadence(30, 45),
}

#: The phases of a campaign, the one that counts where several hold on a day first.
DURING, BEFORE, AFTER = "during", "before", "after"

#: None: a phase that tightens nothing.
BY_PHASE: Mapping[str, Cadence | None] = {DURING: Cadence(7, 10), BEFORE: None, AFTER: None}

#: So many days ahead of its first day a campaign is being prepared.
BEFORE_DAYS = 28

#: So many days after its last day it is being brought to an end: by then everybody has the results.
AFTER_DAYS = 21


class Rule(enum.StrEnum):
    """What decided a cadence, as a code for its explanation."""

    STAGE = "stage"
    LEVEL = "level"
    CAMPAIGN = "campaign"
    PERSON = "person"
    CEILING = "ceiling"


class Rhythm(NamedTuple):
    """A cadence in force, and the last rule that had a say in it."""

    cadence: Cadence
    rule: Rule


class Span(NamedTuple):
    """The first and the last day of one phase of a campaign."""

    first: dt.date
    last: dt.date
    phase: str


@dataclass(frozen=True, slots=True)
class Policies:
    """The cadences of a brand: its own where it has some, else irm's."""

    by_stage: Mapping[Stage, Cadence]
    by_level: Mapping[Level, Cadence]
    by_phase: Mapping[str, Cadence | None]

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "Policies":
        """Read stored policies, as rows `scope key ideal worst`, over irm's own.

        A key that this version does not know is passed over.
        """
        stages, levels, phases = dict(BY_STAGE), dict(BY_LEVEL), dict(BY_PHASE)
        for row in rows:
            cadence = Cadence(row.ideal, row.worst)
            if row.scope == PolicyScope.STAGE and row.key in _STAGE_KEYS:
                stages[Stage(row.key)] = cadence
            elif row.scope == PolicyScope.LEVEL and row.key in _LEVEL_KEYS:
                levels[Level(row.key)] = cadence
            elif row.scope == PolicyScope.CAMPAIGN and row.key in BY_PHASE:
                phases[row.key] = cadence
        return cls(stages, levels, phases)


_STAGE_KEYS = frozenset(one.value for one in Stage)
_LEVEL_KEYS = frozenset(one.value for one in Level)

#: What holds where a brand set nothing.
DEFAULTS = Policies(BY_STAGE, BY_LEVEL, BY_PHASE)


def policies_of(session: Session, brand_id: int) -> Policies:
    """The policies of a brand, by one statement."""
    return Policies.of(session.connection().execute(POLICIES, {"brand": brand_id}))


#: Those of the brand `brand`.
POLICIES = select(
    CadencePolicy.scope, CadencePolicy.key, CadencePolicy.ideal, CadencePolicy.worst
).where(CadencePolicy.brand_id == bindparam("brand"))


def rhythm(
    policies: Policies,
    *,
    stage: Stage,
    level: Level | None = None,
    own_ideal: int | None = None,
    own_worst: int | None = None,
    ceiling: int | None = None,
    phase: str | None = None,
) -> Rhythm:
    """The cadence in force, in days, and which rule decided it.

    `ceiling` is in contacts a month, `phase` that of the campaign they are a member of. A rule
    that changes nothing decides nothing. Of an override that says one of the two numbers, the
    other is that of level or stage, moved as far as it must.
    """
    decided, rule = policies.by_stage[stage], Rule.STAGE
    if level is not None:
        decided, rule = policies.by_level[level], Rule.LEVEL
    if own_ideal or own_worst:
        decided, rule = _own(decided, own_ideal, own_worst), Rule.PERSON
    elif phase is not None and (limit := policies.by_phase[phase]) is not None:
        tight = Cadence(min(decided.ideal, limit.ideal), min(decided.worst, limit.worst))
        if tight != decided:
            decided, rule = tight, Rule.CAMPAIGN
    slow = with_ceiling(decided, ceiling)
    return Rhythm(slow, Rule.CEILING if slow != decided else rule)


def _own(base: Cadence, ideal: int | None, worst: int | None) -> Cadence:
    if not ideal:
        ideal = min(base.ideal, worst or base.worst)
    return Cadence(ideal, max(worst or base.worst, ideal))


def with_ceiling(cadence: Cadence, contacts_a_month: int | None) -> Cadence:
    """Slow a cadence down to what the person bears; their own ceiling always wins."""
    if not contacts_a_month:
        return cadence
    days = math.ceil(30 / contacts_a_month)
    return Cadence(max(cadence.ideal, days), max(cadence.worst, days))


def spans_of(starts_on: dt.date, ends_on: dt.date) -> tuple[Span, Span, Span]:
    """The three phases of a campaign from its first day to its last."""
    day = dt.timedelta(days=1)
    return (
        Span(starts_on - BEFORE_DAYS * day, starts_on - day, BEFORE),
        Span(starts_on, ends_on, DURING),
        Span(ends_on + day, ends_on + AFTER_DAYS * day, AFTER),
    )


def phase_on(day: dt.date, spans: Iterable[Span]) -> str | None:
    """The phase that counts on a day: during one campaign goes before preparing another."""
    found = {span.phase for span in spans if span.first <= day <= span.last}
    return next((phase for phase in BY_PHASE if phase in found), None)


def next_day(cadence: Cadence, *, last_contact: dt.date, last_two_way: dt.date | None) -> dt.date:
    """The day the next contact is due.

    Counted from the last two-way contact; but an unanswered contact is not followed by the next
    one before half the interval has passed.
    """
    half = last_contact + dt.timedelta(days=math.ceil(cadence.ideal / 2))
    ideal = (last_two_way or last_contact) + dt.timedelta(days=cadence.ideal)
    return max(ideal, half)


def is_left_in_peace(relationship: Any) -> bool:
    """Whether they did not answer so often that nothing is planned any more by cadence.

    It ends by itself when they answer; any colleague may plan by hand all the same. Read is
    `unanswered` of a relationship or a row.
    """
    return bool(relationship.unanswered >= TRIES)
