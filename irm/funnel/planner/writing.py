"""Writing a plan down: what is there already stays where it can, and what people touched always.

A colleague's part is one transaction, so that nobody who logs meanwhile waits for the whole.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from irm.funnel import activities
from irm.funnel.planner import campaigning, choosing, debt
from irm.funnel.planner.reading import Read
from irm.funnel.planner.terms import Filled, Gap, Touch
from irm.ledger import relationships as ledger
from irm.models import Kind, PlanGap, Planner, Relationship, State, Touchpoint
from irm.models.inserts import put, table_of

#: Ids named by one statement.
CHUNK = 500

_touchpoints = table_of(Touchpoint)


def write(
    session: Session, read: Read, filled: Filled, *, brand_id: int, at: dt.datetime
) -> Counter[str]:
    """Write one colleague's part; returns how many touchpoints were `added moved kept dropped`.

    Whoever's touchpoints changed since they were read is left as they are; the next plan sees it.
    The caller commits.
    """
    ids = read.of_owner.get(filled.owner_id, [])
    wanted: dict[int, list[Touch]] = {}
    for touch in filled.touches:
        wanted.setdefault(touch.person_id, []).append(touch)
    concerned = sorted({*wanted, *(id for id in ids if id in read.loose)})
    changed = _changed_since(session, read, concerned)
    diff = _Diff(read, filled.owner_id, at)
    for id in concerned:
        if id not in changed:
            diff.compare(id, wanted.get(id, ()))
    diff.write(session)
    ledger.settle_next_of(session, diff.settled)
    strays = read.strays.get(filled.owner_id, [])
    _write_gaps(session, filled.gaps, strays, brand_id, filled.owner_id)
    return diff.counts


def _changed_since(session: Session, read: Read, ids: Sequence[int]) -> set[int]:
    """Hold the relationships, and say whose touchpoints are not what was read of them."""
    changed: set[int] = set()
    for some in _chunks(ids):
        session.execute(
            select(Relationship.id)
            .where(Relationship.id.in_(some))
            .order_by(Relationship.id)
            .with_for_update()
        ).all()
        now: dict[int, dict[int, int]] = {}
        for row in session.execute(
            select(Touchpoint.relationship_id, Touchpoint.id, Touchpoint.row_version).where(
                Touchpoint.relationship_id.in_(some), Touchpoint.state == State.OPEN
            )
        ):
            now.setdefault(row.relationship_id, {})[row.id] = row.row_version
        for id in some:
            seen = {one.id: one.row_version for one in read.loose.get(id, ())}
            seen |= {one.id: one.row_version for one in read.staying.get(id, ())}
            if now.get(id, {}) != seen:
                changed.add(id)
    return changed


class _Diff:
    """What has to be written for a colleague's touchpoints to be those of the plan."""

    def __init__(self, read: Read, owner_id: int | None, at: dt.datetime) -> None:
        self._read, self._owner_id, self._at = read, owner_id, at
        self._people = {
            person.id: person
            for desk in read.desks
            if desk.owner_id == owner_id
            for person in desk.people
        }
        self._new: list[dict[str, Any]] = []
        self._altered: list[dict[str, Any]] = []
        self._dropped: list[int] = []
        self.settled: list[int] = []
        self.counts: Counter[str] = Counter(added=0, moved=0, kept=0, dropped=0)

    def compare(self, id: int, touches: Iterable[Touch]) -> None:
        """Compare what is planned with what is to be, for one relationship."""
        loose = list(self._read.loose.get(id, ()))
        # Beyond the plan nothing of it stands, and what the cadence put there may stay.
        beyond = [row for row in loose if self._number(row) >= self._read.wish.length]
        loose = [row for row in loose if row not in beyond]
        wanted = {self._read.calendar.day(touch.day): touch for touch in touches}
        at_rest = {row.due_on: row for row in loose if row.due_on in wanted}
        free = [row for row in loose if at_rest.get(row.due_on) is not row]
        is_settled = True
        for day, touch in wanted.items():
            is_first = day == min(wanted) and id not in self._read.staying
            columns = self._columns(id, touch, day, is_first)
            row = at_rest.get(day)
            if row is None and free:
                row = free.pop(0)
            if row is None:
                self._new.append(columns)
                self.counts["added"] += 1
                is_settled = False
            elif any(getattr(row, name) != columns[name] for name in _WRITTEN):
                self._altered.append(
                    {"of_id": row.id, **{f"new_{name}": columns[name] for name in _WRITTEN}}
                )
                self.counts["moved" if row.due_on != day else "kept"] += 1
                is_settled = is_settled and row.due_on == day
            else:
                self.counts["kept"] += 1
        free += beyond if wanted else []
        self._dropped += [row.id for row in free]
        self.counts["dropped"] += len(free)
        if free or not is_settled:
            self.settled.append(id)

    def write(self, session: Session) -> None:
        connection = session.connection()
        for some in _chunks(self._dropped):
            connection.execute(delete(_touchpoints).where(_touchpoints.c.id.in_(some)))
        if self._altered:
            connection.execute(_ALTER, self._altered)
        put(
            session,
            Touchpoint,
            self._new,
            owner_id=self._owner_id,
            created_at=self._at,
        )

    def _number(self, row: Any) -> int:
        return self._read.calendar.number(row.due_on)

    def _columns(self, id: int, touch: Touch, day: dt.date, is_first: bool) -> dict[str, Any]:
        row = self._read.rows[id]
        code = campaigning.tactic_of(touch.move)
        found = activities.find(code)
        return {
            "relationship_id": id,
            "due_on": day,
            "kind": (found.kind if found else Kind.TALK).value,
            "tactic": code,
            "channel": choosing.channel(code, row.preferred_channel),
            "minutes": touch.minutes,
            "campaign_id": touch.campaign_id,
            "why": self._why(id, touch, day, is_first),
            "planned_by": Planner.PLAN,
        }

    def _why(self, id: int, touch: Touch, day: dt.date, is_first: bool) -> dict[str, Any]:
        """Why it stands where it stands, as a code with parameters; irm/funnel/whys.py."""
        why: dict[str, Any] = {"code": "plan", "rule": touch.why}
        around = self._read.around.get(id, ())
        if touch.campaign_id is not None:
            campaign = next(one for one in around if one.campaign_id == touch.campaign_id)
            return {**why, "campaign": campaign.name, "ended": campaign.ends_on.isoformat()}
        row = self._read.rows[id]
        if row.last_contact_at is None and is_first:
            why["rule"] = "first"
        else:
            why |= self._waited(id, touch)
        event = campaigning.is_warm_up(around, row.stage, day)
        if event is not None:
            why |= {"event": event.isoformat(), "before": (event - day).days}
        return why

    def _waited(self, id: int, touch: Touch) -> dict[str, Any]:
        """How long they will have waited by then, and what is right for them."""
        anchor = touch.day - touch.waited
        ideal, worst = debt.limits(self._people[id], anchor)
        said: dict[str, Any] = {"days": touch.waited, "ideal": ideal - anchor}
        said["worst"] = worst - anchor
        # What they will have waited since is itself still ahead.
        return {**said, "follows": True} if anchor >= 0 else said


