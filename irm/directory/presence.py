"""Where a person publishes and how to reach them: accounts and contact points, kept by hand."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import erasure, person, search, strangers
from irm.errors import NotFound, Refused
from irm.i18n import LazyText, _l
from irm.ledger import proving
from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    Influencer,
    Platform,
    Post,
    SearchEntry,
    User,
)
from irm.models.base import LabelledEnum
from irm.models.keys import fold_handle


class Why(LabelledEnum):
    """Why an account is taken off a person."""

    NOT_THEIRS = "not_theirs", _l("It is somebody else’s")
    MISTYPED = "mistyped", _l("It was mistyped")
    ASKED = "asked", _l("They asked for it")


class Handle(NamedTuple):
    """Which account is meant."""

    platform: Platform
    handle: str
    platform_id: str | None = None
    url: str | None = None

    @property
    def key(self) -> str:
        return fold_handle(self.handle)


class Contact(NamedTuple):
    """A way to reach a person: its kind, as it was written, and the form that is compared."""

    kind: str
    value: str
    key: str


class Known(Refused):
    """Somebody has it already: `influencer_id` says who, for whoever may see them."""

    status = 409

    def __init__(self, message: LazyText, influencer_id: int) -> None:
        super().__init__(message)
        self.influencer_id = influencer_id


def holder_of(session: Session, one: Handle) -> int | None:
    """Whose account this is, by the platform's own id, by handle, or by a handle of former days."""
    current = (Account.handle_key == one.key) & Account.is_current
    said = (
        current if one.platform_id is None else current | (Account.platform_id == one.platform_id)
    )
    found = session.scalar(
        select(Account.influencer_id).where(Account.platform == one.platform, said).limit(1)
    )
    if found is not None:
        return found
    # Where two once had a handle, it names neither.
    former = session.scalars(
        select(Account.influencer_id)
        .join(AccountHandle, AccountHandle.account_id == Account.id)
        .where(AccountHandle.platform == one.platform, AccountHandle.handle_key == one.key)
        .distinct()
        .limit(2)
    ).all()
    return former[0] if len(former) == 1 else None


def reached_by(session: Session, one: Contact) -> int | None:
    """Whom this address or number reaches."""
    return session.scalar(
        select(ContactPoint.influencer_id).where(
            ContactPoint.kind == one.kind, ContactPoint.value_key == one.key
        )
    )


def refuse_erased(
    session: Session,
    accounts: Sequence[Handle],
    contacts: Sequence[Contact],
    *,
    name: str = "",
    is_here: bool = False,
) -> None:
    """Refuse what belonged to somebody who was erased.

    Whoever bears another name and has an account, or `is_here` by one, may share an address.
    Raises Refused.
    """
    handles = [("account", f"{one.platform.value}:{one.key}") for one in accounts]
    numbers = [
        ("account_id", f"{one.platform.value}:{one.platform_id}")
        for one in accounts
        if one.platform_id
    ]
    reached = [(one.kind, one.key) for one in contacts]
    claim = erasure.Claim([*handles, *numbers], reached, name, bool(accounts) or is_here)
    if erasure.barred(session, [claim]):
        raise Refused(
            _l("This belongs to somebody who was erased on request; it is not taken in again.")
        )


def add_account(
    session: Session, person_id: int, one: Handle, *, user: User, at: dt.datetime
) -> Account:
    """Add an account to a person.

    Raises Known where somebody has it, Refused where its owner was erased.
    """
    refuse_erased(session, [one], [])
    account = taken_over(session, person_id, one)
    if account is None:
        _refuse_taken(session, one, person_id)
        account = put_account(session, person_id, one, at)
    _record_account(session, user, at, account, "added")
    person.score(session, person_id, user=user, at=at)
    return account


