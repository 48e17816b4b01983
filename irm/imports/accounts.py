"""The stored accounts that rows of a list may be about."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Select, and_, bindparam, select
from sqlalchemy import Row as Found
from sqlalchemy.orm import Session

from irm.imports.bulk import table_of
from irm.imports.complaints import Complaint
from irm.imports.influencers import Row
from irm.models import Account, AccountHandle, Influencer, Platform, Relationship

#: An account with what is known of its person, as columns.
Stored: TypeAlias = Found[Any]

#: Columns of an account, of a snapshot, and what a row calls them.
FIGURES = {
    "followers": "followers",
    "likes_average": "likes",
    "comments_average": "comments",
    "shares_average": "shares",
    "views_average": "views",
    "engagement_average": "engagement",
}
#: What lists know no better than colleagues who may have put it right: only filled in.
FILLED = ("country", "city", "language")
#: What people change on their platforms: a newer list's word is taken.
RENEWED = ("bio", "categories")


_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_accounts, _people, _relationships = (
    table_of(model) for model in (Account, Influencer, Relationship)
)
_handles = table_of(AccountHandle)

#: Accounts with what is known of their people, and the brand's relationship with them. The
#: statements are made once: to put one together takes as long as to run it.
_KNOWN = (
    select(
        _accounts.c.id,
        _accounts.c.influencer_id,
        _accounts.c.platform,
        _accounts.c.handle,
        _accounts.c.handle_key,
        _accounts.c.platform_id,
        _accounts.c.url,
        _accounts.c.is_current,
        _accounts.c.figures_on,
        *(_accounts.c[figure] for figure in FIGURES),
        _people.c.name,
        *(_people.c[name] for name in (*FILLED, *RENEWED)),
        _people.c.known,
        _relationships.c.id.label("relationship_id"),
    )
    .join(_people, _people.c.id == _accounts.c.influencer_id)
    .outerjoin(
        _relationships,
        and_(
            _relationships.c.influencer_id == _people.c.id,
            _relationships.c.brand_id == bindparam("brand"),
        ),
    )
)
_of_platform = _accounts.c.platform == bindparam("platform")
_BY_HANDLE = _KNOWN.where(_of_platform, _accounts.c.is_current, _accounts.c.handle_key.in_(_keys))
_BY_PLATFORM_ID = _KNOWN.where(_of_platform, _accounts.c.platform_id.in_(_keys))
_BY_ID = _KNOWN.where(_accounts.c.id.in_(_keys))
_FORMER = select(_handles.c.account_id, _handles.c.handle_key, _handles.c.until).where(
    _handles.c.platform == bindparam("platform"), _handles.c.handle_key.in_(_keys)
)


#: Their rows kept from others until we are done. What stands there is then read once more, so
#: that it is the newest; by the order of ids, two who want the same do not block each other.
_KEPT = {
    statement: statement.order_by(_accounts.c.id).with_for_update(
        of=(_accounts, _people), key_share=True
    )
    for statement in (_BY_HANDLE, _BY_PLATFORM_ID, _BY_ID)
}


class Accounts:
    """The stored accounts that some rows may be about; `to_write` keeps others from them."""

    def __init__(
        self, session: Session, rows: Iterable[Row], brand_id: int, *, to_write: bool = False
    ) -> None:
        handles: dict[Platform, set[str]] = defaultdict(set)
        ids: dict[Platform, set[str]] = defaultdict(set)
        for row in rows:
            handles[row.account.platform].add(row.account.handle_key)
            if row.account.platform_id:
                ids[row.account.platform].add(row.account.platform_id)
        self._connection = session.connection()
        self._brand_id = brand_id
        self._to_write = to_write
        self.by_handle: dict[tuple[str, str], Stored] = {}
        self.by_id: dict[tuple[str, str], Stored] = {}
        for platform, keys in handles.items():
            self._add(self._find(_BY_HANDLE, platform, keys))
        for platform, wanted in ids.items():
            missing = [one for one in wanted if (platform, one) not in self.by_id]
            self._add(self._find(_BY_PLATFORM_ID, platform, missing) if missing else ())
        self.former: dict[tuple[str, str], list[tuple[Stored, dt.date | None]]] = {}
        for platform, keys in handles.items():
            self._add_former(platform, keys)

    def _find(
        self, statement: Select[Any], platform: Platform | None, keys: Iterable[Any]
    ) -> Sequence[Stored]:
        params = {"brand": self._brand_id, "platform": platform, "keys": list(keys)}
        if self._to_write:
            statement = _KEPT[statement]
        return self._connection.execute(statement, params).all()

    def _add(self, accounts: Iterable[Stored]) -> None:
        for account in accounts:
            if account.is_current:
                self.by_handle[account.platform, account.handle_key] = account
            if account.platform_id:
                self.by_id[account.platform, account.platform_id] = account

    def _add_former(self, platform: Platform, keys: set[str]) -> None:
        """Find the accounts that once had a handle that nobody has now, or somebody else."""
        once = self._connection.execute(_FORMER, {"platform": platform, "keys": list(keys)}).all()
        if not once:
            return
        ids = {row.account_id for row in once}
        accounts = {account.id: account for account in self._find(_BY_ID, None, ids)}
        for account_id, key, until in once:
            self.former.setdefault((platform, key), []).append((accounts[account_id], until))


def same_account(row: Row, accounts: Accounts) -> Stored | None:
    """Return the stored account that a row is about; None where it is a new one.

    The platform's own id decides, then the handle, then a handle of former days.
    Raises Complaint where id and handle say different accounts.
    """
    key = (row.account.platform, row.account.handle_key)
    holder = accounts.by_handle.get(key)
    platform_id = row.account.platform_id
    if platform_id:
        account = accounts.by_id.get((row.account.platform, platform_id))
        if holder is None or (account is not None and account.id == holder.id):
            return account
        if account is None and holder.platform_id is None:
            return holder
        raise Complaint("handle_taken", handle=row.account.handle)
    if holder is not None:
        return holder
    former = {account.id: account for account, _ in accounts.former.get(key, ())}
    if len(former) > 1:
        raise Complaint("several_accounts", handle=row.account.handle)
    return next(iter(former.values()), None)
