"""Who stands where in a brand's network, as it was last measured: for pages, no arrays."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import and_, select, union_all
from sqlalchemy.orm import Session

from irm.i18n import _
from irm.models import Community, Influencer, NetworkRun, Place, Relationship, Stage, Task
from irm.models import TaskState as State
from irm.network.nearby import is_seen

#: The kind of the task that measures.
TASK = "network"

#: People of a ranking, and communities, that a page shows.
SHOWN = 20

#: By whom a community without a name is known.
LEADERS = 3


class Standing(NamedTuple):
    """One person of a ranking."""

    id: int
    name: str
    #: None: they are not in the funnel.
    stage: Stage | None
    rank: int
    community_id: int | None
    ties_in: int
    ties_out: int


class Group(NamedTuple):
    """A community, with those who have the most influence in it."""

    id: int
    #: What a colleague calls it; else empty.
    name: str
    size: int
    leaders: list[str]
    #: Which colour it is drawn in: 0 and on.
    colour: int


def called(group: Group | None) -> str:
    """What a community is called; one that is gone, or of which nobody is left, has no name."""
    if group is not None and group.name:
        return group.name
    if group is None or not group.leaders:
        return _("A community")
    return _("Around %(names)s", names=", ".join(group.leaders))


def leading(session: Session, brand_id: int, *, is_topical: bool = False) -> list[Standing]:
    """Those with the most influence: on everybody, or towards the brand's topics; best first."""
    rank = Place.topical_rank if is_topical else Place.rank
    rows = session.execute(
        select(
            Influencer.id,
            Influencer.name,
            Relationship.stage,
            rank,
            Place.community_id,
            Place.ties_in,
            Place.ties_out,
        )
        .select_from(Place)
        .join(Influencer, Influencer.id == Place.influencer_id)
        .outerjoin(
            Relationship,
            and_(Relationship.influencer_id == Influencer.id, Relationship.brand_id == brand_id),
        )
        .where(Place.brand_id == brand_id, rank.is_not(None), is_seen(brand_id))
        .order_by(rank)
        .limit(SHOWN)
    )
    return [Standing._make(row) for row in rows]


def communities(session: Session, run: NetworkRun) -> list[Group]:
    """The largest communities that a measuring found."""
    return _groups(
        session,
        select(Community)
        .where(Community.brand_id == run.brand_id, Community.last_on == run.day)
        .order_by(Community.size.desc(), Community.id)
        .limit(SHOWN),
    )


def groups(session: Session, ids: Collection[int]) -> list[Group]:
    """Some communities by their ids."""
    return _groups(session, select(Community).where(Community.id.in_(sorted(ids))))


def measuring(session: Session, brand_id: int) -> int | None:
    """The id of the task that measures a brand's network now, or waits to."""
    return session.scalar(
        select(Task.id)
        .where(
            Task.kind == TASK,
            Task.brand_id == brand_id,
            Task.state.in_((State.QUEUED, State.RUNNING)),
        )
        .limit(1)
    )


def _groups(session: Session, statement: Any) -> list[Group]:
    found: list[Community] = list(session.scalars(statement))
    leaders = _leaders(session, [one.id for one in found])
    return [Group(one.id, one.name, one.size, leaders.get(one.id, []), one.colour) for one in found]


def _leaders(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    each = [
        select(Place.community_id, Place.influencer_id, Place.rank)
        .join(Influencer, Influencer.id == Place.influencer_id)
        # Somebody another brand took in since, or who was archived, leads nothing here any more.
        .where(Place.community_id == id, is_seen(Place.brand_id))
        .order_by(Place.rank)
        .limit(LEADERS)
        .subquery()
        for id in ids
    ]
    if not each:
        return {}
    first = union_all(*(select(one) for one in each)).subquery()
    rows = session.execute(
        select(first.c.community_id, Influencer.name)
        .join(Influencer, Influencer.id == first.c.influencer_id)
        .order_by(first.c.rank)
    )
    found: dict[int, list[str]] = {}
    for id, name in rows:
        found.setdefault(id, []).append(name)
    return found
