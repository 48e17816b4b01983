"""Lines of the scoring: everybody scored by `irm score`, and by the bare loop, in turn."""

import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import one_person, scored
from bench.data import ROOT, environment
from bench.lines import Line
from bench.measure import Result
from irm.db import dbapi

#: Rounds, each of two scorings by both: at a hundred thousand a round is a quarter of a minute,
#: at a million some minutes.
ROUNDS, ROUNDS_OF_MANY = 2, 1
MANY = 500_000

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")

#: What both must have written, to two decimals: everybody's numbers, and their history.
_COMPARED = (
    "SELECT id, audience, tier, {0} FROM {1}influencers",
    "SELECT id, influencer_id, {0} FROM {1}relationships",
    "SELECT influencer_id, coalesce(relationship_id, 0), kind, day, {0} FROM {1}scores",
)
_ROUNDED = (
    ("reach", "resonance"),
    ("relevance", "fit", "relevance_order", "fit_order", "reach_order", "resonance_order"),
    ("value",),
)


@dataclass
class Times:
    """Seconds of both sides, run by run, and the most memory of ours."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


def results(people: int, folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Score so many people who never were, and again a day later; three scores each.

    Those are reach, resonance and fit. The brand has no topics: to read what people say is a line
    of its own.
    """
    kept = scored.kept(people, say)
    first, later = Times(), Times()
    rounds = ROUNDS_OF_MANY if people > MANY else ROUNDS
    for turn in range(rounds):
        say(f"scoring {people:,} people, round {turn + 1} of {rounds} …")
        ours, bare = folder / "scored-ours", folder / "scored-bare"
        shutil.copytree(kept, ours)
        shutil.copytree(kept, bare)
        both(ours, bare, first, is_ours_first=turn % 2 == 0)
        shutil.rmtree(bare)
        scored.move_a_day_on(ours / "irm.db")
        shutil.copytree(ours, bare)
        both(ours, bare, later, is_ours_first=turn % 2 == 1)
        one = one_person.result(ours)
        shutil.rmtree(ours)
        shutil.rmtree(bare)
    most = max(*first.megabytes, *later.megabytes)
    return [
        result(Line(f"rescoring: {people:,} people, all for the first time", 2, 1.15), first),
        result(Line("rescoring: one account in ten has new figures", 2, 1.15), later),
        Result(Line("rescoring: memory", 850, 400, "MB"), most, most, most),
        one,
    ]


def both(
    ours: Path,
    bare: Path,
    times: Times,
    plain: str = "bench.bare_scoring",
    *,
    is_ours_first: bool,
) -> None:
    """Score one of two copies by `irm score`, the other by the bare side, and compare them."""

    def score() -> None:
        command = ("-m", "irm.cli.main", "score", "--json")
        seconds, megabytes = _run(command, ours)
        times.ours.append(seconds)
        times.megabytes.append(megabytes)

    def score_bare() -> None:
        command = ("-m", plain, str(bare / "irm.db"))
        times.bare.append(_run(command, bare)[0])

    for side in (score, score_bare) if is_ours_first else (score_bare, score):
        side()
    compare(ours / "irm.db", bare / "irm.db")


def _run(command: tuple[str, ...], folder: Path) -> tuple[float, float]:
    """Run a command of ours; how long it took from start to end, and the most memory it held."""
    begun = time.perf_counter()
    process = subprocess.Popen(  # our own command
        [sys.executable, *command],
        env=environment(folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        time.sleep(0.01)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return seconds, peak / 1024


def _peak(pid: int) -> int:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:  # It has ended meanwhile.
        return 0
    return int(found[1]) if found else 0


def compare(ours: Path, bare: Path) -> None:
    """Make sure that both wrote the same, or say where they did not: it would be no comparison."""
    connection = dbapi.connect(str(ours))
    try:
        connection.execute("ATTACH ? AS bare", (str(bare),))
        for statement, names in zip(_COMPARED, _ROUNDED, strict=True):
            columns = ", ".join(f"round({name}, 2)" for name in names)
            mine, theirs = statement.format(columns, "main."), statement.format(columns, "bare.")
            for one, other in ((mine, theirs), (theirs, mine)):
                odd = connection.execute(f"{one} EXCEPT {other} LIMIT 3").fetchall()
                if odd:
                    raise RuntimeError(f"the two scored differently: {odd} by {one}")
    finally:
        connection.close()


def result(line: Line, times: Times) -> Result:
    """The line's ratios, run by run."""
    ratios = [one / other for one, other in zip(times.ours, times.bare, strict=True)]
    return Result(
        line,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        1000 * statistics.median(times.ours),
        1000 * statistics.median(times.bare),
        samples=ratios,
    )
