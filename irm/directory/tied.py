"""The ties of two people who turn out to be one: whose they are then, and how they are parted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from irm.directory import moving
from irm.directory.moving import Row

#: What is kept for the parting.
Kept = Mapping[str, list[Any]]

#: What tells two ties of the same people apart.
_SAME = ("from_id", "to_id", "kind", "origin", "brand_id")

#: What a tie takes over from one that becomes the same.
_JOINED = ("weight", "is_mutual", "first_seen", "last_seen")


def take(session: Session, kept_id: int, gone_id: int) -> dict[str, list[Any]]:
    """Give the ties of the gone to the kept; returns what the parting needs.

    What both had adds up. One between the two is put away: nobody is tied to themselves.
    """
    record: dict[str, list[Any]] = {"moved": [], "raised": [], "away": []}
    mine = {_key(row): row for row in _of(session, kept_id)}
    for row in _of(session, gone_id):
        now = _turned(row, gone_id, kept_id)
        same = mine.get(_key(now))
        if now["from_id"] == now["to_id"]:
            moving.remove(session, "ties", row)
            record["away"].append(moving.plain(row))
        elif same is not None:
            values = _joined(same, row)
            moving.write(session, "ties", same["id"], values)
            was = {name: same[name] for name in values}
            record["raised"].append([same["id"], moving.plain(was), moving.plain(values)])
            mine[_key(now)] = {**same, **values}
            moving.remove(session, "ties", row)
            record["away"].append(moving.plain(row))
        else:
            record["moved"] += [[row["id"], name] for name in _changed(row, now)]
    for _, column in moving.TIED:
        ids = [id for id, name in record["moved"] if name == column]
        moving.move(session, "ties", column, ids, of=gone_id, to=kept_id)
    return record


def give_back(session: Session, record: Kept, people: tuple[int, int]) -> None:
    """Let both have their own ties again; what came or changed since stays with the kept.

    `people` are the kept and the gone.
    """
    kept_id, gone_id = people
    for _, column in moving.TIED:
        ids = [id for id, name in record.get("moved", ()) if name == column]
        moving.move(session, "ties", column, ids, of=kept_id, to=gone_id)
    for id, was, after in reversed(record.get("raised", [])):
        before, then = moving.typed("ties", was), moving.typed("ties", after)
        for row in moving.fetch(session, "ties", "id", [id]):
            values = {name: before[name] for name in then if row[name] == then[name]}
            moving.write(session, "ties", id, values)
    taken = {_key(row) for one in people for row in _of(session, one)}
    for row in record.get("away", ()):
        tie = moving.typed("ties", row)
        ends = {tie["from_id"], tie["to_id"]}
        there = moving.fetch(session, "influencers", "id", ends)
        if len(there) == len(ends) and _key(tie) not in taken:
            moving.restore(session, "ties", tie)


def moved(
    session: Session, kept_id: int, gone_id: int
) -> list[tuple[int, dict[str, tuple[Any, Any]]]]:
    """Say which ties change, and how, where the gone is the kept; writes nothing.

    Those that both have, or that join the two, stay where they are; what they weigh is added.
    """
    changes = []
    mine = {_key(row): row for row in _of(session, kept_id)}
    for row in _of(session, gone_id):
        now = _turned(row, gone_id, kept_id)
        if now["from_id"] == now["to_id"]:
            continue
        same = mine.get(_key(now))
        after = _changed(row, now) if same is None else _joined(same, row)
        before = row if same is None else same
        noted = moving.plain({name: before[name] for name in after}), moving.plain(after)
        pairs = {name: (noted[0][name], noted[1][name]) for name in after}
        changes.append((before["id"], pairs))
        if same is not None:
            mine[_key(now)] = {**same, **after}
    return changes


def _of(session: Session, person_id: int) -> Sequence[Row]:
    found = [
        row
        for _, column in moving.TIED
        for row in moving.fetch(session, "ties", column, [person_id])
    ]
    return sorted(found, key=lambda row: row["id"])


def _turned(row: Row, of: int, to: int) -> dict[str, Any]:
    """A tie with one person in the place of another."""
    ends = {name: to if row[name] == of else row[name] for name in ("from_id", "to_id")}
    return {**row, **ends}


def _changed(row: Row, now: Row) -> dict[str, Any]:
    return {name: now[name] for name in ("from_id", "to_id") if now[name] != row[name]}


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _SAME)


def _joined(one: Row, other: Row) -> dict[str, Any]:
    """What a tie becomes that takes over another: only what changes."""
    firsts = [row["first_seen"] for row in (one, other) if row["first_seen"]]
    lasts = [row["last_seen"] for row in (one, other) if row["last_seen"]]
    values = {
        "weight": one["weight"] + other["weight"],
        "is_mutual": one["is_mutual"] or other["is_mutual"],
        "first_seen": min(firsts, default=None),
        "last_seen": max(lasts, default=None),
    }
    return {name: values[name] for name in _JOINED if values[name] != one[name]}
