"""Adding one person by hand: known by an exact key, refused if erased."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import person, presence, search
from irm.directory.merged import roots
from irm.directory.presence import Contact, Handle
from irm.models import Influencer, Tier, User


def known(session: Session, accounts: Sequence[Handle], contacts: Sequence[Contact]) -> list[int]:
    """The ids of people whom one of these accounts or contacts finds; whoever was merged is one."""
    found = {presence.holder_of(session, one) for one in accounts}
    found |= {presence.reached_by(session, one) for one in contacts}
    return sorted(set(roots(session, {one for one in found if one is not None}).values()))


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
    newcomer = Influencer(**facts, tier=tier, created_at=at)
    session.add(newcomer)
    session.flush()
    entry = {"source": "name", "source_id": newcomer.id, "text": newcomer.name}
    search.index_entries(session, [{"influencer_id": newcomer.id, **entry}])
    for account in accounts:
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
