"""One import as a page: its columns while it is drafted, then what became of its rows, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import here
from irm.db import db
from irm.directory import batches as found_batches
from irm.errors import Refused
from irm.forms.import_columns import Said
from irm.i18n import _, _l
from irm.imports import batches, lists
from irm.imports.complaints import SENTENCES, Complaint, sentence
from irm.imports.headings import theirs
from irm.imports.kinds import Kind
from irm.imports.orders import Order
from irm.imports.people import fields as people
from irm.imports.reading import cage
from irm.imports.reading.sheet import ENCODINGS, Reading, Sheet
from irm.imports.refused import reason_of
from irm.models import (
    BatchState,
    ImportBatch,
    ImportRow,
    Platform,
    Task,
    TaskState,
    TieKind,
    Verdict,
)
from irm.web import import_words as names
from irm.web.words import words

#: So many cells of a column are shown, and so much of each.
SHOWN_CELLS, SHOWN_LENGTH = 3, 60

#: While the batch is in one of these states, the page asks for its progress.
UNDER_WAY = frozenset({BatchState.TRYING, BatchState.RUNNING, BatchState.UNDOING})

#: Of the states that show rows, those before anything is written.
_BEFORE = frozenset({BatchState.DRAFT, BatchState.TRYING, BatchState.TRIED})

_SEPARATORS = ((",", _l("Comma")), (";", _l("Semicolon")), ("tab", _l("Tab")), ("|", _l("Bar")))


def page(batch: ImportBatch) -> str:
    """Render where an import stands."""
    drafted = batch.state is BatchState.DRAFT and batch.task_id is None
    if drafted or (batch.state in (BatchState.DRAFT, BatchState.TRIED) and _asks_for_columns()):
        return columns(batch)
    return _rows_page(batch)


def _asks_for_columns() -> bool:
    return request.args.get("step") == "columns"


def columns(batch: ImportBatch, said: Said | None = None, problem: str = "") -> str:
    """Render the columns of a draft; `said` and `problem` where the form came back."""
    order = Order.from_json(batch.order)
    sheet = sheet_of(batch, order)
    kind, complaint = _understood(sheet, order)
    fields = dict(kind.columns) if kind else {}
    if said is not None and said.columns is not None:
        fields = dict(said.columns)
    offered = kind.fields if kind else lists.fields_of(order.kind)
    return render_template(
        "imports/columns.html",
        batch=batch,
        sheet=sheet,
        tables=[(at, one) for at, one in enumerate(sheet.tables) if one.rows],
        order=order,
        step=2,
        problem=problem or str(complaint or ""),
        notes=[sentence(note.code, note.params) for note in sheet.notes],
        asks_order=bool(order.day_order) or (complaint and complaint.code == "day_order"),
        kind=kind.name if kind else order.kind,
        kinds=[(name, names.kind(name)) for name in lists.CHOICES],
        columns=_columns(sheet, order, fields),
        fields=names.offered(offered, fields, kind.name if kind else order.kind),
        rules=_rules(kind, order.rules),
        rule_words=names.RULES,
        platforms=Platform,
        ties=TieKind,
        encodings=ENCODINGS if sheet.format == "text" else {},
        separators=_SEPARATORS,
        separator="tab" if sheet.separator == "\t" else sheet.separator,
        left_out=_left_out(sheet, order, fields),
        is_remembered=_is_remembered(sheet, order),
    )


def drafted(batch: ImportBatch) -> Sheet:
    """The file of an import whose columns may still be chosen. Raises Refused where it is over."""
    if batch.state not in (BatchState.DRAFT, BatchState.TRIED):
        raise Refused(_l("This list is being imported, or was; its columns stand."))
    return sheet_of(batch, Order.from_json(batch.order))


def fields_of(form: Mapping[str, str]) -> Sequence[str]:
    """The fields that the columns of a form may be, by the kind it says."""
    return lists.fields_of(form.get("kind", ""))


def sheet_of(batch: ImportBatch, order: Order) -> Sheet:
    """The file as the draft keeps it, or read anew where only its rows were kept."""
    if "sample" in batch.reading:
        return Sheet.from_json(batch.reading)
    return cage.inspect(order.path, order.name, Reading.from_json(batch.reading), order.limit)


#: Any answer to what a kind asks, so that the columns it found can be shown beside the question.
_ANSWERS: dict[str, dict[str, Any]] = {
    "day_order": {"day_order": "dmy"},
    "no_platform": {"platform": Platform.OTHER.value},
    "no_owner": {"account": "–", "platform": Platform.OTHER.value},
}


def _understood(sheet: Sheet, order: Order) -> tuple[Kind | None, Complaint | None]:
    """The kind of the file, and what keeps it from being read as that, if anything does."""
    try:
        return lists.understand(sheet, order.chosen(), order.kind), None
    except Complaint as complaint:
        answered = order._replace(**_ANSWERS.get(complaint.code, {}))
        if answered == order:
            return None, complaint
        kind, _other = _understood(sheet, answered)
        return kind, complaint


def kind_of(sheet: Sheet, order: Order) -> str:
    """The kind that the page of the columns shows for a file."""
    kind, _complaint = _understood(sheet, order)
    return kind.name if kind else order.kind


def percent(task: Task | None) -> int:
    """How far a task is."""
    return round(100 * task.done / task.total) if task and task.total else 0


def _is_remembered(sheet: Sheet, order: Order) -> bool:
    """Whether the columns are those of the last file with these headings."""
    saved = batches.remembered(db.session, here().brand_id, sheet.headings)
    return bool(saved and order.columns) and order.mapping() == saved


def _shown(sheet: Sheet, order: Order) -> Sequence[str]:
    """The columns that there is something to say about: in mended rows ours are passed over."""
    return theirs(sheet.headings) if order.mends else sheet.headings


def _left_out(sheet: Sheet, order: Order, fields: Mapping[str, Sequence[int]]) -> int:
    taken = {at for found in fields.values() for at in found}
    return sum(at not in taken for at in range(len(_shown(sheet, order))))


def _columns(
    sheet: Sheet, order: Order, fields: Mapping[str, Sequence[int]]
) -> list[dict[str, Any]]:
    """Each column of the file: its heading, some of its cells, and what it was taken for."""
    taken = {at: field for field, found in fields.items() for at in found}
    return [
        {
            "index": at,
            "heading": heading,
            "cells": _some_cells(sheet, at),
            "field": taken.get(at, ""),
        }
        for at, heading in enumerate(_shown(sheet, order))
    ]


def _some_cells(sheet: Sheet, at: int) -> list[str]:
    found: dict[str, None] = {}
    for row in sheet.sample:
        cell = " ".join(row[at].split()) if at < len(row) else ""
        if cell:
            found[cell if len(cell) <= SHOWN_LENGTH else cell[: SHOWN_LENGTH - 1] + "…"] = None
        if len(found) == SHOWN_CELLS:
            break
    return list(found)


def _rules(kind: Kind | None, chosen: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Fields whose rule can be chosen, those that the file fills: code, words, rule."""
    if kind is None:
        return []
    return [
        (field, names.field(field, kind.name), chosen.get(field, usual))
        for field, usual in kind.ruled.items()
        if kind.columns.get(field)
    ]


