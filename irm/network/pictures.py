"""Pictures of a part of a brand's network: few enough people that each can be told from the others.

Who is in a picture, how they are tied, how large they are drawn and where they stand; bounded, and
without arrays, so that a page may ask for one.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from irm.i18n import _l
from irm.models import Influencer, Place, Prospect, Relationship, Stage
from irm.models.base import LabelledEnum
from irm.network import layout
from irm.network.nearby import Link, Nearby, bridges, is_seen, neighbourhood, read_among

MOST = 80
"""People of a picture, at most."""

MOST_LINKS = 300
"""Ties drawn in a picture, at most: those it speaks of, then the strongest of all."""

SMALLEST, LARGEST = 12.0, 44.0
"""How wide a person is drawn, where the picture is 1000 wide."""


class Size(LabelledEnum):
    """What a person is drawn larger for."""

    INFLUENCE = "influence", _l("Influence")
    TOPICAL = "topical", _l("Influence towards your topics")
    BRIDGING = "bridging", _l("Bridging")
    REACH = "reach", _l("Reach")
    RESONANCE = "resonance", _l("Resonance")
    RELEVANCE = "relevance", _l("Relevance")
    FIT = "fit", _l("Fit")


class Figure(NamedTuple):
    """One person of a picture."""

    id: int
    name: str
    #: None: they are not in the funnel.
    stage: Stage | None
    community_id: int | None
    #: By influence on everybody; None: not measured.
    rank: int | None
    #: By influence towards the brand's topics; None: not known.
    topical_rank: int | None
    #: What they are drawn larger for: 0 to 1 for influence and bridging, else 0 to 100.
    value: float | None


@dataclass(slots=True)
class Picture:
    """Who is drawn, the largest first, and what joins them."""

    people: list[Figure]
    #: Those that are drawn, the strongest first.
    links: list[Link]
    #: Where each stands: across about -500 to 500, down less.
    points: dict[int, tuple[float, float]]
    #: How wide each is drawn, in the same measure.
    widths: dict[int, float]
    #: Links that alone join two parts of the picture, each of several people.
    sole: list[tuple[int, int]]
    #: How each is tied with whoever stands in the middle; drawn or not.
    to_middle: dict[int, Link]
    #: With how many of the others each is tied.
    ties: Counter[int] = field(default_factory=Counter)
    #: Whether people were left out because there are too many.
    is_limited: bool = False
    #: Ties that are not drawn because there are too many.
    undrawn: int = 0


def sees(session: Session, brand_id: int, person: int) -> bool:
    """Whether a brand sees somebody in its network."""
    found = select(Influencer.id).where(Influencer.id == person, is_seen(brand_id))
    return session.scalar(found) is not None


def around(
    session: Session, brand_id: int, person: int, day: dt.date, *, steps: int = 2, size: Size
) -> Picture:
    """Draw who is around somebody: whom they reach or are reached by, in one step or two."""
    nearby, shown = neighbourhood(session, brand_id, person, day, steps=steps, most=MOST)
    return _drawn(session, brand_id, nearby, shown, size, middle=person)


def leading(session: Session, brand_id: int, day: dt.date, *, size: Size) -> Picture:
    """Draw those with the most influence: towards the brand's topics where they are sized by it."""
    rank = Place.topical_rank if size is Size.TOPICAL else Place.rank
    return _of_places(session, brand_id, day, size, rank)


def of_community(
    session: Session, brand_id: int, community_id: int, day: dt.date, *, size: Size
) -> Picture:
    """Draw those of a community with the most influence."""
    is_its = Place.community_id == community_id
    return _of_places(session, brand_id, day, size, Place.rank, is_its)


def _of_places(
    session: Session, brand_id: int, day: dt.date, size: Size, rank: Any, *only: Any
) -> Picture:
    rows = session.scalars(
        select(Place.influencer_id)
        .join(Influencer, Influencer.id == Place.influencer_id)
        .where(Place.brand_id == brand_id, rank.is_not(None), is_seen(brand_id), *only)
        .order_by(rank)
        .limit(MOST + 1)
    ).all()
    nearby = Nearby(day, is_limited=len(rows) > MOST)
    shown = list(rows[:MOST])
    read_among(session, brand_id, nearby, shown)
    return _drawn(session, brand_id, nearby, shown, size)


