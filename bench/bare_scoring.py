"""The bare scoring: the plainest loop that scores everybody and writes the same rows.

Run as `python -m bench.bare_scoring DATABASE`. It reads the same columns through the DB-API, does
the same arithmetic in numpy and writes the same columns and history with `executemany`, for some
thousands of people in one transaction. No claim, no turn for anybody else, no counters of the
board, no settings but the defaults, no posts and no topics.
"""

import contextlib
import datetime as dt
import importlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sqlite: Any = sqlite3
with contextlib.suppress(ImportError):
    sqlite = importlib.import_module("pysqlite3")

#: People scored and written together.
BATCH = 10_000

VIEWED = ("youtube", "tiktok")
UNKNOWN = 101.0

_PEOPLE = """SELECT id, archetype, tier, tier_set_by_id, tier_reason, audience, reach, resonance
    FROM influencers WHERE known AND merged_into_id IS NULL AND id > ? ORDER BY id LIMIT ?"""
_ACCOUNTS = """SELECT influencer_id, id, platform, followers, likes_average, comments_average,
    shares_average, views_average, engagement_average FROM accounts
    WHERE is_current AND influencer_id BETWEEN ? AND ?
    ORDER BY influencer_id, followers DESC, id"""
_RELATIONSHIPS = """SELECT id, influencer_id, brand_id, relevance, fit, relevance_order, fit_order,
    reach_order, resonance_order FROM relationships WHERE influencer_id BETWEEN ? AND ?"""
_SILENT = """SELECT relationship_id FROM scores WHERE value IS NULL AND kind = ?
    AND relationship_id BETWEEN ? AND ?"""
_SILENT_PEOPLE = """SELECT influencer_id, kind FROM scores WHERE value IS NULL
    AND relationship_id IS NULL AND influencer_id BETWEEN ? AND ?"""
_LINES = "SELECT name, value FROM settings WHERE name LIKE 'expectation:%'"
_WRITE_PERSON = "UPDATE influencers SET audience=?, reach=?, resonance=?, tier=? WHERE id=?"
_WRITE_RELATIONSHIP = """UPDATE relationships SET fit=?, fit_order=?, reach_order=?,
    resonance_order=? WHERE id=?"""
_INSERT = """INSERT INTO scores (influencer_id, relationship_id, kind, day, value, reasons)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT ({0}, kind, day) WHERE relationship_id IS {1} NULL
    DO UPDATE SET value=excluded.value, reasons=excluded.reasons"""
_OF_PERSON = _INSERT.format("influencer_id", "")
_OF_RELATIONSHIP = _INSERT.format("relationship_id", "NOT")


class _Batch:
    """Some people with their accounts, as arrays."""

    def __init__(self, connection: Any, last: int) -> None:
        self.rows = connection.execute(_PEOPLE, (last, BATCH)).fetchall()
        if not self.rows:
            return
        self.ids = np.array([row[0] for row in self.rows])
        self.span = (self.rows[0][0], self.rows[-1][0])
        read = connection.execute(_ACCOUNTS, self.span).fetchall()
        columns = list(zip(*read, strict=True))
        self.owner = np.searchsorted(self.ids, np.array(columns[0]))
        self.account, self.platform = columns[1], np.array(columns[2])
        likes, comments, shares, views, engagement = (
            np.array(column, dtype=float) for column in columns[4:]
        )
        self.followers = np.array(columns[3], dtype=float)
        base = np.where(np.isin(self.platform, VIEWED), views, self.followers)
        likes = np.where(np.isnan(likes), engagement, likes)
        reactions = likes + 2 * np.nan_to_num(comments) + 3 * np.nan_to_num(shares)
        with np.errstate(divide="ignore", invalid="ignore"):
            self.rate = np.where(base > 0, reactions / base, np.nan)


def main(database: Path) -> None:
    """Score everybody in a database."""
    connection = sqlite.connect(str(database), isolation_level=None)
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    batches = list(_batches(connection))
    lines = {
        platform: _line([one.platform == platform for one in batches], batches)
        for platform in {str(name) for one in batches for name in np.unique(one.platform)}
    }
    for name, value in connection.execute(_LINES):
        stands = json.loads(value)
        found = lines.get(name.partition(":")[2])
        if found is not None and _is_near(found, stands):
            lines[name.partition(":")[2]] = (stands["intercept"], stands["slope"], found[2])
    for one in batches:
        _score(connection, one, lines)
    connection.close()


def _is_near(found: tuple[float, float, int], stands: dict[str, float]) -> bool:
    """A line that hardly moved stays where it was."""
    intercept, slope = found[0] - stands["intercept"], found[1] - stands["slope"]
    return max(abs(intercept + 2 * slope), abs(intercept + 8 * slope)) <= 0.01


def _batches(connection: Any) -> Iterator[_Batch]:
    last = 0
    while (batch := _Batch(connection, last)).rows:
        last = batch.span[1]
        yield batch
        batch.rows = []


def _line(chosen: list[Any], batches: list[_Batch]) -> tuple[float, float, int]:
    """The median of the slopes between any two of 800 accounts, as Theil and Sen have it."""
    followers = np.concatenate([one.followers[c] for one, c in zip(batches, chosen, strict=True)])
    rate = np.concatenate([one.rate[c] for one, c in zip(batches, chosen, strict=True)])
    sound = (followers > 0) & (rate > 0)
    x, y = np.log10(followers[sound]), np.log10(rate[sound])
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    some = np.linspace(0, len(x) - 1, min(len(x), 800)).round().astype(int)
    first, second = np.triu_indices(len(some), k=1)
    run, rise = x[some][second] - x[some][first], y[some][second] - y[some][first]
    slope = min(max(float(np.median(rise[run > 0] / run[run > 0])), -0.6), 0.0)
    return float(np.median(y - slope * x)), slope, len(x)


