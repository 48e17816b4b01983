"""Builders of the network: ties, introductions along them, and what was measured of them."""

import datetime as dt
from typing import Any

from make import MONDAY
from sqlalchemy.orm import Session

from irm.funnel import interactions
from irm.funnel.interactions import Exchange
from irm.models import (
    Community,
    Direction,
    Influencer,
    Introduction,
    Kind,
    NetworkRun,
    Place,
    Relationship,
    Tie,
    TieKind,
    TieOrigin,
    User,
)


def tie(origin: Influencer, target: Influencer, /, **given: Any) -> Tie:
    """One follows the other: as posts show, or, with `brand_id`, as a brand's list told."""
    given.setdefault("kind", TieKind.FOLLOWS)
    given.setdefault("origin", TieOrigin.LIST if "brand_id" in given else TieOrigin.POSTS)
    given.setdefault("created_at", MONDAY)
    return Tie(from_id=origin.id, to_id=target.id, **given)


def introduction(connector: Relationship, person: Influencer, /, **given: Any) -> Introduction:
    """One who is in the database already was asked for the way to another, and told nothing."""
    if "touchpoint_id" not in given:
        given.setdefault("made_at", MONDAY)
    given.setdefault("created_at", MONDAY)
    return Introduction(
        brand_id=connector.brand_id,
        connector_id=connector.id,
        influencer_id=person.id,
        path=[connector.influencer_id, person.id],
        **given,
    )


def befriend(session: Session, relationship: Relationship, user: User, now: dt.datetime) -> None:
    """Give somebody four things, and have a talk with them, about a month ago."""
    said = [*4 * [(Kind.GIVE, Direction.OUT)], (Kind.TALK, Direction.BOTH)]
    for number, (kind, direction) in enumerate(said):
        on = now - dt.timedelta(days=30 - number)
        exchange = Exchange("Hello", kind, direction)
        interactions.log(session, relationship, exchange, author=user, happened_at=on, at=on)
    session.commit()


def community(**given: Any) -> Community:
    """A community of a brand (`brand_id`), found on Monday; nobody has a place in it yet."""
    given.setdefault("size", 3)
    given.setdefault("colour", 0)
    given.setdefault("first_on", MONDAY.date())
    given.setdefault("last_on", MONDAY.date())
    return Community(**given)


def place(of: Influencer, /, **given: Any) -> Place:
    """Where somebody stands in the network of a brand (`brand_id`)."""
    given.setdefault("rank", 1)
    given.setdefault("influence", 1 / (given["rank"] + 1))
    given.setdefault("bridging", 0.0)
    given.setdefault("ties_in", 1)
    given.setdefault("ties_out", 1)
    return Place(influencer_id=of.id, **given)


def network_run(**given: Any) -> NetworkRun:
    """A measuring of a brand's network (`brand_id`), on Monday."""
    given.setdefault("day", MONDAY.date())
    given.setdefault("finished_at", MONDAY)
    given.setdefault("modularity", 0.5)
    for name in ("people", "strangers", "ties", "communities"):
        given.setdefault(name, 1)
    return NetworkRun(seconds=0.1, **given)
