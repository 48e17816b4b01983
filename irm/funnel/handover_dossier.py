"""What to know of everybody who passed on: a screenful each, for whoever has them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from irm.directory.search import Reader
from irm.funnel import known_by
from irm.funnel.facts import reminding
from irm.funnel.owed import is_readable
from irm.models import (
    Fact,
    Handover,
    HandoverItem,
    Influencer,
    Interaction,
    Promise,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    State,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.base import Rows

#: People on one page of paper or two.
PAGE = 20

#: So many exchanges are enough to remember how it stands, and so many of anything else.
EXCHANGES, OTHERS = 3, 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One person who passed on."""

    #: `item_id relationship_id influencer_id name archetype city country preferred_channel stage
    #: gives_since_ask last_contact_at to`.
    person: Any
    #: The newest first: `happened_at kind direction channel summary by`.
    exchanges: Sequence[Any]
    #: Open ones: `promiser what due_on`, and `text answer_by`.
    promises: Sequence[Any]
    questions: Sequence[Any]
    #: What holds: `kind text source known_on`.
    facts: Sequence[Any]
    #: What is planned: `due_on kind purpose why`.
    planned: Sequence[Any]
    #: Known to nobody else than who handed them over.
    is_alone: bool


def page(session: Session, made: Handover, reader: Reader, after: int) -> list[Entry]:
    """The people of a handover below an item, one more than fit where there are more.

    A constant number of statements; of notes what the reader may read.
    """
    people = session.execute(_people(made, after)).all()
    ids = [one.relationship_id for one in people]
    exchanges = _by_relationship(session, _exchanges(ids, reader))
    promises = _by_relationship(session, _promises(ids, reader))
    questions = _by_relationship(session, _questions(ids, reader))
    facts = _by_relationship(session, _facts(ids, reader))
    planned = _by_relationship(session, _planned(ids))
    alone: set[int] = set()
    if made.from_id is not None:
        sole = known_by.only_by(made.from_id)
        alone = set(session.scalars(select(Relationship.id).where(Relationship.id.in_(ids), sole)))
    return [
        Entry(
            one,
            exchanges.get(one.relationship_id, ()),
            promises.get(one.relationship_id, ()),
            questions.get(one.relationship_id, ()),
            facts.get(one.relationship_id, ()),
            planned.get(one.relationship_id, ()),
            one.relationship_id in alone,
        )
        for one in people
    ]


def _people(made: Handover, after: int) -> Rows:
    return (
        select(
            HandoverItem.id.label("item_id"),
            HandoverItem.relationship_id,
            Relationship.influencer_id,
            Influencer.name,
            Influencer.archetype,
            Influencer.city,
            Influencer.country,
            Influencer.preferred_channel,
            Relationship.stage,
            Relationship.gives_since_ask,
            Relationship.last_contact_at,
            User.name.label("to"),
        )
        .join(Relationship, Relationship.id == HandoverItem.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(User, User.id == HandoverItem.to_id, isouter=True)
        .where(HandoverItem.handover_id == made.id, HandoverItem.id > after)
        .order_by(HandoverItem.id)
        .limit(PAGE + 1)
    )


def _exchanges(ids: Sequence[int], reader: Reader) -> Rows:
    is_team = Interaction.visibility == Visibility.TEAM
    readable: ColumnElement[bool] = or_(is_team, Interaction.author_id == reader.user_id)
    if reader.reads_private:
        readable = Interaction.visibility.in_(tuple(Visibility))
    return _first(
        EXCHANGES,
        Interaction,
        (Interaction.happened_at.desc(), Interaction.id.desc()),
        Interaction.relationship_id.in_(ids) & readable,
        Interaction.happened_at,
        Interaction.kind,
        Interaction.direction,
        Interaction.channel,
        Interaction.summary,
        select(User.name).where(User.id == Interaction.author_id).scalar_subquery().label("by"),
    )


def _promises(ids: Sequence[int], reader: Reader) -> Rows:
    return _first(
        OTHERS,
        Promise,
        (Promise.due_on, Promise.id),
        Promise.relationship_id.in_(ids)
        & (Promise.state == PromiseState.OPEN)
        & is_readable(Promise, reader.user_id, reader.reads_private),
        Promise.promiser,
        Promise.what,
        Promise.due_on,
    )


def _questions(ids: Sequence[int], reader: Reader) -> Rows:
    return _first(
        OTHERS,
        Question,
        (Question.answer_by, Question.id),
        Question.relationship_id.in_(ids)
        & (Question.state == QuestionState.OPEN)
        & is_readable(Question, reader.user_id, reader.reads_private),
        Question.text,
        Question.answer_by,
    )


def _facts(ids: Sequence[int], reader: Reader) -> Rows:
    return _first(
        OTHERS,
        Fact,
        (Fact.known_on.desc(), Fact.id.desc()),
        Fact.relationship_id.in_(ids) & Fact.ended_at.is_(None) & reminding.may_read(reader),
        Fact.kind,
        Fact.text,
        Fact.source,
        Fact.known_on,
        Fact.on_month,
        Fact.on_day,
        Fact.on_year,
        Fact.is_yearly,
    )


def _planned(ids: Sequence[int]) -> Rows:
    return _first(
        OTHERS,
        Touchpoint,
        (Touchpoint.due_on, Touchpoint.id),
        Touchpoint.relationship_id.in_(ids) & (Touchpoint.state == State.OPEN),
        Touchpoint.due_on,
        Touchpoint.kind,
        Touchpoint.purpose,
        Touchpoint.why,
    )


def _first(
    number: int, model: Any, order: Any, condition: ColumnElement[bool], *columns: Any
) -> Rows:
    """Select the first few of each relationship."""
    place = func.row_number().over(partition_by=model.relationship_id, order_by=order)
    ranked = (
        select(model.relationship_id, *columns, place.label("place")).where(condition).subquery()
    )
    return (
        select(ranked)
        .where(ranked.c.place <= number)
        .order_by(ranked.c.relationship_id, ranked.c.place)
    )


def _by_relationship(session: Session, statement: Rows) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = {}
    for row in session.execute(statement):
        found.setdefault(row.relationship_id, []).append(row)
    return found
