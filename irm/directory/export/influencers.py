"""People with all that is intrinsic to them: accounts, ways to reach them, their source."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from irm.directory.export.columns import COLUMNS, OF_ACCOUNT
from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    Influencer,
    Relationship,
    User,
)

_OF_ACCOUNT = ("id", "influencer_id", *OF_ACCOUNT[:-1])
_PLAIN = tuple(
    name for name in COLUMNS["influencers"] if name not in ("accounts", "contacts", "tier_set_by")
)
_chooser = aliased(User)


def of_brand(brand_id: int, *, strangers: bool = False) -> ColumnElement[bool]:
    """The condition that keeps a brand's people; merged ones live on in whom they became.

    `strangers` adds those known only as an end of a tie, who have no relationship at all.
    """
    related = exists().where(
        Relationship.influencer_id == Influencer.id, Relationship.brand_id == brand_id
    )
    living = Influencer.merged_into_id.is_(None)
    if strangers:
        return living & or_(related, Influencer.known.is_(False))
    return living & related & Influencer.known


def read(
    session: Session, condition: ColumnElement[bool], after: int, size: int
) -> list[dict[str, Any]]:
    """Return the next people after an id, all that is known of each."""
    found = session.execute(
        select(*(getattr(Influencer, name) for name in _PLAIN), _chooser.email.label("tier_set_by"))
        .outerjoin(_chooser, _chooser.id == Influencer.tier_set_by_id)
        .where(condition, Influencer.id > after)
        .order_by(Influencer.id)
        .limit(size)
    ).all()
    ids = [person.id for person in found]
    accounts, contacts = _accounts(session, ids), _contacts(session, ids)
    return [
        {**person._mapping, "accounts": accounts[person.id], "contacts": contacts[person.id]}
        for person in found
    ]


def _accounts(session: Session, ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found = session.execute(
        select(*(getattr(Account, name) for name in _OF_ACCOUNT))
        .where(Account.influencer_id.in_(ids))
        .order_by(
            Account.influencer_id,
            Account.is_current.desc(),
            func.coalesce(Account.followers, -1).desc(),
            Account.id,
        )
    ).all()
    former = _former_handles(session, [account.id for account in found])
    shown: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for account in found:
        columns = {**account._mapping} | {"former_handles": former[account.id]}
        shown[account.influencer_id].append({name: columns[name] for name in OF_ACCOUNT})
    return shown


def _former_handles(session: Session, ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found = session.execute(
        select(AccountHandle.account_id, AccountHandle.handle, AccountHandle.until)
        .where(AccountHandle.account_id.in_(ids))
        .order_by(AccountHandle.id)
    )
    shown: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for account_id, handle, until in found:
        shown[account_id].append({"handle": handle, "until": until})
    return shown


def _contacts(session: Session, ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found = session.execute(
        select(ContactPoint.influencer_id, ContactPoint.kind, ContactPoint.value)
        .where(ContactPoint.influencer_id.in_(ids))
        .order_by(ContactPoint.id)
    )
    shown: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for influencer_id, kind, value in found:
        shown[influencer_id].append({"kind": kind, "value": value})
    return shown
