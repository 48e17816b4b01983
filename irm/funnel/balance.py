"""What was given and asked in one relationship, and how the gate stands to it now or then."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, exists, func, select
from sqlalchemy.orm import Session

from irm.funnel import gate
from irm.funnel.gate import Facts, Verdict
from irm.ledger import contact, evidence, proving
from irm.models import (
    Ask,
    Direction,
    Interaction,
    Kind,
    Outcome,
    Proof,
    ProofKind,
    Relationship,
    Stage,
    StageMove,
    State,
    Touchpoint,
)

_of_id: BindParameter[Any] = bindparam("of_id")
_applied = exists().where(Proof.relationship_id == _of_id, Proof.kind == ProofKind.APPLICATION)
_planned = exists().where(
    Touchpoint.relationship_id == _of_id,
    Touchpoint.state == State.OPEN,
    Touchpoint.kind == Kind.ASK.value,
    Touchpoint.id != bindparam("but"),
)
_FACTS = select(
    Relationship.stage,
    Relationship.earned_stage,
    Relationship.gives_since_ask,
    Relationship.last_outbound_at.is_not(None),
    _applied,
    _planned,
).where(Relationship.id == _of_id)
_BEFORE = (
    select(Interaction.happened_at, Interaction.direction, Interaction.kind, Interaction.channel)
    .where(
        Interaction.relationship_id == _of_id,
        Interaction.happened_at <= bindparam("then"),
        Interaction.id != bindparam("itself"),
    )
    .order_by(Interaction.happened_at, Interaction.id)
)
_MOVES = (
    select(StageMove.at, StageMove.to_stage)
    .where(StageMove.relationship_id == _of_id)
    .order_by(StageMove.at, StageMove.id)
)
_APPLIED_ON = select(func.min(Proof.day)).where(
    Proof.relationship_id == _of_id, Proof.kind == ProofKind.APPLICATION
)
_OVERRIDDEN = select(Ask.id).where(
    Ask.touchpoint_id == bindparam("touchpoint"), Ask.override_reason.is_not(None)
)
_COUNTED = (
    select(Interaction.kind, Interaction.outcome, func.count())
    .where(
        Interaction.relationship_id == _of_id,
        Interaction.kind != Kind.TALK,
        Interaction.direction != Direction.IN,
    )
    .group_by(Interaction.kind, Interaction.outcome)
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What we gave and asked in all, and how the asks ended."""

    gives: int = 0
    asks: int = 0
    accepted: int = 0
    declined: int = 0
    no_answer: int = 0

    @property
    def waiting(self) -> int:
        """Asks of which nobody said how they ended."""
        return self.asks - self.accepted - self.declined - self.no_answer


def verdict(session: Session, relationship: Relationship, but: Touchpoint | None = None) -> Verdict:
    """What the gate says to another ask now; whoever plans one holds the relationship first.

    `but` is an ask that is planned already, of which the question is whether it may stay.
    """
    session.flush()
    this = {"of_id": relationship.id, "but": but.id if but else 0}
    row = session.connection().execute(_FACTS, this).one()
    return gate.judge(Facts(*row))


def was_open(
    session: Session,
    relationship: Relationship,
    then: dt.datetime,
    fulfils: Touchpoint | None = None,
    itself: Interaction | None = None,
) -> bool:
    """Whether an ask of that moment went through the gate, by itself or by an override.

    `itself` is the ask where it is logged already: of what it did nothing counts.
    """
    if fulfils is not None and session.scalar(_OVERRIDDEN, {"touchpoint": fulfils.id}):
        return True
    return verdict_at(session, relationship, then, itself).is_open


def lets_through(session: Session, planned: Touchpoint) -> bool:
    """Whether a planned ask goes through the gate now, by itself or by an override."""
    if session.scalar(_OVERRIDDEN, {"touchpoint": planned.id}):
        return True
    return verdict(session, planned.relationship, planned).is_open


def verdict_at(
    session: Session,
    relationship: Relationship,
    then: dt.datetime,
    itself: Interaction | None = None,
) -> Verdict:
    """What the gate said at a past moment to an ask that is not logged yet, or to `itself`.

    What was planned then does not count: what was asked since is logged.
    """
    session.flush()
    this, but = {"of_id": relationship.id}, itself.id if itself else 0
    history = session.execute(_BEFORE, {**this, "then": then, "itself": but})
    read = contact.read((row.happened_at, row.direction, row.kind, row.channel) for row in history)
    zone = ZoneInfo(relationship.brand.timezone)
    day = then.astimezone(zone).date()
    rules = evidence.thresholds(relationship.brand.evidence)
    gathered = proving.gather(session, {relationship.id: zone}, but)[relationship.id]
    earned = gathered.earned(day, rules)
    applied_on = session.scalar(_APPLIED_ON, this)
    return gate.judge(
        Facts(
            _claimed_at(session, relationship, then),
            earned.stage,
            read.gives_since_ask,
            has_outbound=read.last_outbound_at is not None,
            has_applied=applied_on is not None and applied_on <= day,
        )
    )


def counts(session: Session, relationship_id: int) -> Counts:
    """What we gave and asked in one relationship."""
    gives = asks = 0
    ended: dict[Outcome | None, int] = {}
    for kind, outcome, number in session.connection().execute(_COUNTED, {"of_id": relationship_id}):
        if kind is Kind.GIVE:
            gives += number
        else:
            asks += number
            ended[outcome] = number
    return Counts(
        gives,
        asks,
        ended.get(Outcome.ACCEPTED, 0),
        ended.get(Outcome.DECLINED, 0),
        ended.get(Outcome.NO_ANSWER, 0),
    )


def _claimed_at(session: Session, relationship: Relationship, then: dt.datetime) -> Stage:
    """The stage that was claimed at a moment; before the relationship began, that it began at."""
    moves = session.execute(_MOVES, {"of_id": relationship.id}).all()
    stages: list[Stage] = [row.to_stage for row in moves if row.at <= then] or [
        row.to_stage for row in moves[:1]
    ]
    return stages[-1] if stages else relationship.stage
