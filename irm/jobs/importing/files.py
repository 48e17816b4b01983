"""The file of a batch, read in the cage into a rows file that is there while a task runs."""

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask import Flask

from irm.imports import lists
from irm.imports.kinds import Kind
from irm.imports.orders import FOLDER, Order
from irm.imports.reading import cage
from irm.imports.reading.sheet import FIND_OUT, Sheet
from irm.jobs.importing.states import Report

#: What the names of rows files end with.
ROWS = ".rows"


class Followed:
    """A sheet that keeps the cells of the rows that were read last, until they are dropped."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.cells: dict[int, Sequence[str]] = {}

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the number and the cells of each row."""
        for number, cells in self._sheet.rows():
            self.cells[number] = cells
            yield number, cells

    def drop(self, last: int) -> None:
        """Forget the rows up to one."""
        for number in [number for number in self.cells if number <= last]:
            del self.cells[number]


@contextlib.contextmanager
def understood(app: Flask, order: Order, report: Report) -> Iterator[tuple[Sheet, Kind]]:
    """Read a file whole and find out what it lists.

    The rows file has a name of its own, so two who go on with one batch do not meet in it.
    Raises Complaint where the file cannot be taken, or is not the one that was ordered.
    """
    order.check()
    folder: Path = app.config["IRM"].data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows, of_nodes = (folder / f"{secrets.token_hex(16)}{ROWS}" for _ in range(2))
    try:
        sheet = cage.convert(
            order.path,
            order.name,
            order.cut(),
            rows,
            order.limit,
            # Reading is the short part; the bar begins with the rows that are decided on.
            lambda _done, total: report(0, total),
        )
        chosen = order.chosen()
        if order.nodes:
            path, name = Path(order.nodes["path"]), order.nodes["name"]
            nodes = cage.convert(path, name, FIND_OUT, of_nodes, order.limit)
            chosen = chosen._replace(nodes=nodes)
        order.check()
        yield sheet, lists.understand(sheet, chosen, order.kind)
    finally:
        rows.unlink(missing_ok=True)
        of_nodes.unlink(missing_ok=True)
