"""Everything we hold of a person, as files they can be given (GDPR, articles 15 and 20)."""

import csv
import datetime as dt
import enum
import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from typing import IO, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import residue, signatures, traces
from irm.directory.formulas import defused
from irm.directory.naming import Names
from irm.models import AuditEntry, ImportBatch, ImportRow, ImportStep, Prospect, Task, Tie, User

#: Keys of an audit entry that lead to a person.
_KEYS = ("influencer_id", "relationship_id")

_LINES = ImportRow.__tablename__
_PROPOSED = Prospect.__tablename__
_TIED = Tie.__tablename__

Rows = list[dict[str, Any]]


def collect(
    session: Session, influencer_id: int, brands: Collection[int] | None = None
) -> dict[str, Rows]:
    """Every row about a person, by table; of mails about several, the parts about them.

    What hangs on a person by no key is given only where it is about them beyond doubt. `brands`
    are those whose lists and mails may be given out; all of them where it is None.
    """
    ids = traces.family(session, influencer_id)
    found: dict[str, Rows] = {}
    for table, ways in (*traces.theirs(ids).items(), *traces.mentions(ids).items()):
        if rows := traces.rows(session, table, ways):
            found[table.name] = rows
    if brands is not None:
        # What irm proposes to other brands tells of their topics.
        mine = [row for row in found.pop(_PROPOSED, []) if row["brand_id"] in brands]
        found |= {_PROPOSED: mine} if mine else {}
        # A list is the brand's that brought it; posts are everybody's.
        tied = [row for row in found.pop(_TIED, []) if row["brand_id"] in (None, *brands)]
        found |= {_TIED: tied} if tied else {}
    lists = _lists(session, found.pop(_LINES, []), brands)
    steps = _steps(session, ids, {row["batch_id"] for row in lists})
    beside = {
        _LINES: lists,
        "import_steps": steps,
        "outbox": _mails(session, ids, brands),
        "audit_entries": _audit(session, ids, [r["id"] for r in found.get("relationships", [])]),
        "tasks": _tasks(session, ids),
    }
    return found | {name: rows for name, rows in beside.items() if rows}


def write(file: IO[bytes], about: Mapping[str, Rows], readme: str) -> None:
    """Write a dossier as a ZIP: all of it as JSON, each table as CSV, and what it is."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme)
        whole = json.dumps(about, ensure_ascii=False, indent=2, default=_plain)
        archive.writestr("person.json", whole)
        for name, rows in about.items():
            archive.writestr(f"csv/{name}.csv", _csv(rows))


def note(session: Session, influencer_id: int, *, user: User, at: dt.datetime) -> None:
    """Record that a dossier was made."""
    record(session, user, Action.PERSON_EXPORTED, at, influencer_id=influencer_id)


def _lists(session: Session, lines: Rows, brands: Collection[int] | None) -> Rows:
    """Those lines of lists that stand in lists of some brands."""
    if brands is None:
        return lines
    of_these = select(ImportBatch.id).where(
        ImportBatch.id.in_({row["batch_id"] for row in lines}), ImportBatch.brand_id.in_(brands)
    )
    kept = set(session.scalars(of_these))
    return [row for row in lines if row["batch_id"] in kept]


def _mails(session: Session, ids: Sequence[int], brands: Collection[int] | None) -> Rows:
    """Of mails that link to them the parts that do: their other parts are about others."""
    names = Names([], ids)
    found = []
    for mail in residue.mails_about(session, names):
        told = {*mail["tells_of"], *filter(None, [mail["brand_id"]])}
        if brands is None or told <= set(brands):
            kept = {name: mail[name] for name in ("id", "created_at", "sent_at")}
            said = [signatures.cut(one) for one in names.paragraphs(mail["body_text"])]
            found.append({**kept, "body_text": said})
    return found


def _audit(session: Session, ids: Sequence[int], relationships: Sequence[int]) -> Rows:
    wanted = dict(zip(_KEYS, (ids, relationships), strict=True))
    table = AuditEntry.__table__
    about = or_(*(AuditEntry.ids[key].as_integer().in_(some) for key, some in wanted.items()))
    rows = session.execute(select(table).where(about).order_by(AuditEntry.id)).mappings()
    return [dict(row) for row in rows]


def _steps(session: Session, ids: Sequence[int], batches: Collection[int]) -> Rows:
    """What imports changed of theirs, before and after."""
    mine = traces.row_ids(session, ids)
    found = []
    for step in session.execute(traces.steps(ids).where(ImportStep.batch_id.in_(batches))):
        changed = [one for one in step.changed if one[1] in mine.get(one[0], ())]
        if changed:
            found.append({"id": step.id, "changed": changed})
    return found


def _tasks(session: Session, ids: Sequence[int]) -> Rows:
    """Tasks that were told to work on them: their kind and day, not the others they name."""
    asked = select(Task.id, Task.kind, Task.arguments, Task.created_at).where(
        Task.kind.in_(traces.OF_PEOPLE)
    )
    return [
        {"id": row.id, "kind": row.kind, "created_at": row.created_at}
        for row in session.execute(asked.order_by(Task.id))
        if not set(ids).isdisjoint(row.arguments.get("people") or ())
    ]


def _csv(rows: Rows) -> bytes:
    """A table as spreadsheets read it, with nothing they would run."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=_plain)
    elif not isinstance(value, str) or isinstance(value, enum.Enum):
        value = _plain(value)
    return defused(str(value))


def _plain(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)