#: What a plan says of a touchpoint.
_WRITTEN = ("due_on", "kind", "tactic", "channel", "minutes", "campaign_id", "why", "planned_by")

_ALTER = (
    update(_touchpoints)
    .where(_touchpoints.c.id == bindparam("of_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in _WRITTEN}
        | {"row_version": _touchpoints.c.row_version + 1}
    )
)


def _write_gaps(
    session: Session,
    gaps: Iterable[Gap],
    strays: Sequence[int],
    brand_id: int,
    owner_id: int | None,
) -> None:
    """Whom the plan leaves out, in place of whom the one before did.

    `strays` are relationships of this colleague that a plan left out when they were another's.
    """
    connection, table = session.connection(), table_of(PlanGap)
    hers = and_(table.c.brand_id == brand_id, table.c.owner_id == owner_id)
    connection.execute(delete(table).where(hers))
    for some in _chunks(strays):
        connection.execute(delete(table).where(table.c.relationship_id.in_(some)))
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for gap in gaps:
        rows.setdefault((gap.person_id, gap.what), _gap(gap))
    put(session, PlanGap, list(rows.values()), brand_id=brand_id, owner_id=owner_id)


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "relationship_id": gap.person_id,
        "what": gap.what,
        "why": _why_not(gap.why, gap.is_whole, gap.campaign_id),
        "days": gap.days,
        "debt": round(gap.debt, 2),
    }


@lru_cache(256)
def _why_not(code: str, is_whole: bool, campaign_id: int | None) -> dict[str, Any]:
    """Why somebody is left out: one object for all of whom the same is said."""
    why: dict[str, Any] = {"code": code, "whole": is_whole}
    return why if campaign_id is None else {**why, "campaign_id": campaign_id}


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
