"""How long a colleague waits for a quick log while a large list is being imported."""

import statistics
import subprocess
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from bench import lists, servers
from bench.client import Client
from bench.data import ROOT, Data, environment
from bench.importing import command
from bench.lines import Line, logged
from bench.measure import Result

#: Rows of the list that is imported meanwhile.
ROWS = 100_000

#: Quick logs before the import begins.
IDLE = 200

#: Seconds between two of them: a team of several people, not a stress test.
PAUSE = 0.02


def results(data: Data, folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Log one thing after the other, before an import of 100,000 people and beside it."""
    file = folder / "beside.csv"
    lists.write_csv(file, ROWS)
    with servers.product(data) as address:
        client = Client(address)
        client.sign_in(data.email, data.password)
        turn = cycle(data.logged)

        def log() -> float:
            seconds = client.check(logged(next(turn))).seconds
            time.sleep(PAUSE)
            return seconds

        say("logging beside nothing …")
        idle = [log() for _one in range(IDLE)]
        say(f"logging beside an import of {ROWS:,} people …")
        with subprocess.Popen(  # our own command
            command(data.folder, file),
            env=environment(data.folder),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        ) as process:
            beside = []
            while process.poll() is None:
                beside.append(log())
    if process.returncode:
        raise RuntimeError("the import beside which quick logs were measured has failed")
    usual, busy = _p95(idle), _p95(beside)
    ratio, worst = busy / usual, 1000 * max(beside)
    return [
        Result(
            Line("quick log beside an import: p95 against idle", 10, 5),
            ratio,
            ratio,
            ratio,
            ours=1000 * busy,
            other=1000 * usual,
            samples=beside,
        ),
        Result(Line("quick log beside an import: slowest", 250, 100, "ms"), worst, worst, worst),
    ]


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
