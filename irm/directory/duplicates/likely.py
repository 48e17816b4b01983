"""Likely doubles of somebody who is about to be added by hand: asked at once, by indexes alone."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from irm.directory.duplicates import traits, verdict
from irm.models import Account, ContactPoint, Influencer, Platform, Relationship
from irm.models.keys import fold, fold_handle, name_order

#: Doubles shown; who sees more than a few reads none.
SHOWN = 5

#: People with the same beginning of a name who are looked at.
NEIGHBOURS = 200

#: The score of somebody whose name alone is the same or near.
BY_NAME = 40.0

#: Letters that two names must begin with alike to be compared here.
BEGINNING = 3


class Likely(NamedTuple):
    """Somebody here already, how alike they are, and by what."""

    influencer_id: int
    name: str
    score: float
    reasons: list[verdict.Reason]


def likely(
    session: Session,
    *,
    name: str,
    handles: Iterable[tuple[str, str]] = (),
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    brand_id: int,
) -> list[Likely]:
    """People the brand knows who may be this one, the likeliest first.

    `handles` are pairs of platform and handle. Unlike the search in the background this one
    shows a like name alone too: who adds somebody by hand can tell.
    """
    written = [(platform, handle) for platform, handle in handles if handle.strip()]
    keys = {fold_handle(handle) for _platform, handle in written}
    points = {fold(one) for one in (*emails, *phones) if one.strip()}
    found = {*_by_key(session, keys, points), *_by_name(session, name, brand_id)}
    if not found:
        return []
    known = session.scalars(
        select(Influencer)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(
            Influencer.id.in_(found),
            Influencer.merged_into_id.is_(None),
            Relationship.brand_id == brand_id,
        )
    ).all()
    newcomer = _newcomer(name, written, points)
    doubles = []
    for person, theirs in _taken_apart(session, known):
        score, reasons = verdict.compare(newcomer, theirs, _alike)
        if not score and (named := verdict.names(newcomer, theirs, _alike)):
            score, reasons = BY_NAME, [reason for reason, _key in named]
        if newcomer.handles.keys() & theirs.handles.keys():
            score = max(score, 60.0)
        if score:
            doubles.append(Likely(person.id, person.name, score, reasons))
    return sorted(doubles, key=lambda one: (-one.score, one.influencer_id))[:SHOWN]


def _newcomer(
    name: str, handles: Sequence[tuple[str, str]], points: Iterable[str]
) -> traits.Traits:
    found = traits.Traits(0, fold(name), traits.words_of(name))
    for platform, handle in handles:
        traits.add_handle(found, platform, handle)
    for point in points:
        if "@" in point:
            found.emails.add(traits.email_key(point))
        elif phone := traits.phone_key(point):
            found.phones[phone] = point
    return found


def _by_key(session: Session, handles: set[str], points: set[str]) -> set[int]:
    """Who has one of these handles on any platform, or one of these addresses or numbers."""
    found: set[int] = set()
    if handles:
        same = and_(Account.platform.in_(list(Platform)), Account.handle_key.in_(handles))
        found.update(session.scalars(select(Account.influencer_id).where(same, Account.is_current)))
    if points:
        kinds = ("email", "phone", "website")
        point = and_(ContactPoint.kind.in_(kinds), ContactPoint.value_key.in_(points))
        found.update(session.scalars(select(ContactPoint.influencer_id).where(point)))
    return found


def _by_name(session: Session, name: str, brand_id: int) -> set[int]:
    """Whose name begins like one of the words of this one."""
    words = traits.words_of(name)
    begun = {name_order(word)[:BEGINNING] for word in words if len(word) >= BEGINNING}
    if not begun:
        return set()
    order = Relationship.name_order
    some = or_(*((order >= start) & (order < f"{start}\U0010ffff") for start in begun))
    rows = session.execute(
        select(Relationship.influencer_id, order)
        .where(Relationship.brand_id == brand_id, some)
        .where(or_(*(order.contains(word[:BEGINNING], autoescape=True) for word in words)))
        .order_by(order, Relationship.id)
        .limit(NEIGHBOURS * len(begun))
    )
    wanted = " ".join(words)
    return {
        id
        for id, other in rows
        if _alike(wanted, " ".join(traits.words_of(other))) >= verdict.NEAR_NAME
        or set(words) <= set(traits.words_of(other))
    }


def _taken_apart(
    session: Session, people: Sequence[Influencer]
) -> Iterable[tuple[Influencer, traits.Traits]]:
    ids = [person.id for person in people]
    accounts: dict[int, list[Any]] = {id: [] for id in ids}
    contacts: dict[int, list[Any]] = {id: [] for id in ids}
    for account in session.scalars(select(Account).where(Account.influencer_id.in_(ids))):
        accounts[account.influencer_id].append(account)
    for contact in session.scalars(select(ContactPoint).where(ContactPoint.influencer_id.in_(ids))):
        contacts[contact.influencer_id].append(contact)
    for person in people:
        yield person, traits.of(person, accounts[person.id], contacts[person.id])


def _alike(one: str, other: str) -> float:
    """How alike two short texts are; a few dozen a request, so that no library is loaded for it."""
    return 100 * SequenceMatcher(None, one, other, autojunk=False).ratio()
