"""Rows into the database by the hundred, without entities.

An insert through SQLAlchemy spends three times as long on preparing a row as the database on
storing it. Here its statement and its types are worked out once for each shape of rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import JSON, Dialect, Float, Table, bindparam, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from irm.models.base import Base

_Column = Sequence[Any]


class _Shape(NamedTuple):
    """The statement for rows of one shape, and what turns a value into the driver's."""

    sql: str
    #: Its columns in their order.
    order: Sequence[str]
    #: Whether the driver wants the values by place; else by name.
    is_by_place: bool
    defaults: Mapping[str, Any]
    processors: Mapping[str, Callable[[Iterable[Any]], _Column]]


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def put(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], **shared: Any
) -> None:
    """Insert rows, all with the same columns; `shared` are those with one value for all."""
    if not rows:
        return
    connection, table = session.connection(), table_of(model)
    # By column, not by row: most columns then take one call for all rows.
    said = {name: list(map(itemgetter(name), rows)) for name in rows[0]}
    said = {name: values for name, values in said.items() if not _is_void(table, name, values)}
    shared = {name: one for name, one in shared.items() if not _is_void(table, name, [one])}
    shape = _shape(table, tuple(said), tuple(shared), connection.dialect)
    constant = {**shape.defaults, **shared}
    columns: list[Iterable[Any]] = []
    for name in shape.order:
        process = shape.processors.get(name, list)
        if name in constant:
            columns.append(repeat(process((constant[name],))[0], len(rows)))
        else:
            columns.append(process(said[name]))
    ready: list[Any] = list(zip(*columns, strict=True))
    if not shape.is_by_place:
        ready = [dict(zip(shape.order, values, strict=True)) for values in ready]
    connection.exec_driver_sql(shape.sql, ready)


def _is_void(table: Table, name: str, values: _Column) -> bool:
    """Say whether a column can be left out, being null in every row.

    The driver for SQLite spends more on handing over a null than on all that is something.
    """
    return values[0] is None and table.c[name].default is None and values.count(None) == len(values)


@lru_cache(maxsize=256)
def _shape(
    table: Table, names: tuple[str, ...], shared: tuple[str, ...], dialect: Dialect
) -> _Shape:
    defaults = {
        column.name: _default(column.default)
        for column in table.c
        if column.default is not None and column.name not in (*names, *shared)
    }
    columns = [table.c[name] for name in (*names, *defaults, *shared)]
    statement = insert(table).values({column: bindparam(column.name) for column in columns})
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    processors = {
        column.name: _few(process) if _is_of_few(column.type) else _each(process)
        for column in columns
        if (process := column.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    order = compiled.positiontup
    by_name = [column.name for column in columns]
    return _Shape(str(compiled), order or by_name, order is not None, defaults, processors)


def _default(default: Any) -> Any:
    """What a column gets that a row does not name: the same for all rows, such as an empty list."""
    if isinstance(default, ScalarElementColumnDefault):
        return default.arg
    assert isinstance(default, CallableColumnDefault)
    made: Callable[[Any], Any] = default.arg
    return made(None)


def _is_of_few(kind: Any) -> bool:
    """Say whether the values of a column are often the same: words, days, moments."""
    return not isinstance(kind, JSON | Float)


def _few(process: Callable[[Any], Any]) -> Callable[[Iterable[Any]], _Column]:
    def column(values: Iterable[Any]) -> _Column:
        found = list(values)
        done = {one: process(one) for one in set(found) if one is not None}
        return list(map(done.get, found))

    return column


def _once(values: Iterable[Any]) -> Iterable[Any]:
    return {id(one): one for one in values if one is not None}.values()


def _each(process: Callable[[Any], Any]) -> Callable[[Iterable[Any]], _Column]:
    def column(values: Iterable[Any]) -> _Column:
        found = list(values)
        # Rows may share an object, such as the same reason: it is turned once.
        done = {id(one): process(one) for one in _once(found)}
        return [done.get(id(one)) for one in found]

    return column