def taken_over(session: Session, person_id: int, one: Handle) -> Account | None:
    """Let a person have the account of a stranger, who is nobody else; None where none has it."""
    found = session.scalar(
        select(Account)
        .join(Influencer, Influencer.id == Account.influencer_id)
        .where(Account.platform == one.platform, _same(one), Influencer.known.is_(False))
        .limit(1)
    )
    if found is None:
        return None
    strangers.absorb(session, found.influencer_id, person_id)
    session.refresh(found)
    strangers.index(session, [person_id])
    return found


def put_account(session: Session, person_id: int, one: Handle, at: dt.datetime) -> Account:
    """Write an account that nobody has, and let it be found."""
    account = Account(
        influencer_id=person_id,
        platform=one.platform,
        handle=one.handle,
        handle_key=one.key,
        platform_id=one.platform_id,
        url=one.url,
        created_at=at,
    )
    session.add(account)
    session.flush()
    entry = {"source": "handle", "source_id": account.id, "text": one.handle}
    search.index_entries(session, [{"influencer_id": person_id, **entry}])
    return account


def rename_account(
    session: Session, account: Account, handle: str, *, user: User, at: dt.datetime
) -> bool:
    """Give an account its new handle; the former one is remembered, so that lists still find it.

    Says whether anything changed. Raises Known where somebody has that handle.
    """
    one = Handle(account.platform, handle)
    if handle == account.handle:
        return False
    if one.key != account.handle_key:
        refuse_erased(session, [one], [])
        _take_from_stranger(session, account, one)
        _refuse_taken(session, one, account.influencer_id, but=account.id)
        session.add(
            AccountHandle(
                account_id=account.id,
                platform=account.platform,
                handle=account.handle,
                handle_key=account.handle_key,
                until=at.date(),
            )
        )
        # The address was that of the former handle.
        account.url = None
    account.handle, account.handle_key = handle, one.key
    session.flush()
    search.reindex(session, "handle", account.id, handle)
    _record_account(session, user, at, account, "renamed")
    return True


def leave_account(session: Session, account: Account, *, user: User, at: dt.datetime) -> None:
    """Note that a person left an account; its handle is free, its history stays."""
    if not account.is_current:
        raise Refused(_l("This account is marked as left already."))
    account.is_current = False
    _record_account(session, user, at, account, "left")
    person.score(session, account.influencer_id, user=user, at=at)


def return_to_account(session: Session, account: Account, *, user: User, at: dt.datetime) -> None:
    """Note that a person is at an account again.

    Raises Known where somebody else took the handle meanwhile.
    """
    if account.is_current:
        raise Refused(_l("This account is in use already."))
    one = Handle(account.platform, account.handle)
    _take_from_stranger(session, account, one)
    _refuse_taken(session, one, account.influencer_id, but=account.id)
    account.is_current = True
    _record_account(session, user, at, account, "returned")
    person.score(session, account.influencer_id, user=user, at=at)


def remove_account(
    session: Session, account: Account, why: Why, *, user: User, at: dt.datetime
) -> None:
    """Take an account off a person, with its figures and posts; the reason is kept as a code."""
    _record_account(session, user, at, account, f"removed:{why.value}")
    search.forget(session, "handle", account.id)
    theirs = select(Post.id).where(Post.account_id == account.id)
    of_posts = (SearchEntry.source == "post") & SearchEntry.source_id.in_(theirs)
    session.execute(delete(SearchEntry).where(of_posts))
    session.delete(account)
    session.flush()
    proving.settle(session, proving.of_people(session, [account.influencer_id]), at)
    person.score(session, account.influencer_id, user=user, at=at)


def add_contact(
    session: Session, person_id: int, one: Contact, *, user: User, at: dt.datetime
) -> ContactPoint:
    """Add a way to reach a person.

    Raises Known where it is somebody's, Refused where its owner was erased.
    """
    about = session.get_one(Influencer, person_id)
    has_account = select(Account.id).where(Account.influencer_id == person_id).limit(1)
    is_here = session.scalar(has_account) is not None
    refuse_erased(session, [], [one], name=about.name, is_here=is_here)
    holder = reached_by(session, one)
    if holder == person_id:
        raise Refused(_l("%(value)s stands here already.", value=one.value))
    if holder is not None:
        raise Known(
            _l("%(value)s belongs to somebody who is here already.", value=one.value), holder
        )
    point = put_contact(session, person_id, one)
    _record_contact(session, user, at, point, "added")
    return point


