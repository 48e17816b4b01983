"""Which people the ends of some ties are, and what becomes of each tie. Writes nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from irm.imports.complaints import Complaint
from irm.imports.kinds import Context, Decision, Told
from irm.imports.ties.ends import Somebody, erased, find
from irm.imports.ties.record import End, Record
from irm.imports.ties.stored import Held, between
from irm.models import TieKind, Verdict

Key = tuple[str, str, str]


@dataclass(slots=True, eq=False)
class Plan:
    """All that some rows change, to be written together."""

    context: Context
    strangers: list[Somebody] = field(default_factory=list)
    ties: list[Held] = field(default_factory=list)
    changed: list[Held] = field(default_factory=list)
    #: People of other brands who become the brand's prospects.
    prospects: list[Somebody] = field(default_factory=list)


@dataclass(slots=True)
class Decided(Decision):
    """What becomes of a row about a tie, and the plan it is a part of."""

    plan: Plan | None = None


def decide(
    session: Session, told: Sequence[Told], context: Context, *, to_write: bool
) -> list[Decided]:
    """Decide on some rows in their order; a later one sees what an earlier one would do."""
    records = [one.record for one in told if one.record is not None]
    ends = {end.key: end for one in records for end in (one.origin, one.target)}
    people = find(session, ends, context.brand_id, to_write=to_write)
    gone = erased(session, [ends[key] for key, one in people.items() if one.id is None])
    pairs = [
        (people[one.origin.key].id, people[one.target.key].id) for one in records if not one.is_loop
    ]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    deciding = _Deciding(Plan(context), people, gone, between(session, both, context.brand_id))
    return [deciding.one(one) for one in told]


class _Deciding:
    def __init__(
        self,
        plan: Plan,
        people: Mapping[Key, Somebody],
        gone: Iterable[Key],
        held: Mapping[tuple[int, int, TieKind], Held],
    ) -> None:
        self._plan = plan
        self._people = people
        self._gone = frozenset(gone)
        #: Ties by the people they join, those that are stored and those that rows bring.
        self._ties: dict[tuple[Somebody, Somebody, TieKind], Held] = {}
        by_id = {one.id: one for one in people.values() if one.id is not None}
        for (origin, target, kind), one in held.items():
            self._ties[by_id[origin], by_id[target], kind] = one

    def one(self, told: Told) -> Decided:
        """Decide on a row."""
        record = told.record
        if record is None:
            return Decided(told.number, told.verdict or Verdict.REFUSED, told.complaint)
        if not self._gone.isdisjoint((record.origin.key, record.target.key)):
            complaint = Complaint("erased")
            return Decided(told.number, Verdict.REFUSED, complaint, record)
        origin, target = self._met(record.origin), self._met(record.target)
        decision = Decided(told.number, Verdict.SAME, None, record, plan=self._plan)
        if origin is target:
            # The account is one of the network all the same.
            decision.verdict, decision.complaint = Verdict.REFUSED, Complaint("self_loop")
            return decision
        if record.unread:
            decision.complaint = Complaint("bad_figure", cells=record.unread)
        self._tie(decision, record, origin, target)
        return decision

    def _met(self, end: End) -> Somebody:
        """Return who an end is: a stranger where nobody knows, a prospect where others do."""
        one = self._people[end.key]
        if one.id is None and not one.is_planned:
            one.is_planned = True
            self._plan.strangers.append(one)
        elif one.id is not None and one.known and not one.is_ours and not one.is_planned:
            one.is_planned = True
            self._plan.prospects.append(one)
        return one

    def _tie(self, decision: Decided, record: Record, origin: Somebody, target: Somebody) -> None:
        held = self._ties.get((origin, target, record.kind))
        back = self._ties.get((target, origin, record.kind))
        if held is None and back is not None and (back.now["is_mutual"] or record.is_mutual):
            held = back
        if held is None:
            self._add(decision, record, origin, target)
            return
        said: dict[str, Any] = {"weight": record.weight}
        if record.is_mutual:
            said["is_mutual"] = True
        said["first_seen"] = _earlier(held.now["first_seen"], record.first_seen)
        said["last_seen"] = _later(held.now["last_seen"], record.last_seen)
        if held is back and not record.is_mutual:
            del said["weight"]  # One way of a tie that is known to hold both ways.
        was_new = held.is_new
        for name, value in said.items():
            before = held.now[name]
            if held.set(name, value):
                decision.changes[name] = [_shown(before), _shown(value)]
        if decision.changes:
            decision.verdict = Verdict.UPDATED
            self._name(decision, record)
            if not was_new and held not in self._plan.changed:
                self._plan.changed.append(held)

    def _add(self, decision: Decided, record: Record, origin: Somebody, target: Somebody) -> None:
        held = Held(
            None,
            {
                "weight": record.weight,
                "is_mutual": record.is_mutual,
                "first_seen": record.first_seen,
                "last_seen": record.last_seen,
            },
            origin=origin,
            target=target,
            kind=record.kind,
        )
        self._ties[origin, target, record.kind] = held
        self._plan.ties.append(held)
        decision.verdict = Verdict.CREATED
        self._name(decision, record)

    @staticmethod
    def _name(decision: Decided, record: Record) -> None:
        """Say of whom a row is: no person stands for a tie."""
        decision.is_telling = True
        decision.changes["from"] = [None, record.origin.handle]
        decision.changes["to"] = [None, record.target.handle]


def _earlier(stored: dt.date | None, said: dt.date | None) -> dt.date | None:
    return min((day for day in (stored, said) if day), default=None)


def _later(stored: dt.date | None, said: dt.date | None) -> dt.date | None:
    return max((day for day in (stored, said) if day), default=None)


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