def _drawn(
    session: Session,
    brand_id: int,
    nearby: Nearby,
    shown: Sequence[int],
    size: Size,
    middle: int | None = None,
) -> Picture:
    people = _figures(session, brand_id, shown, size)
    there = {one.id: number for number, one in enumerate(people)}
    among = [link for link in nearby.links.values() if link.one in there and link.other in there]
    among.sort(key=lambda link: (-link.strength, link.one, link.other))
    ties = Counter(end for link in among for end in (link.one, link.other))
    # Whoever has one tie hangs on it: that is plain to see and nothing to worry about.
    sole = [(a, b) for a, b in bridges(among) if ties[a] > 1 and ties[b] > 1]
    links = _strongest(among, middle, {frozenset(pair) for pair in sole})
    widths = _widths(people, size)
    points = layout.placed(
        [one.community_id or 0 for one in people],
        {(there[link.one], there[link.other]): link.strength for link in links},
        [widths[one.id] for one in people],
        middle=there.get(middle) if middle is not None else None,
    )
    return Picture(
        people,
        links,
        {one.id: point for one, point in zip(people, points, strict=True)},
        widths,
        sole,
        {link.one + link.other - middle: link for link in among if middle in (link.one, link.other)}
        if middle is not None
        else {},
        ties,
        nearby.is_limited,
        len(among) - len(links),
    )


def _figures(session: Session, brand_id: int, ids: Collection[int], size: Size) -> list[Figure]:
    """The people of a picture, the largest first, those of whom it is not known last."""
    value = _VALUES[size]
    rows = session.execute(
        select(
            Influencer.id,
            Influencer.name,
            Relationship.stage,
            Place.community_id,
            Place.rank,
            Place.topical_rank,
            value,
        )
        .outerjoin(Place, and_(Place.influencer_id == Influencer.id, Place.brand_id == brand_id))
        .outerjoin(
            Relationship,
            and_(Relationship.influencer_id == Influencer.id, Relationship.brand_id == brand_id),
        )
        .outerjoin(
            Prospect,
            and_(
                Prospect.influencer_id == Influencer.id,
                Prospect.brand_id == brand_id,
                Prospect.is_own,
            ),
        )
        .where(Influencer.id.in_(sorted(ids)))
    )
    found = [Figure._make(row) for row in rows]
    found.sort(key=_place)
    return found


_VALUES: dict[Size, Any] = {
    Size.INFLUENCE: Place.influence,
    Size.TOPICAL: Place.topical,
    Size.BRIDGING: Place.bridging,
    Size.REACH: Influencer.reach,
    Size.RESONANCE: Influencer.resonance,
    # Whoever is in the funnel was a prospect before, and is scored there no more.
    Size.RELEVANCE: func.coalesce(Relationship.relevance, Prospect.relevance),
    Size.FIT: func.coalesce(Relationship.fit, Prospect.fit),
}


def _place(one: Figure) -> tuple[bool, float, float, int]:
    value = one.value
    rank = math.inf if one.rank is None else float(one.rank)
    return value is None, -(value or 0.0), rank, one.id


def _widths(people: Iterable[Figure], size: Size) -> dict[int, float]:
    """How wide each is drawn; influence, of which few have much, by its root."""
    known = {one.id: one.value for one in people}
    if size in (Size.INFLUENCE, Size.TOPICAL):
        most = max((value for value in known.values() if value), default=1.0)
        parts = {id: math.sqrt(value / most) for id, value in known.items() if value}
    else:
        whole = 1.0 if size is Size.BRIDGING else 100.0
        parts = {id: value / whole for id, value in known.items() if value}
    return {
        id: round(SMALLEST + (LARGEST - SMALLEST) * min(1.0, parts.get(id, 0.0)), 1) for id in known
    }


def _strongest(
    links: Sequence[Link], middle: int | None, sole: Collection[frozenset[int]]
) -> list[Link]:
    """As many ties as can be told apart: what the picture speaks of, then the strongest.

    That is the ties of the person in the middle, those that alone join two parts, and of everybody
    the strongest.
    """
    if len(links) <= MOST_LINKS:
        return list(links)
    held: set[int] = set()
    first: list[Link] = []
    others: list[Link] = []
    for link in links:
        ends = frozenset((link.one, link.other))
        is_first = middle in ends or ends in sole or not held >= ends
        (first if is_first else others).append(link)
        held |= {link.one, link.other}
    kept = [*first, *others[: MOST_LINKS - len(first)]]
    kept.sort(key=lambda link: (-link.strength, link.one, link.other))
    return kept
