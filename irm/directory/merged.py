"""Who somebody is now, however often they were merged."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.models import Influencer


def roots(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Say for each of these people who they are now: themselves, where nobody merged them."""
    now = {id: id for id in ids}
    hops = now
    while hops:
        merged = select(Influencer.id, Influencer.merged_into_id).where(
            Influencer.id.in_(set(hops.values())), Influencer.merged_into_id.is_not(None)
        )
        into = {id: to for id, to in session.execute(merged) if to is not None}
        hops = {id: into[at] for id, at in hops.items() if at in into}
        now |= hops
    return now
