"""What a brand's reach rests on: too few people, one community, one colleague.

Each finding is a code with parameters; irm/network/sentences.py says it in words.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.funnel import known_by
from irm.models import Influencer, Interaction, Place, Relationship, Stage

TOP = 3
"""So many people are taken together."""

DAYS = 365
"""Interactions of so many days count."""

HIGH = {"people": 0.5, "community": 0.6, "colleague": 0.6}
"""From this share on something rests on too little."""

SHOWN_COLLEAGUES = 5

ENGAGED = (Stage.ENGAGED, Stage.AMBASSADOR)

Finding = dict[str, Any]


def read(session: Session, brand_id: int, at: dt.datetime) -> list[Finding]:
    """All findings of a brand, the highest share first; what cannot be known is left out.

    Each share has what it is `of` (audience of those engaged, ambassadors, interactions), what it
    rests `on` (people, community, colleague), who that is (`ids`), and whether it is high.
    """
    people = _people(session, brand_id)
    communities = _communities(session, brand_id)
    engaged = [row for row in people if row.stage in ENGAGED]
    audience = {row.influencer_id: float(row.audience or 0) for row in engaged}
    ambassadors = {row.influencer_id: 1.0 for row in engaged if row.stage is Stage.AMBASSADOR}
    owners = {row.influencer_id: row.owner_id for row in engaged}
    exchanged, authors = _interactions(session, brand_id, at)
    found: list[Finding] = []
    for of, amounts in (
        ("audience", audience),
        ("ambassadors", ambassadors),
        ("interactions", exchanged),
    ):
        found += _on_people(of, amounts)
        found += _on_one(of, "community", amounts, communities)
        if of != "interactions":
            found += _on_one(of, "colleague", amounts, owners)
    found += _largest("interactions", "colleague", authors)
    found.sort(key=lambda one: (-one["share"], one["of"], one["on"]))
    return [*found, *_single(session, brand_id)]


def _people(session: Session, brand_id: int) -> list[Any]:
    """Those who are engaged with a brand, or more."""
    return list(
        session.execute(
            select(
                Relationship.influencer_id,
                Relationship.stage,
                Relationship.owner_id,
                Influencer.audience,
            )
            .join(Influencer, Influencer.id == Relationship.influencer_id)
            .where(Relationship.brand_id == brand_id, Relationship.stage.in_(ENGAGED), is_listed())
        )
    )


def _communities(session: Session, brand_id: int) -> dict[int, int | None]:
    rows = session.execute(
        select(Place.influencer_id, Place.community_id)
        .join(
            Relationship,
            (Relationship.influencer_id == Place.influencer_id)
            & (Relationship.brand_id == Place.brand_id),
        )
        .where(Place.brand_id == brand_id, Place.community_id.is_not(None))
    )
    return {row.influencer_id: row.community_id for row in rows}


def _interactions(
    session: Session, brand_id: int, at: dt.datetime
) -> tuple[dict[int, float], dict[int, float]]:
    """How many interactions there were of late, by person and by the colleague who logged them."""
    rows = session.execute(
        select(Relationship.influencer_id, Interaction.author_id, func.count().label("times"))
        .join(Relationship, Relationship.id == Interaction.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == brand_id,
            is_listed(),
            Interaction.happened_at > at - dt.timedelta(days=DAYS),
            Interaction.happened_at <= at,
        )
        .group_by(Relationship.influencer_id, Interaction.author_id)
    )
    people: Counter[int] = Counter()
    authors: Counter[int] = Counter()
    for person, author, times in rows:
        people[person] += times
        # What was imported without a name was somebody's, too: it rests on nobody alone.
        authors[author or 0] += times
    return {id: float(n) for id, n in people.items()}, {id: float(n) for id, n in authors.items()}


def _on_people(of: str, amounts: Mapping[int, float]) -> Iterable[Finding]:
    total = sum(amounts.values())
    # Of three people three hold everything: that says nothing.
    if total <= 0 or len(amounts) <= TOP:
        return []
    ranked = sorted(amounts, key=lambda id: (-amounts[id], id))[:TOP]
    part = sum(amounts[id] for id in ranked)
    return [_share(of, "people", part, total, ranked)]


def _on_one(
    of: str, on: str, amounts: Mapping[int, float], groups: Mapping[int, int | None]
) -> Iterable[Finding]:
    """The group on which most rests, of people each of whom belongs to one or to none."""
    sums: dict[int, float] = defaultdict(float)
    for person, amount in amounts.items():
        sums[groups.get(person) or 0] += amount
    return _largest(of, on, sums)


def _largest(of: str, on: str, sums: Mapping[int, float]) -> Iterable[Finding]:
    """The largest of some groups; 0 is nobody's, and counts in the whole alone."""
    total = sum(sums.values())
    named = [id for id, amount in sums.items() if id and amount > 0]
    if total <= 0 or not named:
        return []
    largest = min(named, key=lambda id: (-sums[id], id))
    return [_share(of, on, sums[largest], total, [largest])]


def _share(of: str, on: str, part: float, total: float, ids: list[int]) -> Finding:
    share = part / total
    return {
        "code": "risk.share",
        "of": of,
        "on": on,
        "share": round(share, 4),
        "part": round(part),
        "total": round(total),
        "ids": ids,
        "high": share >= HIGH[on],
    }


def _single(session: Session, brand_id: int) -> Iterable[Finding]:
    """How many people one of us alone knows, and who that is most often."""
    its = Relationship.brand_id == brand_id
    sole = known_by.has_one_contact()
    alone = known_by.counted(session, its, is_listed(), sole)
    if not alone:
        return []
    spoken = known_by.counted(session, its, is_listed(), Relationship.last_contact_at.is_not(None))
    inner = (
        select(known_by.ONE.label("colleague"))
        .select_from(Relationship)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(its, is_listed(), sole)
        .subquery()
    )
    by = session.execute(
        select(inner.c.colleague, func.count().label("people"))
        .group_by(inner.c.colleague)
        .order_by(func.count().desc(), inner.c.colleague)
        .limit(SHOWN_COLLEAGUES)
    )
    return [
        {
            "code": "risk.single",
            "people": alone,
            "of": max(spoken, alone),
            "by": [[row.colleague, row.people] for row in by],
        }
    ]
