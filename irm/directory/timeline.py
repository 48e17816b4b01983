"""Everything that happened with one person at one brand, the newest first."""

import datetime as dt
from typing import Any

from sqlalchemy import String, cast, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from irm.errors import Refused
from irm.i18n import _l
from irm.models import Interaction, StageMove, State, Touchpoint, User, Visibility
from irm.models.base import Rows

PAGE = 50

KINDS = ("interaction", "move", "touchpoint")


def entries(
    relationship_id: int, *, user_id: int, reads_private: bool, kind: str | None = None
) -> Rows:
    """Select a relationship's interactions, moves and closed touchpoints, newest first.

    Rows: `what id at by text code detail extra private`, where `code` and `detail` are stored
    codes (kind and direction of an interaction, the stages of a move, the state of a touchpoint).
    `kind` keeps one of KINDS.
    """
    parts = {
        "interaction": _interactions(relationship_id, user_id, reads_private),
        "move": _moves(relationship_id),
        "touchpoint": _touchpoints(relationship_id),
    }
    chosen = [parts[kind]] if kind in parts else list(parts.values())
    every = union_all(*chosen).subquery("entries")
    author = aliased(User, name="author")
    return (
        select(*every.c, author.name.label("by"))
        .join(author, author.id == every.c.by_id, isouter=True)
        .order_by(every.c.at.desc(), every.c.what.desc(), every.c.id.desc())
    )


def before(statement: Rows, token: str) -> Rows:
    """Narrow a timeline to what lies before the entry a token names (`at~what~id`).

    Raises Refused where the token was typed by hand.
    """
    try:
        at, what, id = token.split("~")
        key = (dt.datetime.fromisoformat(at).astimezone(dt.UTC), what, int(id[:10]))
    except (ValueError, OverflowError):
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None
    columns = statement.selected_columns
    return statement.where(tuple_(columns.at, columns.what, columns.id) < tuple_(*key))


def page_token(entry: Any) -> str:
    """What asks for the entries before this one."""
    return f"{entry.at.isoformat()}~{entry.what}~{entry.id}"


def _interactions(relationship_id: int, user_id: int, reads_private: bool) -> Rows:
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
    ).where(Interaction.relationship_id == relationship_id)
    if reads_private:
        return found
    return found.where(
        or_(Interaction.visibility == Visibility.TEAM, Interaction.author_id == user_id)
    )


def _moves(relationship_id: int) -> Rows:
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
    ).where(StageMove.relationship_id == relationship_id)


def _touchpoints(relationship_id: int) -> Rows:
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
        Touchpoint.relationship_id == relationship_id,
        Touchpoint.state != State.OPEN,
        Touchpoint.closed_at.is_not(None),
        # What the cadence planned and a colleague's plan replaced never was anybody's intention.
        or_(Touchpoint.state == State.DONE, Touchpoint.closed_by_id.is_not(None)),
    )
