"""Files that wait to be downloaded: for us alone to read, and gone after a day."""

import contextlib
import datetime as dt
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from irm.directory import spreadsheet

#: A file is kept so long: it holds people's data and was made to be taken away.
KEPT = dt.timedelta(days=1)


def folder(data_dir: Path) -> Path:
    """Where files wait to be downloaded; ours alone."""
    found = data_dir / "exports"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def new_file(data_dir: Path, form: str) -> Path:
    """An empty file under a name that nobody guesses, for us alone to read."""
    path = folder(data_dir) / f"{secrets.token_urlsafe(18)}.{form}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def write(path: Path, form: str, headings: list[str], rows: Iterable[list[Any]]) -> int:
    """Write a table to a file as CSV, which Excel reads with its accents, or XLSX."""
    if form == "xlsx":
        count = spreadsheet.write_xlsx(path, headings, rows)
        path.chmod(0o600)
        return count
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        return spreadsheet.write_csv(file, headings, rows)


def sweep(data_dir: Path, now: dt.datetime) -> int:
    """Delete the files that nobody took in time; returns how many."""
    limit = (now - KEPT).timestamp()
    gone = 0
    for path in folder(data_dir).iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                path.unlink()
                gone += 1
    return gone
