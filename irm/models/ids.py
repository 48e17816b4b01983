"""Ids that are given once: of rows that logs, imports, merges and addresses name by them.

SQLite gives the highest id away again once its row is gone. What an import had brought and
somebody removed by hand would then lead to whom somebody added since.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Session

from irm.models.base import Base
from irm.models.inserts import table_of

#: So many ranges are looked for one by one; of more, each id is.
RANGES = 16

_sequences = table("sqlite_sequence", column("name"), column("seq"))


def are_given_once(table: Table) -> bool:
    """Whether no id of a table is ever given again."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def draw(
    session: Session,
    counts: Mapping[type[Base], int],
    above: Mapping[type[Base], int] | None = None,
) -> dict[type[Base], Sequence[int]]:
    """Draw ids for new rows of several models, so many of each, before they are inserted.

    To have ids returned by the insert, SQLite would want a statement per row. On SQLite those of a
    model are above a number given in `above`, and the caller must have the writer's turn, so that
    nobody else counts on from the same highest id.
    """
    wanted = {model: count for model, count in counts.items() if count}
    drawn: dict[type[Base], Sequence[int]] = dict.fromkeys(counts, ())
    if not wanted:
        return drawn
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        last = connection.execute(_given(tuple(wanted))).one()
        for (model, count), highest in zip(wanted.items(), last, strict=True):
            start = max(highest or 0, above.get(model, 0) if above else 0) + 1
            drawn[model] = range(start, start + count)
        return drawn
    sizes = {f"n{at}": count for at, count in enumerate(wanted.values())}
    numbers = connection.execute(_numbers(tuple(wanted)), sizes).one()
    return drawn | dict(zip(wanted, numbers, strict=True))


def within(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a column holds one of some ids.

    What was drawn together is one range: hundreds of ids, each a parameter, cost more to hand over
    than to look for.
    """
    found = ranges(ids)
    if not 0 < len(found) <= RANGES:
        condition: ColumnElement[bool] = column.in_(ids)
        return condition
    return or_(*(column.between(first, last) for first, last in found))


def ranges(ids: Collection[int]) -> list[tuple[int, int]]:
    """The ranges that some ids make: first and last of each, in their order."""
    found: list[tuple[int, int]] = []
    for id in sorted(set(ids)):
        if found and id == found[-1][1] + 1:
            found[-1] = (found[-1][0], id)
        else:
            found.append((id, id))
    return found


def count_on_from(session: Session, model: type[Base], id: int) -> None:
    """Let ids that are drawn later come after one that was chosen."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return  # Where the highest that was there always counts.
    sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
    behind = func.pg_sequence_last_value(cast(sequence, REGCLASS))
    connection.execute(select(func.setval(sequence, id)).where(func.coalesce(behind, 0) < id))


@lru_cache(maxsize=64)
def _given(models: tuple[type[Base], ...]) -> Select[Any]:
    """Select the highest id that was ever given, of each model."""
    assert all(are_given_once(table_of(model)) for model in models)
    return select(
        *(
            select(_sequences.c.seq)
            .where(_sequences.c.name == model.__tablename__)
            .scalar_subquery()
            for model in models
        )
    )


@lru_cache(maxsize=64)
def _numbers(models: tuple[type[Base], ...]) -> Select[Any]:
    return select(
        *(
            select(
                func.array_agg(func.nextval(func.pg_get_serial_sequence(model.__tablename__, "id")))
            )
            .select_from(func.generate_series(1, bindparam(f"n{at}")))
            .scalar_subquery()
            for at, model in enumerate(models)
        )
    )
