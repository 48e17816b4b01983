"""`make bench`: how fast irm is against a bare reference, measured in one run."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench import (
    audits,
    beside,
    data,
    delivery,
    figures,
    flow,
    importing,
    network,
    planning,
    relevance,
    report,
    scoring,
    servers,
    signing_in,
)
from bench.client import Client, Request
from bench.lines import Line, Sides, pairs
from bench.measure import Result, compare, tail

SMALL, LARGE = 10_000, 100_000

#: Of which lines the slowest answers are looked at, too.
TAILS = {
    "list: first page": "p99 against p50 of list",
    "board against kept counts": "p99 against p50 of board",
}

#: Asked for by its name alone: what it takes is installed then.
LIGHTHOUSE = "lighthouse"

#: Lines that have databases of their own: asked for by these names, the demo's are not made.
BATCHES = (
    "import",
    "relevance",
    "rescoring",
    "plan",
    "flow",
    "network",
    "delivery",
    "sign-in",
)


def main() -> int:
    """Measure and print; 1 where a line is over its bar."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--people", type=int, default=LARGE, help="size of the large database")
    parser.add_argument("--small", type=int, default=SMALL, help="size growth is counted from")
    parser.add_argument("--only", default="", help="only lines whose name holds this")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    if not 1000 <= given.small < given.people <= 1_000_000:
        parser.error("--people must be larger than --small, from 1,000 to 1,000,000")
    data.KEPT.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=data.KEPT))
    try:
        results = _measure(given.people, given.small, given.only, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not results:
        parser.error(f"there is no line with “{given.only}” in its name")
    print(report.as_json(results) if given.json else report.as_table(results))
    return int(any(not one.is_within for one in results))


def _measure(people: int, small: int, only: str, folder: Path) -> list[Result]:
    table = _Table(only)
    table.read("import", lambda: importing.results(people, folder, _say))
    table.read("relevance", lambda: relevance.results(folder, _say))
    table.read("rescoring", lambda: scoring.results(people, folder, _say))
    table.read("plan", lambda: planning.results(people, folder, _say))
    table.read("network", lambda: network.results(people, folder, _say))
    table.read("delivery", lambda: delivery.results(people, folder, _say))
    table.read("sign-in", lambda: signing_in.results(folder, _say))
    table.read("flow between two days", lambda: flow.results(people, folder, _say))
    if only not in BATCHES:
        _measure_pages(table, people, small, folder)
    return table.results


def _measure_pages(table: "_Table", people: int, small: int, folder: Path) -> None:
    large, little = (data.copy_of(size, folder, _say) for size in (people, small))
    with ExitStack() as stack:
        starts = (servers.product(large), servers.bare(large), servers.product(little))
        ours, bare, other = (stack.enter_context(start) for start in starts)
        base, first = Client(bare), _signed_in(ours, large)
        sides = Sides(first, base, _signed_in(other, little), large, little)
        if table.asks_for == LIGHTHOUSE:
            table.read(LIGHTHOUSE, lambda: audits.results(ours, first.cookie, large, _say))
            return
        for pair in filter(lambda pair: table.is_asked_for(pair.line.name), pairs(sides)):
            result = compare(pair, lambda: base.check(Request("/hello")).seconds)
            table.note(result)
            if pair.line.name in TAILS:
                line = Line(TAILS[pair.line.name], 2, 1.3)
                table.note(tail(result, line))
        table.read("throughput of list", lambda: _throughput("list", ours, bare, large))
        table.read("throughput of board", lambda: _throughput("board", ours, bare, large))
        table.read("memory of web processes", lambda: [figures.memory(ours, bare)])
        table.read("first page load", lambda: [figures.first_load(first, large)])
    table.read("quick log beside an import", lambda: beside.results(large, folder, _say))
    table.read("SQL statements", lambda: figures.statements(large))
    table.read("start", lambda: [figures.start(large)])


class _Table:
    """The results so far, of the lines that were asked for."""

    def __init__(self, only: str) -> None:
        self.asks_for = only
        self.results: list[Result] = []

    def is_asked_for(self, name: str) -> bool:
        """Whether a line of this name shall be measured."""
        return self.asks_for in name

    def note(self, result: Result) -> None:
        _say(f"{result.line.name}: {result.ratio:.2f}")
        self.results.append(result)

    def read(self, name: str, measure: Callable[[], list[Result]]) -> None:
        if self.is_asked_for(name):
            for result in measure():
                self.note(result)


def _throughput(name: str, ours: str, bare: str, measured: data.Data) -> list[Result]:
    return [figures.throughput(name, lambda: _signed_in(ours, measured), lambda: Client(bare))]


def _signed_in(address: str, measured: data.Data) -> Client:
    client = Client(address)
    client.sign_in(measured.email, measured.password)
    return client


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
