"""How many relationships stand in each cell of the board, and how large their audience is."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, cast

from sqlalchemy import Insert, Table, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.models import Influencer, Relationship, Stage, StageCounter, Tier

#: Stands for "nobody" where a key may not be null.
NOBODY = 0


class Cell(NamedTuple):
    """Where one relationship is counted, and with how large an audience."""

    brand_id: int
    stage: Stage
    tier: Tier
    owner_id: int | None
    audience: int | None


def shift(session: Session, changes: Iterable[tuple[Cell | None, Cell | None]]) -> None:
    """Count relationships that moved from one cell to another; None is "not there".

    Rows are touched in one order everywhere, so that two writers cannot wait for each other.
    """
    people: dict[tuple[int, Stage, Tier, int], list[int]] = defaultdict(lambda: [0, 0])
    for before, after in changes:
        for cell, sign in ((before, -1), (after, 1)):
            if cell is not None:
                brand, stage, tier, owner, audience = cell
                count = people[brand, stage, tier, owner or NOBODY]
                count[0] += sign
                count[1] += sign * (audience or 0)
    rows = [
        {
            "brand_id": brand,
            "stage": stage,
            "tier": tier,
            "owner_id": owner,
            "people": delta[0],
            "audience": delta[1],
        }
        for (brand, stage, tier, owner), delta in sorted(people.items())
        if delta != [0, 0]
    ]
    if rows:
        session.connection().execute(_add(session.get_bind().dialect.name), rows)


@lru_cache(2)
def _add(dialect: str) -> Insert:
    """An insert that adds to the row that is there already; the same on both databases."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(cast(Table, StageCounter.__table__))
    return statement.on_conflict_do_update(
        index_elements=["brand_id", "stage", "tier", "owner_id"],
        set_={
            "people": StageCounter.people + statement.excluded.people,
            "audience": StageCounter.audience + statement.excluded.audience,
        },
    )


def recount(session: Session, brand_id: int | None = None) -> None:
    """Count everything anew from the relationships themselves, for one brand or all."""
    owner = func.coalesce(Relationship.owner_id, NOBODY)
    counted = (
        select(
            Relationship.brand_id,
            Relationship.stage,
            Influencer.tier,
            owner,
            func.count(),
            func.coalesce(func.sum(Influencer.audience), 0),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Influencer.archived_at.is_(None))
        .group_by(Relationship.brand_id, Relationship.stage, Influencer.tier, owner)
    )
    gone = delete(StageCounter)
    if brand_id is not None:
        counted = counted.where(Relationship.brand_id == brand_id)
        gone = gone.where(StageCounter.brand_id == brand_id)
    session.execute(gone)
    session.execute(
        insert(StageCounter).from_select(
            ["brand_id", "stage", "tier", "owner_id", "people", "audience"], counted
        )
    )
