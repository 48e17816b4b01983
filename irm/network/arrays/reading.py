"""Reading all ties and all people once, into arrays; each brand then sees its part by a mask."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.i18n import _l
from irm.models import Influencer, Prospect, Relationship, Tie
from irm.models.base import Rows
from irm.network import strength
from irm.network.arrays.graph import Ids, TieGraph, Weights

MOST_TIES = 10_000_000
"""More ties are not read: on a machine of two cores they would take minutes and gigabytes."""

LOT = 50_000
"""Rows that are held as rows before they become arrays."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ties:
    """All ties there are, row by row."""

    sources: Ids
    targets: Ids
    strengths: Weights
    #: Whether a tie holds both ways.
    is_mutual: Mask
    #: The brand that was told of it; 0: anybody may see it.
    brands: Ids

    def __len__(self) -> int:
        return len(self.sources)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who is neither merged nor archived; ids ascend."""

    ids: Ids
    is_known: Mask


@dataclass(frozen=True, slots=True)
class Seen:
    """The network that one brand sees."""

    graph: TieGraph
    #: Of each person of the graph: whether somebody added them.
    is_known: Mask
    #: How many ties were seen, as they are stored.
    ties: int


def read_ties(session: Session, day: dt.date, note: Callable[[int], None]) -> Ties:
    """Read all ties, as strong as they are on a day; `note` hears how many were read.

    Refused where there are too many, before the first is read.
    """
    refuse_too_many(session)
    faded: dict[tuple[str, Any], float] = {}
    lots = []
    for columns in _lots(session, _TIES, Tie.id):
        _id, sources, targets, kinds, weights, mutual, days, brands = columns
        for kind, last in {*zip(kinds, days, strict=True)} - faded.keys():
            seen = dt.date.fromisoformat(last) if isinstance(last, str) else last
            faded[kind, last] = strength.strength(kind, 1.0, seen, day)
        counts = [faded[pair] for pair in zip(kinds, days, strict=True)]
        lots.append(
            (
                np.array(sources, dtype=np.int64),
                np.array(targets, dtype=np.int64),
                np.array(weights, dtype=np.float64) * np.array(counts, dtype=np.float64),
                np.array(mutual, dtype=np.bool_),
                np.array(brands, dtype=np.int64),
            )
        )
        note(len(sources))
    if not lots:
        none: Any = np.zeros(0, dtype=np.int64)
        return Ties(none, none, none.astype(float), none.astype(bool), none)
    joined: Any = [np.concatenate(column) for column in zip(*lots, strict=True)]
    return Ties(*joined)


def refuse_too_many(session: Session) -> None:
    """Raise Refused where there are more ties than are measured."""
    ties = session.scalar(select(func.count()).select_from(Tie)) or 0
    if ties > MOST_TIES:
        raise Refused(
            _l(
                "There are %(ties)s ties; a network of up to %(most)s can be measured.",
                ties=f"{ties:,}",
                most=f"{MOST_TIES:,}",
            )
        )


def read_people(session: Session) -> People:
    """Read who is there: people we know and strangers."""
    lots = [
        (np.array(ids, dtype=np.int64), np.array(known, dtype=np.bool_))
        for ids, known in _lots(session, _PEOPLE, Influencer.id)
    ]
    if not lots:
        return People(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_))
    ids, known = (np.concatenate(column) for column in zip(*lots, strict=True))
    return People(ids, known)


def read_own(session: Session, brand_id: int) -> Ids:
    """Read the ids of the people whom a brand has in its funnel, or brought in as prospects."""
    its = select(Relationship.influencer_id).where(Relationship.brand_id == brand_id)
    own = select(Prospect.influencer_id).where(Prospect.brand_id == brand_id, Prospect.is_own)
    found = [*session.scalars(its), *session.scalars(own)]
    return np.unique(np.array(found, dtype=np.int64))


def seen_by(ties: Ties, people: People, brand_id: int, own: Ids) -> Seen:
    """The network that a brand sees: its own people and strangers, by ties it may see.

    People whom only other brands know are left out, and so are those whom no tie reaches.
    """
    highest = max(
        (int(column.max()) for column in (ties.sources, ties.targets, people.ids) if len(column)),
        default=0,
    )
    is_seen, is_own = np.zeros(highest + 1, dtype=np.bool_), np.zeros(highest + 1, dtype=np.bool_)
    is_known = np.zeros(highest + 1, dtype=np.bool_)
    is_own[own[own <= highest]] = True
    is_known[people.ids] = people.is_known
    is_seen[people.ids] = ~people.is_known | is_own[people.ids]

    both_seen = is_seen[ties.sources] & is_seen[ties.targets]
    is_told = (ties.brands == 0) | (ties.brands == brand_id)
    shown = np.flatnonzero(both_seen & is_told & (ties.sources != ties.targets))
    sources, targets, strengths = ties.sources[shown], ties.targets[shown], ties.strengths[shown]
    mutual = ties.is_mutual[shown]
    graph = TieGraph.of(
        np.concatenate((sources, targets[mutual])),
        np.concatenate((targets, sources[mutual])),
        np.concatenate((strengths, strengths[mutual])),
    )
    return Seen(graph, is_known[graph.ids], len(shown))


def _lots(session: Session, rows: Rows, key: Any) -> Iterator[list[Any]]:
    """Read rows, whose first column is the key, as columns, some thousands at a time."""
    last = 0
    while True:
        found = session.connection().execute(rows.where(key > last).order_by(key).limit(LOT))
        # As the driver gives them: of a million rows SQLAlchemy's own cost more than the reading.
        assert found.cursor is not None
        read = found.cursor.fetchall()
        found.close()
        if not read:
            return
        last = read[-1][0]
        yield list(zip(*read, strict=True))


_TIES: Rows = select(
    Tie.id,
    Tie.from_id,
    Tie.to_id,
    type_coerce(Tie.kind, String),
    Tie.weight,
    Tie.is_mutual,
    Tie.last_seen,
    func.coalesce(Tie.brand_id, 0),
)
_PEOPLE: Rows = select(Influencer.id, Influencer.known).where(
    Influencer.merged_into_id.is_(None), Influencer.archived_at.is_(None)
)
