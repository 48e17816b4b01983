"""The ties of a few people as a brand sees them, read for a page: bounded, strongest first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from irm.directory import ties
from irm.models import Influencer, Tie
from irm.network.strength import strength

PER_PERSON = 200
"""So many ties of one person are read in each direction: of a hub with more, the strongest."""

LOT = 400
"""People whom one statement names."""


@dataclass(slots=True)
class Link:
    """All ties of two people, taken together."""

    one: int
    other: int
    strength: float = 0.0
    #: Whether ties go both ways.
    there: bool = False
    back: bool = False
    kinds: set[str] = field(default_factory=set)
    last_seen: dt.date | None = None

    @property
    def is_mutual(self) -> bool:
        """Whether each reaches the other."""
        return self.there and self.back


@dataclass(slots=True)
class Nearby:
    """Links read so far, each once, and whether some were left out because there are too many."""

    day: dt.date
    links: dict[tuple[int, int], Link] = field(default_factory=dict)
    of: dict[int, list[Link]] = field(default_factory=lambda: defaultdict(list))
    is_limited: bool = False
    _ties: set[int] = field(default_factory=set)

    def add(self, ties: Iterable[Any]) -> set[int]:
        """Take in ties that were read; returns everybody who stands at an end of one."""
        ends = set()
        for tie in ties:
            ends |= {tie.from_id, tie.to_id}
            # Read from both ends it is one tie all the same.
            if tie.id in self._ties:
                continue
            self._ties.add(tie.id)
            pair = (min(tie.from_id, tie.to_id), max(tie.from_id, tie.to_id))
            link = self.links.get(pair)
            if link is None:
                link = self.links[pair] = Link(*pair)
                self.of[pair[0]].append(link)
                self.of[pair[1]].append(link)
            ways = 2 if tie.is_mutual else 1
            link.strength += ways * strength(tie.kind, tie.weight, tie.last_seen, self.day)
            link.there |= tie.is_mutual or tie.from_id == pair[0]
            link.back |= tie.is_mutual or tie.from_id == pair[1]
            link.kinds.add(str(tie.kind))
            if tie.last_seen is not None:
                link.last_seen = max(link.last_seen or tie.last_seen, tie.last_seen)
        return ends

    def between(self, one: int, other: int) -> Link:
        """The link of two people who have one."""
        return self.links[min(one, other), max(one, other)]


def read(
    session: Session,
    brand_id: int,
    nearby: Nearby,
    ids: Collection[int],
    *,
    others: ColumnElement[bool] | None = None,
    per_person: int = PER_PERSON,
) -> set[int]:
    """Read the ties of some people with others whom the brand sees; returns these others.

    `others` narrows down who may stand at the other end: a condition on Influencer.
    """
    found: set[int] = set()
    for some in _lots(sorted(ids)):
        for own_end, other_end in ((Tie.from_id, Tie.to_id), (Tie.to_id, Tie.from_id)):
            rows = session.execute(
                _of(brand_id, own_end, other_end, some, others, per_person + 1)
            ).all()
            kept = [row for row in rows if row.place <= per_person]
            nearby.is_limited |= len(kept) < len(rows)
            found |= nearby.add(kept)
    return found - set(ids)


def neighbourhood(
    session: Session, brand_id: int, person: int, day: dt.date, *, steps: int = 2, most: int = 150
) -> tuple[Nearby, list[int]]:
    """Read who is around somebody, for a picture: ties, and people with the nearest first.

    Of more than `most` people those with the strongest links stay, and it is limited.
    """
    nearby = Nearby(day)
    shown, edge = [person], [person]
    for _step in range(steps):
        there = set(shown)
        if len(shown) >= most and nearby.is_limited:
            break
        # Nobody has more than `most` in the picture, so no more ties of each are read.
        reached = read(session, brand_id, nearby, edge, per_person=most) - there
        weight = dict.fromkeys(reached, 0.0)
        for inner in edge:
            for link in nearby.of[inner]:
                other = link.other if link.one == inner else link.one
                if other in weight:
                    weight[other] = max(weight[other], link.strength)
        ranked = sorted(reached, key=lambda one: (-weight[one], one))
        room = most - len(shown)
        nearby.is_limited |= len(ranked) > room
        edge = ranked[:room]
        shown += edge
        if not edge:
            break
    read_among(session, brand_id, nearby, shown)
    return nearby, shown


def read_among(session: Session, brand_id: int, nearby: Nearby, ids: Collection[int]) -> None:
    """Read the ties that some people, few enough for one statement, have with each other."""
    chosen = sorted(ids)
    # One statement for each half of `told_to`: both ends are looked up at once in the index that
    # holds it, where of a hub every tie would be gone through. The sum keeps from the
    # index of brands, in which a brand has all of its ties.
    its_own = and_(Tie.brand_id.is_not(None), Tie.brand_id + 0 == brand_id)
    for told in (its_own, Tie.brand_id.is_(None)):
        nearby.add(
            session.execute(
                select(*_COLUMNS).where(told, Tie.from_id.in_(chosen), Tie.to_id.in_(chosen))
            )
        )


def bridges(links: Iterable[Link]) -> list[tuple[int, int]]:
    """The links without which some people of a neighbourhood could not be reached from others."""
    tied: dict[int, set[int]] = defaultdict(set)
    for link in links:
        tied[link.one].add(link.other)
        tied[link.other].add(link.one)
    found: list[tuple[int, int]] = []
    entered: dict[int, int] = {}
    lowest: dict[int, int] = {}
    for root in sorted(tied):
        if root in entered:
            continue
        entered[root] = lowest[root] = len(entered)
        # Depth first, without recursion: person, whence, and whom to look at next.
        path = [(root, root, iter(sorted(tied[root])))]
        while path:
            person, whence, ahead = path[-1]
            other = next(ahead, None)
            if other is None:
                path.pop()
                if path:
                    lowest[whence] = min(lowest[whence], lowest[person])
                    if lowest[person] > entered[whence]:
                        found.append((min(person, whence), max(person, whence)))
            elif other not in entered:
                entered[other] = lowest[other] = len(entered)
                path.append((other, person, iter(sorted(tied[other]))))
            elif other != whence:
                lowest[person] = min(lowest[person], entered[other])
    return sorted(found)


def is_seen(brand_id: Any) -> ColumnElement[bool]:
    """The condition on Influencer that a brand sees them in its network: its own, and strangers."""
    is_here = Influencer.merged_into_id.is_(None) & Influencer.archived_at.is_(None)
    is_known = ties.is_known_to(brand_id, Influencer.id)
    return and_(is_here, or_(Influencer.known.is_(False), is_known))


_COLUMNS: tuple[Any, ...] = (
    Tie.id,
    Tie.from_id,
    Tie.to_id,
    Tie.kind,
    Tie.weight,
    Tie.is_mutual,
    Tie.last_seen,
)


def _of(
    brand_id: int,
    own_end: Any,
    other_end: Any,
    ids: Sequence[int],
    others: ColumnElement[bool] | None,
    most: int,
) -> Select[Any]:
    """The ties of people with those they see, the strongest of each person numbered from 1."""
    place = func.row_number().over(partition_by=own_end, order_by=(Tie.weight.desc(), Tie.id))
    inner = (
        select(*_COLUMNS, place.label("place"))
        .join(Influencer, Influencer.id == other_end)
        .where(own_end.in_(ids), ties.told_to(brand_id), is_seen(brand_id))
    )
    if others is not None:
        inner = inner.where(others)
    numbered = inner.subquery()
    return select(numbered).where(numbered.c.place <= most)


def _lots(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), LOT):
        yield ids[start : start + LOT]