def _rows_page(batch: ImportBatch) -> str:
    """Render what became of the rows, or how far they are."""
    task = db.session.get(Task, batch.task_id) if batch.task_id else None
    verdict, twins = _asked()
    after = request.args.get("after", "")
    found = found_batches.rows(
        batch.id, verdict, int(after) if after.isdecimal() and len(after) < 9 else 0, twins=twins
    )
    rows = (
        []
        if batch.state in UNDER_WAY
        else list(db.session.execute(found.limit(found_batches.ROWS + 1)))
    )
    now = clock.now()
    return render_template(
        "imports/_progress.html" if "progress" in request.args else "imports/show.html",
        batch=batch,
        task=task,
        step=3 if batch.state in _BEFORE else 4,
        under_way=batch.state in UNDER_WAY,
        percent=percent(task),
        problem=_problem(task),
        scoring=_scoring(task),
        tallies=_tallies(batch),
        verdict="twins" if twins else verdict,
        verdicts=_tabs(batch),
        rows=_rows(rows[: found_batches.ROWS], batch.kind),
        more=rows[found_batches.ROWS - 1][0].number if len(rows) > found_batches.ROWS else None,
        may_undo=batches.may_undo(batch, now),
        undo_until=batches.undo_until(batch),
        undone=batches.undone_sentences(batch.undo_report),
        reading=_reading(batch),
    )


