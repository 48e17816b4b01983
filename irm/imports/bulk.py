"""Ids for rows that are inserted by the hundred, and changes of stored ones by the hundred."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, cast, func, select
from sqlalchemy import update as update_of
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Session

from irm.models import Base, Influencer
from irm.models.inserts import table_of

#: What a change by an import adds to `row_version`; people's changes add one. So the remainder
#: tells whether a person has changed a row since an import made it.
BY_IMPORT = 1 << 14


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


def draw_each(
    session: Session, counts: Mapping[type[Base], int], above: Mapping[type[Base], int]
) -> dict[type[Base], Sequence[int]]:
    """Draw ids for new rows of several models, so many of each, before they are inserted.

    On SQLite those of a model are above a number given in `above`; the caller has the turn.
    """
    wanted = {model: count for model, count in counts.items() if count}
    drawn: dict[type[Base], Sequence[int]] = dict.fromkeys(counts, ())
    if not wanted:
        return drawn
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        last = connection.execute(_highest(tuple(wanted))).one()
        for (model, count), highest in zip(wanted.items(), last, strict=True):
            start = max(highest or 0, above.get(model, 0)) + 1
            drawn[model] = range(start, start + count)
        return drawn
    sizes = {f"n{at}": count for at, count in enumerate(wanted.values())}
    numbers = connection.execute(_numbers(tuple(wanted)), sizes).one()
    return drawn | dict(zip(wanted, numbers, strict=True))


@lru_cache(maxsize=64)
def _highest(models: tuple[type[Base], ...]) -> Select[Any]:
    return select(*(select(func.max(table_of(model).c.id)).scalar_subquery() for model in models))


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


def count_on_from(session: Session, model: type[Base], id: int) -> None:
    """Let ids that are drawn later come after one that was chosen."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return  # Where the highest that is there always counts.
    sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
    behind = func.pg_sequence_last_value(cast(sequence, REGCLASS))
    connection.execute(select(func.setval(sequence, id)).where(func.coalesce(behind, 0) < id))


def update(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Update rows by `of_id`, those with the same columns together."""
    table = table_of(model)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[tuple(row)].append(row)
    for names, some in alike.items():
        values: dict[str, Any] = {name: bindparam(name) for name in names if name != "of_id"}
        if model is Influencer:  # Whoever has the person's form open is told.
            values["row_version"] = table.c.row_version + BY_IMPORT
        statement = update_of(table).where(table.c.id == bindparam("of_id")).values(values)
        session.connection().execute(statement, some)
