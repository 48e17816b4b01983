"""The databases of five million moves: the demo's people with a longer past, made by plain SQL.

Each relationship goes up and down its stages from its birth until today, one move after the
other, so that a replay of the moves gives the stages and the counters that stand beside them.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from bench import data
from irm.db import dbapi

MOVES = 5_000_000

#: The moves lie in so many days before today.
DAYS = 1_095

#: How high the walk of a relationship goes, from its id; and where a step of it stands.
_TOP = "(1 + r.id % 4)"
_STAGES = "CASE {} WHEN 0 THEN 'unaware' WHEN 1 THEN 'aware' WHEN 2 THEN 'interested'"
_STAGES += " WHEN 3 THEN 'engaged' ELSE 'ambassador' END"

#: A number between 0 and 1 that is another for each relationship, and the same every time.
_LUCK = "((r.id * 2654435761 % 1000003) / 1000003.0)"


def copy_of(people: int, into: Path, say: Callable[[str], None]) -> data.Data:
    """A fresh copy of a database of so many people and MOVES moves, made first where it must."""

    def begin(new: Path) -> None:
        made = data.copy_of(people, new, say)
        make(made.database, MOVES)
        for path in made.folder.iterdir():
            path.rename(new / path.name)
        made.folder.rmdir()

    of = f"{data.key()}-{data.digest([Path(__file__)])}"
    kept = data.keep(
        f"moved-{people}", of, begin, lambda: say(f"making {MOVES:,} moves of {people:,} people …")
    )
    folder = into / f"moved-{people}"
    shutil.copytree(kept, folder)
    return data.read(people, folder)


def make(database: Path, moves: int, today: dt.date | None = None) -> None:
    """Give the relationships of the demo's brand so many moves in place of their own."""
    connection = dbapi.connect(str(database))
    end = today or dt.datetime.now(dt.UTC).date()
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        (brand,) = connection.execute("SELECT id FROM brands WHERE is_demo").fetchone()
        (people,) = connection.execute(
            "SELECT count(*) FROM relationships WHERE brand_id = ?", (brand,)
        ).fetchone()
        steps = moves // people
        start = dt.datetime.combine(end - dt.timedelta(days=DAYS), dt.time())
        _write(connection, brand, steps, start.isoformat(" "))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _write(connection: dbapi.Connection, brand: int, steps: int, start: str) -> None:
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name = 'stage_moves'"
    ).fetchall()
    for name, _sql in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("DELETE FROM stage_moves WHERE brand_id = ?", (brand,))
    stands = f"abs((n.i + {_TOP}) % (2 * {_TOP}) - {_TOP})"
    stood = f"abs((n.i - 1 + {_TOP}) % (2 * {_TOP}) - {_TOP})"
    # Born some time in the first two thirds; then in even steps until the day before today.
    born = f"{_LUCK} * {DAYS * 2 / 3}"
    day = f"{born} + ({DAYS - 1} - {born}) * n.i / {steps}"
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
        f" WHERE i < {steps - 1})"
        " INSERT INTO stage_moves (relationship_id, brand_id, from_stage, to_stage, at)"
        f" SELECT r.id, r.brand_id, CASE WHEN n.i > 0 THEN {_STAGES.format(stood)} END,"
        f" {_STAGES.format(stands)},"
        f" strftime('%Y-%m-%d %H:%M:%S', julianday(?) + {day}) || '.000000' AS moment"
        " FROM relationships r CROSS JOIN n WHERE r.brand_id = ? ORDER BY moment",
        (start, brand),
    )
    for _name, sql in indexes:
        connection.execute(sql)
    last = f"abs(({steps - 1} + {_TOP}) % (2 * {_TOP}) - {_TOP})"
    connection.execute(
        f"UPDATE relationships AS r SET stage = {_STAGES.format(last)},"
        " stage_since = (SELECT max(at) FROM stage_moves WHERE relationship_id = r.id)"
        " WHERE brand_id = ?",
        (brand,),
    )
    connection.execute("DELETE FROM stage_counters WHERE brand_id = ?", (brand,))
    connection.execute(
        "INSERT INTO stage_counters (brand_id, stage, tier, owner_id, people, audience)"
        " SELECT r.brand_id, r.stage, i.tier, coalesce(r.owner_id, 0), count(*),"
        " coalesce(sum(i.audience), 0) FROM relationships r"
        " JOIN influencers i ON i.id = r.influencer_id"
        " WHERE i.archived_at IS NULL AND r.brand_id = ? GROUP BY 1, 2, 3, 4",
        (brand,),
    )
    connection.execute("ANALYZE stage_moves")
