"""How the figures of a person's accounts went over time."""

from sqlalchemy import func, select

from irm.models import Account, Snapshot
from irm.models.base import Rows

#: Days of figures shown of each account, the newest.
DAYS = 400


def of_person(influencer_id: int) -> Rows:
    """Select `id platform handle day followers` of a person's accounts, each oldest day first."""
    newest = (
        select(
            Account.id,
            Account.platform,
            Account.handle,
            Snapshot.day,
            Snapshot.followers,
            func.row_number()
            .over(partition_by=Account.id, order_by=Snapshot.day.desc())
            .label("place"),
        )
        .join(Snapshot, Snapshot.account_id == Account.id)
        .where(Account.influencer_id == influencer_id, Snapshot.followers.is_not(None))
        .subquery()
    )
    columns = [newest.c[name] for name in ("id", "platform", "handle", "day", "followers")]
    return select(*columns).where(newest.c.place <= DAYS).order_by(newest.c.id, newest.c.day)
