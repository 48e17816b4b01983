"""Telling SQLite the way through a statement, where its rules of thumb choose another."""

from typing import Any

from sqlalchemy import ColumnElement, FunctionElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class aside(FunctionElement[Any]):  # noqa: N801  (it is written as a function)
    """A column as it is, but through none of its indexes on SQLite.

    SQLite takes an index by rules of thumb, so it is told the way; PostgreSQL weighs the ways by
    what it knows of the values, and is left alone.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.type = column.type
        super().__init__(column)


@compiles(aside)
def _plain(element: aside, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses.clauses[0], **options)


@compiles(aside, "sqlite")
def _unindexed(element: aside, compiler: SQLCompiler, **options: Any) -> str:
    return "+" + _plain(element, compiler, **options)
