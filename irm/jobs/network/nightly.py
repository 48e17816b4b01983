"""Measuring a brand's network once a night, if what it sees of ties changed since the last time."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from irm.directory import ties
from irm.jobs.network.task import KIND
from irm.jobs.nights import APART, NIGHT
from irm.models import (
    Brand,
    Influencer,
    NetworkRun,
    Prospect,
    Relationship,
    Task,
    TaskState,
    Tie,
)

AGEING = dt.timedelta(days=7)
"""After so long it is measured anew although nothing changed: ties grow old."""

#: So many tasks back it is looked for what a brand saw the last time.
BACK = 50


def queue_nightly(session: Session, now: dt.datetime) -> bool:
    """Queue one measuring for all brands whose ties changed, or grew old; commits.

    Says whether it did. One that waits or runs keeps others from being queued.
    """
    busy = (TaskState.QUEUED, TaskState.RUNNING)
    waits = select(Task.id).where(Task.kind == KIND, Task.state.in_(busy))
    if session.scalar(waits.limit(1)) is not None:
        return False
    if session.scalar(select(Tie.id).limit(1)) is None and not _has_places(session):
        return False
    tried = _tried(session)
    brands = [
        brand_id
        for brand_id, last in session.execute(_last_runs()).all()
        if _is_due(session, brand_id, max(filter(None, (last, tried)), default=None), now)
    ]
    if not brands:
        return False
    session.add(Task(kind=KIND, arguments={"brands": brands}, created_at=now))
    session.commit()
    return True


def fingerprint(session: Session, brand_id: int) -> list[Any]:
    """What changes when a brand's network does: counts and sums of ties and of people."""
    seen = select(
        func.count(), func.max(Tie.id), func.sum(Tie.weight), cast(func.max(Tie.last_seen), Text)
    ).where(ties.told_to(brand_id))
    strangers = select(func.count(), func.max(Influencer.id)).where(
        Influencer.known.is_(False), Influencer.merged_into_id.is_(None)
    )
    its = (
        select(func.count(), func.max(Relationship.id), func.count(Influencer.archived_at))
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id)
    )
    own = select(func.count()).where(Prospect.brand_id == brand_id, Prospect.is_own)
    found: list[Any] = []
    for rows in (seen, strangers, its, own):
        found += session.execute(rows).one()
    return [round(one, 6) if isinstance(one, float) else one for one in found]


def _is_due(session: Session, brand_id: int, last: dt.datetime | None, now: dt.datetime) -> bool:
    if last is None or now - last >= AGEING:
        return True
    if now.hour not in NIGHT or now - last < APART:
        return False
    return _seen_last(session, brand_id) != fingerprint(session, brand_id)


def _last_runs() -> Any:
    return (
        select(Brand.id, func.max(NetworkRun.finished_at))
        .outerjoin(NetworkRun, NetworkRun.brand_id == Brand.id)
        .group_by(Brand.id)
        .order_by(Brand.id)
    )


def _tried(session: Session) -> dt.datetime | None:
    """When all were last tried and it failed: not again at once."""
    return session.scalar(
        select(func.max(Task.created_at)).where(
            Task.kind == KIND, Task.state == TaskState.FAILED, Task.brand_id.is_(None)
        )
    )


def _seen_last(session: Session, brand_id: int) -> list[Any] | None:
    """What a brand's network was like when it was last measured."""
    results: Sequence[Any] = session.scalars(
        select(Task.result)
        .where(Task.kind == KIND, Task.state == TaskState.DONE)
        .order_by(Task.id.desc())
        .limit(BACK)
    ).all()
    seen = (result.get("seen", {}).get(str(brand_id)) for result in results)
    return next((one for one in seen if one is not None), None)


def _has_places(session: Session) -> bool:
    """Whether something was measured before: once the last tie is gone it is no longer true."""
    return session.scalar(select(NetworkRun.id).where(NetworkRun.ties > 0).limit(1)) is not None
