"""The rows of an import that were not taken, as a file: their own columns, and the reason."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory.formulas import defused
from irm.i18n import _
from irm.imports.complaints import SENTENCES, sentence
from irm.imports.headings import theirs
from irm.models import ImportBatch, ImportRow, Verdict

#: Rows read at once.
PAGE = 500

#: What was not taken.
NOT_TAKEN = (Verdict.REFUSED, Verdict.CONFLICT)

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?", re.ASCII)


def as_csv(session: Session, batch: ImportBatch) -> Iterator[str]:
    """Yield the file, some rows at a time, with the reasons in the reader's language.

    What a spreadsheet would run as a formula is text in it; the import reads it back as it was.
    """
    headings: Sequence[str] = batch.reading.get("headings", ())
    yield head(headings)
    last = 0
    while rows := session.execute(_page(batch.id, last)).all():
        for row in rows:
            yield line(row.cells or (), headings, row.number, reason_of(row.reason))
        last = rows[-1].id


def head(headings: Sequence[str]) -> str:
    """Return the beginning of the file: a mark that tells spreadsheets its encoding, headings."""
    return "\ufeff" + _line([*theirs(headings), _("Row"), _("Reason")])


def line(cells: Sequence[str], headings: Sequence[str], number: int, reason: str) -> str:
    """Return a row, as wide as its headings; what stands beyond them is in the last column.

    What irm wrote beside it the last time makes room for what it says now.
    """
    width = len(theirs(headings))
    fitting = list(cells[:width] if width < len(headings) else cells)
    if len(fitting) > width > 0:
        fitting[width - 1 :] = [" ".join(fitting[width - 1 :])]
    fitting += [""] * (width - len(fitting))
    return _line([*fitting, str(number), reason])


def reason_of(reason: dict[str, Any] | None) -> str:
    """Say in the reader's language why a row was not taken, or what was noted about it."""
    if not reason or reason.get("code") not in SENTENCES:
        return ""
    return sentence(reason["code"], reason.get("params", {}))


def _page(batch_id: int, after: int) -> Any:
    return (
        select(ImportRow.id, ImportRow.number, ImportRow.reason, ImportRow.cells)
        .where(
            ImportRow.batch_id == batch_id, ImportRow.verdict.in_(NOT_TAKEN), ImportRow.id > after
        )
        .order_by(ImportRow.id)
        .limit(PAGE)
    )


def _line(cells: Sequence[str]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return file.getvalue()


def _safe(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else defused(cell)
