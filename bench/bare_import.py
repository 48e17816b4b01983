"""The bare import: the plainest loop that reads a list and writes the same rows.

Raw SQL through the DB-API with `executemany`, a thousand rows a statement, one transaction for
the whole file: no lookups, no verdicts, no undo, no turn for anybody else.
"""

import csv
import math
import time
import unicodedata
from pathlib import Path
from typing import Any

from irm.db import dbapi

BATCH = 1000
AT = "2026-03-02 09:00:00.000000"
DAY = "2026-03-02"
NEVER = "9999-12-31"

_PEOPLE = """INSERT INTO influencers (id, name, country, city, bio, origin, tier, do_not_contact,
    audience, source, lawful_basis, known, is_demo, created_at, row_version)
    VALUES (?, ?, ?, ?, ?, 'external', ?, 0, ?, 'list.csv', 'legitimate_interest', 1, 0, ?, 1)"""
_ACCOUNTS = """INSERT INTO accounts (id, influencer_id, platform, handle, handle_key, is_current,
    followers, likes_average, comments_average, figures_on, created_at, row_version)
    VALUES (?, ?, 'instagram', ?, ?, 1, ?, ?, ?, ?, ?, 1)"""
_SNAPSHOTS = """INSERT INTO snapshots (account_id, day, followers, likes_average, comments_average)
    VALUES (?, ?, ?, ?, ?)"""
_RELATIONSHIPS = """INSERT INTO relationships (id, influencer_id, brand_id, stage, stage_since,
    created_at, row_version, gives_since_ask, name_order, fit_order, relevance_order,
    resonance_order, reach_order, next_order, contact_order)
    VALUES (?, ?, ?, 'unaware', ?, ?, 1, 0, ?, 101, 101, 101, 101, ?, ?)"""
_MOVES = """INSERT INTO stage_moves (relationship_id, brand_id, to_stage, at)
    VALUES (?, ?, 'unaware', ?)"""
_ENTRIES = """INSERT INTO search_entries (id, influencer_id, source, source_id, text)
    VALUES (?, ?, ?, ?, ?)"""
_INDEX = "INSERT INTO search_index (rowid, text) VALUES (?, ?)"


def run(database: Path, file: Path, brand_id: int) -> float:
    """Import a list into an empty database; returns the seconds it took."""
    begun = time.perf_counter()
    connection = dbapi.connect(str(database), isolation_level=None)
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        next(reader)
        batch: list[tuple[int, list[str]]] = []
        for id, cells in enumerate(reader, 1):
            batch.append((id, cells))
            if len(batch) == BATCH:
                _write(connection, batch, brand_id)
                batch = []
        if batch:
            _write(connection, batch, brand_id)
    connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - begun


def _write(connection: Any, batch: list[tuple[int, list[str]]], brand: int) -> None:
    people, accounts, snapshots, relationships, moves, entries = [], [], [], [], [], []
    for id, (handle, name, followers, likes, comments, country, city, bio) in batch:
        count = int(followers)
        tier = "macro" if count >= 250_000 else "middle" if count >= 10_000 else "micro"
        audience = math.floor(count)
        folded = _fold(name)
        people.append((id, name, country, city, bio, tier, audience, AT))
        key = handle.casefold()
        figures = (count, float(likes), float(comments))
        accounts.append((id, id, handle, key, *figures, DAY, AT))
        snapshots.append((id, DAY, *figures))
        relationships.append((id, id, brand, AT, AT, folded, NEVER, NEVER))
        moves.append((id, brand, AT))
        entries.append((2 * id - 1, id, "name", id, folded))
        entries.append((2 * id, id, "handle", id, _fold(handle)))
    connection.executemany(_PEOPLE, people)
    connection.executemany(_ACCOUNTS, accounts)
    connection.executemany(_SNAPSHOTS, snapshots)
    connection.executemany(_RELATIONSHIPS, relationships)
    connection.executemany(_MOVES, moves)
    connection.executemany(_ENTRIES, entries)
    connection.executemany(_INDEX, [(entry[0], entry[4]) for entry in entries])


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()
