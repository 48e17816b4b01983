"""Everything that happened with one person at one brand, the newest first."""

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    bindparam,
    cast,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from irm.errors import Refused
from irm.i18n import _l
from irm.models import Interaction, StageMove, State, Touchpoint, User, Visibility
from irm.models.base import Rows, UTCDateTime

PAGE = 50

KINDS = ("interaction", "move", "touchpoint")

_of, _reader = bindparam("of", type_=Integer()), bindparam("reader", type_=Integer())


def page(
    session: Session,
    relationship_id: int,
    *,
    user_id: int,
    reads_private: bool,
    kind: str | None = None,
    before: str | None = None,
) -> list[Any]:
    """A relationship's interactions, moves and closed touchpoints, newest first.

    PAGE of them, and one more where there are more; `before` is the token of the entry above.

    Rows: `what id at by text code detail extra private`, where `code` and `detail` are stored
    codes (kind and direction of an interaction, the stages of a move, the state of a touchpoint).
    `kind` keeps one of KINDS.
    """
    values: dict[str, Any] = {"of": relationship_id, "reader": user_id}
    if before:
        values |= _key_of(before)
    statement = _statement(reads_private, kind if kind in KINDS else None, bool(before))
    return list(session.execute(statement, values))


@lru_cache(16)
def _statement(reads_private: bool, kind: str | None, goes_on: bool) -> Rows:
    """The statement, kept: to put it together takes longer than to ask it."""
    parts = {
        "interaction": _interactions(reads_private),
        "move": _moves(),
        "touchpoint": _touchpoints(),
    }
    chosen = [parts[kind]] if kind is not None else list(parts.values())
    every = union_all(*chosen).subquery("entries")
    author = aliased(User, name="author")
    statement = (
        select(*every.c, author.name.label("by"))
        .join(author, author.id == every.c.by_id, isouter=True)
        .order_by(every.c.at.desc(), every.c.what.desc(), every.c.id.desc())
        .limit(PAGE + 1)
    )
    if not goes_on:
        return statement
    above = (
        bindparam("above_at", type_=UTCDateTime()),
        bindparam("above_what", type_=String()),
        bindparam("above_id", type_=Integer()),
    )
    return statement.where(tuple_(every.c.at, every.c.what, every.c.id) < tuple_(*above))


def _key_of(token: str) -> dict[str, Any]:
    """What a token names (`at~what~id`).

    Raises Refused where it was typed by hand.
    """
    try:
        at, what, id = token.split("~")
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
        return {"above_at": moment, "above_what": what, "above_id": int(id)}
    except (ValueError, OverflowError):
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None


def page_token(entry: Any) -> str:
    """What asks for the entries before this one."""
    return f"{entry.at.isoformat()}~{entry.what}~{entry.id}"


def _interactions(reads_private: bool) -> Rows:
    found = select(
        literal("interaction").label("what"),
        Interaction.id,
        Interaction.happened_at.label("at"),
        Interaction.author_id.label("by_id"),
        Interaction.summary.label("text"),
        cast(Interaction.kind, String).label("code"),
        cast(Interaction.direction, String).label("detail"),
        cast(Interaction.channel, String).label("extra"),
        (Interaction.visibility == Visibility.PRIVATE).label("private"),
    ).where(Interaction.relationship_id == _of)
    if reads_private:
        return found
    return found.where(
        or_(Interaction.visibility == Visibility.TEAM, Interaction.author_id == _reader)
    )


def _moves() -> Rows:
    return select(
        literal("move"),
        StageMove.id,
        StageMove.at,
        StageMove.user_id,
        StageMove.reason,
        cast(StageMove.to_stage, String),
        cast(StageMove.from_stage, String),
        literal(None, String),
        literal(False),
    ).where(StageMove.relationship_id == _of)


def _touchpoints() -> Rows:
    return select(
        literal("touchpoint"),
        Touchpoint.id,
        Touchpoint.closed_at,
        Touchpoint.closed_by_id,
        Touchpoint.purpose,
        cast(Touchpoint.state, String),
        cast(Touchpoint.planned_by, String),
        cast(Touchpoint.due_on, String),
        literal(False),
    ).where(
        Touchpoint.relationship_id == _of,
        Touchpoint.state != State.OPEN,
        Touchpoint.closed_at.is_not(None),
        # What the cadence planned and a colleague's plan replaced never was anybody's intention.
        or_(Touchpoint.state == State.DONE, Touchpoint.closed_by_id.is_not(None)),
    )
