"""Where a person's relationships are counted, kept while tier, audience or archive change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from irm.ledger import counters
from irm.models import Influencer, Relationship

_PERSON = (
    select(Influencer)
    .where(Influencer.id == bindparam("of_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_PLACES = (
    select(Relationship.brand_id, Relationship.stage, Relationship.owner_id)
    .where(Relationship.influencer_id == bindparam("of_id"))
    .order_by(Relationship.id)
    .with_for_update()
)


@contextmanager
def recounted(session: Session, influencer_id: int) -> Iterator[Influencer]:
    """Lock a person, read them anew, and count them anew once the caller has changed them.

    Person first, then relationships: whoever locks both keeps this order.
    """
    person = session.scalars(_PERSON, {"of_id": influencer_id}).one()
    places = session.execute(_PLACES, {"of_id": influencer_id}).all()
    before = _cells(person, places)
    yield person
    session.flush()
    after = _cells(person, places)
    if before != after:
        counters.shift(session, zip(before, after, strict=True))


def _cells(person: Influencer, places: Sequence[Any]) -> list[counters.Cell | None]:
    return [
        None
        if person.archived_at is not None
        else counters.Cell(brand, stage, person.tier, owner, person.audience)
        for brand, stage, owner in places
    ]
