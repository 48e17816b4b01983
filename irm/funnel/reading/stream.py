"""A brand's moves one after another, as small as they can be: read by the million."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    cast,
    extract,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from irm.funnel.reading.whom import Whom
from irm.models import Relationship, Stage, StageMove
from irm.models.base import Rows

#: Rows held in memory at once.
CHUNK = 10_000

#: A stage as a number that fits a byte; 0 is "not there".
PLACES: dict[str | None, int] = {None: 0} | {
    stage.value: place for place, stage in enumerate(Stage, 1)
}
STAGES: tuple[Stage | None, ...] = (None, *Stage)


def moves(
    session: Session, whom: Whom, since: dt.datetime, until: dt.datetime | None = None
) -> Iterator[tuple[int, int, str | None, str]]:
    """Id, relationship, from and to of each, in their order; stages are plain words.

    Joined histories are left out: see whom.py.
    """
    return _bare(session, _moves(whom, since, until))


def timed(
    session: Session, whom: Whom, since: dt.datetime, until: dt.datetime
) -> Iterator[tuple[int, int, str | None, str, int]]:
    """The same with the second of each, counted from 1970."""
    return _bare(session, _moves(whom, since, until).add_columns(second(session, StageMove.at)))


def _bare(session: Session, statement: Rows) -> Iterator[Any]:
    """Plain rows, some at a time, not made by the session: that takes several times as long."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # Its driver reads a row when it is asked for it, and gives just what is read here.
        found = connection.execute(statement)
        pages = iter(lambda: found.cursor.fetchmany(CHUNK), [])
    else:
        found = connection.execute(statement, execution_options={"yield_per": CHUNK})
        pages = found.partitions()
    try:
        for rows in pages:
            yield from rows
    finally:
        found.close()


def second(session: Session, at: Any) -> ColumnElement[int]:
    """A moment as whole seconds since 1970."""
    if session.get_bind().dialect.name == "sqlite":
        return func.unixepoch(at, type_=Integer)
    return cast(func.floor(extract("epoch", at)), BigInteger)


def _moves(whom: Whom, since: dt.datetime, until: dt.datetime | None) -> Rows:
    found = (
        select(
            StageMove.id,
            StageMove.relationship_id,
            type_coerce(StageMove.from_stage, String),
            type_coerce(StageMove.to_stage, String),
        )
        .where(*whom.moves(), StageMove.at >= since)
        .order_by(StageMove.at, StageMove.id)
    )
    return found if until is None else found.where(StageMove.at < until)


def births(session: Session, whom: Whom, since: dt.datetime, until: dt.datetime) -> Iterator[Any]:
    """Rows of relationship and moment of those who began within a time, in their order."""
    statement = (
        select(StageMove.relationship_id, StageMove.at)
        .where(
            *whom.moves(),
            StageMove.from_stage.is_(None),
            StageMove.at >= since,
            StageMove.at < until,
        )
        .order_by(StageMove.at, StageMove.id)
    )
    return iter(session.execute(statement, execution_options={"yield_per": CHUNK}))


def shelf(session: Session) -> bytearray:
    """A byte for each relationship there is, under its id: a million of them weigh a megabyte."""
    highest = session.scalar(select(func.max(Relationship.id))) or 0
    return bytearray(highest + 1)


def first_day(session: Session, brand_id: int) -> dt.datetime | None:
    """The moment of a brand's first move; None where there is none."""
    return session.scalar(select(func.min(StageMove.at)).where(StageMove.brand_id == brand_id))


def is_long(session: Session, brand_id: int, since: dt.datetime, most: int) -> bool:
    """Whether more moves than this were made since a moment; no more than these are counted."""
    some = (
        select(literal(1).label("one"))
        .where(StageMove.brand_id == brand_id, StageMove.at >= since)
        .limit(most + 1)
        .subquery("some")
    )
    return (session.scalar(select(func.count()).select_from(some)) or 0) > most