def _score(connection: Any, one: _Batch, lines: dict[str, tuple[float, float, int]]) -> None:
    stored = connection.execute(_PEOPLE, (one.span[0] - 1, BATCH)).fetchall()
    people = len(one.ids)
    counted = ~np.isnan(one.followers)
    total = np.bincount(one.owner[counted], one.followers[counted], people)
    largest = np.full(people, -1.0)
    np.maximum.at(largest, one.owner[counted], one.followers[counted])
    size = np.where(largest < 0, np.nan, np.rint(largest + 0.5 * (total - largest)))
    reach = np.minimum(100, 100 * np.log10(1 + size) / 8)

    names, code = np.unique(one.platform, return_inverse=True)
    intercept, slope = (np.array([lines[str(name)][at] for name in names])[code] for at in (0, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = 10 ** (intercept + slope * np.log10(one.followers))
        score = np.clip(50 + 12.5 * np.log2(one.rate / expected), 0, 100)
    score = np.where(one.followers > 0, score, np.nan)
    rated = ~np.isnan(score)
    weight = np.bincount(one.owner[rated], one.followers[rated], people)
    with np.errstate(divide="ignore", invalid="ignore"):
        resonance = np.bincount(one.owner[rated], (one.followers * score)[rated], people) / weight
        known = np.stack((reach, resonance))
        parts = np.array([0.2, 0.4])[:, None] * ~np.isnan(known)
        logs = np.nansum(parts * np.log(np.maximum(known, 1)), axis=0)
        fit = np.exp(logs / parts.sum(axis=0))
    sizes = _plain(size, 0)
    scores = _plain(reach, 2), _plain(resonance, 2), _plain(fit, 2)
    starts = np.searchsorted(one.owner, np.arange(people + 1)).tolist()
    _write(connection, one, stored, lines, sizes, scores, starts, _plain(expected, 9))


def _write(
    connection: Any,
    some: _Batch,
    stored: list[Any],
    lines: dict[str, tuple[float, float, int]],
    sizes: list[float | None],
    scores: tuple[list[float | None], ...],
    starts: list[int],
    expected: list[float | None],
) -> None:
    """Write what is not as it should be, with a row of history for each score that moved."""
    day = dt.datetime.now(dt.UTC).date().isoformat()
    told = {*connection.execute(_SILENT_PEOPLE, some.span).fetchall()}
    followers, rates = _plain(some.followers, 0), _plain(some.rate, 9)
    platforms = some.platform.tolist()
    people, moved = [], []
    for at, row in enumerate(stored):
        id, audience = row[0], None if sizes[at] is None else int(sizes[at])  # type: ignore[arg-type]
        reach, resonance = scores[0][at], scores[1][at]
        large, middle = (audience or 0) >= 250_000, (audience or 0) >= 10_000
        tier = "macro" if large else "middle" if middle else "micro"
        if (row[2], row[5], row[6], row[7]) != (tier, audience, reach, resonance):
            people.append((audience, reach, resonance, tier, id))
        own = range(starts[at], starts[at + 1])
        if row[6] != reach or (reach is None and (id, "reach") not in told):
            kept = [[some.account[n], platforms[n], followers[n]] for n in own if followers[n]]
            why = {"code": "reach.audience", "audience": audience, "accounts": len(kept)}
            moved.append((id, None, "reach", day, reach, json.dumps([{**why, "sizes": kept}])))
        if row[7] != resonance or (resonance is None and (id, "resonance") not in told):
            reasons = [
                {
                    "code": "resonance.rate",
                    "account": some.account[n],
                    "platform": platforms[n],
                    "rate": float(f"{rates[n]:.3g}"),
                    "expected": float(f"{expected[n]:.3g}"),
                    "posts": 0,
                    "line": lines[platforms[n]][2],
                    "followers": followers[n],
                    "newest": None,
                    "intercept": lines[platforms[n]][0],
                    "slope": lines[platforms[n]][1],
                }
                for n in own
                if followers[n] and rates[n] is not None
            ]
            moved.append((id, None, "resonance", day, resonance, json.dumps(reasons)))
    place = {id: at for at, id in enumerate(some.ids.tolist())}
    relationships, history = [], []
    rows = connection.execute(_RELATIONSHIPS, some.span).fetchall()
    ids = sorted(row[0] for row in rows)
    quiet = {id for (id,) in connection.execute(_SILENT, ("relevance", ids[0], ids[-1]))}
    silent = {id for (id,) in connection.execute(_SILENT, ("fit", ids[0], ids[-1]))}
    for row in rows:
        at = place[row[1]]
        reach, resonance, fit = (column[at] for column in scores)
        orders = tuple(
            UNKNOWN if known is None else 100 - known for known in (fit, reach, resonance)
        )
        if row[4] != fit or row[6:] != orders:
            relationships.append((fit, *orders, row[0]))
        if row[0] not in quiet:
            why = [{"code": "relevance.no_topics"}]
            history.append((row[1], row[0], "relevance", day, None, json.dumps(why)))
        if row[4] != fit or (fit is None and row[0] not in silent):
            parts = {"reach": reach, "resonance": resonance, "weights": [0.2, 0.4, 0.4]}
            why = [{"code": "fit.parts", **parts}]
            history.append((row[1], row[0], "fit", day, fit, json.dumps(why)))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_WRITE_PERSON, people)
    connection.executemany(_OF_PERSON, moved)
    connection.executemany(_WRITE_RELATIONSHIP, relationships)
    connection.executemany(_OF_RELATIONSHIP, history)
    connection.execute("COMMIT")


def _plain(values: Any, digits: int) -> list[float | None]:
    return [None if one != one else one for one in np.round(values, digits).tolist()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
