"""The databases that are measured: made by the demo once, copied for each run."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irm.db import dbapi

ROOT = Path(__file__).parents[1]

#: Where databases are kept between runs; git leaves it out.
KEPT = Path(__file__).parent / "data"

#: What decides how a database comes out.
SOURCES = ("irm/demo", "irm/models", "irm/ledger", "irm/scoring", "irm/jobs/scoring*", "migrations")

SEED = 1

#: Deep in the list: nine tenths of the people come before.
DEEP = 0.9


@dataclass(frozen=True)
class Data:
    """One database to measure on, and what to look for in it."""

    people: int
    folder: Path
    email: str
    password: str
    brand: int
    #: The addresses of a page deep in the list, and of the cards below the first thirty.
    deep: str
    below: str
    name: str
    handle: str
    note: str
    post: str
    #: Somebody with a long timeline.
    person: int
    #: Relationships with a timeline as most have one, to log something on.
    logged: tuple[int, ...]
    #: Who signs in, and how many relationships are hers.
    owner: int
    owned: int

    @property
    def database(self) -> Path:
        return self.folder / "irm.db"


def environment(folder: Path) -> dict[str, str]:
    """The environment of a command that works on a data folder and knows no other setting."""
    unset = ("IRM_", "PYTHONDONTWRITEBYTECODE")  # As users run it, with what is compiled kept.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    return {**kept, "IRM_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}


def run(folder: Path, *arguments: str) -> str:
    """Run an irm command on a data folder; returns what it printed."""
    command = [sys.executable, "-m", "irm.cli.main", *arguments]
    done = subprocess.run(  # our own command
        command,
        env=environment(folder),
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def copy_of(people: int, into: Path, say: Callable[[str], None]) -> Data:
    """A fresh copy of the database of so many people, made first where it is not kept yet."""
    folder = into / str(people)
    shutil.copytree(_kept(people, say), folder)
    return read(people, folder)


def read(people: int, folder: Path) -> Data:
    """What there is to look for in a folder with a database of so many people."""
    signs = json.loads((folder / "sign-in.json").read_text())
    email = signs["users"][0]["email"]
    found = _look_around(folder / "irm.db", email)
    return Data(
        people=people,
        folder=folder,
        email=email,
        password=signs["password"],
        **found,
    )


def _kept(people: int, say: Callable[[str], None]) -> Path:
    def make(new: Path) -> None:
        run(new, "db", "upgrade")
        asked = ("--influencers", str(people), "--seed", str(SEED), "--json")
        (new / "sign-in.json").write_text(run(new, "demo", *asked))
        with dbapi.connect(str(new / "irm.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    return keep(str(people), key(), make, lambda: say(f"making a database of {people:,} people …"))


def keep(kind: str, of: str, make: Callable[[Path], None], announce: Callable[[], None]) -> Path:
    """The folder that is kept of a kind, made first where there is none of these sources.

    One of other sources goes; one that could not be made whole leaves nothing.
    """
    folder = KEPT / f"{kind}-{of}"
    if folder.exists():
        return folder
    for other in KEPT.glob(f"{kind}-*"):
        shutil.rmtree(other)
    announce()
    new = KEPT / f"new-{kind}-{os.getpid()}"
    new.mkdir(parents=True)
    try:
        make(new)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


def key() -> str:
    """A short key that changes when databases of the demo come out otherwise."""
    files = {
        path
        for source in SOURCES
        for found in ROOT.glob(source)
        for path in ([found] if found.is_file() else found.rglob("*.py"))
    }
    return digest(files)


def digest(files: Iterable[Path]) -> str:
    """A short key that changes when one of these sources does."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _look_around(database: Path, email: str) -> dict[str, Any]:
    connection = dbapi.connect(str(database))
    try:

        def one(statement: str, *values: object) -> tuple[object, ...]:
            found: tuple[object, ...] = connection.execute(statement, values).fetchone()
            return found

        (brand,) = one("SELECT id FROM brands WHERE is_demo")
        (people,) = one("SELECT count(*) FROM relationships WHERE brand_id = ?", brand)
        key, id = one(
            "SELECT fit_order, id FROM relationships WHERE brand_id = ?"
            " ORDER BY fit_order, id LIMIT 1 OFFSET ?",
            brand,
            int(int(str(people)) * DEEP) - 60,
        )
        day, fit, card = one(
            "SELECT next_order, fit_order, id FROM relationships WHERE brand_id = ?"
            " AND stage = 'aware' ORDER BY next_order, fit_order, id LIMIT 1 OFFSET 29",
            brand,
        )
        name, handle = one(
            "SELECT i.name, a.handle FROM influencers i JOIN accounts a ON a.influencer_id = i.id"
            " WHERE i.id >= (SELECT max(id) / 3 FROM influencers) ORDER BY i.id LIMIT 1"
        )
        (person,) = one(
            "SELECT r.influencer_id FROM relationships r JOIN interactions n"
            " ON n.relationship_id = r.id WHERE r.brand_id = ?"
            " GROUP BY r.id ORDER BY count(*) DESC, r.id LIMIT 1",
            brand,
        )
        owner, owned = one(
            "SELECT u.id, sum(c.people) FROM users u JOIN stage_counters c ON c.owner_id = u.id"
            " WHERE u.email = ? AND c.brand_id = ? GROUP BY u.id",
            email,
            brand,
        )
        logged = connection.execute(
            "SELECT relationship_id FROM interactions GROUP BY relationship_id"
            " HAVING count(*) BETWEEN 4 AND 12 ORDER BY relationship_id LIMIT 50"
        ).fetchall()
    finally:
        connection.close()
    return {
        "brand": brand,
        "deep": f"{key}~{id}",
        "below": f"{day}~{fit}~{card}",
        "name": str(name).split()[-1][1:7].casefold(),
        "handle": str(handle)[1:8],
        "note": "sideways rain",
        "post": "biographie impossible",
        "person": person,
        "logged": tuple(row[0] for row in logged),
        "owner": owner,
        "owned": owned,
    }
