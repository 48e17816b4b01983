"""The minutes of a review: what was decided of whom, by whom, and what comes of it.

Nothing of a conversation is in them: they are mailed, and a mail lies about in places that know no
rights.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from irm.funnel import reviews
from irm.models import (
    BrandMember,
    Decision,
    Influencer,
    MailState,
    Outbox,
    Pause,
    Relationship,
    Review,
    ReviewItem,
    Role,
    Stage,
    StageMove,
    Touchpoint,
    User,
)
from irm.models.base import Rows

#: The order in which decisions are told: first what somebody has to do.
ORDER = (
    Decision.PLANNED,
    Decision.MOVED,
    Decision.PAUSED,
    Decision.STAYS,
    Decision.LATER,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was decided of one person; None: nothing yet."""

    item_id: int
    influencer_id: int
    name: str
    stage: Stage
    decision: Decision | None
    note: str
    by: str
    #: Where a move led from and to, and why.
    start: Stage | None = None
    end: Stage | None = None
    reason: str = ""
    #: What was planned: day, what for, whose.
    due_on: dt.date | None = None
    purpose: str = ""
    owner: str = ""
    #: Until when a pause holds, and why.
    paused_until: dt.date | None = None
    paused_why: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """A review as it is told, in groups; `undecided` are the cards that nobody decided on."""

    groups: tuple[tuple[Decision, tuple[Entry, ...]], ...]
    undecided: tuple[Entry, ...]

    @property
    def decided(self) -> int:
        """How many cards were decided on."""
        return sum(len(entries) for _decision, entries in self.groups)

    @property
    def total(self) -> int:
        """How many cards there were."""
        return self.decided + len(self.undecided)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All cards, in the order in which they are told."""
        told = tuple(entry for _decision, entries in self.groups for entry in entries)
        return told + self.undecided


_owner = aliased(User, name="task_owner")
_decider = aliased(User, name="decider")

_is_of_the_decision = and_(
    Pause.relationship_id == ReviewItem.relationship_id, Pause.at == ReviewItem.decided_at
)

_ROWS: Rows = (
    select(
        ReviewItem.id,
        ReviewItem.relationship_id,
        ReviewItem.decision,
        ReviewItem.note,
        Relationship.influencer_id,
        Relationship.stage,
        Pause.until,
        Pause.why,
        Influencer.name,
        Touchpoint.due_on,
        Touchpoint.purpose,
        _owner.name.label("owner_name"),
        _decider.name.label("decided_by"),
    )
    .join(Relationship, Relationship.id == ReviewItem.relationship_id)
    .join(Influencer, Influencer.id == Relationship.influencer_id)
    .join(Touchpoint, Touchpoint.id == ReviewItem.touchpoint_id, isouter=True)
    .join(_owner, _owner.id == Touchpoint.owner_id, isouter=True)
    .join(_decider, _decider.id == ReviewItem.decided_by_id, isouter=True)
    # As it was decided: by now they may be back, or paused anew.
    .join(Pause, _is_of_the_decision, isouter=True)
    .order_by(ReviewItem.place, ReviewItem.id)
)


def of(session: Session, review: Review, now: dt.datetime) -> Minutes:
    """The minutes of a review as far as it went. Two statements."""
    until = review.closed_at or now
    moves = reviews.made_in(session, review, until)
    rows = session.execute(_ROWS.where(ReviewItem.review_id == review.id))
    entries = [_entry(row, moves.get(row.relationship_id)) for row in rows]
    groups = (
        (decision, tuple(one for one in entries if one.decision is decision)) for decision in ORDER
    )
    return Minutes(
        tuple((decision, found) for decision, found in groups if found),
        tuple(one for one in entries if one.decision is None),
    )


def _entry(row: Any, move: StageMove | None) -> Entry:
    is_paused = row.decision is Decision.PAUSED
    return Entry(
        item_id=row.id,
        influencer_id=row.influencer_id,
        name=row.name,
        stage=row.stage,
        decision=row.decision,
        note=row.note,
        by=row.decided_by or "",
        start=move.from_stage if move else None,
        end=move.to_stage if move else None,
        reason=(move.reason or "") if move else "",
        due_on=row.due_on,
        purpose=row.purpose or "",
        owner=row.owner_name or "",
        paused_until=row.until if is_paused else None,
        paused_why=(row.why or "") if is_paused else "",
    )


def recipients(brand_id: int) -> Rows:
    """Select who may get the minutes, by name: the team of the brand, as `id name email …`."""
    return (
        select(User.id, User.name, User.email, User.locale, User.timezone, User.unwanted)
        .join(BrandMember, BrandMember.user_id == User.id)
        .where(
            BrandMember.brand_id == brand_id,
            or_(BrandMember.role != Role.PARTNER, User.is_admin),
            User.is_active,
        )
        .order_by(User.name, User.id)
    )


def key_of(review_id: int, user_id: int) -> str:
    """The key under which the outbox takes these minutes for somebody once and never again."""
    return f"minutes:{review_id}:{user_id}"


def letters_of(session: Session, review_id: int) -> dict[int, MailState]:
    """Where the letter with these minutes stands, for each who gets it."""
    rows = session.execute(
        select(Outbox.user_id, Outbox.state).where(
            Outbox.dedupe_key.startswith(f"minutes:{review_id}:", autoescape=True),
        )
    )
    return {id: state for id, state in rows if id is not None}
