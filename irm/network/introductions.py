"""Introductions: somebody we serve well is asked for the way to somebody we have not reached."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from irm.audit import Action, record
from irm.directory import merged, ties
from irm.errors import Refused
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import (
    Ask,
    Influencer,
    Interaction,
    Introduction,
    IntroductionState,
    Relationship,
    State,
    Tie,
    TieKind,
    TieOrigin,
    Touchpoint,
    User,
    Visibility,
)
from irm.network import nearby, paths, progress

MOST_PEOPLE = 4
"""On a way of three steps."""

SHOWN = 200
"""So many introductions are listed, the newest."""

#: From here on they may have brought us together.
MAY_BE_MADE = (IntroductionState.ASKED, IntroductionState.AGREED, IntroductionState.UNANSWERED)

_connector = aliased(Influencer, name="connector")
_person = aliased(Influencer, name="person")


@dataclass(frozen=True, slots=True)
class Asked:
    """An introduction as the list shows it."""

    id: int
    row_version: int
    state: IntroductionState
    #: Names of the people on the way, from the connector to the person; of whom the brand may see
    #: no more, an empty one.
    people: tuple[str, ...]
    connector_id: int
    person_id: int
    #: Whether the person has a relationship with the brand, and so a page.
    is_ours: bool
    #: The day it is to be asked; null once it was.
    due_on: dt.date | None
    #: When it was asked; null: not yet, or never.
    asked_at: dt.datetime | None
    author: str


def way(session: Session, relationship: Relationship, said: str) -> tuple[int, ...]:
    """The ids on a way that a form sends as "12,34,56", from a relationship to whom it leads.

    Raises Refused where it does not begin with this person, names somebody twice or whom the brand
    does not see, is too long, or leads to somebody who is reached.
    """
    parts = said.split(",")
    ids = tuple(int(part) for part in parts if part.isdecimal() and len(part) < 10)
    brand_id = relationship.brand_id
    if (
        len(ids) != len(parts)
        or not 2 <= len(set(ids)) == len(ids) <= MOST_PEOPLE
        or ids[0] != relationship.influencer_id
        or not _sees_all(session, brand_id, ids)
    ):
        raise Refused(_l("This is no way to anybody any more. Look for one again."))
    paths.refuse_reached(session, brand_id, ids[-1])
    return ids


def names(session: Session, ids: Sequence[int]) -> tuple[str, ...]:
    """The names of people, in their order."""
    found = select(Influencer.id, Influencer.name).where(Influencer.id.in_(ids))
    known = {row.id: row.name for row in session.execute(found)}
    return tuple(known.get(id, "") for id in ids)


def plan(
    session: Session, ask: Ask, relationship: Relationship, people: Sequence[int]
) -> Introduction:
    """Keep that an ask is for an introduction, by this way; `people` is what `way` returned.

    Raises Refused where they are to be asked for the same already, or agreed to it.
    """
    for one in _rows(session, relationship.brand_id, ask.author_id, to=people[-1]):
        if one.connector_id == relationship.influencer_id and one.state in (
            IntroductionState.PLANNED,
            IntroductionState.AGREED,
        ):
            raise Refused(_l("This introduction is under way already."))
    made = Introduction(
        brand_id=relationship.brand_id,
        connector_id=relationship.id,
        influencer_id=people[-1],
        touchpoint_id=ask.touchpoint_id,
        path=list(people),
        author_id=ask.author_id,
        created_at=ask.created_at,
    )
    session.add(made)
    session.flush()
    return made


def listed(
    session: Session,
    brand_id: int,
    reader_id: int,
    *,
    to: int | None = None,
) -> list[Asked]:
    """Read a brand's introductions, the newest first; `to` narrows them down to one person.

    How a private exchange of a colleague ended is not told.
    """
    return _rows(session, brand_id, reader_id, to=to)


def make(
    session: Session,
    introduction: Introduction,
    *,
    user: User,
    at: dt.datetime,
) -> None:
    """Note that they brought us together; a tie says so from then on.

    Raises Refused where it was not asked yet, or declined as far as the user may know, or is noted
    already.
    """
    _hold(session, introduction)
    if _state(session, introduction, user.id) not in MAY_BE_MADE:
        raise Refused(_l("Log first that they were asked, and what they said."))
    connector = session.get_one(Relationship, introduction.connector_id)
    introduction.made_at = at
    is_other = connector.influencer_id != introduction.influencer_id
    # What a colleague noted of the two before keeps its words.
    if is_other and session.scalar(_tie(connector, introduction)) is None:
        ties.note(
            session,
            connector.influencer_id,
            introduction.influencer_id,
            TieKind.INTRODUCED,
            introduction.brand_id,
            user=user,
            at=at,
        )
    _record(session, introduction, "made", user, at)


def unmake(session: Session, introduction: Introduction, *, user: User, at: dt.datetime) -> None:
    """Take back that they brought us together, and the tie that was noted with it.

    The tie stays where another introduction of the two is noted as made, or a colleague wrote
    something beside it. Raises Refused where nobody noted this one.
    """
    _hold(session, introduction)
    if introduction.made_at is None:
        raise Refused(_l("Nobody noted that they introduced you."))
    connector = session.get_one(Relationship, introduction.connector_id)
    others = select(Introduction.id).where(
        Introduction.connector_id == introduction.connector_id,
        Introduction.influencer_id == introduction.influencer_id,
        Introduction.made_at.is_not(None),
        Introduction.id != introduction.id,
    )
    # One that stood there before was not noted with it.
    noted = _tie(connector, introduction).where(
        Tie.created_at == introduction.made_at, Tie.note == "", ~others.exists()
    )
    tie_id = session.scalar(noted)
    if tie_id is not None:
        whose = introduction.brand_id, connector.influencer_id
        ties.drop(session, tie_id, *whose, user=user, at=at)
    introduction.made_at = None
    _record(session, introduction, "unmade", user, at)


def _tie(connector: Relationship, introduction: Introduction) -> Select[int]:
    """Select the tie by which a colleague says that they introduced us."""
    return select(Tie.id).where(
        Tie.from_id == connector.influencer_id,
        Tie.to_id == introduction.influencer_id,
        Tie.kind == TieKind.INTRODUCED,
        Tie.origin == TieOrigin.HAND,
        Tie.brand_id == introduction.brand_id,
    )


def _hold(session: Session, introduction: Introduction) -> None:
    ledger.hold(session, session.get_one(Relationship, introduction.connector_id))
    session.refresh(introduction)


def _state(session: Session, introduction: Introduction, reader_id: int) -> IntroductionState:
    found = session.execute(
        select(Touchpoint.state, Interaction.outcome)
        .outerjoin(Interaction, _kept(reader_id))
        .where(Touchpoint.id == introduction.touchpoint_id)
    ).one_or_none()
    return progress.state(introduction.made_at, *(found or (None, None)))


def _kept(reader_id: int | None) -> ColumnElement[bool]:
    """The condition on the exchange that kept a touchpoint, if the reader may read it."""
    kept = Interaction.touchpoint_id == Touchpoint.id
    is_hers = Interaction.author_id == reader_id
    return and_(kept, or_(Interaction.visibility == Visibility.TEAM, is_hers))


def _record(
    session: Session, introduction: Introduction, change: str, user: User, at: dt.datetime
) -> None:
    record(
        session,
        user,
        Action.INTRODUCTION_CHANGED,
        at,
        brand_id=introduction.brand_id,
        introduction_id=introduction.id,
        influencer_id=introduction.influencer_id,
        change=change,
    )


def _sees_all(session: Session, brand_id: int, ids: Sequence[int]) -> bool:
    seen = select(Influencer.id).where(Influencer.id.in_(ids), nearby.is_seen(brand_id))
    return len(session.scalars(seen).all()) == len(ids)


def _rows(
    session: Session,
    brand_id: int,
    reader_id: int | None = None,
    *,
    to: int | None = None,
) -> list[Asked]:
    begun = select(Relationship.id).where(
        Relationship.influencer_id == _person.id, Relationship.brand_id == brand_id
    )
    found = (
        select(
            Introduction,
            Touchpoint.state,
            Touchpoint.due_on,
            Touchpoint.closed_at,
            Interaction.outcome,
            Interaction.happened_at,
            _connector.id.label("connector_id"),
            _connector.name.label("connector"),
            _person.id.label("person_id"),
            begun.correlate(_person).exists().label("is_ours"),
            User.name.label("author"),
        )
        .join(Relationship, Relationship.id == Introduction.connector_id)
        .join(_connector, _connector.id == Relationship.influencer_id)
        .join(_person, _person.id == Introduction.influencer_id)
        .outerjoin(Touchpoint, Touchpoint.id == Introduction.touchpoint_id)
        .outerjoin(Interaction, _kept(reader_id))
        .outerjoin(User, User.id == Introduction.author_id)
        .where(Introduction.brand_id == brand_id)
        .order_by(Introduction.created_at.desc(), Introduction.id.desc())
        .limit(SHOWN)
    )
    if to is not None:
        found = found.where(Introduction.influencer_id == to)
    rows = session.execute(found).all()
    known = _seen(session, brand_id, rows)
    return [
        Asked(
            row.Introduction.id,
            row.Introduction.row_version,
            progress.state(row.Introduction.made_at, row.state, row.outcome),
            (row.connector, *(known.get(id, "") for id in row.Introduction.path[1:])),
            row.connector_id,
            row.person_id,
            row.is_ours,
            row.due_on if row.state is State.OPEN else None,
            (row.happened_at or row.closed_at) if row.state is State.DONE else None,
            row.author or "",
        )
        for row in rows
    ]


def _seen(session: Session, brand_id: int, rows: Sequence[Any]) -> dict[int, str]:
    """The names of those on some ways, as they are today, of whom the brand may still see."""
    now = merged.roots(session, {id for row in rows for id in row.Introduction.path})
    found = select(Influencer.id, Influencer.name).where(
        Influencer.id.in_(sorted(set(now.values()))), nearby.is_seen(brand_id)
    )
    name = {row.id: row.name for row in session.execute(found)}
    return {id: name[root] for id, root in now.items() if root in name}
