"""A database of many people and ten times as many ties, made by plain inserts."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import scored
from bench.data import ROOT, digest, keep
from irm.db import dbapi

#: Ties of a person.
EACH = 10

#: People of one group, and the share of their ties that stay within it.
GROUP, INSIDE = 200, 0.7

KINDS = ("follows",) * 6 + ("mentions",) * 3 + ("collaborates",)

_TIES = """INSERT OR IGNORE INTO ties (from_id, to_id, kind, origin, brand_id, weight, is_mutual,
    first_seen, last_seen, source, note, created_at)
    VALUES (?, ?, ?, 'posts', NULL, ?, ?, NULL, ?, '', '', ?)"""
#: Whom a brand serves well was spoken with in the last months.
_SPOKEN = """UPDATE relationships SET last_two_way_at = datetime('now', '-' || (id % 150) ||
    ' days') || '.000000', last_contact_at = datetime('now', '-' || (id % 150) || ' days')
    || '.000000', gives_since_ask = id % 3 WHERE stage IN ('interested', 'engaged')"""


def kept(people: int, say: Callable[[str], None]) -> Path:
    """A folder with a database of so many people of one brand, and ten ties for each.

    Seven ties in ten stay within a group; some people are tied far more often than others.
    """
    before = scored.kept(people, say)
    return keep(
        f"tied-{people}",
        digest([*(ROOT / "migrations").rglob("*.py"), Path(__file__), Path(scored.__file__)]),
        lambda new: _make(new, before, people),
        lambda: say(f"making {people * EACH:,} ties of {people:,} people …"),
    )


def _make(new: Path, before: Path, people: int) -> None:
    shutil.copytree(before, new, dirs_exist_ok=True)
    connection = dbapi.connect(str(new / "irm.db"), isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    connection.execute("BEGIN")
    connection.execute(_SPOKEN)
    ties, wanted = _ties(people), people * EACH
    while (there := connection.execute("SELECT count(*) FROM ties").fetchone()[0]) < wanted:
        some = [next(ties) for _one in range(min(100_000, wanted - there))]
        connection.executemany(_TIES, some)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _ties(people: int) -> Iterator[Any]:
    dice = random.Random(17)
    groups = people // GROUP
    while True:
        one = dice.randrange(people)
        squeezed = dice.random() ** 2
        if dice.random() < INSIDE:
            other = groups * int(GROUP * squeezed) + one % groups
        else:
            other = int(people * squeezed)
        if one == other or other >= people:
            continue
        day = f"2026-{dice.randint(1, 6):02}-{dice.randint(1, 28):02}"
        yield (
            1 + one,
            1 + other,
            dice.choice(KINDS),
            float(dice.randint(1, 4)),
            dice.random() < 0.2,
            day,
            scored.AT,
        )
