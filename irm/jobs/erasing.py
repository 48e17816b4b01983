"""Erase a person: their rows in one transaction, what names them before it and once more after.

Run again after a crash it goes on where it was: what is blank stays blank, who is gone is gone.
"""

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import structlog
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.directory import erasing, traces
from irm.directory.naming import Names
from irm.imports.people.vocabulary import FIELDS
from irm.jobs.pulse import Report
from irm.models import Erasure, Influencer, Platform, Task, User

log = structlog.get_logger(__name__)

#: So much of a file is looked at together; what stands on a seam is seen with the next piece.
BLOCK = 1 << 20
SEAM = 1000

#: Nobody unpacks more of an archive than this to look for a name.
UNPACKED = 1 << 30

#: Where uploads and exports lie. Whatever else is kept in the data folder is left alone: the
#: database itself may lie there, and backups, which the page says still hold them.
SEARCHED = ("imports", "exports")

#: A handle that is one of these words is not told from a heading or a platform.
HEADINGS = frozenset({*FIELDS, *(one.value for one in Platform)})

#: Encodings that lists come in.
ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")

STEPS = 5


def run(app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "erase": `influencer_id` and `created_at` in its arguments say whom."""
    session, influencer_id = db.session, int(task.arguments["influencer_id"])
    erased = session.scalar(
        select(Erasure)
        .where(Erasure.influencer_id == influencer_id)
        .order_by(Erasure.id.desc())
        .limit(1)
    )
    if not _is_still_here(session, task, is_erased=erased is not None):
        return {"erasure": erased.id if erased else None, "files": 0}
    ids = traces.family(session, influencer_id)
    names, own = erasing.names_of(session, ids), traces.row_ids(session, ids)
    files = remove_files(app.config["IRM"].data_dir, names)
    report(1, STEPS)
    erasing.sweep(session, names, ids, own)
    session.commit()
    report(2, STEPS)
    user = session.get(User, task.user_id) if task.user_id else None
    erased = erasing.erase(session, influencer_id, user=user, at=clock.now())
    session.commit()
    report(3, STEPS)
    erasing.sweep(session, names, ids, own)
    session.commit()
    report(4, STEPS)
    clear_journal(session)
    report(5, STEPS)
    return {"erasure": erased.id, "files": files}


def _is_still_here(session: Session, task: Task, *, is_erased: bool) -> bool:
    """Whether the person is here whom the task was for: another one may have the number since."""
    person = session.get(Influencer, int(task.arguments["influencer_id"]))
    if person is None:
        return False
    made = task.arguments.get("created_at")
    return made == person.created_at.isoformat() if made else not is_erased


def remove_files(data_dir: Path, names: Names) -> int:
    """Remove the uploads and exports that name them; says how many."""
    removed = 0
    database = db.engine.url.database
    for path in sorted(one for folder in SEARCHED for one in data_dir.glob(f"{folder}/*")):
        try:
            if not path.is_file() or path.is_symlink():
                continue
            if database and path.resolve() == Path(database).resolve():
                continue
            if names_them(path, names):
                path.unlink(missing_ok=True)
                removed += 1
        except OSError:  # Taken away meanwhile, by whoever was done with it.
            log.info("file not searched", path=str(path))
    return removed


def names_them(path: Path, names: Names) -> bool:
    """Whether a file names them, as text or as an archive of texts (a workbook is one)."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return _names_in(file, names, of_book=False)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > UNPACKED:
                return True
            for member in archive.infolist():
                with archive.open(member) as file:
                    if _names_in(file, names, of_book=True):
                        return True
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        # Broken or locked: what cannot be searched is not kept.
        return True
    return False


def _names_in(file: IO[bytes], names: Names, *, of_book: bool) -> bool:
    cells = names.cells(of_book=of_book, but=HEADINGS)
    for number, block in enumerate(_blocks(file)):
        for encoding in ENCODINGS:
            text = block.decode(encoding, errors="ignore")
            if names.stand_in(text):
                return True
            # The first line of a text holds the headings.
            start = text.find("\n") if number == 0 and not of_book else 0
            if start >= 0 and cells.search(text, start):
                return True
    return False


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    seam = b""
    while block := file.read(BLOCK):
        yield seam + block
        seam = block[-SEAM:]


def clear_journal(session: Session) -> None:
    """Empty SQLite's journal, in which pages lie as they were; nothing to do on PostgreSQL.

    Where somebody reads just now, the next writer overwrites it.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    for _attempt in range(10):
        busy = session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).first()
        session.rollback()
        if busy is None or busy[0] == 0:
            return
        time.sleep(0.2)
    log.warning("the journal was not emptied: somebody reads all the time")