def put_contact(session: Session, person_id: int, one: Contact) -> ContactPoint:
    """Write a contact point that nobody has, and let it be found."""
    point = ContactPoint(influencer_id=person_id, kind=one.kind, value=one.value, value_key=one.key)
    session.add(point)
    session.flush()
    if one.kind in search.CONTACTS:
        entry = {"source": "contact", "source_id": point.id, "text": one.value}
        search.index_entries(session, [{"influencer_id": person_id, **entry}])
    return point


def remove_contact(session: Session, point: ContactPoint, *, user: User, at: dt.datetime) -> None:
    """Take a contact point off a person."""
    _record_contact(session, user, at, point, "removed")
    search.forget(session, "contact", point.id)
    session.delete(point)
    session.flush()


def account_of(session: Session, person_id: int, id: int) -> Account:
    """A person's account, locked. Raises NotFound where it is not theirs."""
    found = session.scalar(
        select(Account)
        .where(Account.id == id, Account.influencer_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def contact_of(session: Session, person_id: int, id: int) -> ContactPoint:
    """A person's contact point. Raises NotFound where it is not theirs."""
    found = session.get(ContactPoint, id)
    if found is None or found.influencer_id != person_id:
        raise NotFound()
    return found


def accounts_of(session: Session, person_id: int) -> list[Account]:
    """A person's accounts, those in use first, the largest first."""
    largest = func.coalesce(Account.followers, -1).desc()
    return list(
        session.scalars(
            select(Account)
            .where(Account.influencer_id == person_id)
            .order_by(Account.is_current.desc(), largest, Account.id)
        )
    )


def contacts_of(session: Session, person_id: int) -> list[ContactPoint]:
    """A person's contact points, in the order they came."""
    own = ContactPoint.influencer_id == person_id
    return list(session.scalars(select(ContactPoint).where(own).order_by(ContactPoint.id)))


def _same(one: Handle) -> ColumnElement[bool]:
    """The condition on accounts of the platform that finds the one that is meant."""
    current = (Account.handle_key == one.key) & Account.is_current
    return (
        current if one.platform_id is None else current | (Account.platform_id == one.platform_id)
    )


def _take_from_stranger(session: Session, account: Account, one: Handle) -> None:
    """Let a person's account have the handle by which a stranger is known: they are one."""
    other = taken_over(session, account.influencer_id, one)
    if other is not None and other.id != account.id:
        search.forget(session, "handle", other.id)
        session.delete(other)
        session.flush()


def _refuse_taken(session: Session, one: Handle, person_id: int, but: int | None = None) -> None:
    """Refuse a handle or an id that another account has."""
    found = session.execute(
        select(Account.id, Account.influencer_id)
        .where(Account.platform == one.platform, _same(one), Account.id != (but or 0))
        .limit(1)
    ).first()
    if found is None:
        return
    if found.influencer_id == person_id:
        raise Refused(_l("%(value)s stands here already.", value=one.handle))
    said = _l("%(value)s belongs to somebody who is here already.", value=one.handle)
    raise Known(said, found.influencer_id)


def _record_account(
    session: Session, user: User, at: dt.datetime, account: Account, what: str
) -> None:
    ids = {"influencer_id": account.influencer_id, "account_id": account.id}
    record(session, user, Action.ACCOUNT_CHANGED, at, change=what, **ids)


def _record_contact(
    session: Session, user: User, at: dt.datetime, point: ContactPoint, what: str
) -> None:
    ids = {"influencer_id": point.influencer_id, "contact_id": point.id}
    record(session, user, Action.CONTACT_CHANGED, at, change=what, **ids)
