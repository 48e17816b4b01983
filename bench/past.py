"""The board of a past day, against the query that one would write by hand."""

import datetime as dt
import time
from pathlib import Path

from bench import moved
from bench.client import Client, Request
from bench.data import Data
from bench.lines import Line, Pair
from irm.db import dbapi

#: Days before today.
DAYS = 90

STAGES = ("unaware", "aware", "interested", "engaged", "ambassador")

#: The best of one stage at a moment, with what a card shows.
_CARDS = """
    SELECT r.id, i.id, i.name, i.tier, r.fit, u.name, m.at, m.reason, m.from_stage, w.name
      FROM relationships r
      JOIN influencers i ON i.id = r.influencer_id
      JOIN stage_moves m ON m.id = (
           SELECT id FROM stage_moves WHERE relationship_id = r.id AND at < ?
            ORDER BY at DESC, id DESC LIMIT 1)
      LEFT JOIN users u ON u.id = r.owner_id
      LEFT JOIN users w ON w.id = m.user_id
     WHERE r.brand_id = ? AND m.to_stage = ? AND i.known AND i.archived_at IS NULL
       AND i.merged_into_id IS NULL
     ORDER BY r.fit_order, r.id LIMIT 31
"""


def pair(client: Client, measured: Data) -> Pair:
    """The page of that day, and the bare query for each of its columns."""
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=DAYS)
    asked = Request(f"/funnel/past?day={day}", expects="card-item")
    return Pair(
        Line(f"board as of a past day, {moved.MOVES:,} moves", 4, 2),
        lambda: client.check(asked).seconds,
        lambda: bare(measured.database, measured.brand, day),
        times=5,
    )


def bare(database: Path, brand: int, day: dt.date) -> float:
    """Read the five columns as they stood at the end of a day of UTC."""
    started = time.perf_counter()
    moment = f"{day + dt.timedelta(days=1)} 00:00:00.000000"
    connection = dbapi.connect(str(database))
    try:
        for stage in STAGES:
            connection.execute(_CARDS, (moment, brand, stage)).fetchall()
    finally:
        connection.close()
    return time.perf_counter() - started
