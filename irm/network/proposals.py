"""What the last measuring proposes to a brand, as far as it still holds: for pages, no arrays."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.models import Influencer, NetworkRun, Prospect, Relationship, Tie
from irm.network.nearby import is_seen

Proposal = Mapping[str, Any]


def newest_run(session: Session, brand_id: int) -> NetworkRun | None:
    """The last measuring of a brand's network; None before the first."""
    return session.scalar(
        select(NetworkRun)
        .where(NetworkRun.brand_id == brand_id)
        .order_by(NetworkRun.id.desc())
        .limit(1)
    )


def alike(session: Session, run: NetworkRun) -> list[Proposal]:
    """People whom many we value reach: strangers and prospects, without those waved away since."""
    found = _proposed(run, "alike")
    ids = [one["id"] for one in found]
    there = _seen(session, run.brand_id, ids) - _related(session, run.brand_id, ids)
    waved_away = select(Prospect.influencer_id).where(
        Prospect.brand_id == run.brand_id,
        Prospect.influencer_id.in_(ids),
        Prospect.dismissed_at.is_not(None),
    )
    there -= set(session.scalars(waved_away))
    return [one for one in found if one["id"] in there]


def partners(session: Session, run: NetworkRun) -> list[Proposal]:
    """Pairs of our people to introduce to each other, without those who have a tie by now."""
    found = _proposed(run, "partners")
    ids = sorted({id for one in found for id in one["ids"]})
    there = _seen(session, run.brand_id, ids) & _related(session, run.brand_id, ids)
    ties = select(Tie.from_id, Tie.to_id).where(Tie.from_id.in_(ids), Tie.to_id.in_(ids))
    tied = {frozenset(row) for row in session.execute(ties)}
    return [
        one for one in found if there.issuperset(one["ids"]) and frozenset(one["ids"]) not in tied
    ]


def mentors(session: Session, run: NetworkRun) -> list[Proposal]:
    """Newcomers, each with an ambassador who could help."""
    found = _proposed(run, "mentors")
    ids = sorted({id for one in found for id in (one["id"], one["mentor"])})
    there = _seen(session, run.brand_id, ids) & _related(session, run.brand_id, ids)
    return [one for one in found if there.issuperset((one["id"], one["mentor"]))]


def named(session: Session, proposals: Iterable[Proposal]) -> dict[int, str]:
    """The names of all whom some proposals and their reasons name."""
    ids: set[int] = set()
    for one in proposals:
        ids.update(one.get("ids", ()))
        ids.update(one[name] for name in ("id", "mentor") if name in one)
        for reason in one["reasons"]:
            ids.update(reason.get("ids", ()))
    rows = select(Influencer.id, Influencer.name).where(Influencer.id.in_(sorted(ids)))
    return {row.id: row.name for row in session.execute(rows)}


def _proposed(run: NetworkRun, sort: str) -> list[Proposal]:
    found: list[Proposal] = (run.proposals or {}).get(sort, [])
    return found


def _seen(session: Session, brand_id: int, ids: list[int]) -> set[int]:
    rows = select(Influencer.id).where(Influencer.id.in_(ids), is_seen(brand_id))
    return set(session.scalars(rows))


def _related(session: Session, brand_id: int, ids: list[int]) -> set[int]:
    rows = select(Relationship.influencer_id).where(
        Relationship.brand_id == brand_id, Relationship.influencer_id.in_(ids)
    )
    return set(session.scalars(rows))
