"""What colleagues keep to themselves, read by a lead: folded until she opens it, and then recorded.

Once a day for each person, so that the audit can be read. What she wrote herself was never folded.
"""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BindParameter, Integer, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.models import (
    AuditEntry,
    Fact,
    Interaction,
    Promise,
    Question,
    Relationship,
    User,
    Visibility,
)


class Folded(NamedTuple):
    """Whether a reader has opened what others keep about a person, and how much it is."""

    is_open: bool
    #: Private exchanges, promises and questions, and facts that are private or sensitive.
    notes: int


def of(session: Session, relationship: Relationship, reader_id: int, since: dt.datetime) -> Folded:
    """What others keep about a person; `since` is when the reader's day began."""
    given = {
        "reader": reader_id,
        "of": relationship.id,
        "person": relationship.influencer_id,
        "brand": relationship.brand_id,
        "since": since,
    }
    return Folded(*session.execute(_asked(), given).one())


def open_up(
    session: Session,
    relationship: Relationship,
    reader: User,
    *,
    since: dt.datetime,
    at: dt.datetime,
) -> None:
    """Record that she reads it, unless she did today already."""
    # Of two presses at once one waits here for the other.
    session.execute(select(User.id).where(User.id == reader.id).with_for_update())
    if not of(session, relationship, reader.id, since).is_open:
        audit.record(session, reader, Action.PRIVATE_READ, at, relationship_id=relationship.id)


@lru_cache(1)
def _asked() -> Select[bool, int]:
    reader: BindParameter[int] = bindparam("reader", type_=Integer())
    was_opened = exists().where(
        AuditEntry.actor_id == reader,
        AuditEntry.at >= bindparam("since"),
        AuditEntry.action == Action.PRIVATE_READ.code,
        AuditEntry.influencer_id == bindparam("person"),
        AuditEntry.brand_id == bindparam("brand"),
    )
    kept = [
        select(func.count())
        .where(
            model.relationship_id == bindparam("of"),
            model.author_id.is_distinct_from(reader),
            or_(model.visibility == Visibility.PRIVATE, *more),
        )
        .scalar_subquery()
        for model, more in (
            (Interaction, ()),
            (Fact, (Fact.is_sensitive,)),
            (Promise, ()),
            (Question, ()),
        )
    ]
    return select(was_opened, sum(kept[1:], kept[0]))
