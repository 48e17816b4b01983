"""Planning anew, for many at once, what the cadence had planned: by other policies or campaigns.

What people planned or took a hand in stays, and so does what the plan put there.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.funnel import cadence, pacing
from irm.funnel.cadence import Policies, Span
from irm.funnel.pacing import Setting
from irm.ledger import relationships as ledger
from irm.models import (
    Brand,
    Campaign,
    CampaignMember,
    Influencer,
    Planner,
    Relationship,
    State,
    Task,
    Touchpoint,
    User,
)
from irm.models.base import Rows
from irm.models.inserts import table_of

#: The kind of task that plans a whole brand anew.
TASK = "cadence"

#: Touchpoints planned anew in one transaction.
CHUNK = 500

#: Up to so many are planned anew while the page is waited for; more are left to the worker.
INLINE = 200


class Moved(NamedTuple):
    """A touchpoint by cadence, the day it is on, and the day it would be on."""

    row: Any
    due: pacing.Due
    why: Mapping[str, Any]

    @property
    def is_another_day(self) -> bool:
        return bool(self.row.due_on != self.due.day)


def planned(brand_id: int) -> Rows:
    """Select the open touchpoints that the cadence planned, in the order of their ids."""
    return (
        select(
            Touchpoint.id,
            Touchpoint.relationship_id,
            Touchpoint.due_on,
            Touchpoint.why,
            Relationship.influencer_id,
            Relationship.stage,
            Relationship.level,
            Relationship.cadence_ideal,
            Relationship.cadence_worst,
            Relationship.last_contact_at,
            Relationship.last_two_way_at,
            Influencer.contact_ceiling,
            Influencer.name,
            User.timezone,
        )
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(User, User.id == Relationship.owner_id, isouter=True)
        .where(
            Relationship.brand_id == brand_id,
            Touchpoint.state == State.OPEN,
            Touchpoint.planned_by == Planner.CADENCE,
            Relationship.last_contact_at.is_not(None),
            is_listed(),
        )
        .order_by(Touchpoint.id)
    )


def planned_after(brand_id: int, after: int, limit: int) -> Rows:
    """Select the next of them, from one after the id `after` on."""
    return planned(brand_id).where(Touchpoint.id > after).limit(limit)


def of_these(brand_id: int, relationship_ids: Sequence[int]) -> Rows:
    """Select those of some relationships alone."""
    return planned(brand_id).where(Relationship.id.in_(relationship_ids))


def moved(
    session: Session, rows: Sequence[Any], policies: Policies, brand: Brand
) -> Iterator[Moved]:
    """What becomes of touchpoints by cadence under these policies; those that stay are left out.

    Days are those of the owner of the relationship, else of the brand.
    """
    spans = _spans(session, [row.relationship_id for row in rows])
    for row in rows:
        zone = ZoneInfo(row.timezone or brand.timezone)
        last_contact = row.last_contact_at.astimezone(zone).date()
        two_way = row.last_two_way_at
        due = pacing.due(
            Setting(policies, spans.get(row.relationship_id, ())),
            row,
            last_contact=last_contact,
            last_two_way=two_way.astimezone(zone).date() if two_way else None,
        )
        is_answered = two_way is not None and two_way >= row.last_contact_at
        why = pacing.why(due, row.stage, last_contact, is_answered=is_answered)
        if row.due_on != due.day or {**row.why, **why} != row.why:
            yield Moved(row, due, why)


class Step(NamedTuple):
    """How far planning anew came: the last touchpoint looked at, and how many were put elsewhere.

    `last` is None where there are no more.
    """

    last: int | None
    changed: int


def go_on(session: Session, brand: Brand, after: int) -> Step:
    """Plan the next CHUNK touchpoints of a brand anew, from one after `after` on."""
    rows = session.execute(planned_after(brand.id, after, CHUNK)).all()
    changed = _write(session, brand, rows)
    return Step(rows[-1].id if len(rows) == CHUNK else None, changed)


def repace(session: Session, brand: Brand, relationship_ids: Sequence[int]) -> int:
    """Plan anew what the cadence had planned with a few relationships; returns how many moved."""
    return _write(session, brand, session.execute(of_these(brand.id, relationship_ids)).all())


def follow(
    session: Session, brand: Brand, relationship_ids: Sequence[int], user: User, at: dt.datetime
) -> Task | None:
    """Let what the cadence had planned with some people follow what was just changed.

    A few are planned anew at once; more are left to the worker, who goes through the whole brand:
    its task is returned then.
    """
    session.flush()
    if len(relationship_ids) <= INLINE:
        repace(session, brand, relationship_ids)
        return None
    task = Task(kind=TASK, brand_id=brand.id, user_id=user.id, created_at=at)
    session.add(task)
    return task


def _write(session: Session, brand: Brand, rows: Sequence[Any]) -> int:
    found = list(moved(session, rows, cadence.policies_of(session, brand.id), brand))
    if not found:
        return 0
    ids = sorted({one.row.relationship_id for one in found})
    # Whoever changes touchpoints holds their relationship first; many at once, in their order.
    session.execute(
        select(Relationship.id)
        .where(Relationship.id.in_(ids))
        .order_by(Relationship.id)
        .with_for_update()
    )
    session.connection().execute(
        _MOVE,
        [
            {
                "of_id": one.row.id,
                "was_on": one.row.due_on,
                "to_day": one.due.day,
                "because": {**one.row.why, **one.why},
            }
            for one in found
        ],
    )
    ledger.rebuild_these(session, ids)
    return sum(one.is_another_day for one in found)


_touchpoints = table_of(Touchpoint)
#: Only what nobody took a hand in since it was read.
_MOVE = (
    update(_touchpoints)
    .where(
        _touchpoints.c.id == bindparam("of_id"),
        _touchpoints.c.due_on == bindparam("was_on"),
        _touchpoints.c.state == State.OPEN,
        _touchpoints.c.planned_by == Planner.CADENCE,
    )
    .values(
        due_on=bindparam("to_day"),
        why=bindparam("because", type_=_touchpoints.c.why.type),
        row_version=_touchpoints.c.row_version + 1,
    )
)


def _spans(session: Session, relationship_ids: Sequence[int]) -> dict[int, list[Span]]:
    """The phases of the campaigns of some relationships."""
    found: dict[int, list[Span]] = {}
    for row in session.execute(
        select(CampaignMember.relationship_id, Campaign.starts_on, Campaign.ends_on)
        .join(Campaign, Campaign.id == CampaignMember.campaign_id)
        .where(
            CampaignMember.relationship_id.in_(relationship_ids), Campaign.cancelled_at.is_(None)
        )
    ):
        found.setdefault(row.relationship_id, []).extend(
            cadence.spans_of(row.starts_on, row.ends_on)
        )
    return found
