"""The bare reference of planning: read what a plan rests on, write what came of it, no more."""

import time
from pathlib import Path
from typing import Any

from bench.bare import PRAGMAS
from irm.db import dbapi

_PEOPLE = """
    SELECT r.id, r.influencer_id, r.owner_id, r.stage, r.level, r.cadence_ideal, r.cadence_worst,
           r.fit, r.last_contact_at, r.last_two_way_at, r.paused_until, r.unanswered,
           i.archetype, i.country, i.timezone, i.preferred_channel, i.contact_ceiling,
           i.do_not_contact,
           (SELECT n.activity FROM interactions n WHERE n.relationship_id = r.id
             AND n.activity IS NOT NULL ORDER BY n.happened_at DESC, n.id DESC LIMIT 1)
      FROM relationships r JOIN influencers i ON i.id = r.influencer_id
     WHERE r.brand_id = ? AND i.known AND i.merged_into_id IS NULL AND i.archived_at IS NULL
     ORDER BY r.id
"""
_PLANNED = """
    SELECT t.* FROM touchpoints t JOIN relationships r ON r.id = t.relationship_id
     WHERE r.brand_id = ? AND t.state = 'open' ORDER BY t.relationship_id, t.due_on, t.id
"""


class Outcome:
    """What a plan wrote, read from a database in which it was made."""

    def __init__(self, database: Path) -> None:
        connection = dbapi.connect(str(database))
        try:
            self.touchpoints = _rows(
                connection, "SELECT * FROM touchpoints WHERE planned_by = 'plan'"
            )
            self.gaps = _rows(connection, "SELECT * FROM plan_gaps")
            self.next = {
                row[2]: row
                for row in _rows(
                    connection, "SELECT next_touchpoint_on, next_order, id FROM relationships"
                )
            }
            self.open = {row[0] for row in _rows(connection, _OPEN)}
        finally:
            connection.close()


_OPEN = "SELECT id FROM touchpoints WHERE state = 'open' AND planned_by <> 'plan'"


def plan(database: Path, brand: int, outcome: Outcome) -> float:
    """Read and write the same rows as a plan that was made elsewhere; returns the seconds."""
    connection = dbapi.connect(str(database))
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    begun = time.perf_counter()
    try:
        connection.execute(_PEOPLE, (brand,)).fetchall()
        planned = connection.execute(_PLANNED, (brand,)).fetchall()
        gone = [row for row in planned if row[0] not in outcome.open]
        connection.executemany("DELETE FROM touchpoints WHERE id = ?", [row[:1] for row in gone])
        _insert(connection, "touchpoints", outcome.touchpoints)
        _insert(connection, "plan_gaps", outcome.gaps)
        connection.executemany(
            "UPDATE relationships SET next_touchpoint_on = ?, next_order = ? WHERE id = ?",
            [outcome.next[id] for id in sorted({row[1] for row in (*gone, *outcome.touchpoints)})],
        )
        connection.commit()
    finally:
        connection.close()
    return time.perf_counter() - begun


def _insert(connection: dbapi.Connection, table: str, rows: list[Any]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _rows(connection: dbapi.Connection, statement: str) -> list[Any]:
    return list(connection.execute(statement).fetchall())
