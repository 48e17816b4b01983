"""Warm paths: who of the people we serve well could introduce us to somebody we never reached.

Only what is around the person is read; no arrays, so that a page may search.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.i18n import _l
from irm.models import Account, Influencer, IntroductionState, Relationship, Stage
from irm.models.keys import fold_handle
from irm.network import nearby, progress, routes, warmth
from irm.network.fatigue import fatigue
from irm.network.nearby import Link, Nearby
from irm.network.routes import Route
from irm.network.warmth import Connector

SHOWN = 5
"""So many routes, each by another connector."""

MOST_NEAR, MOST_FAR = 100, 400
"""So many people one step, and two steps, from the person are looked at: the best tied."""

UNANSWERED = 3
"""Who did not answer so often is left in peace."""

Reason = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route."""

    from_id: int
    to_id: int
    strength: float
    #: Kinds of the ties it rests on, sorted.
    kinds: tuple[str, ...]
    is_mutual: bool
    last_seen: dt.date | None


@dataclass(frozen=True, slots=True)
class Path:
    """A route to somebody, with why it stands where it stands."""

    connector: Connector
    #: 0 to 100.
    warmth: float
    #: Ids, from the connector to the person.
    people: tuple[int, ...]
    steps: tuple[Step, ...]
    #: Codes with parameters; sentences are made by irm/network/sentences.py.
    reasons: list[Reason] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paths:
    """The best routes to somebody, the warmest first."""

    influencer_id: int
    paths: list[Path]
    #: Whether a hub had more ties than were looked at.
    is_limited: bool
    #: Names of everybody who stands on a route.
    names: Mapping[int, str]


def wanted(session: Session, brand_id: int, name: str) -> int:
    """The id of the person of a brand's network who has an id or a handle, or Refused.

    A handle that consists of figures is written with @.
    """
    if name.isdecimal() and len(name) < 10:
        return int(name)
    found = session.scalars(
        select(Influencer.id)
        .join(Account, Account.influencer_id == Influencer.id)
        .where(
            Account.handle_key == fold_handle(name),
            Account.is_current,
            nearby.is_seen(brand_id),
        )
        .distinct()
        .order_by(Influencer.id)
        .limit(2)
    ).all()
    if not found:
        raise Refused(_l("Nobody in this brand’s network has the handle “%(name)s”.", name=name))
    if len(found) > 1:
        raise Refused(_l("Several people have the handle “%(name)s”: give the id.", name=name))
    return found[0]


def refuse_reached(session: Session, brand_id: int, influencer_id: int) -> None:
    """Raise Refused where the way to somebody is not ours to look for: we speak with them already.

    A stranger, a prospect, and somebody at the first stage whom nobody has contacted are not
    reached. Nor may a brand look for whom it does not see.
    """
    seen = select(Influencer.id).where(Influencer.id == influencer_id, nearby.is_seen(brand_id))
    if session.scalar(seen) is None:
        raise Refused(_l("This brand’s network has no such person."))
    if not is_unreached(session, brand_id, influencer_id):
        raise Refused(_l("You are in contact with this person already: no way has to be found."))


def is_unreached(session: Session, brand_id: int, influencer_id: int) -> bool:
    """Whether a brand has not reached somebody yet."""
    found = session.execute(
        select(Relationship.stage, Relationship.last_contact_at).where(
            Relationship.brand_id == brand_id, Relationship.influencer_id == influencer_id
        )
    ).one_or_none()
    return found is None or (found.stage is Stage.UNAWARE and found.last_contact_at is None)


def find(
    session: Session, brand_id: int, influencer_id: int, at: dt.datetime, most: int = SHOWN
) -> Paths:
    """Find the warmest routes to somebody, of at most three steps, each by another connector."""
    near = Nearby(at.date())
    first = nearby.read(session, brand_id, near, [influencer_id])
    first = _best_tied(near, first, {influencer_id}, MOST_NEAR)
    second = nearby.read(session, brand_id, near, first) - {influencer_id}
    second = _best_tied(near, second, first, MOST_FAR)
    third = nearby.read(session, brand_id, near, second, others=_may_be_connector(brand_id, at))
    around = {influencer_id, *first, *second, *third}
    asked = connectors(session, brand_id, around - {influencer_id}, at)
    adjacent = _adjacent(near)
    found = routes.best(influencer_id, adjacent, {id: one.cost for id, one in asked.items()}, most)
    paths = [_path(route, near, asked) for route in found]
    names = _names(session, {id for path in paths for id in path.people} | {influencer_id})
    return Paths(influencer_id, paths, near.is_limited, names)


