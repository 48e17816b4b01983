"""Logging what happened: ten seconds for the user, and the whole relationship is up to date."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from irm.directory import search
from irm.errors import Refused
from irm.funnel import touchpoints
from irm.i18n import _l
from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import (
    Channel,
    Direction,
    Interaction,
    Kind,
    Relationship,
    Touchpoint,
    User,
    Visibility,
)

#: How long a summary may be; longer texts belong in a document.
SUMMARY_LENGTH = 4000

#: Before this day nobody logged anything that matters here.
FIRST_DAY = dt.date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the form says happened."""

    summary: str
    kind: Kind = Kind.TALK
    direction: Direction = Direction.OUT
    channel: Channel = Channel.MESSAGE
    visibility: Visibility = Visibility.TEAM
    activity: str | None = None


def log(
    session: Session,
    relationship: Relationship,
    exchange: Exchange,
    *,
    author: User,
    happened_at: dt.datetime,
    at: dt.datetime,
    fulfils: Touchpoint | None = None,
    next_on: dt.date | None = None,
    plan_next: bool = True,
    request_key: str | None = None,
) -> Interaction:
    """Log one exchange: it sets the last contact and plans the next one.

    `next_on` plans a day of the author's choice; else the cadence plans, unless `plan_next` is
    false. `fulfils` closes the touchpoint it kept.
    Raises Refused where it lies in the future or before FIRST_DAY, or the touchpoint is closed.
    """
    if happened_at > at + dt.timedelta(minutes=5):
        raise Refused(_l("An interaction cannot have happened in the future; plan it instead."))
    if happened_at.date() < FIRST_DAY:
        raise Refused(_l("This day is too long ago to be right."))
    interaction = Interaction(
        relationship_id=relationship.id,
        happened_at=happened_at,
        kind=exchange.kind,
        direction=exchange.direction,
        channel=exchange.channel,
        activity=exchange.activity,
        summary=exchange.summary,
        visibility=exchange.visibility,
        author_id=author.id,
        touchpoint_id=fulfils.id if fulfils else None,
        request_key=request_key,
        created_at=at,
    )
    session.add(interaction)
    ledger.settle_contact(session, relationship)
    proving.settle_one(session, relationship, at)
    search.index_note(session, interaction, relationship)
    if fulfils is not None:
        touchpoints.close_as_done(session, fulfils, user=author, at=at)
    today = at.astimezone(author.zone).date()
    if next_on is not None:
        touchpoints.plan(session, relationship, due_on=next_on, today=today, at=at, author=author)
    elif plan_next:
        touchpoints.plan_by_cadence(session, relationship, at=at, author=author)
    return interaction
