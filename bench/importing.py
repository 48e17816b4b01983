"""Lines of the import: our rows per second against the bare import's, in turn, in one run."""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import bare_import, lists
from bench.data import ROOT, environment, run
from bench.lines import Line
from bench.measure import Result

#: Each import is tens of seconds of work, so that few rounds say enough.
ROUNDS = 2

#: The largest list whose rates are measured.
MOST = 100_000


@dataclass(frozen=True)
class _Run:
    seconds: float
    megabytes: float


def results(rows: int, folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Import so many new people from CSV and XLSX, and the same file again.

    Of a million only the memory is looked at, once: the rates are those of a hundred thousand.
    """
    empty = folder / "empty"
    empty.mkdir()
    run(empty, "db", "upgrade")
    run(empty, "brand", "add", "Bench")
    as_csv, few = (folder / name for name in ("list.csv", "few.csv"))
    lists.write_csv(as_csv, rows)
    lists.write_csv(few, rows // 10)
    if rows > MOST:
        return _memory(empty, folder, as_csv, few, say)
    as_xlsx = folder / "list.xlsx"
    lists.write_xlsx(as_xlsx, rows)
    found: dict[str, list[float]] = {"csv": [], "xlsx": [], "again": []}
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(ROUNDS):
        say(f"importing {rows:,} people, round {turn + 1} of {ROUNDS} …")
        with _Copy(empty, folder / "bare") as database:
            plain = bare_import.run(database / "irm.db", as_csv, 1)
        with _Copy(empty, folder / "ours") as database:
            first = _run(database, as_csv)
            again = _run(database, as_csv)
        with _Copy(empty, folder / "xlsx") as database:
            sheet = _run(database, as_xlsx)
        bare.append(plain)
        ours.append(first.seconds)
        found["csv"].append(first.seconds / plain)
        found["again"].append(again.seconds / first.seconds)
        found["xlsx"].append(sheet.seconds / first.seconds)
    least = f"{rows:,} people from CSV"
    return [
        _result(Line(f"import: {least}", 1 / 0.33, 1 / 0.6), found["csv"], ours, bare),
        _result(Line("import: XLSX against our CSV", 1 / 0.8, 1), found["xlsx"]),
        _result(Line("import: the same file again", 1 / 3, 1 / 6), found["again"]),
        *_memory(empty, folder, as_csv, few, say),
    ]


def _memory(
    empty: Path, folder: Path, many: Path, few: Path, say: Callable[[str], None]
) -> list[Result]:
    """What an import takes, the process that reads the file included, and how that grows."""
    say(f"importing {many.name} for its memory …")
    with _Copy(empty, folder / "many") as database:
        large = _run(database, many).megabytes
    with _Copy(empty, folder / "few") as database:
        small = _run(database, few).megabytes
    return [
        _result(Line("import: memory", 250, 150, "MB"), [large]),
        _result(Line("import: memory, ten times the rows", 1.3, 1.1), [large / small]),
    ]


class _Copy:
    """A fresh copy of an empty database, gone afterwards."""

    def __init__(self, empty: Path, folder: Path) -> None:
        self._empty, self._folder = empty, folder

    def __enter__(self) -> Path:
        shutil.copytree(self._empty, self._folder)
        return self._folder

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self._folder)


def _run(folder: Path, file: Path) -> _Run:
    done = subprocess.run(  # our own command
        command(folder, file),
        env=environment(folder),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    told = json.loads(done.stdout)
    return _Run(told["seconds"], told["megabytes"])


def command(folder: Path, file: Path) -> list[str]:
    """The command that imports a list by the product itself; to be run in ROOT."""
    return [sys.executable, "-m", "bench.importer", str(folder), str(file)]


def _result(
    line: Line,
    ratios: list[float],
    ours: list[float] | None = None,
    other: list[float] | None = None,
) -> Result:
    return Result(
        line,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        ours=statistics.median(ours) * 1000 if ours else None,
        other=statistics.median(other) * 1000 if other else None,
        samples=ratios,
    )