def connectors(
    session: Session, brand_id: int, ids: Collection[int], at: dt.datetime
) -> dict[int, Connector]:
    """Read who of some people may be asked for an introduction, by their ids as influencers."""
    found: dict[int, Connector] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), nearby.LOT):
        rows = session.execute(
            select(
                Relationship.id,
                Relationship.influencer_id,
                Influencer.name,
                Relationship.stage,
                Relationship.earned_stage,
                Relationship.gives_since_ask,
                Relationship.last_two_way_at,
            )
            .join(Influencer, Influencer.id == Relationship.influencer_id)
            .where(
                Relationship.influencer_id.in_(wanted[start : start + nearby.LOT]),
                serves_well(brand_id, at),
            )
        ).all()
        asked = progress.asked(session, [row.id for row in rows])
        for row in rows:
            found[row.influencer_id] = Connector(
                row.id,
                row.influencer_id,
                row.name,
                row.stage,
                row.earned_stage,
                row.gives_since_ask,
                max(0, (at - row.last_two_way_at).days),
                fatigue(asked[row.id], at.date()),
                sum(state is not IntroductionState.DROPPED for state, _on in asked[row.id]),
            )
    return found


def serves_well(brand_id: int, at: dt.datetime) -> ColumnElement[bool]:
    """The condition on Relationship and Influencer that somebody may be asked for the way.

    At least interested, spoken with within a year, not resting and not left in peace.
    """
    return and_(
        Relationship.brand_id == brand_id,
        Relationship.stage.in_(list(warmth.STAGES)),
        Relationship.last_two_way_at >= at - warmth.TALKED_WITHIN,
        or_(Relationship.paused_until.is_(None), Relationship.paused_until <= at.date()),
        Relationship.unanswered < UNANSWERED,
        Influencer.do_not_contact.is_(False),
        Influencer.known,
        Influencer.merged_into_id.is_(None),
        Influencer.archived_at.is_(None),
    )


def _may_be_connector(brand_id: int, at: dt.datetime) -> ColumnElement[bool]:
    """The same as a condition on Influencer alone."""
    found = select(Relationship.id).where(
        Relationship.influencer_id == Influencer.id, serves_well(brand_id, at)
    )
    return found.correlate(Influencer).exists()


def _best_tied(near: Nearby, ids: Iterable[int], to: Collection[int], most: int) -> set[int]:
    """Of some people those with the strongest ties to others; where some go, it is limited."""
    wanted = set(ids)
    if len(wanted) <= most:
        return wanted
    near.is_limited = True
    weight = {
        one: max(link.strength for link in near.of[one] if link.one in to or link.other in to)
        for one in wanted
    }
    return set(sorted(wanted, key=lambda one: (-weight[one], one))[:most])


def _adjacent(near: Nearby) -> routes.Adjacent:
    sorted_of: dict[int, list[tuple[int, float]]] = {}

    def adjacent(person: int) -> list[tuple[int, float]]:
        if person not in sorted_of:
            steps = [
                (link.other if link.one == person else link.one, warmth.step_cost(link.strength))
                for link in near.of.get(person, ())
                if link.strength > 0
            ]
            sorted_of[person] = sorted(steps, key=itemgetter(1, 0))
        return sorted_of[person]

    return adjacent


def _path(route: Route, near: Nearby, asked: Mapping[int, Connector]) -> Path:
    connector = asked[route.connector]
    steps = tuple(
        _step(one, other, near.between(one, other)) for one, other in pairwise(route.people)
    )
    return Path(
        connector,
        round(warmth.warmth(route.cost), 2),
        route.people,
        steps,
        [*why_connector(connector), *map(_why_step, steps)],
    )


def _step(one: int, other: int, link: Link) -> Step:
    kinds = tuple(sorted(link.kinds))
    return Step(one, other, round(link.strength, 3), kinds, link.is_mutual, link.last_seen)


def why_connector(connector: Connector) -> list[Reason]:
    """Say why somebody stands where they stand among those who may be asked."""
    stage = {"code": "path.stage", "stage": connector.stage.value, "proven": connector.is_proven}
    found: list[Reason] = [
        stage,
        {"code": "path.spoken", "days": connector.silent},
        {"code": "path.given", "gives": connector.gives},
    ]
    if connector.asked:
        tired = round(connector.fatigue, 2)
        found.append({"code": "path.asked", "asked": connector.asked, "fatigue": tired})
    return found


def _why_step(step: Step) -> Reason:
    return {
        "code": "path.step",
        "from": step.from_id,
        "to": step.to_id,
        "kinds": list(step.kinds),
        "mutual": step.is_mutual,
        "strength": step.strength,
        "last_seen": step.last_seen.isoformat() if step.last_seen else None,
    }


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = select(Influencer.id, Influencer.name).where(Influencer.id.in_(sorted(ids)))
    return {id: name for id, name in session.execute(rows)}  # noqa: C416  (rows are no pairs)
