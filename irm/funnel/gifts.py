"""Gifts and items with our logo: a gift answers something they care for, merch answers our wish.

Both are exchanges like others, with a row that says what it was. A gift is a give; an item with our
logo is marketing material and counts as talk, so that nobody earns an ask by it.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory.search import Reader
from irm.errors import Refused
from irm.funnel import interactions, tactics
from irm.funnel.facts import may_read, using
from irm.funnel.interactions import Exchange
from irm.i18n import _l
from irm.models import (
    Channel,
    Direction,
    Fact,
    FactKind,
    FactUse,
    Gift,
    Influencer,
    Kind,
    Relationship,
    User,
    Visibility,
)
from irm.models.base import Rows

#: So long the name of what was given may be.
ITEM_LENGTH = 200

#: What a gift can answer.
ANSWERED = (FactKind.PASSION, FactKind.TASTE, FactKind.TEAM, FactKind.FAMILY)

#: Facts that are offered to choose from.
OFFERED = 50

#: What the exchange of each says of itself.
GIFT, MERCH = "gift", "merch"


@dataclass(frozen=True, slots=True)
class Given:
    """What the form says was given."""

    item: str
    #: The fact it answers; of merch None.
    fact_id: int | None = None
    is_merch: bool = False
    #: What else is to be said of it.
    note: str = ""
    channel: Channel = Channel.PARCEL


class Unanswering(Refused):
    """A gift that answers nothing which is noted of them."""


class Unwise(Refused):
    """Somebody whose independence is what they live on: it takes a second thought."""


def give(
    session: Session,
    relationship: Relationship,
    given: Given,
    *,
    author: User,
    reader: Reader,
    happened_at: dt.datetime,
    at: dt.datetime,
    is_confirmed: bool = False,
    request_key: str | None = None,
) -> Gift:
    """Log a gift that answers a fact, or an item with our logo, which counts as talk.

    The fact it answers is made use of that day. `is_confirmed` says that the author gives it
    although the person is one of those who may take nothing of value.
    Raises Unanswering where it answers nothing, Unwise where that was not said, Refused as a log
    does.
    """
    if not given.item:
        raise Refused(_l("Write what was given."))
    fact = None if given.is_merch else _answered(session, relationship, given, reader)
    if is_independent(relationship.influencer) and not is_confirmed:
        raise Unwise(
            _l(
                "Nothing of value may change hands with %(who)s. If it is allowed all the same,"
                " say so below.",
                who=relationship.influencer.name,
            )
        )
    interaction = interactions.log(
        session,
        relationship,
        Exchange(
            summary=given.note or given.item,
            kind=Kind.TALK if given.is_merch else Kind.GIVE,
            direction=Direction.OUT,
            channel=given.channel,
            visibility=Visibility.TEAM,
            activity=MERCH if given.is_merch else GIFT,
        ),
        author=author,
        happened_at=happened_at,
        at=at,
        request_key=request_key,
    )
    session.flush()
    gift = Gift(
        interaction_id=interaction.id,
        item=given.item,
        fact_id=fact.id if fact else None,
        is_merch=given.is_merch,
    )
    session.add(gift)
    if fact is not None:
        day = happened_at.astimezone(author.zone).date()
        _use(session, fact, FactUse(user_id=author.id, at=at, interaction_id=interaction.id), day)
    session.flush()
    return gift


def answerable(relationship_id: int, reader: Reader) -> Rows:
    """Select what a gift to this person may answer: `id kind text source`, the newest first."""
    return (
        select(Fact.id, Fact.kind, Fact.text, Fact.source)
        .where(
            Fact.relationship_id == relationship_id,
            Fact.kind.in_(ANSWERED),
            Fact.ended_at.is_(None),
            may_read(reader),
        )
        .order_by(Fact.known_on.desc(), Fact.id.desc())
        .limit(OFFERED)
    )


def is_independent(influencer: Influencer) -> bool:
    """Whether somebody lives on taking nothing: of journalists, analysts and politicians."""
    return influencer.archetype in tactics.INDEPENDENT


def _answered(session: Session, relationship: Relationship, given: Given, reader: Reader) -> Fact:
    """The fact that a gift answers. Raises Unanswering where there is none."""
    fact = None
    if given.fact_id is not None:
        fact = session.scalar(
            select(Fact).where(
                Fact.id == given.fact_id,
                Fact.relationship_id == relationship.id,
                Fact.kind.in_(ANSWERED),
                Fact.ended_at.is_(None),
                may_read(reader),
            )
        )
    if fact is None:
        raise Unanswering(
            _l(
                "What does it answer? Choose a passion of theirs, or note one first. With our"
                " logo on it, it is merch."
            )
        )
    return fact


def _use(session: Session, fact: Fact, use: FactUse, day: dt.date) -> None:
    """Mark the fact as made use of; that it was before, on the same day, is no fault here."""
    use.fact_id, use.occasion = fact.id, using.occasion_of(fact, day)
    there = select(FactUse.id).where(FactUse.fact_id == fact.id, FactUse.occasion == use.occasion)
    if session.scalar(there) is None:
        session.add(use)
