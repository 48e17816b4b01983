"""`irm export`: whole tables as files, for other programs and for moving to another irm."""

import io
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from irm import clock
from irm.audit import Action, record
from irm.db import db
from irm.directory import team
from irm.directory.export import files, tables
from irm.directory.export.columns import COLUMNS
from irm.errors import Refused
from irm.i18n import _, _l, _n
from irm.models import Brand

#: Rows between two strokes of the bar.
STROKE = 100


@click.command("export")
@click.argument("kind", type=click.Choice(tuple(COLUMNS)))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--brand", help="Whose rows; may be left out where there is but one brand.")
@click.option(
    "--format",
    "form",
    type=click.Choice(files.FORMATS),
    help="Default: by the file’s name, else csv.",
)
@click.option("--strangers", is_flag=True, help="With people known only from the network.")
def export(
    kind: str, file: Path | None, brand: str | None, form: str | None, strangers: bool
) -> None:
    """Write a whole table to FILE, or to the standard output.

    CSV, JSON or XLSX; `irm import` reads each of them back. Private notes are included.
    """
    of = _brand(brand)
    form = form or _by_name(file)
    rows = tables.rows(db.session, kind, of.id, strangers=strangers)
    if file is None:
        printed = _Counted(rows, 0, is_drawn=False)
        _print(form, kind, printed)
        _record(of, printed.count, form)
        return
    total = tables.count(db.session, kind, of.id, strangers=strangers)
    written = _Counted(rows, total)
    files.write(file, form, COLUMNS[kind], written)
    _record(of, written.count, form)
    click.echo(
        _n(
            "%(brand)s, %(kind)s: %(n)s row in %(file)s.",
            "%(brand)s, %(kind)s: %(n)s rows in %(file)s.",
            written.count,
            brand=of.name,
            kind=kind,
            file=str(file),
        ),
        err=True,
    )


def _record(brand: Brand, rows: int, form: str) -> None:
    """Say in the audit that a table left irm."""
    id = brand.id
    # What was read is let go first: on SQLite nobody writes on top of an old picture of the data.
    db.session.rollback()
    about: dict[str, int | str] = {"brand_id": id, "rows": rows, "form": form}
    record(db.session, None, Action.LIST_EXPORTED, clock.now(), **about)
    db.session.commit()


def _brand(name: str | None) -> Brand:
    """The brand that is meant; where there is one in all, it, even if it is the demo's."""
    if name is None:
        two = db.session.scalars(select(Brand).limit(2)).all()
        if len(two) == 1:
            return two[0]
    return team.brand_named(db.session, name)


def _by_name(file: Path | None) -> str:
    suffix = file.suffix.lower().removeprefix(".") if file is not None else ""
    return suffix if suffix in files.FORMATS else "csv"


def _print(form: str, kind: str, rows: Iterable[dict[str, Any]]) -> None:
    out = sys.stdout.buffer
    if form == "xlsx":
        if sys.stdout.isatty():
            raise Refused(_l("A workbook cannot be shown here: name a file for it."))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.xlsx"
            files.write(path, form, COLUMNS[kind], rows)
            with path.open("rb") as book:
                shutil.copyfileobj(book, out)
        return
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        files.pour(text, form, COLUMNS[kind], rows)
    finally:
        text.detach()


class _Counted:
    """Rows that are counted as they go by, with a bar on a terminal if it is to be drawn."""

    def __init__(
        self, rows: Iterator[dict[str, Any]], total: int, *, is_drawn: bool = True
    ) -> None:
        self.count = 0
        self._rows = rows
        self._bar: Any = click.progressbar(
            length=max(total, 1),
            label=_("Exporting"),
            file=sys.stderr,
            hidden=not (is_drawn and sys.stderr.isatty()),
        )

    def __iter__(self) -> Iterator[dict[str, Any]]:
        with self._bar as bar:
            for row in self._rows:
                self.count += 1
                if self.count % STROKE == 0:
                    bar.update(STROKE)
                yield row
            bar.update(bar.length - bar.pos)
