"""The builder of ties."""

from typing import Any

from make import MONDAY

from irm.models import Influencer, Tie, TieKind, TieOrigin


def tie(origin: Influencer, target: Influencer, /, **given: Any) -> Tie:
    """One follows the other: as posts show, or, with `brand_id`, as a brand's list told."""
    given.setdefault("kind", TieKind.FOLLOWS)
    given.setdefault("origin", TieOrigin.LIST if "brand_id" in given else TieOrigin.POSTS)
    given.setdefault("created_at", MONDAY)
    return Tie(from_id=origin.id, to_id=target.id, **given)
