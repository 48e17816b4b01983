"""The readings of five million moves, against the plainest loop over the same rows."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench import moved, past, servers
from bench.client import Client, Request
from bench.lines import Line, Pair
from bench.measure import Result, compare
from irm.db import dbapi

#: Between the end of the day so long ago, and of today.
DAYS = 90

_FRAGMENT = {"HX-Request": "true"}

#: Of a brand from a day on, in their order.
_MOVES = """
    SELECT relationship_id, from_stage, to_stage FROM stage_moves
     WHERE brand_id = ? AND at >= ? ORDER BY at, id
"""


def results(people: int, folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Where those stood 90 days ago who stand here today: the page's table, and the bare loop."""
    measured = moved.copy_of(people, folder, say)
    with servers.product(measured) as address, servers.bare(measured) as bare:
        client, hello = Client(address), Client(bare)
        client.sign_in(measured.email, measured.password)
        asked = Request(f"/funnel/reading/one?of=flow&days={DAYS}", None, _FRAGMENT, "<table")
        pair = Pair(
            Line(f"flow between two days, {moved.MOVES:,} moves", 4, 2),
            lambda: client.check(asked).seconds,
            lambda: _bare(measured.database, measured.brand),
            times=3,
        )
        both = (pair, past.pair(client, measured))
        return [compare(one, lambda: hello.check(Request("/hello")).seconds) for one in both]


def _bare(database: Path, brand: int) -> float:
    """Read the moves of the days, and count each who moved by where they began and ended."""
    started = time.perf_counter()
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=DAYS - 1)
    connection = dbapi.connect(str(database))
    try:
        first: dict[int, str | None] = {}
        last: dict[int, str] = {}
        for who, came, went in connection.execute(_MOVES, (brand, str(day))):
            if who not in first:
                first[who] = came
            last[who] = went
        Counter((first[who], went) for who, went in last.items())
    finally:
        connection.close()
    return time.perf_counter() - started
