"""Which account a row is about, and what would change if it were taken. Reads, never writes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from irm.imports.complaints import Complaint
from irm.imports.contacts import Contact
from irm.imports.influencers import Row
from irm.imports.repeats import Told
from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    Influencer,
    Platform,
    Relationship,
    Snapshot,
    Verdict,
)
from irm.models.base import Rows

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
_FILLED = ("country", "city", "language")
#: What people change on their platforms: a newer list's word is taken.
_RENEWED = ("bio", "categories")


@dataclass(slots=True)
class Decision:
    """What becomes of one row."""

    number: int
    verdict: Verdict
    complaint: Complaint | None = None
    row: Row | None = None
    #: The account and person that are there already; None where both are new.
    known: Found[Any] | None = None
    account: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    #: The figures that the account's snapshot of the day is to have; empty where it stands.
    figures: dict[str, Any] = field(default_factory=dict)
    #: A handle the account no longer has, and its key, to be put on record.
    former_handle: tuple[str, str] | None = None
    contacts: tuple[Contact, ...] = ()
    #: Whether the brand has no relationship with this person yet.
    relates: bool = False
    #: Set for whom is there already; for new ones once they are written.
    influencer_id: int | None = None
    account_id: int | None = None

    @property
    def changes(self) -> bool:
        return bool(
            self.account or self.person or self.figures or self.former_handle or self.contacts
        )


def decide(session: Session, told: Sequence[Told], brand_id: int, as_of: dt.date) -> list[Decision]:
    """Decide on some rows of a file, in their order, from what is stored now."""
    rows = [one.row for one in told if one.row is not None]
    if not rows:
        return [_passed_over(one) for one in told]
    accounts = _Accounts(session, rows, brand_id)
    decisions: list[Decision] = []
    taken: dict[int, int] = {}
    for one in told:
        decisions.append(
            _passed_over(one)
            if one.row is None
            else _decide_one(one.number, one.row, accounts, taken, as_of)
        )
    _settle_figures(session, decisions, as_of)
    _settle_contacts(session, decisions)
    for decision in decisions:
        if decision.verdict is Verdict.SAME and (decision.changes or decision.relates):
            decision.verdict = Verdict.UPDATED
    return decisions


def _passed_over(told: Told) -> Decision:
    return Decision(told.number, told.verdict or Verdict.REFUSED, told.complaint)


class _Accounts:
    """The stored accounts that some rows may be about."""

    def __init__(self, session: Session, rows: Iterable[Row], brand_id: int) -> None:
        handles: dict[Platform, set[str]] = defaultdict(set)
        ids: dict[Platform, set[str]] = defaultdict(set)
        for row in rows:
            handles[row.account.platform].add(row.account.handle_key)
            if row.account.platform_id:
                ids[row.account.platform].add(row.account.platform_id)
        self.by_handle: dict[tuple[str, str], Found[Any]] = {}
        self.by_id: dict[tuple[str, str], Found[Any]] = {}
        for platform, keys in handles.items():
            clause = and_(Account.is_current, Account.handle_key.in_(keys))
            self._add(session, _known(brand_id).where(Account.platform == platform, clause))
        for platform, wanted in ids.items():
            missing = [one for one in wanted if (platform, one) not in self.by_id]
            clause = Account.platform_id.in_(missing)
            if missing:
                self._add(session, _known(brand_id).where(Account.platform == platform, clause))
        self.former = self._former(session, handles, brand_id)

    def _add(self, session: Session, accounts: Rows) -> None:
        for account in session.execute(accounts):
            if account.is_current:
                self.by_handle[account.platform, account.handle_key] = account
            if account.platform_id:
                self.by_id[account.platform, account.platform_id] = account

    def _former(
        self, session: Session, handles: Mapping[Platform, set[str]], brand_id: int
    ) -> dict[tuple[str, str], list[tuple[Found[Any], dt.date | None]]]:
        """Find the accounts that once had a handle that nobody has now, or somebody else."""
        clauses = [
            and_(AccountHandle.platform == platform, AccountHandle.handle_key.in_(keys))
            for platform, keys in handles.items()
        ]
        found: dict[tuple[str, str], list[tuple[Found[Any], dt.date | None]]] = defaultdict(list)
        once = session.execute(
            select(
                AccountHandle.account_id,
                AccountHandle.platform,
                AccountHandle.handle_key,
                AccountHandle.until,
            ).where(or_(*clauses))
        ).all()
        if once:
            ids = {row.account_id for row in once}
            known = _known(brand_id).where(Account.id.in_(ids))
            accounts = {account.id: account for account in session.execute(known)}
            for account_id, platform, key, until in once:
                found[platform, key].append((accounts[account_id], until))
        return found


def _known(brand_id: int) -> Rows:
    """Select accounts with what is known of their people, and their relationship with a brand."""
    return (
        select(
            Account.id,
            Account.influencer_id,
            Account.platform,
            Account.handle,
            Account.handle_key,
            Account.platform_id,
            Account.url,
            Account.is_current,
            Account.figures_on,
            *(getattr(Account, figure) for figure in FIGURES),
            Influencer.name,
            Influencer.country,
            Influencer.city,
            Influencer.language,
            Influencer.bio,
            Influencer.categories,
            Influencer.known,
            Relationship.id.label("relationship_id"),
        )
        .join(Influencer, Influencer.id == Account.influencer_id)
        .outerjoin(
            Relationship,
            and_(Relationship.influencer_id == Influencer.id, Relationship.brand_id == brand_id),
        )
    )


def _decide_one(
    number: int, row: Row, accounts: _Accounts, taken: dict[int, int], as_of: dt.date
) -> Decision:
    try:
        known = _same_account(row, accounts)
    except Complaint as complaint:
        return Decision(number, Verdict.CONFLICT, complaint)
    note = Complaint("bad_figure", cells=row.unread) if row.unread else None
    if known is None:
        return Decision(number, Verdict.CREATED, note, row, contacts=row.contacts, relates=True)
    if known.id in taken:
        return Decision(number, Verdict.CONFLICT, Complaint("overruled", row=taken[known.id]))
    taken[known.id] = number
    verdict = Verdict.SAME if known.known else Verdict.CREATED
    decision = Decision(number, verdict, note, row, known, contacts=row.contacts)
    decision.relates = known.relationship_id is None
    decision.influencer_id, decision.account_id = known.influencer_id, known.id
    _compare(decision, row, known, accounts, as_of)
    return decision


def _same_account(row: Row, accounts: _Accounts) -> Found[Any] | None:
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


def _compare(
    decision: Decision, row: Row, known: Found[Any], accounts: _Accounts, as_of: dt.date
) -> None:
    """Note what the row says that is not stored yet."""
    account, person = row.account, decision.person
    is_newer = known.figures_on is None or as_of > known.figures_on
    if account.platform_id and not known.platform_id:
        decision.account["platform_id"] = account.platform_id
    if account.url and account.url != known.url and (is_newer or not known.url):
        decision.account["url"] = account.url
    if account.platform_id and account.handle_key != known.handle_key:
        once = accounts.former.get((account.platform, account.handle_key), ())
        if any(one.id == known.id and until and as_of <= until for one, until in once):
            pass  # The list is older than the renaming, and the old handle is on record.
        elif known.figures_on is not None and as_of < known.figures_on:
            decision.former_handle = (account.handle, account.handle_key)
        else:
            decision.account |= {"handle": account.handle, "handle_key": account.handle_key}
            decision.former_handle = (known.handle, known.handle_key)
    if row.name and row.name != known.name and known.name == known.handle:
        person["name"] = row.name  # Until now the handle stood for the name.
    for name in _FILLED:
        if getattr(row, name) and not getattr(known, name):
            person[name] = getattr(row, name)
    for name in _RENEWED:
        said, stored = getattr(row, name), getattr(known, name)
        if said and said != stored and (is_newer or not stored):
            person[name] = said
    if not known.known:
        person["known"] = True
    said_figures = {
        column: getattr(row, name)
        for column, name in FIGURES.items()
        if getattr(row, name) is not None
    }
    if any(getattr(known, column) != value for column, value in said_figures.items()):
        decision.figures = said_figures


def _settle_figures(session: Session, decisions: Sequence[Decision], as_of: dt.date) -> None:
    """Compare figures with the snapshots of the day; set the account's where they are newest."""
    changing = {one.known.id: one for one in decisions if one.known is not None and one.figures}
    if not changing:
        return
    of_the_day = {
        snapshot.account_id: snapshot
        for snapshot in session.execute(
            select(Snapshot.account_id, *(getattr(Snapshot, figure) for figure in FIGURES)).where(
                Snapshot.day == as_of, Snapshot.account_id.in_(changing)
            )
        )
    }
    for account_id, decision in changing.items():
        known, snapshot = decision.known, of_the_day.get(account_id)
        said = decision.figures
        if known is not None and (known.figures_on is None or as_of >= known.figures_on):
            decision.account |= said | {"figures_on": as_of}
        if snapshot is not None:
            stored = {figure: getattr(snapshot, figure) for figure in FIGURES}
            decision.figures = {} if stored | said == stored else stored | said


def _settle_contacts(session: Session, decisions: Sequence[Decision]) -> None:
    """Leave out the contact points that are stored, the person's own or another's."""
    wanted = {contact for one in decisions for contact in one.contacts}
    if not wanted:
        return
    stored = set(
        session.execute(
            select(ContactPoint.kind, ContactPoint.value_key).where(
                ContactPoint.value_key.in_({contact.key for contact in wanted})
            )
        )
    )
    for decision in decisions:
        fresh = [c for c in decision.contacts if (c.kind, c.key) not in stored]
        stored.update((contact.kind, contact.key) for contact in fresh)
        decision.contacts = tuple(fresh)
