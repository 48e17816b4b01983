"""Try an import: decide on every row as it would, and write what would come of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.imports import refused, repeated, steps
from irm.imports.batches import COUNTS
from irm.imports.kinds import Context, Kind, Told
from irm.imports.orders import Order
from irm.jobs.importing import running, states
from irm.jobs.importing.files import Followed, understood
from irm.jobs.importing.running import CHUNK, Cells
from irm.jobs.importing.states import Report
from irm.models import BatchState, Brand, ImportBatch, Task
from irm.scoring.rules import Rules, rules


def run(app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "try": a line for every row of the batch's file, and nobody is touched."""
    session = db.session
    batch = states.batch_of(session, task)
    if states.is_ours(batch, task, BatchState.TRYING):
        with understood(app, Order.from_json(batch.order), report) as (sheet, kind):
            running.take_all(session, task, batch, sheet, kind, take, report)
    return states.counts(batch)


def take(
    session: Session,
    batch: ImportBatch,
    kind: Kind,
    chunk: list[Told],
    cells: Cells,
    organisation: Rules,
) -> None:
    """Decide on some rows, and keep what was decided."""
    context = Context.of(batch, organisation, clock.now())
    steps.note(session, batch, kind.decide(session, chunk, context), cells, whole=True)


@dataclass(slots=True)
class Tried:
    """What would become of a file."""

    counts: dict[str, Any]
    #: The first rows that would not be taken: number and reason, in the reader's language.
    complaints: list[tuple[int, str]] = field(default_factory=list)


#: So many complaints are kept of a file that is only looked through.
_COMPLAINTS = 20


def preview(
    app: Flask,
    session: Session,
    order: Order,
    brand: Brand,
    report: Report,
    keep: Callable[[str], object] | None = None,
) -> Tried:
    """Say what an import would do, row by row as it would, and write nothing at all.

    `keep` is given the file of the rows that would not be taken, a line at a time.
    """
    with understood(app, order, report) as (sheet, kind):
        found, followed = repeated.find(kind, sheet), Followed(sheet)
        context = Context(
            brand_id=brand.id,
            user_id=None,
            batch_id=None,
            as_of=order.as_of,
            source=(order.source or order.name)[:200],
            lawful_basis=order.lawful_basis or brand.lawful_basis,
            field_rules=order.rules,
            organisation=rules(session),
            at=clock.now(),
            keeps_out=order.keeps_out,
        )
        tried = Tried({"batch": None, **dict.fromkeys(COUNTS, 0)})
        if keep:
            keep(refused.head(sheet.headings))
        for chunk in repeated.chunks(kind, repeated.tell(kind, followed, found), lambda: CHUNK):
            for one in kind.decide(session, chunk, context):
                tried.counts["rows"] += 1
                tried.counts[steps.COUNTED[one.verdict]] += 1
                if one.verdict not in refused.NOT_TAKEN:
                    continue
                reason = str(one.complaint or "")
                if len(tried.complaints) < _COMPLAINTS:
                    tried.complaints.append((one.number, reason))
                if keep:
                    cells = followed.cells.get(one.number, ())
                    keep(refused.line(cells, sheet.headings, one.number, reason))
            followed.drop(chunk[-1].number)
            report(tried.counts["rows"], found.rows)
    return tried
