"""Databases for the scoring: so many people and accounts, made by plain inserts.

The demo makes colleagues, posts and history as well, and takes most of an hour for a million.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.data import ROOT, digest, keep, run
from irm.db import dbapi

AT = "2026-03-02 09:00:00.000000"
DAY = "2026-03-02"
NEVER = "9999-12-31"

#: One platform in ten each.
PLATFORMS = ("instagram",) * 5 + ("tiktok",) * 2 + ("youtube",) * 2 + ("x",)
VIEWED = ("tiktok", "youtube")
STAGES = ("unaware",) * 6 + ("aware",) * 2 + ("interested", "engaged")
BATCH = 10_000

_PEOPLE = """INSERT INTO influencers (id, name, country, bio, origin, tier, do_not_contact,
    source, lawful_basis, known, is_demo, created_at, row_version)
    VALUES (?, ?, 'France', ?, 'external', 'micro', 0, 'list.csv', 'legitimate_interest', 1, 0,
    ?, 1)"""
_ACCOUNTS = """INSERT INTO accounts (id, influencer_id, platform, handle, handle_key, is_current,
    followers, likes_average, comments_average, views_average, figures_on, created_at, row_version)
    VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, 1)"""
_RELATIONSHIPS = """INSERT INTO relationships (id, influencer_id, brand_id, stage, stage_since,
    created_at, row_version, gives_since_ask, name_order, fit_order, relevance_order,
    resonance_order, reach_order, next_order, contact_order)
    VALUES (?, ?, 1, ?, ?, ?, 1, 0, ?, 101, 101, 101, 101, ?, ?)"""


def kept(people: int, say: Callable[[str], None]) -> Path:
    """A folder with a database of so many people, as many accounts, and one brand that knows all.

    One person in ten has two accounts and one has none; one account in fifty hides its followers,
    one in ten has no averages. Nobody has a score yet.
    """
    return keep(
        f"scored-{people}",
        _key(),
        lambda new: _make(new, people),
        lambda: say(f"making a database of {people:,} people to score …"),
    )


def _make(new: Path, people: int) -> None:
    run(new, "db", "upgrade")
    run(new, "brand", "add", "Bench")
    connection = dbapi.connect(str(new / "irm.db"), isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    connection.execute("BEGIN")
    for table, rows in zip((_PEOPLE, _ACCOUNTS, _RELATIONSHIPS), _rows(people), strict=True):
        connection.executemany(table, rows)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _key() -> str:
    sources = [*(ROOT / "migrations").rglob("*.py"), Path(__file__)]
    return digest(sources)


def _rows(people: int) -> tuple[Iterator[Any], Iterator[Any], Iterator[Any]]:
    ids = range(1, people + 1)
    return (
        ((id, f"Person {id}", f"Bio of {id}: plants, coffee and trail.", AT) for id in ids),
        _accounts(ids),
        ((id, id, STAGES[id % 10], AT, AT, f"person {id}", NEVER, NEVER) for id in ids),
    )


def _accounts(ids: range) -> Iterator[Any]:
    dice = random.Random(11)
    for id in ids:
        platform = dice.choice(PLATFORMS)
        owner = id - 1 if id % 10 == 0 else id
        handle = f"person.{id}"
        yield (id, owner, platform, handle, handle, *figures(dice, platform), DAY, AT)


def figures(dice: random.Random, platform: str) -> tuple[int | None, *tuple[float | None, ...]]:
    """Invent an account's followers, and its average likes, comments and views."""
    followers = int(10 ** dice.gauss(3.9, 0.7)) + 50
    rate = 10 ** dice.gauss(-1.5 - 0.15 * (dice.random() + 3.5), 0.35)
    views = round(followers * dice.uniform(0.05, 2), 1) if platform in VIEWED else None
    likes = round((views or followers) * rate, 2)
    if dice.random() < 0.1:
        likes, views = None, None
    return (
        None if dice.random() < 0.02 else followers,
        likes,
        None if likes is None else round(likes * 0.03, 2),
        views,
    )


def move_a_day_on(database: Path) -> None:
    """Let a day pass: what was written today was yesterday, and every tenth account has news."""
    connection = dbapi.connect(str(database), isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    connection.execute("BEGIN")
    connection.execute("UPDATE scores SET day = date(day, '-1 day')")
    dice = random.Random(13)
    rows = connection.execute("SELECT id, platform FROM accounts WHERE id % 10 = 5").fetchall()
    connection.executemany(
        "UPDATE accounts SET followers = ?, likes_average = ?, comments_average = ?,"
        " views_average = ? WHERE id = ?",
        [(*figures(dice, platform), id) for id, platform in rows],
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
