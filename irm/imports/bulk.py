"""Rows into the database by the hundred, without entities.

An insert through SQLAlchemy spends three times as long on preparing a row as the database on
storing it. Here its statement and its types are worked out once for each shape of rows.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Table, bindparam, func, insert, select
from sqlalchemy import update as update_of
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from irm.models import Base, Influencer


class _Insert(NamedTuple):
    """The statement for rows of one shape, and what turns a value into the driver's."""

    sql: str
    #: The order of the values where the driver wants them by place, else None.
    order: Sequence[str] | None
    defaults: dict[str, Any]
    processors: Mapping[str, Callable[[Any], Any]]


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def draw(session: Session, count: int, *models: type[Base]) -> Sequence[Sequence[int]]:
    """Draw ids for `count` new rows of each model, before they are inserted.

    To have ids returned by the insert, SQLite would want a statement per row. The caller must
    have the writer's turn there, so that nobody else counts on from the same highest id.
    """
    if session.get_bind().dialect.name == "sqlite":
        highest = [select(func.max(table_of(model).c.id)).scalar_subquery() for model in models]
        last = session.connection().execute(select(*highest)).one()
        return [range((one or 0) + 1, (one or 0) + 1 + count) for one in last]
    drawn = [
        func.nextval(func.pg_get_serial_sequence(model.__tablename__, "id")) for model in models
    ]
    numbers = select(*drawn).select_from(func.generate_series(1, count))
    return list(zip(*session.connection().execute(numbers), strict=True))


def put(session: Session, model: type[Base], rows: Sequence[dict[str, Any]], **shared: Any) -> None:
    """Insert rows, all with the same columns; `shared` are those with one value for all."""
    if not rows:
        return
    connection = session.connection()
    names = tuple(rows[0])
    shape = _shape(table_of(model), names, tuple(shared), connection.dialect)
    constant = {**shape.defaults, **shared}
    for name, value in constant.items():
        if name in shape.processors and value is not None:
            constant[name] = shape.processors[name](value)
    processed = [(name, shape.processors[name]) for name in names if name in shape.processors]
    ready = []
    for row in rows:
        bound = {**row, **constant}
        for name, process in processed:
            if bound[name] is not None:
                bound[name] = process(bound[name])
        ready.append(bound)
    if shape.order is None:
        connection.exec_driver_sql(shape.sql, ready)
    else:
        in_order = itemgetter(*shape.order)
        connection.exec_driver_sql(shape.sql, [in_order(bound) for bound in ready])


@lru_cache(maxsize=64)
def _shape(
    table: Table, names: tuple[str, ...], shared: tuple[str, ...], dialect: Dialect
) -> _Insert:
    defaults = {
        column.name: column.default.arg
        for column in table.c
        if isinstance(column.default, ScalarElementColumnDefault)
        and column.name not in (*names, *shared)
    }
    columns = [table.c[name] for name in (*names, *defaults, *shared)]
    statement = insert(table).values({column: bindparam(column.name) for column in columns})
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    processors = {
        column.name: process
        for column in columns
        if (process := column.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    return _Insert(str(compiled), compiled.positiontup, defaults, processors)


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
