"""The databases that are planned: the demo's people, shared out among fifty colleagues."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from bench import data
from irm.db import dbapi

OWNERS = 50

_COLLEAGUE = """
    INSERT INTO users (name, email, email_key, password_hash, is_admin, is_active, is_demo, locale,
                       timezone, weekly_hours, letter_keys, board, created_at, row_version)
    VALUES (?, ?, ?, '-', 0, 1, 0, 'en', 'Europe/Paris', 6.0, 1, '{}', ?, 1)
"""


def copy_of(people: int, into: Path, name: str, say: Callable[[str], None]) -> data.Data:
    """A fresh copy of a database of so many people whom fifty colleagues look after."""
    measured = data.copy_of(people, into / name, say)
    share_out(measured.database, measured.brand)
    return measured


def share_out(database: Path, brand: int) -> None:
    """Give each relationship of a brand one of fifty owners, who have six hours a week each."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(" ")
    connection = dbapi.connect(str(database))
    try:
        owners = []
        for n in range(OWNERS):
            address = f"planner{n}@bench.example"
            made = connection.execute(_COLLEAGUE, (f"Colleague {n}", address, address, now))
            owners.append(made.lastrowid)
            connection.execute(
                "INSERT INTO brand_members (brand_id, user_id, role) VALUES (?, ?, 'manager')",
                (brand, made.lastrowid),
            )
        first = owners[0]
        assert owners == list(range(first, first + OWNERS))
        connection.execute(
            f"UPDATE relationships SET owner_id = {first} + id % {OWNERS} WHERE brand_id = ?",
            (brand,),
        )
        connection.execute(
            "UPDATE touchpoints SET owner_id ="
            " (SELECT owner_id FROM relationships r WHERE r.id = relationship_id)"
            " WHERE state = 'open'"
        )
        connection.commit()
    finally:
        connection.close()


def remove(folder: Path) -> None:
    """Forget a copy: each takes a gigabyte."""
    shutil.rmtree(folder, ignore_errors=True)
