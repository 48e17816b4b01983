"""Who is meant by a handle or a full name: one person of a brand, or nobody."""

from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.models import Account, Influencer, Platform, Relationship
from irm.models.keys import fold, fold_handle, name_order


class Named(NamedTuple):
    """Somebody of a brand."""

    relationship_id: int
    name: str


_OF_BRAND = (
    select(Relationship.id, Influencer.name)
    .join(Influencer, Influencer.id == Relationship.influencer_id)
    .where(Relationship.brand_id == bindparam("brand"), is_listed())
)
#: Each platform by itself, as the index has them.
_HAS_HANDLE = (
    select(Account.influencer_id)
    .where(
        Account.platform.in_(Platform),
        Account.handle_key == bindparam("handle"),
        Account.is_current,
    )
    .correlate(None)
)
_BY_HANDLE = _OF_BRAND.where(Influencer.id.in_(_HAS_HANDLE)).limit(2)
_IS_THEIRS = select(Account.id).where(
    Account.influencer_id == bindparam("person"),
    Account.handle_key == bindparam("handle"),
    Account.is_current,
)
#: Namesakes beyond these are as good as any: nobody can tell who is meant.
_MOST = 20


def by_handle(session: Session, reader: Reader, handle: str) -> Named | None:
    """The one person of a brand who has a handle; None where nobody has it, or two have."""
    values = {"brand": reader.brand_id, "handle": fold_handle(handle)}
    found = session.execute(_BY_HANDLE.where(*reader.seen), values).all()
    return Named(*found[0]) if len(found) == 1 else None


def has_handle(session: Session, influencer_id: int, handle: str) -> bool:
    """Whether a person has a handle, on any platform."""
    values = {"person": influencer_id, "handle": fold_handle(handle)}
    return session.scalar(_IS_THEIRS.limit(1), values) is not None


def by_beginning(session: Session, reader: Reader, text: str) -> Named | None:
    """The one person of a brand with whose whole name a text begins; the longest name counts."""
    words = text.split()
    wanted = [" ".join(words[:size]) for size in range(len(words), 0, -1)]
    if not wanted:
        return None
    found = session.execute(
        _OF_BRAND.where(
            Relationship.name_order.in_({name_order(one) for one in wanted}), *reader.seen
        ).limit(_MOST),
        {"brand": reader.brand_id},
    ).all()
    for one in wanted:
        same = [row for row in found if fold(row.name) == fold(one)]
        if same:
            return Named(*same[0]) if len(same) == 1 else None
    return None
