"""Builders of ties, and of introductions asked for along them."""

from typing import Any

from make import MONDAY

from irm.models import Influencer, Introduction, Relationship, Tie, TieKind, TieOrigin


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
