"""A brand's own cadences: set in one go, looked at before, and followed by what is planned."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory.people import is_listed
from irm.funnel import cadence, repacing
from irm.funnel.cadence import Cadence, Policies
from irm.models import (
    Brand,
    CadencePolicy,
    Campaign,
    CampaignMember,
    Influencer,
    PolicyScope,
    Relationship,
    Task,
    User,
)

#: Who is contacted less than once a year has no rhythm.
MOST_DAYS = 365

#: Touchpoints looked at to say what would move; more are not counted one by one.
MOST_LOOKED_AT = 20_000

#: People named among those whose next contact would move.
NAMED = 5


class Preview(NamedTuple):
    """What other policies would do: to how many people, and to what the cadence has planned."""

    #: Relationships whose rhythm would be another today.
    people: int
    #: Touchpoints by cadence that would stand on another day, and those of them overdue then.
    moved: int
    overdue: int
    #: False: only the first MOST_LOOKED_AT touchpoints were looked at.
    is_exact: bool
    #: A few of them: rows `influencer_id name due_on` and the new day.
    some: list[tuple[Any, dt.date]]


def each(policies: Policies) -> Iterator[tuple[PolicyScope, str, Cadence | None]]:
    """All that can be set, in the order in which it is shown, with its cadence."""
    for stage, found in policies.by_stage.items():
        yield PolicyScope.STAGE, stage.value, found
    for level, found in policies.by_level.items():
        yield PolicyScope.LEVEL, level.value, found
    for phase in (cadence.BEFORE, cadence.DURING, cadence.AFTER):
        yield PolicyScope.CAMPAIGN, phase, policies.by_phase[phase]


def put(session: Session, brand: Brand, policies: Policies, *, user: User, at: dt.datetime) -> bool:
    """Let a brand have these policies; returns whether any changed.

    Only what is not irm's own is kept, so that another default of ours reaches everybody else.
    What is planned follows by `follow`.
    """
    if cadence.policies_of(session, brand.id) == policies:
        return False
    own = {(scope, key): found for scope, key, found in each(cadence.DEFAULTS)}
    session.execute(delete(CadencePolicy).where(CadencePolicy.brand_id == brand.id))
    session.add_all(
        CadencePolicy(brand_id=brand.id, scope=scope, key=key, ideal=found.ideal, worst=found.worst)
        for scope, key, found in each(policies)
        if found is not None and found != own[scope, key]
    )
    record(session, user, Action.BRAND_CHANGED, at, brand_id=brand.id)
    session.flush()
    return True


def follow(session: Session, brand: Brand, user: User, at: dt.datetime) -> Task | None:
    """Plan anew what the cadence had planned: at once if it is little, else by a task."""
    some = repacing.planned(brand.id).limit(repacing.INLINE + 1)
    rows = session.execute(some).all()
    return repacing.follow(session, brand, [row.relationship_id for row in rows], user, at)


def preview(session: Session, brand: Brand, policies: Policies, today: dt.date) -> Preview:
    """What these policies would do on a day, without writing anything."""
    moved = overdue = looked_at = 0
    after: int | None = 0
    some: list[tuple[Any, dt.date]] = []
    while after is not None and looked_at < MOST_LOOKED_AT:
        rows = session.execute(repacing.planned_after(brand.id, after, repacing.CHUNK)).all()
        looked_at += len(rows)
        for one in repacing.moved(session, rows, policies, brand):
            if not one.is_another_day:
                continue
            moved += 1
            overdue += one.due.day < today <= one.row.due_on
            if len(some) < NAMED:
                some.append((one.row, one.due.day))
        after = rows[-1].id if len(rows) == repacing.CHUNK else None
    people = _people(session, brand.id, policies, today)
    return Preview(people, moved, overdue, after is None, some)


def _people(session: Session, brand_id: int, policies: Policies, today: dt.date) -> int:
    """How many relationships would have another rhythm, by how many are alike."""
    before = cadence.policies_of(session, brand_id)

    def rhythm(of: Policies, row: Any) -> cadence.Rhythm:
        phases = [name for name in cadence.BY_PHASE if getattr(row, name)]
        return cadence.rhythm(
            of,
            stage=row.stage,
            level=row.level,
            own_ideal=row.cadence_ideal,
            own_worst=row.cadence_worst,
            ceiling=row.contact_ceiling,
            phase=next(iter(phases), None),
        )

    return sum(
        row.people
        for row in session.execute(_alike(brand_id, today))
        if rhythm(before, row).cadence != rhythm(policies, row).cadence
    )


def _alike(brand_id: int, today: dt.date) -> Any:
    day = dt.timedelta(days=1)
    is_in = {
        cadence.BEFORE: Campaign.starts_on.between(today + day, today + cadence.BEFORE_DAYS * day),
        cadence.DURING: (Campaign.starts_on <= today) & (Campaign.ends_on >= today),
        cadence.AFTER: Campaign.ends_on.between(today - cadence.AFTER_DAYS * day, today - day),
    }
    each_one = (
        select(
            Relationship.stage,
            Relationship.level,
            Relationship.cadence_ideal,
            Relationship.cadence_worst,
            Influencer.contact_ceiling,
            *(
                exists()
                .where(
                    CampaignMember.relationship_id == Relationship.id,
                    Campaign.id == CampaignMember.campaign_id,
                    Campaign.cancelled_at.is_(None),
                    condition,
                )
                .label(name)
                for name, condition in is_in.items()
            ),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id, is_listed())
        .subquery("each_one")
    )
    return select(*each_one.c, func.count().label("people")).group_by(*each_one.c)
