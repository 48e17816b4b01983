"""Who the rows of an export are about: the columns by which an import finds them again."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.models import Account, ContactPoint, Influencer

#: Columns of people by their ids: PERSON of irm/directory/export/columns.py.
People = dict[int, dict[str, Any]]


def named(session: Session, ids: Collection[int]) -> People:
    """Return the person columns of some people, in their order."""
    names = session.execute(
        select(Influencer.id, Influencer.name).where(Influencer.id.in_(ids))
    ).all()
    largest = _largest_accounts(session, ids)
    emails = _first_emails(session, ids)
    return {
        id: {
            "influencer_id": id,
            "account": largest[id][0] if id in largest else None,
            "platform_id": largest[id][1] if id in largest else None,
            "email": emails.get(id),
            "name": name,
        }
        for id, name in names
    }


def account_name(account: Any) -> str:
    """An account (an entity or a row) in one word: `instagram:chloe`."""
    return f"{account.platform.value}:{account.handle}"


def _largest_accounts(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """The largest account of each, a current one before one they have left."""
    found = session.execute(
        select(Account.influencer_id, Account.platform, Account.handle, Account.platform_id)
        .where(Account.influencer_id.in_(ids))
        .order_by(Account.is_current, func.coalesce(Account.followers, -1), Account.id.desc())
    )
    return {one.influencer_id: (account_name(one), one.platform_id) for one in found}


def _first_emails(session: Session, ids: Collection[int]) -> dict[int, str]:
    found = session.execute(
        select(ContactPoint.influencer_id, ContactPoint.value)
        .where(ContactPoint.influencer_id.in_(ids), ContactPoint.kind == "email")
        .order_by(ContactPoint.id.desc())
    )
    return {row[0]: row[1] for row in found}
