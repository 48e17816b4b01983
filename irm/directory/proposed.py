"""What becomes of the prospects that two people were when they are merged, and parted again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from irm.directory import moving

#: What is kept for the parting: ids of rows that moved and of those that became the brand's own,
#: and whole rows that were put away.
Kept = Mapping[str, list[Any]]


def take(session: Session, kept_id: int, gone_id: int) -> dict[str, list[Any]]:
    """Let the kept be what the gone was to a brand; returns what the parting needs.

    Whoever is in a brand's funnel is no prospect of it, and of two prospects of a brand the kept's
    stays. Where either was brought in by the brand, they were.
    """
    rows = moving.fetch(session, "prospects", "influencer_id", (kept_id, gone_id))
    related = moving.fetch(session, "relationships", "influencer_id", [kept_id])
    begun = {row["brand_id"] for row in related}
    mine = {row["brand_id"]: row for row in rows if row["influencer_id"] == kept_id}
    record: dict[str, list[Any]] = {"moved": [], "own": [], "away": []}
    for row in rows:
        brand_id = row["brand_id"]
        if brand_id in begun:
            moving.remove(session, "prospects", row)
            record["away"].append(moving.plain(row))
        elif row["influencer_id"] == kept_id:
            continue
        elif brand_id not in mine:
            moving.write(session, "prospects", row["id"], {"influencer_id": kept_id})
            record["moved"].append(row["id"])
        elif row["is_own"] and not mine[brand_id]["is_own"]:
            moving.write(session, "prospects", mine[brand_id]["id"], {"is_own": True})
            record["own"].append(mine[brand_id]["id"])
    return record


def give_back(session: Session, record: Kept, people: tuple[int, int]) -> None:
    """Let both be what they were to brands; what was begun or ended since stays so.

    `people` are the kept and the gone, who have their relationships back.
    """
    kept_id, gone_id = people
    for id in record.get("own", ()):
        moving.write(session, "prospects", id, {"is_own": False})
    moving.move(
        session, "prospects", "influencer_id", record.get("moved", []), of=kept_id, to=gone_id
    )
    away = [moving.typed("prospects", row) for row in record.get("away", ())]
    taken = {
        (row["brand_id"], row["influencer_id"])
        for name in ("prospects", "relationships")
        for row in moving.fetch(session, name, "influencer_id", people)
    }
    for row in away:
        if (row["brand_id"], row["influencer_id"]) not in taken:
            moving.restore(session, "prospects", row)
