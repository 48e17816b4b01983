"""An export as a file: CSV and XLSX with a row of headings, or JSON as a list of objects."""

import datetime as dt
import enum
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from irm.directory import spreadsheet
from irm.errors import Refused
from irm.i18n import _l

FORMATS = ("csv", "json", "xlsx")

Row = Mapping[str, Any]


def write(path: Path, form: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows to a path, wholly or not at all, for us alone to read.

    Raises Refused where nothing can be written there.
    """
    with _beside(path) as part:
        if form == "xlsx":
            spreadsheet.write_xlsx(part, columns, map(_fitting, _cells(columns, rows)))
            return
        with part.open("w", encoding="utf-8", newline="") as file:
            pour(file, form, columns, rows)


def pour(file: IO[str], form: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as CSV or JSON to an open file."""
    if form == "csv":
        spreadsheet.write_csv(file, columns, _cells(columns, rows))
        return
    mark = "[\n"
    for row in rows:
        file.write(mark + json.dumps(row, default=_plain, ensure_ascii=False))
        mark = ",\n"
    file.write("[]\n" if mark == "[\n" else "\n]\n")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a file beside a path that takes its place once all went well."""
    if path.exists() and not path.is_file():
        raise Refused(_l("%(path)s is not a file that can be written.", path=str(path)))
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        part.chmod(0o600)
        part.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused(
            _l("%(path)s cannot be written: %(reason)s.", path=str(path), reason=reason)
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _cells(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[list[Any]]:
    for row in rows:
        yield [_cell(row[name]) for name in columns]


def _cell(value: Any) -> str | int | float:
    """A value as a cell shows it, so that the import reads the same again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and value and _are_words(value):
        return "; ".join(value)
    if isinstance(value, list | dict):
        # An empty list says nothing, an empty cell neither.
        return json.dumps(value, default=_plain, ensure_ascii=False) if value else ""
    if isinstance(value, int | float):
        return value
    return str(_plain(value))


def _fitting(cells: list[Any]) -> list[Any]:
    """Return cells that a sheet can hold. Raises Refused where one would be cut short."""
    if any(isinstance(cell, str) and len(cell) > spreadsheet.MOST_TEXT for cell in cells):
        raise Refused(
            _l("A cell of a sheet holds %(n)s signs at most; choose CSV.", n=spreadsheet.MOST_TEXT)
        )
    return cells


def _are_words(values: Sequence[Any]) -> bool:
    """Whether all are texts that semicolons can part, and none begins like a list itself."""
    return all(
        isinstance(one, str) and ";" not in one and not one.startswith("[") for one in values
    )


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value
