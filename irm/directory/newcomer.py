"""Adding one person by hand: known by an exact key, refused if erased."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import person, presence, search, strangers
from irm.directory.merged import roots
from irm.directory.presence import Contact, Handle
from irm.models import Influencer, Tier, User


def known(session: Session, accounts: Sequence[Handle], contacts: Sequence[Contact]) -> list[int]:
    """The ids of people whom one of these accounts or contacts finds; whoever was merged is one.

    Strangers are not among them: whoever adds somebody with their account adds them.
    """
    found = {presence.holder_of(session, one) for one in accounts}
    found |= {presence.reached_by(session, one) for one in contacts}
    now = set(roots(session, {one for one in found if one is not None}).values())
    return sorted(now - strangers.among(session, now))


def add(
    session: Session,
    facts: dict[str, Any],
    accounts: Sequence[Handle],
    contacts: Sequence[Contact],
    *,
    tier: Tier,
    brand_id: int,
    user: User,
    at: dt.datetime,
) -> Influencer:
    """Add a person with accounts and contacts; the caller begins the relationship.

    Raises Refused where one of the keys is that of somebody who was erased.
    """
    presence.refuse_erased(session, accounts, contacts, name=facts["name"])
    newcomer = _met(session, accounts, facts)
    if newcomer is None:
        newcomer = Influencer(**facts, tier=tier, created_at=at)
        session.add(newcomer)
        session.flush()
        entry = {"source": "name", "source_id": newcomer.id, "text": newcomer.name}
        search.index_entries(session, [{"influencer_id": newcomer.id, **entry}])
    for account in accounts:
        if presence.holder_of(session, account) == newcomer.id:
            continue  # As the stranger they were until now.
        if presence.taken_over(session, newcomer.id, account) is None:
            presence.put_account(session, newcomer.id, account, at)
    for contact in contacts:
        presence.put_contact(session, newcomer.id, contact)
    record(
        session,
        user,
        Action.PERSON_ADDED,
        at,
        influencer_id=newcomer.id,
        brand_id=brand_id,
    )
    person.score(session, newcomer.id, user=user, at=at)
    return newcomer


def _met(session: Session, accounts: Sequence[Handle], facts: dict[str, Any]) -> Influencer | None:
    """The stranger who has one of these accounts, known from now on by what is said of them."""
    holders = (presence.holder_of(session, one) for one in accounts)
    found = strangers.among(session, {one for one in holders if one is not None})
    if not found:
        return None
    met = session.get_one(Influencer, min(found))
    for name, value in facts.items():
        setattr(met, name, value)
    session.flush()
    strangers.become_known(session, [met.id])
    return met
