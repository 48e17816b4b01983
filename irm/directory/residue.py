"""Texts beside a person's own rows that may name them: mails, files' rows, tasks, saved filters.

No key leads from these tables to a person, so their texts are searched. Keys and codes of what
irm wrote itself are never touched, nor what only shares a word with somebody's name.
"""

import html
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, RowMapping, Table, null, or_, select
from sqlalchemy.orm import Session

from irm.directory.naming import OF_ACCOUNTS, Names
from irm.models import (
    BulkEdit,
    ImportBatch,
    ImportMapping,
    ImportRow,
    Outbox,
    OutboxAttempt,
    SavedView,
    Setting,
    Task,
)


def _table(model: type) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]  # of any model


_rows, _outbox, _batches = _table(ImportRow), _table(Outbox), _table(ImportBatch)
_settings = _table(Setting)

#: The texts of each table that may name somebody. A test asks of every new table whether it
#: belongs here.
TEXTS: dict[Table, tuple[str, ...]] = {
    _outbox: ("subject", "body_text", "body_html", "last_text"),
    _table(OutboxAttempt): ("text",),
    _batches: ("file_name", "source", "order", "reading"),
    _rows: ("reason", "changes", "cells"),
    _table(ImportMapping): ("mapping",),
    _table(BulkEdit): ("changes",),
    _table(SavedView): ("name", "query"),
    _table(Task): ("arguments", "result", "error"),
    _settings: ("value",),
}

#: Of these columns, what somebody wrote; all else in them are codes and numbers.
_WRITTEN: dict[str, tuple[str, ...]] = {
    "order": ("name", "path", "source", "account"),
    "mapping": ("account",),
    "arguments": ("name", "list"),
}
_CHANGES = ("reason",)


class Found(NamedTuple):
    """A row that names them: which one, and what its columns become."""

    table: Table
    key: ColumnElement[bool]
    values: dict[str, Any]


def named(session: Session, names: Names, note: str) -> Iterator[Found]:
    """Every row whose texts name them, and what is left of it; `note` is said in mails."""
    for table, columns in TEXTS.items():
        may = or_(*(names.may_stand_in(table.c[column]) for column in columns))
        (key,) = table.primary_key
        wanted = [key, *(table.c[column] for column in columns)]
        statement = select(*wanted).where(may)
        if table is _rows:
            fields = _batches.c.reading
            statement = statement.add_columns(_rows.c.influencer_id, fields).join_from(
                _rows, _batches, _batches.c.id == _rows.c.batch_id
            )
        for row in session.execute(statement).mappings().all():
            if values := _left(table, row, names, note):
                yield Found(table, key == row[key.name], values)


def mails_about(session: Session, names: Names) -> Iterator[RowMapping]:
    """The mails whose text names some people."""
    columns = (_outbox.c.body_text, _outbox.c.body_html)
    may = or_(*(names.may_stand_in(column) for column in columns))
    for row in session.execute(select(_outbox).where(may).order_by(_outbox.c.id)).mappings():
        if any(names.inside(row[column.name]) for column in columns):
            yield row


def _left(table: Table, row: RowMapping, names: Names, note: str) -> dict[str, Any]:
    """What the columns of a row become that hold something of theirs."""
    if table is _outbox:
        is_about = any(names.inside(row[column]) for column in TEXTS[table])
        return _mail(note) if is_about else {}
    if table is _rows:
        return _line(row, names)
    if table is _settings:
        return _worksheet(row["value"], names)
    values = {column: _without(table, column, row[column], names) for column in TEXTS[table]}
    return {column: value for column, value in values.items() if value != row[column]}


def _without(table: Table, column: str, value: Any, names: Names) -> Any:
    if column == "query":
        return _query(value, names)
    if column == "reading":
        return _reading(value, names)
    keys = _CHANGES if table.name == BulkEdit.__tablename__ else _WRITTEN.get(column)
    if keys is None or not isinstance(value, Mapping):
        return names.without(value)
    return {key: _written(key, one, names) if key in keys else one for key, one in value.items()}


def _written(key: str, value: Any, names: Names) -> Any:
    if key == "account" and names.is_handle(value):
        return ""
    return _query(value, names) if key == "list" else names.without(value)


def _query(value: Any, names: Names) -> Any:
    """The address of a list without the filters that name them; as it is where none does."""
    if not isinstance(value, str) or not names.inside(value):
        return value
    return urlencode([pair for pair in parse_qsl(value) if not names.inside(pair[1])])


def _worksheet(value: Any, names: Names) -> dict[str, Any]:
    """A brand's worksheet without the lines that name them; other settings are numbers."""
    if not isinstance(value, Mapping) or not isinstance(value.get("people"), list):
        return {}
    people = [
        line
        for line in value["people"]
        if not (names.is_handle(line) or names.is_word(line) or names.inside(line))
    ]
    left = {**names.without(value), "people": people}
    return {"value": left} if left != value else {}


def _reading(value: Any, names: Names) -> Any:
    """How a file was read, without the rows that are shown of it where they are theirs."""
    if not isinstance(value, Mapping) or "sample" not in value:
        return value
    sample = [["–"] * len(row) if names.are(row) else names.without(row) for row in value["sample"]]
    return {**value, "sample": sample}


def _line(row: RowMapping, names: Names) -> dict[str, Any]:
    """What is left of a line of an import: nothing of theirs; of somebody else's the rest.

    What a line changed of somebody else is theirs, whatever their texts say.
    """
    if row["influencer_id"] is None and _is_theirs(row, names):
        return dict.fromkeys(TEXTS[_rows], null())
    reason = row["reason"]
    if isinstance(reason, Mapping) and _is_about(reason, names):
        params = names.without(reason.get("params"), also_words=True)
        reason = {**reason, **({"params": params} if params else {})}
    values = {"cells": names.without(row["cells"]), "reason": reason}
    return {column: value for column, value in values.items() if value != row[column]}


def _is_theirs(row: RowMapping, names: Names) -> bool:
    """Whether a line that belongs to nobody is about them."""
    fields = row["reading"].get("fields", {})
    accounts = [
        place for field, places in fields.items() if _is_of_account(field) for place in places
    ]
    news = [both[-1] for both in (row["changes"] or {}).values() if both]
    return names.are(row["cells"] or (), accounts) or names.are(news)


def _is_of_account(field: str) -> bool:
    return field.rpartition(".")[2] in OF_ACCOUNTS  # Of one of several: `tiktok.handle`.


def _is_about(reason: Mapping[str, Any], names: Names) -> bool:
    params = reason.get("params")
    if not isinstance(params, Mapping):
        return False
    return names.inside(params) or names.is_handle(params.get("handle"))


def _mail(note: str) -> dict[str, Any]:
    return {
        "subject": "–",
        "body_text": f"{note}\n",
        "body_html": f"<p>{html.escape(note)}</p>",
        "last_text": None,
    }
