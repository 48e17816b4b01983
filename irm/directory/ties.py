"""Who reaches whom, one person at a time: read, noted by hand, and dropped again.

An end is named where the brand knows them; else it is shown as the account that the list or the
post spoke of, which tells nobody more than they know.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from irm.audit import Action, record
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.models import Account, Influencer, Platform, Prospect, Relationship, Tie, TieKind, User
from irm.models import TieOrigin as Origin

#: What a colleague can say of two people.
BY_HAND = (TieKind.KNOWS, TieKind.INTRODUCED, TieKind.TOGETHER, TieKind.COLLABORATES)

GONE = _l("This tie is not there any more. Look at the page again.")

#: By names of their own: whoever asks may have joined the same tables for something else.
_its, _own = aliased(Relationship), aliased(Prospect)

#: Ties of one person that their page shows, the strongest first.
SHOWN = 20


class Reached(NamedTuple):
    """One tie of a person, from their side."""

    id: int
    #: Who is at the other end.
    influencer_id: int
    #: Their name; empty where the brand does not know them.
    name: str
    handle: str
    platform: Platform | None
    kind: TieKind
    origin: Origin
    weight: float
    #: Whether they reach the other; else the other reaches them. Of a mutual one both is true.
    is_out: bool
    is_mutual: bool
    first_seen: dt.date | None
    last_seen: dt.date | None
    source: str
    note: str
    #: Of a tie by hand, for whoever may drop it.
    is_by_hand: bool


def told_to(brand_id: int) -> ColumnElement[bool]:
    """The condition on ties that a brand may read: its own lists' and colleagues', and posts'."""
    return or_(Tie.brand_id == brand_id, Tie.brand_id.is_(None))


def is_known_to(brand_id: int, person: Any) -> ColumnElement[bool]:
    """The condition that a brand knows somebody: in its funnel, or brought in by itself."""
    return or_(
        exists().where(_its.influencer_id == person, _its.brand_id == brand_id),
        exists().where(_own.influencer_id == person, _own.brand_id == brand_id, _own.is_own),
    )


def count(session: Session, influencer_id: int, brand_id: int) -> int:
    """Count a person's ties, either way."""
    of_them = (
        select(func.count(Tie.id)).where(end == influencer_id, told_to(brand_id))
        for end in (Tie.from_id, Tie.to_id)
    )
    return sum(session.scalar(one) or 0 for one in of_them)


def of(session: Session, influencer_id: int, brand_id: int, limit: int = SHOWN) -> list[Reached]:
    """Return a person's ties as a brand may read them, the heaviest and newest first."""
    sides = [
        select(Tie.id, other.label("other"), literal(is_out).label("is_out"), Tie.weight)
        .join(Influencer, Influencer.id == other)
        .where(mine == influencer_id, told_to(brand_id), Influencer.merged_into_id.is_(None))
        .order_by(Tie.weight.desc(), Tie.id.desc())
        .limit(limit)
        .subquery()
        for mine, other, is_out in (
            (Tie.from_id, Tie.to_id, True),
            (Tie.to_id, Tie.from_id, False),
        )
    ]
    both = union_all(*(select(one) for one in sides)).subquery()
    rows = session.execute(
        select(
            Tie,
            both.c.other,
            both.c.is_out,
            Influencer.name,
            is_known_to(brand_id, Influencer.id).label("is_ours"),
        )
        .join(both, both.c.id == Tie.id)
        .join(Influencer, Influencer.id == both.c.other)
        .order_by(both.c.is_out.desc(), Tie.weight.desc(), Tie.id.desc())
    ).all()
    accounts = _accounts(session, {row.other for row in rows})
    return [
        Reached(
            tie.id,
            other,
            name if is_ours else "",
            *accounts.get(other, ("", None)),
            tie.kind,
            tie.origin,
            tie.weight,
            bool(is_out),
            tie.is_mutual,
            tie.first_seen,
            tie.last_seen,
            tie.source,
            tie.note,
            tie.origin is Origin.HAND,
        )
        for tie, other, is_out, name, is_ours in rows
    ]


def note(
    session: Session,
    from_id: int,
    to_id: int,
    kind: TieKind,
    brand_id: int,
    *,
    user: User,
    at: dt.datetime,
    text: str = "",
) -> Tie:
    """Note that one person reaches another, as a colleague says; what was noted is noted anew.

    Whoever knows somebody, or is with them in a group, is known by them too. Raises Refused for one
    and the same person, or a kind that lists and posts alone can tell.
    """
    if from_id == to_id:
        raise Refused(_l("Nobody has a tie to themselves; choose another person."))
    if kind not in BY_HAND:
        raise Refused(_l("Choose what joins the two."))
    is_mutual = kind is not TieKind.INTRODUCED
    found = _noted(session, from_id, to_id, kind, brand_id)
    if found is None and is_mutual:
        found = _noted(session, to_id, from_id, kind, brand_id)
    if found is None:
        found = Tie(
            from_id=from_id,
            to_id=to_id,
            kind=kind,
            origin=Origin.HAND,
            brand_id=brand_id,
            is_mutual=is_mutual,
            first_seen=at.date(),
            created_at=at,
        )
        session.add(found)
    found.last_seen, found.note, found.author_id = at.date(), text, user.id
    session.flush()
    _record(session, found.id, from_id, "noted", user=user, at=at)
    return found


def drop(
    session: Session, id: int, brand_id: int, influencer_id: int, *, user: User, at: dt.datetime
) -> Tie:
    """Take back what a colleague noted; what lists and posts tell stays.

    Raises Stale where it is not there any more.
    """
    found = session.get(Tie, id)
    if (
        found is None
        or found.origin is not Origin.HAND
        or found.brand_id != brand_id
        or influencer_id not in (found.from_id, found.to_id)
    ):
        raise Stale(GONE)
    session.delete(found)
    session.flush()
    _record(session, id, influencer_id, "dropped", user=user, at=at)
    return found


def is_end(session: Session, influencer_id: int, other_id: int, brand_id: int) -> bool:
    """Whether a tie that a brand may read joins these two."""
    for a, b in ((influencer_id, other_id), (other_id, influencer_id)):
        found = select(Tie.id).where(Tie.from_id == a, Tie.to_id == b, told_to(brand_id))
        if session.scalar(found.limit(1)) is not None:
            return True
    return False


def _record(
    session: Session, id: int, influencer_id: int, what: str, *, user: User, at: dt.datetime
) -> None:
    ids = {"influencer_id": influencer_id, "tie_id": id}
    record(session, user, Action.TIE_CHANGED, at, change=what, **ids)


def _noted(session: Session, from_id: int, to_id: int, kind: TieKind, brand_id: int) -> Tie | None:
    return session.scalar(
        select(Tie).where(
            Tie.from_id == from_id,
            Tie.to_id == to_id,
            Tie.kind == kind,
            Tie.origin == Origin.HAND,
            Tie.brand_id == brand_id,
        )
    )


def _accounts(session: Session, people: Collection[int]) -> dict[int, tuple[str, Platform | None]]:
    """Each person's largest account: handle and platform."""
    rows: Sequence[Any] = session.execute(
        select(Account.influencer_id, Account.handle, Account.platform)
        .where(Account.influencer_id.in_(people))
        .order_by(
            Account.is_current.desc(), func.coalesce(Account.followers, -1).desc(), Account.id
        )
    ).all()
    found: dict[int, tuple[str, Platform | None]] = {}
    for id, handle, platform in rows:
        found.setdefault(id, (handle, platform))
    return found
