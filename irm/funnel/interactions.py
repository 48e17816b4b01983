"""Logging what happened: ten seconds for the user, and the whole relationship is up to date."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from irm.directory import search
from irm.errors import Refused
from irm.funnel import balance, touchpoints
from irm.i18n import _l
from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import (
    BrandMember,
    Channel,
    Direction,
    Interaction,
    InteractionColleague,
    Kind,
    Outcome,
    Relationship,
    Touchpoint,
    User,
    Visibility,
)

#: How long a summary may be; longer texts belong in a document.
SUMMARY_LENGTH = 4000

#: How much may be said of who else was there.
PRESENT_LENGTH = 200

#: As many colleagues take part in one exchange at most.
MOST_COLLEAGUES = 20

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
    #: How it ended, of an ask alone.
    outcome: Outcome | None = None
    #: Who else was there, in words.
    present: str = ""
    #: Addresses of what belongs to it, as irm/funnel/links.py reads them.
    links: tuple[str, ...] = ()
    #: Colleagues who took part, by id.
    colleagues: tuple[int, ...] = ()


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

    An ask is always logged; one that went out while the gate was shut is marked as a breach.
    `next_on` plans a day of the author's choice; else the cadence plans, unless `plan_next` is
    false. `fulfils` closes the touchpoint it kept.
    Raises Refused where it lies in the future or before FIRST_DAY, a colleague is none of the
    brand, or the touchpoint is closed.
    """
    refuse_moment(happened_at, at)
    is_ask = exchange.kind is Kind.ASK
    is_breach = False
    if is_ask and exchange.direction is not Direction.IN:
        # Of two who ask at once, the second is judged by what the first has asked.
        ledger.hold(session, relationship)
        is_breach = not balance.was_open(session, relationship, happened_at, fulfils)
    interaction = Interaction(
        relationship_id=relationship.id,
        happened_at=happened_at,
        kind=exchange.kind,
        direction=exchange.direction,
        channel=exchange.channel,
        activity=exchange.activity,
        outcome=exchange.outcome if is_ask else None,
        is_breach=is_breach,
        summary=exchange.summary,
        present=exchange.present,
        links=list(exchange.links),
        visibility=exchange.visibility,
        author_id=author.id,
        touchpoint_id=fulfils.id if fulfils else None,
        request_key=request_key,
        created_at=at,
    )
    session.add(interaction)
    ledger.settle_contact(session, relationship)
    proving.settle_one(session, relationship, at)
    if exchange.colleagues:
        add_colleagues(session, interaction, relationship.brand_id, exchange.colleagues)
    search.index_note(session, interaction, relationship)
    if fulfils is not None:
        touchpoints.close_as_done(session, fulfils, user=author, at=at)
    today = at.astimezone(author.zone).date()
    if next_on is not None:
        touchpoints.plan(session, relationship, due_on=next_on, today=today, at=at, author=author)
    elif plan_next:
        touchpoints.plan_by_cadence(session, relationship, at=at, author=author)
    return interaction


def refuse_moment(happened_at: dt.datetime, at: dt.datetime) -> None:
    """Raise Refused where something cannot have happened then."""
    if happened_at > at + dt.timedelta(minutes=5):
        raise Refused(_l("An interaction cannot have happened in the future; plan it instead."))
    if happened_at.date() < FIRST_DAY:
        raise Refused(_l("This day is too long ago to be right."))


def add_colleagues(
    session: Session, interaction: Interaction, brand_id: int, colleagues: Collection[int]
) -> None:
    """Note who took part beside the author.

    Raises Refused where one does not work for the brand, or they are too many.
    """
    wanted = set(colleagues) - {interaction.author_id}
    if len(wanted) > MOST_COLLEAGUES:
        raise Refused(_l("Name at most %(n)s colleagues.", n=MOST_COLLEAGUES))
    members = select(BrandMember.user_id).where(
        BrandMember.brand_id == brand_id, BrandMember.user_id.in_(wanted)
    )
    if set(session.scalars(members)) != wanted:
        raise Refused(_l("Choose colleagues who work for this brand."))
    rows = [{"interaction_id": interaction.id, "user_id": id} for id in sorted(wanted)]
    if rows:
        session.execute(insert(InteractionColleague), rows)


def settle_outcome(
    session: Session, interaction: Interaction, outcome: Outcome | None, *, at: dt.datetime
) -> None:
    """Say how an ask ended, or that it is open again; the earned stage is read anew.

    Raises Refused where it was no ask.
    """
    if interaction.kind is not Kind.ASK:
        raise Refused(_l("Only an ask has an outcome."))
    ledger.hold(session, interaction.relationship)
    interaction.outcome = outcome
    proving.settle_one(session, interaction.relationship, at)
