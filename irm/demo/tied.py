"""Who reaches whom in the demo: circles of people of one place, and strangers whom many know."""

import datetime as dt
import random
from collections import defaultdict
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from irm.demo import names
from irm.demo.diary import Team
from irm.directory import strangers
from irm.directory.strangers import Newcomer
from irm.models import (
    Account,
    Influencer,
    Platform,
    Relationship,
    Stage,
    Tie,
    TieKind,
    TieOrigin,
    inserts,
)

PEOPLE = 360
"""So many people have ties; of a larger demo the first."""

STRANGERS = 14
"""At most so many are known by their ties alone."""

SOURCE = "demo"

#: How somebody reaches another of their circle, and how often.
_KINDS = (
    (TieKind.FOLLOWS, 10),
    (TieKind.MENTIONS, 6),
    (TieKind.REPLIES, 3),
    (TieKind.COLLABORATES, 2),
    (TieKind.TOGETHER, 2),
    (TieKind.KNOWS, 1),
)
_BOTH_WAYS = (TieKind.COLLABORATES, TieKind.TOGETHER, TieKind.KNOWS)

#: Ties of one person within the circle; one in so many leads out of it.
_TIES, _OUT = (2, 6), 9

#: So many of those whom the brand values have a tie with a stranger.
_KNOWN_BY = (2, 6)


def hold(session: Session, team: Team, *, seed: int, today: dt.date) -> None:
    """Write the ties of a brand whose people are there, as a list of its own tells of them."""
    rng = random.Random(f"ties {seed}")  # nosec B311  # dice
    people = session.execute(
        select(
            Influencer.id,
            Influencer.city,
            Influencer.language,
            Influencer.audience,
            Relationship.stage,
        )
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(Relationship.brand_id == team.brand_id)
        .order_by(Relationship.id)
        .limit(PEOPLE)
    ).all()
    if len(people) < 2:
        return
    ties = _Ties(rng, team.brand_id, today)
    circles = defaultdict(list)
    for one in people:
        circles[one.language, one.city].append(one)
    for one in people:
        circle = circles[one.language, one.city]
        for _number in range(rng.randint(*_TIES)):
            around = circle if rng.randrange(_OUT) and len(circle) > 1 else people
            # Of two, whom more people follow is followed rather.
            other = max(rng.choices(around, k=2), key=lambda row: row.audience or 0)
            ties.add(one.id, other.id)
    valued = [one.id for one in people if one.stage not in (Stage.UNAWARE, Stage.AWARE)]
    for id in _strangers(session, rng, min(STRANGERS, len(people) // 20), today):
        known_by = rng.randint(*_KNOWN_BY)
        for one in rng.sample(valued, min(known_by, len(valued))):
            ties.add(one, id)
    inserts.put(session, Tie, ties.rows)


class _Ties:
    """The rows to be, each pair and kind once."""

    def __init__(self, rng: random.Random, brand_id: int, today: dt.date) -> None:
        self._rng, self._brand_id, self._today = rng, brand_id, today
        self._seen: set[tuple[int, int, TieKind]] = set()
        self.rows: list[dict[str, Any]] = []

    def add(self, origin: int, target: int) -> None:
        """One reaches the other, in a way the dice choose."""
        rng = self._rng
        kind = rng.choices([one for one, _ in _KINDS], [often for _, often in _KINDS])[0]
        ends = sorted((origin, target)) if kind in _BOTH_WAYS else (origin, target)
        if origin == target or (ends[0], ends[1], kind) in self._seen:
            return
        self._seen.add((ends[0], ends[1], kind))
        last = self._today - dt.timedelta(days=rng.randrange(1, 400))
        self.rows.append(
            {
                "from_id": ends[0],
                "to_id": ends[1],
                "kind": kind,
                "origin": TieOrigin.LIST,
                "brand_id": self._brand_id,
                "weight": 1.0 if kind is TieKind.FOLLOWS else float(rng.choice((1, 1, 2, 4))),
                "is_mutual": kind in _BOTH_WAYS,
                "first_seen": last - dt.timedelta(days=rng.randrange(300)),
                "last_seen": last,
                "source": SOURCE,
                "created_at": dt.datetime.combine(self._today, dt.time(6), dt.UTC),
            }
        )


def _strangers(session: Session, rng: random.Random, count: int, today: dt.date) -> list[int]:
    """Invent accounts that nobody has added; returns the ids of the people."""
    taken = set(session.scalars(select(Account.handle_key)))
    new = []
    for _number in range(count):
        language = "fr" if rng.random() < 0.5 else "en"
        handle = names.handle(rng, names.name(rng, language), language, taken)
        new.append(Newcomer(rng.choice((Platform.INSTAGRAM, Platform.TIKTOK)), handle))
    at = dt.datetime.combine(today, dt.time(6), dt.UTC)
    people, _accounts = strangers.make(session, new, source=SOURCE, lawful_basis="", at=at)
    session.execute(update(Influencer).where(Influencer.id.in_(people)).values(is_demo=True))
    return list(people)
