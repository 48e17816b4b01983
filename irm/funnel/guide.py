"""What to do with one person now: the tactics of their stage, what was used, and what is next."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Date, and_, bindparam, cast, func, null, or_, select, union_all
from sqlalchemy.orm import Session

from irm.directory.search import Reader
from irm.funnel import gate, tactics
from irm.funnel.tactics import Tactic
from irm.models import (
    Archetype,
    Interaction,
    Kind,
    Relationship,
    State,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.base import UTCDateTime


class Use(NamedTuple):
    """The last time a tactic was used with somebody."""

    at: dt.datetime
    #: Empty where nobody is known to have done it, such as in a list that was imported.
    by: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A tactic, as it stands with one person."""

    tactic: Tactic
    used: Use | None = None
    #: The day for which it is planned.
    planned_on: dt.date | None = None
    #: Whether their face of influence is one it suits best.
    suits: bool = False
    #: Whether it must not be done with such a face of influence.
    never: bool = False
    #: Whether it is the tactic used last, of all.
    is_last: bool = False
    #: Whether it asks for something before enough was given.
    is_early: bool = False


class Guide(NamedTuple):
    """The tactics of somebody's stage, the best one first."""

    advice: list[Advice]
    #: What is proposed: None where each is planned, out of place or was used last.
    next: Tactic | None


#: The newest use of each code, and where it is planned: whatever there is in one statement.
_of_id: Any = bindparam("of_id")
_readable = or_(
    Interaction.visibility == Visibility.TEAM,
    bindparam("reads_private"),
    Interaction.author_id == bindparam("user_id"),
)
_LOGGED = select(
    Interaction.activity.label("code"),
    Interaction.happened_at.label("at"),
    Interaction.author_id.label("by_id"),
    func.row_number()
    .over(
        partition_by=Interaction.activity,
        order_by=(Interaction.happened_at.desc(), Interaction.id.desc()),
    )
    .label("rank"),
).where(Interaction.relationship_id == _of_id, Interaction.activity.is_not(None), _readable)
_KEPT = select(
    Touchpoint.tactic.label("code"),
    Touchpoint.closed_at.label("at"),
    Touchpoint.closed_by_id.label("by_id"),
    func.row_number()
    .over(
        partition_by=Touchpoint.tactic,
        order_by=(Touchpoint.closed_at.desc(), Touchpoint.id.desc()),
    )
    .label("rank"),
).where(
    Touchpoint.relationship_id == _of_id,
    Touchpoint.state == State.DONE,
    Touchpoint.tactic.is_not(None),
)


def _newest(of: Any) -> Any:
    rows = of.subquery()
    return (
        select(rows.c.code, rows.c.at, User.name, cast(null(), Date).label("day"))
        .join(User, User.id == rows.c.by_id, isouter=True)
        .where(rows.c.rank == 1)
    )


_USES = union_all(
    _newest(_LOGGED),
    _newest(_KEPT),
    select(
        Touchpoint.tactic,
        cast(null(), UTCDateTime()),
        cast(null(), User.name.type),
        func.min(Touchpoint.due_on),
    )
    .where(
        and_(
            Touchpoint.relationship_id == _of_id,
            Touchpoint.state == State.OPEN,
            Touchpoint.tactic.is_not(None),
        )
    )
    .group_by(Touchpoint.tactic),
)


def of(session: Session, relationship: Relationship, reader: Reader) -> Guide:
    """The guide for one relationship, at the stage that is claimed; one statement.

    What the reader may not read was not used as far as she knows.
    """
    asked = {
        "of_id": relationship.id,
        "reads_private": reader.reads_private,
        "user_id": reader.user_id,
    }
    used: dict[str, Use] = {}
    planned: dict[str, dt.date] = {}
    for code, at, by, day in session.connection().execute(_USES, asked):
        tactic = tactics.find(code)
        if tactic is None:
            continue
        if day is not None:
            planned[tactic.code] = day
        elif tactic.code not in used or used[tactic.code].at < at:
            used[tactic.code] = Use(at, by or "")
    wanted = gate.needed(relationship.stage, relationship.earned_stage)
    may_ask = wanted is not None and relationship.gives_since_ask >= wanted
    return advise(
        tactics.of(relationship.stage),
        used,
        planned,
        archetype=relationship.influencer.archetype,
        may_ask=may_ask,
    )


def advise(
    of_stage: Sequence[Tactic],
    used: dict[str, Use],
    planned: dict[str, dt.date],
    *,
    archetype: Archetype | None = None,
    may_ask: bool = True,
) -> Guide:
    """Put tactics in order: what was never used first, the one used last at the end.

    Never the same tactic twice running, and nobody is asked before something was given.
    """
    last = max(used, key=lambda code: used[code].at, default=None)
    advice = [
        Advice(
            one,
            used.get(one.code),
            planned.get(one.code),
            suits=archetype is not None and archetype in one.suits,
            never=archetype in one.never,
            is_last=one.code == last,
            is_early=one.kind is Kind.ASK and not may_ask,
        )
        for one in of_stage
    ]
    advice.sort(key=_order)
    return Guide(advice, _next(advice))


def _order(one: Advice) -> tuple[bool, bool, bool, float, bool]:
    at = one.used.at.timestamp() if one.used else 0.0
    return one.never, one.is_last, one.is_early, at, not one.suits


def _next(advice: Iterable[Advice]) -> Tactic | None:
    return next(
        (
            one.tactic
            for one in advice
            if not (one.never or one.is_last or one.is_early or one.planned_on)
        ),
        None,
    )
