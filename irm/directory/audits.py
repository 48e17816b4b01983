"""Reading the audit: who may see which entries, found by colleague, action, person and day.

A lead sees what was done for her brand; what a member of hers, an administrator or irm did with a
person her brand knows; and that her members signed in and changed their own settings. All else is
an administrator's to see.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from irm.audit import Action, has_place
from irm.models import AuditEntry, BrandMember, Influencer, Relationship, User

#: What a member does with her own account and nothing else: a lead sees that she did.
OF_ONESELF = (
    Action.SIGNED_IN,
    Action.SIGNED_OUT,
    Action.PROFILE_CHANGED,
    Action.CALENDAR_CHANGED,
    Action.PASSWORD_CHANGED,
    Action.FACTOR_CHANGED,
    Action.IDENTITY_CHANGED,
    Action.SESSIONS_ENDED,
)


class Entry(NamedTuple):
    """One act, as it was written down."""

    id: int
    at: dt.datetime
    actor_id: int | None
    action: str
    ids: dict[str, Any]
    brand_id: int | None
    influencer_id: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose acts, which and with whom; moments from `since` on and before `until`."""

    actor_id: int | None = None
    actions: tuple[Action, ...] = ()
    influencer_id: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def is_of_a_brand(action: Action) -> bool:
    """Whether entries of this action can be among those of a brand; else administrators' alone."""
    return action in OF_ONESELF or has_place(action)


def entries(
    session: Session, brand_id: int | None, asked: Asked, *, before: int | None, limit: int
) -> list[Entry]:
    """The newest entries of a brand (None: of all there are), or those older than entry `before`.

    Four statements at most, each led to its rows by an index.
    """
    conditions = _conditions(session, asked)
    if before is not None:
        at = session.scalar(select(AuditEntry.at).where(AuditEntry.id == before))
        if at is None:
            return []
        is_older = or_(AuditEntry.at < at, and_(AuditEntry.at == at, AuditEntry.id < before))
        conditions += [AuditEntry.at <= at, is_older]
    parts = [()] if brand_id is None else _parts(brand_id)
    found = (_some(session, [*conditions, *part], limit) for part in parts)
    newest = merge(*found, key=lambda one: (one.at, one.id), reverse=True)
    return list(islice(newest, limit))


def _some(session: Session, conditions: list[ColumnElement[bool]], limit: int) -> Iterable[Entry]:
    rows = session.execute(
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor_id,
            AuditEntry.action,
            AuditEntry.ids,
            AuditEntry.brand_id,
            AuditEntry.influencer_id,
        )
        .where(*conditions)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    return [Entry(*row) for row in rows]


def _parts(brand_id: int) -> Sequence[tuple[ColumnElement[bool], ...]]:
    """What is a brand's to see: of the brand, with a person it knows, of its members themselves."""
    member = select(BrandMember.user_id).where(BrandMember.brand_id == brand_id)
    administrator = select(User.id).where(User.is_admin)
    is_ours = or_(
        AuditEntry.actor_id.is_(None),
        AuditEntry.actor_id.in_(member),
        AuditEntry.actor_id.in_(administrator),
    )
    knows = (
        select(Relationship.id)
        .where(
            Relationship.brand_id == brand_id,
            Relationship.influencer_id == AuditEntry.influencer_id,
        )
        .exists()
    )
    is_own = AuditEntry.action.in_([action.code for action in OF_ONESELF])
    return (
        (AuditEntry.brand_id == brand_id,),
        (AuditEntry.brand_id.is_(None), AuditEntry.influencer_id.is_not(None), is_ours, knows),
        (AuditEntry.brand_id.is_(None), is_own, AuditEntry.actor_id.in_(member)),
    )


def _conditions(session: Session, asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.actor_id is not None:
        is_hers = AuditEntry.actor_id == asked.actor_id
        found.append(is_hers if asked.actor_id else AuditEntry.actor_id.is_(None))
    if asked.actions:
        found.append(AuditEntry.action.in_([action.code for action in asked.actions]))
    if asked.influencer_id is not None:
        merged = select(Influencer.id).where(Influencer.merged_into_id == asked.influencer_id)
        found.append(AuditEntry.influencer_id.in_([asked.influencer_id, *session.scalars(merged)]))
    if asked.since is not None:
        found.append(AuditEntry.at >= asked.since)
    if asked.until is not None:
        found.append(AuditEntry.at < asked.until)
    return found
