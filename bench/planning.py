"""Lines of the planner: twelve weeks for everybody, and once more after one change."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench import planned
from bench.bare_planning import Outcome, plan
from bench.data import ROOT, environment
from bench.lines import Line
from bench.measure import Result

ROUNDS = 3


def results(people: int, folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Plan so many people of fifty colleagues, and write the same rows bare, in turn."""
    ratios: list[float] = []
    again: list[float] = []
    one: list[float] = []
    for turn in range(ROUNDS):
        say(f"planning {people:,} people of {planned.OWNERS} colleagues, round {turn + 1} …")
        ours = planned.copy_of(people, folder, "planned-ours", say)
        said = _run(ours.folder)
        bare = planned.copy_of(people, folder, "planned-bare", say)
        seconds = plan(bare.database, bare.brand, Outcome(ours.database))
        ratios.append(said["whole"] / seconds)
        again.append(said["again"] / said["whole"])
        one.append(said["one"] / said["whole"])
        planned.remove(folder / "planned-ours")
        planned.remove(folder / "planned-bare")
    whole = Line(f"plan of 12 weeks, {people:,} people, {planned.OWNERS} owners", 6, 3)
    return [
        _result(whole, ratios),
        _result(Line("plan: everybody again after one change, against the first", 1.5, 1), again),
        _result(Line("plan: one colleague again, against everybody", 0.2, 0.05), one),
    ]


def _run(folder: Path) -> dict[str, float]:
    done = subprocess.run(  # our own command
        [sys.executable, "-m", "bench.run_plan"],
        env=environment(folder),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _result(line: Line, ratios: list[float]) -> Result:
    return Result(line, statistics.median(ratios), min(ratios), max(ratios))