def _asked() -> tuple[Verdict | None, bool]:
    asked = request.args.get("verdict", "")
    return (Verdict(asked) if asked in set(Verdict) else None), asked == "twins"


def _tallies(batch: ImportBatch) -> list[tuple[str, int]]:
    return [
        (_("Rows"), batch.rows),
        (_("New"), batch.created),
        (_("Updated"), batch.updated),
        (_("Unchanged"), batch.same),
        (_("Conflicts"), batch.conflicts),
        (_("Refused"), batch.refused),
    ]


def _tabs(batch: ImportBatch) -> list[tuple[str, str]]:
    """Which rows can be looked at: what the address says, and its words."""
    tabs = [("", _("To look at"))]
    counted = {
        Verdict.CREATED: batch.created,
        Verdict.UPDATED: batch.updated,
        # Of those that change nothing a run keeps no line.
        Verdict.SAME: batch.same if batch.state is BatchState.TRIED else 0,
        Verdict.CONFLICT: batch.conflicts,
        Verdict.REFUSED: batch.refused,
    }
    tabs += [(one.value, str(one.label)) for one, count in counted.items() if count]
    if found_batches.count_twins(db.session, batch.id):
        tabs.append(("twins", _("Possible duplicates")))
    return tabs


#: What a line of a tie says of whom it is about.
_ENDS = frozenset({"from", "to"})


def _rows(found: Sequence[Any], kind: str) -> list[dict[str, Any]]:
    """Rows in words; each comes with the names of its person and its twin."""
    return [
        {
            "number": row.number,
            "verdict": row.verdict,
            "why": reason_of(row.reason),
            "changes": [
                (names.field(field, kind), names.value(before), names.value(after))
                for field, (before, after) in _changes(row)
                if field not in _ENDS
            ],
            "about": _about(row),
            "influencer_id": row.influencer_id,
            "person": person,
            "twin_id": row.twin_id,
            "twin": twin,
        }
        for row, person, twin in found
    ]


def _about(row: ImportRow) -> str:
    """Whom a row is about that nobody here stands for: what it brings says, or its first cells."""
    brings = {people.parted(field)[1]: after for field, (_before, after) in _changes(row)}
    if "from" in brings:  # A tie, for which nobody stands.
        return f"{brings['from']} → {brings['to']}"
    named = brings.get("name") or brings.get("handle") or brings.get("email")
    return named or " · ".join(cell for cell in (row.cells or ())[:3] if cell)


def _changes(row: ImportRow) -> Iterable[tuple[str, list[Any]]]:
    return (row.changes or {}).items()


def _problem(task: Task | None) -> str:
    """Why a task failed, in the reader's words."""
    if task is None or task.state is not TaskState.FAILED:
        return ""
    error = task.error or {}
    params = error.get("params") or {}
    if error.get("code") in SENTENCES:
        return sentence(error["code"], params)
    return str(_l(str(error.get("message", "")), **params))


def _scoring(task: Task | None) -> bool:
    """Whether those whom the import brought are still being scored."""
    following = (task.result or {}).get("scoring") if task else None
    waiting = (TaskState.QUEUED, TaskState.RUNNING)
    return following is not None and bool(
        db.session.scalar(select(Task.id).where(Task.id == following, Task.state.in_(waiting)))
    )


def _reading(batch: ImportBatch) -> dict[str, Any]:
    """How the file was read, in words."""
    kept = batch.reading
    understood = kept.get("columns") or {}
    headings = kept.get("headings") or list(understood)
    if batch.order.get("mends"):
        headings = theirs(headings)
    separators = {(sign if sign != "tab" else "\t"): str(said) for sign, said in _SEPARATORS}
    return {
        "kind": names.kind(batch.kind),
        "encoding": ENCODINGS.get(kept.get("encoding") or "", kept.get("encoding")),
        "separator": separators.get(kept.get("separator") or "", kept.get("separator")),
        "day": words().date[batch.as_of],
        "columns": [
            (heading, names.field(field, batch.kind)) for heading, field in understood.items()
        ],
        "left_out": [heading for heading in headings if heading not in understood],
        "notes": [sentence(one["code"], one["params"]) for one in kept.get("notes", [])],
        "brand": here().brand_name,
    }
