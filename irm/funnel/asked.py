"""What a brand asked: without giving first, and by whom how often."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from irm.directory.search import Reader
from irm.models import (
    Ask,
    Direction,
    Influencer,
    Interaction,
    Kind,
    Outcome,
    Relationship,
    User,
    Visibility,
)
from irm.models.aside import aside
from irm.models.base import Rows

#: Rows of each list that are shown; the file has more.
SHOWN = 100

#: Rows of a file.
MOST = 10_000

#: Written out, with no value to bind: the index of these rows alone serves a query that says it.
_NOT_TALK = text("interactions.kind <> 'talk'")

#: Gone to from what was asked; SQLite would else begin with everybody of the brand.
_brand = aside(Relationship.brand_id.expression)
_of_ask = aside(Ask.relationship_id.expression)
_person = aside(Relationship.influencer_id.expression)

_author = aliased(User, name="author")


@dataclass(slots=True)
class Tally:
    """What one colleague gave and asked."""

    name: str
    gives: int = 0
    asks: int = 0
    accepted: int = 0
    declined: int = 0
    no_answer: int = 0
    #: Asks planned against the gate with a reason, and asks that went out without one.
    overrides: int = 0
    breaches: int = 0


def overrides(
    session: Session, reader: Reader, since: dt.datetime, user_id: int | None, limit: int = SHOWN
) -> Sequence[Any]:
    """Asks planned although the gate was shut, the newest first, with their reasons."""
    found = (
        select(
            Ask.id,
            Ask.created_at.label("at"),
            Ask.wish,
            Ask.override_reason.label("reason"),
            Ask.gives,
            Ask.gives_needed,
            _author.name.label("colleague"),
            Influencer.id.label("influencer_id"),
            Influencer.name,
        )
        .join(Relationship, Relationship.id == _of_ask)
        .join(Influencer, Influencer.id == _person)
        .outerjoin(_author, _author.id == Ask.author_id)
        .where(
            _brand == reader.brand_id,
            Ask.override_reason.is_not(None),
            Ask.created_at >= since,
        )
        .order_by(Ask.created_at.desc(), Ask.id.desc())
        .limit(limit)
    )
    if user_id is not None:
        found = found.where(Ask.author_id == user_id)
    return session.execute(found).all()


def overriding(brand_id: int, since: dt.datetime) -> Rows:
    """Select how many asks were planned although the gate was shut, whoever planned them."""
    return (
        select(func.count())
        .select_from(Ask)
        .join(Relationship, Relationship.id == _of_ask)
        .where(_brand == brand_id, Ask.override_reason.is_not(None), Ask.created_at >= since)
    )


def breaches(
    session: Session, reader: Reader, since: dt.datetime, user_id: int | None, limit: int = SHOWN
) -> Sequence[Any]:
    """Asks that went out while the gate was shut, the newest first; of a private one no word."""
    is_readable: ColumnElement[bool] = or_(
        Interaction.visibility == Visibility.TEAM, Interaction.author_id == reader.user_id
    )
    summary: Any = Interaction.summary
    if not reader.reads_private:
        summary = case((is_readable, Interaction.summary), else_="")
    found = (
        select(
            Interaction.id,
            Interaction.happened_at.label("at"),
            summary.label("summary"),
            Interaction.outcome,
            _author.name.label("colleague"),
            Influencer.id.label("influencer_id"),
            Influencer.name,
        )
        .join(Relationship, Relationship.id == Interaction.relationship_id)
        .join(Influencer, Influencer.id == _person)
        .outerjoin(_author, _author.id == Interaction.author_id)
        .where(*_asked(reader.brand_id, since, user_id), Interaction.is_breach)
        .order_by(Interaction.happened_at.desc(), Interaction.id.desc())
        .limit(limit)
    )
    return session.execute(found).all()


def tallies(
    session: Session, brand_id: int, since: dt.datetime, user_id: int | None
) -> list[Tally]:
    """What each colleague gave and asked since a moment, whoever asked most first."""
    found: dict[int, Tally] = {}
    for row in session.execute(_counted(brand_id, since, user_id)):
        tally = found.setdefault(row.author_id or 0, Tally(""))
        if row.kind is Kind.GIVE:
            tally.gives += row.number
            continue
        tally.asks += row.number
        tally.breaches += row.number if row.is_breach else 0
        if row.outcome is Outcome.ACCEPTED:
            tally.accepted += row.number
        elif row.outcome is Outcome.DECLINED:
            tally.declined += row.number
        elif row.outcome is Outcome.NO_ANSWER:
            tally.no_answer += row.number
    for row in session.execute(_overridden(brand_id, since, user_id)):
        found.setdefault(row.author_id or 0, Tally("")).overrides += row.number
    names = select(User.id, User.name).where(User.id.in_(sorted(found)))
    for id, name in session.execute(names):
        found[id].name = name
    return sorted(found.values(), key=lambda one: (-one.asks, -one.gives, one.name))


def _counted(brand_id: int, since: dt.datetime, user_id: int | None) -> Rows:
    kept = Interaction.author_id, Interaction.kind, Interaction.outcome, Interaction.is_breach
    return (
        select(*kept, func.count().label("number"))
        .join(Relationship, Relationship.id == Interaction.relationship_id)
        .where(*_asked(brand_id, since, user_id), Interaction.direction != Direction.IN)
        .group_by(*kept)
    )


def _overridden(brand_id: int, since: dt.datetime, user_id: int | None) -> Rows:
    found = (
        select(Ask.author_id, func.count().label("number"))
        .join(Relationship, Relationship.id == _of_ask)
        .where(
            _brand == brand_id,
            Ask.override_reason.is_not(None),
            Ask.created_at >= since,
        )
        .group_by(Ask.author_id)
    )
    return found if user_id is None else found.where(Ask.author_id == user_id)


def _asked(brand_id: int, since: dt.datetime, user_id: int | None) -> list[Any]:
    """The conditions of what was given and asked since a moment."""
    conditions: list[Any] = [
        _NOT_TALK,
        Interaction.happened_at >= since,
        _brand == brand_id,
    ]
    if user_id is not None:
        conditions.append(Interaction.author_id == user_id)
    return conditions
