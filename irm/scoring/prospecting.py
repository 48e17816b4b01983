"""Writing down how well people who are not in a brand's funnel fit its topics."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.ledger.orders import score_order
from irm.models import Brand, Influencer, Prospect
from irm.scoring.reasons import Reason

PROPOSED = 500
"""How many people of other brands are proposed to a brand: more than anybody looks through."""

CHUNK = 500
"""Rows named by one statement."""

_prospects = cast(Table, Prospect.__table__)


@dataclass(frozen=True, slots=True)
class ProspectScore:
    """What somebody is worth to a brand whose funnel they are not in; `reasons` of relevance."""

    influencer_id: int
    relevance: float | None
    fit: float | None
    reasons: list[Reason]


@dataclass(slots=True)
class Proposals:
    """The best of the people of other brands for one brand, as they come by in a scoring."""

    best: list[ProspectScore] = field(default_factory=list)

    def takes(self, relevance: float | None) -> bool:
        """Whether somebody of this relevance would be among the best so far."""
        if not relevance:
            return False
        return len(self.best) < PROPOSED or relevance >= (self.best[-1].relevance or 0.0)

    def offer(self, scores: Iterable[ProspectScore]) -> None:
        """Look at some more people; those of equal relevance stand in the order of their ids."""
        self.best.extend(scores)
        self.best.sort(key=lambda one: (-(one.relevance or 0.0), one.influencer_id))
        del self.best[PROPOSED:]


def write_prospects(session: Session, scores: Mapping[int, ProspectScore]) -> None:
    """Write the scores of prospects that are there, by their ids."""
    if not scores:
        return
    session.connection().execute(
        update(_prospects)
        .where(_prospects.c.id == bindparam("of_id"))
        .values({name: bindparam(name) for name in _COLUMNS}),
        [{"of_id": id, **_columns(one)} for id, one in sorted(scores.items())],
    )


def forget_prospects(session: Session, ids: Collection[int]) -> None:
    """Take away prospects, by their ids: they are in the funnel by now."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        session.connection().execute(delete(_prospects).where(_prospects.c.id.in_(some)))


def propose(session: Session, brand_id: int, best: Sequence[ProspectScore], at: dt.datetime) -> int:
    """Propose these people of other brands to a brand, in the place of those before.

    Whom the brand brought in or said "not for us" of stays as they are. Says how many are new.
    Whoever is gone since they were read, person or brand, is left out.
    """
    if session.scalar(_BRAND, {"brand": brand_id}) is None:
        return 0
    still = set(session.scalars(_PEOPLE, {"ids": [one.influencer_id for one in best]}))
    best = [one for one in best if one.influencer_id in still]
    rows = _prospects.c
    there = {
        person: id
        for id, person in session.execute(
            select(rows.id, rows.influencer_id).where(
                rows.brand_id == brand_id, ~rows.is_own, rows.dismissed_at.is_(None)
            )
        )
    }
    wanted = {one.influencer_id: one for one in best}
    forget_prospects(session, [id for person, id in there.items() if person not in wanted])
    write_prospects(session, {there[one]: wanted[one] for one in wanted if one in there})
    new = [one for one in best if one.influencer_id not in there]
    if new:
        make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.connection().execute(
            # Somebody may have been brought in, or waved away, meanwhile.
            make(_prospects).on_conflict_do_nothing(index_elements=["brand_id", "influencer_id"]),
            [
                {
                    "brand_id": brand_id,
                    "influencer_id": one.influencer_id,
                    "is_own": False,
                    "created_at": at,
                    **_columns(one),
                }
                for one in new
            ],
        )
    return len(new)


#: Held until the caller commits, so that what is written of them has somebody to stand by.
_BRAND = (
    select(Brand.id)
    .where(Brand.id == bindparam("brand"))
    .with_for_update(read=True, key_share=True)
)
_PEOPLE = (
    select(Influencer.id)
    .where(Influencer.id.in_(bindparam("ids", expanding=True)), Influencer.merged_into_id.is_(None))
    .order_by(Influencer.id)
    .with_for_update(read=True, key_share=True)
)

_COLUMNS = ("relevance", "fit", "reasons", "relevance_order")


def _columns(one: ProspectScore) -> dict[str, object]:
    order = score_order(one.relevance)
    return dict(zip(_COLUMNS, (one.relevance, one.fit, one.reasons, order), strict=True))
