"""Rows in and out of the database by the hundred, without entities."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_of
from sqlalchemy.orm import Session

from irm.models import Base, Influencer


def table_of(model: type[Base]) -> Table:
    """The table of a model: rows go in and out of it by the hundred, without entities."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def add(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> range | list[int]:
    """Insert rows and return their ids in the same order.

    The ids are drawn beforehand: to have them returned, SQLite would want a statement per row.
    """
    if not rows:
        return []
    ids = _next_ids(session, model, len(rows))
    put(session, model, [{"id": id, **row} for id, row in zip(ids, rows, strict=True)])
    return ids


def put(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows whose ids nobody asks for."""
    if rows:
        session.connection().execute(insert_into(table_of(model)), rows)


def _next_ids(session: Session, model: type[Base], count: int) -> range | list[int]:
    """Draw ids for new rows: from the sequence, or on SQLite, within our turn, the next free."""
    column = table_of(model).c.id
    if session.get_bind().dialect.name != "sqlite":
        sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
        drawn = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return list(session.scalars(drawn))
    # Touching no row takes the turn, so that nobody else counts on from the same highest id.
    session.connection().execute(update_of(table_of(model)).where(column < 0).values(id=column))
    first = (session.scalar(select(func.max(column))) or 0) + 1
    return range(first, first + count)


def update(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Update rows by `of_id`, those with the same columns together."""
    table = table_of(model)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[tuple(row)].append(row)
    for names, some in alike.items():
        values: dict[str, Any] = {name: bindparam(name) for name in names if name != "of_id"}
        if model is Influencer:  # Whoever has the person's form open is told.
            values["row_version"] = table.c.row_version + 1
        statement = update_of(table).where(table.c.id == bindparam("of_id")).values(values)
        session.connection().execute(statement, some)
