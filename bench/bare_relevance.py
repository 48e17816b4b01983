"""The bare relevance: a full-text query a topic, the formula in numpy, and the same rows written.

Run as `python -m bench.bare_relevance DATABASE`. The full-text tables are SQLite's own, by whole
words: no stems, no joined words, no long texts read otherwise. One brand, everybody in its funnel.
"""

import contextlib
import datetime as dt
import importlib
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import numpy as np

sqlite: Any = sqlite3
with contextlib.suppress(ImportError):
    sqlite = importlib.import_module("pysqlite3")

#: Rows written in one transaction.
BATCH = 10_000
WEIGHTS = np.array([0.2, 0.4, 0.4])[:, None]

_POSTS = """SELECT a.influencer_id, p.id, substr(p.published_at, 1, 10) FROM accounts a
    JOIN posts p ON p.account_id = a.id WHERE a.is_current ORDER BY a.influencer_id"""
_RELATIONSHIPS = """SELECT r.id, r.influencer_id, i.audience, i.resonance, r.relevance, r.fit
    FROM relationships r JOIN influencers i ON i.id = r.influencer_id ORDER BY i.id"""
_WRITE = """UPDATE relationships SET relevance=?, fit=?, relevance_order=?, fit_order=?
    WHERE id=?"""
_HISTORY = """INSERT INTO scores (influencer_id, relationship_id, kind, day, value, reasons)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (relationship_id, kind, day)
    WHERE relationship_id IS NOT NULL
    DO UPDATE SET value=excluded.value, reasons=excluded.reasons"""


def main(database: Path) -> None:
    """Score everybody against the topics of the one brand."""
    connection = sqlite.connect(str(database), isolation_level=None)
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    topics = connection.execute("SELECT id, name, keywords, weight FROM topics").fetchall()
    rows = connection.execute(_RELATIONSHIPS).fetchall()
    people = np.array([row[1] for row in rows])
    columns = list(zip(*connection.execute(_POSTS), strict=True))
    owner = np.searchsorted(people, np.array(columns[0]))
    number = np.array(columns[1])
    place = np.empty(number.max() + 1, dtype=np.int64)
    place[number] = np.arange(len(number))
    day = np.array(columns[2], dtype="datetime64[D]").astype(np.int64)
    newest = np.full(len(people), -(10**6))
    np.maximum.at(newest, owner, day)
    weight = 0.5 ** ((newest[owner] - day) / 90)
    total = np.bincount(owner, weight, len(people)) + 1
    texts = np.bincount(owner, minlength=len(people)) + 1

    missing = np.ones(len(people))
    told: list[list[dict[str, Any]]] = [[] for _ in rows]
    for id, name, keywords, share in topics:
        asked = " OR ".join(f'"{keyword}"' for keyword in json.loads(keywords))
        hits = place[_asked(connection, "bare_posts", asked)]
        bios = np.searchsorted(people, _asked(connection, "bare_bios", asked))
        matching = np.bincount(owner[hits], weight[hits], len(people))
        matching[bios] += 1
        gives = share * -np.expm1(-matching / (total + 3) / 0.15)
        missing *= 1 - gives
        _tell(told, id, name, gives, hits, owner, weight, number, {*bios.tolist()})
    _write(connection, rows, 100 * (1 - missing), texts.tolist(), told)
    connection.close()


def _asked(connection: Any, table: str, asked: str) -> Any:
    found = connection.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (asked,))
    return np.array([row[0] for row in found], dtype=np.int64)


def _tell(
    told: list[list[dict[str, Any]]],
    topic: int,
    name: str,
    gives: Any,
    hits: Any,
    owner: Any,
    weight: Any,
    number: Any,
    bios: set[int],
) -> None:
    """Note what a topic gives, and the three newest posts that speak of it."""
    order = hits[np.lexsort((-number[hits], -weight[hits], owner[hits]))]
    posts: dict[int, list[int]] = {}
    for person, post in zip(owner[order].tolist(), number[order].tolist(), strict=True):
        posts.setdefault(person, []).append(post)
    for person in {*posts, *bios}:
        named = posts.get(person, [])
        reason = {"code": "relevance.topic", "topic": topic, "name": name}
        reason |= {"gives": round(100 * float(gives[person]), 1), "matching": len(named)}
        told[person].append(reason | {"posts": named[:3], "bio": person in bios})


def _write(
    connection: Any,
    rows: list[Any],
    scores: Any,
    texts: list[int],
    told: list[list[dict[str, Any]]],
) -> None:
    day = dt.datetime.now(dt.UTC).date().isoformat()
    known = np.stack(
        (
            100 * np.log10(1 + np.array([row[2] for row in rows], dtype=float)) / 8,
            np.array([row[3] for row in rows], dtype=float),
            scores,
        )
    )
    parts = WEIGHTS * ~np.isnan(known)
    logs = np.nansum(parts * np.log(np.maximum(known, 1)), axis=0)
    reach = known[0].round(1).tolist()
    fits = np.round(np.exp(logs / parts.sum(axis=0)), 2).tolist()
    changed: list[Any] = []
    history: list[Any] = []
    for at, (row, relevance, fit) in enumerate(zip(rows, scores.round(2), fits, strict=True)):
        id, person, _audience, resonance, before, fit_before = row
        relevance = float(relevance)
        if (before, fit_before) == (relevance, fit):
            continue
        changed.append((relevance, fit, 100 - relevance, 100 - fit, id))
        code = "relevance.read" if told[at] else "relevance.nothing"
        why = [*told[at], {"code": code, "texts": texts[at]}]
        if relevance != before:
            history.append((person, id, "relevance", day, relevance, json.dumps(why)))
        if fit != fit_before:
            parts_of = {
                "reach": reach[at],
                "resonance": resonance,
                "relevance": round(relevance, 1),
            }
            reasons = json.dumps([{"code": "fit.parts", **parts_of, "weights": [0.2, 0.4, 0.4]}])
            history.append((person, id, "fit", day, fit, reasons))
    for statement, of in ((_WRITE, changed), (_HISTORY, history)):
        for start in range(0, len(of), BATCH):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, of[start : start + BATCH])
            connection.execute("COMMIT")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
