"""Who a row of a history is about: somebody who is here already, or nobody.

The account decides, then an e-mail address, then our own number where the name agrees; a name
alone never does. An address that two people share, as the clients of an agency do, tells nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from irm.directory.merged import roots
from irm.imports.complaints import Complaint
from irm.imports.people.records import are_apart
from irm.models import Account, AccountHandle, ContactPoint, Influencer, Platform, Relationship
from irm.models.keys import fold

#: Complaints of rows that may be about several people.
AMBIGUOUS = frozenset(
    {"several_people", "two_people", "two_people_unseen", "shared", "shared_unseen"}
)


class Named(NamedTuple):
    """An account as a row names it; `place` is empty where the row does not say where it is."""

    place: str
    handle_key: str | None
    platform_id: str | None


class Person(NamedTuple):
    """What a row says of whom it is about."""

    #: None where the row names an account without saying where it is.
    platform: Platform | None = None
    handle_key: str | None = None
    platform_id: str | None = None
    email_key: str | None = None
    influencer_id: int | None = None
    #: Folded.
    name: str | None = None
    #: Their accounts elsewhere, where a row has a column for each platform.
    further: tuple[Named, ...] | None = None

    @property
    def called(self) -> str | None:
        """The name, where it is one: not the handle that stands for it."""
        return self.name if self.name != self.handle_key else None

    @property
    def accounts(self) -> tuple[Named, ...]:
        """All accounts that the row names."""
        first = Named(self.platform or "", self.handle_key, self.platform_id)
        return (*((first,) if any(first[1:]) else ()), *(self.further or ()))

    @property
    def key(self) -> tuple[str, ...]:
        """What two rows about one person share, as far as the rows themselves can tell."""
        if self.handle_key:
            return ("account", self.platform or "", self.handle_key)
        if self.platform_id:
            return ("id", self.platform or "", self.platform_id)
        if self.email_key:
            return ("email", self.email_key)
        return ("own", str(self.influencer_id))

    def over(self, earlier: "Person") -> "Person":
        """Return this one with what it leaves open filled in by an earlier row's."""
        pairs = zip(self._fields, self, earlier, strict=True)
        filled: dict[str, Any] = {name: old for name, new, old in pairs if new is None}
        return self._replace(**filled)


class Known(NamedTuple):
    """Somebody who is here, and the brand's relationship with them, if it has one."""

    influencer_id: int
    relationship_id: int | None


class Persons:
    """The people whom some rows are about; `to_write` keeps others from them."""

    def __init__(
        self,
        session: Session,
        wanted: Iterable[Person],
        brand_id: int,
        *,
        to_write: bool = False,
    ) -> None:
        self._session = session
        wanted = set(wanted)
        self._accounts: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._ids: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._former: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._emails: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._handles: dict[int, set[tuple[str, str]]] = defaultdict(set)
        #: The addresses asked for, by who has them.
        self._reached: dict[int, set[str]] = defaultdict(set)
        self._own: dict[int, tuple[int, str]] = {}
        self._find_accounts(wanted)
        self._find_former({one for one in wanted if not self._by_account(one)})
        left = {one for one in wanted if not self._by_account(one)}
        self._find_emails({one.email_key for one in wanted if one.email_key})
        self._find_own({one.influencer_id for one in left if one.influencer_id is not None})
        found = {id for one in wanted for id in self._candidates(one)} | set(self._emails.values())
        several = any(one.further for one in wanted)
        self._find_names(found if self._emails or several else set())
        self._relationships = self._relate(found, brand_id, to_write)

    def find(self, person: Person) -> Known:
        """Return whom a row is about. Raises Complaint where that is nobody, or nobody sure."""
        found = self._candidates(person)
        if len(found) > 1:
            raise self._several(person, found)
        holder = self._emails.get(person.email_key or "")
        if holder is not None and holder not in found:
            self._refuse_holder(person, found, holder)
        if not found:
            raise Complaint("not_here" if len(set(person[:5])) > 1 else "name_alone")
        (id,) = found
        return Known(id, self._relationships.get(id))

    def _several(self, person: Person, found: set[int]) -> Complaint:
        """Say that a row may be about several people: one name in many places, or many accounts."""
        if len(person.accounts) == 1:
            return Complaint("several_people", handle=person.handle_key or "")
        one, other, *_more = sorted(found)
        if one in self._relationships and other in self._relationships:
            return Complaint("two_people", one=self._names[one], other=self._names[other])
        return Complaint("two_people_unseen")

    def _candidates(self, person: Person) -> set[int]:
        if found := self._by_account(person):
            return found
        holder = self._emails.get(person.email_key or "")
        if holder is not None and not self._shares_mailbox(person, person.called, holder):
            return {holder}
        if person.influencer_id in self._own:
            id, name = self._own[person.influencer_id]
            return {id} if person.name == name else set()
        return set()

    def _refuse_holder(self, person: Person, found: set[int], holder: int) -> None:
        """Refuse a row whose address says another person than the rest, or says nobody.

        Raises Complaint.
        """
        is_seen = holder in self._relationships
        if not found:
            if is_seen:
                contact, name = person.email_key or "", self._names[holder]
                raise Complaint("shared", contact=contact[:80], name=name)
            raise Complaint("shared_unseen", contact=(person.email_key or "")[:80])
        (id,) = found
        if not self._shares_mailbox(person, person.called or self._called(id), holder):
            if is_seen and id in self._relationships:
                raise Complaint("two_people", one=self._names[id], other=self._names[holder])
            raise Complaint("two_people_unseen")

    def _shares_mailbox(self, person: Person, name: str | None, holder: int) -> bool:
        """Say whether an address is one that two people share."""
        handles = self._handles[holder]
        has = {platform for platform, _key in handles}
        is_rival = person.platform in has and (person.platform, person.handle_key) not in handles
        return are_apart(
            name, self._called(holder), rival=is_rival and person.handle_key is not None
        )

    def _called(self, id: int) -> str | None:
        """The folded name of somebody, where it is one: not what stands for it."""
        name = fold(self._names[id])
        stand_ins = {key for _platform, key in self._handles[id]} | self._reached[id]
        return name if name not in stand_ins else None

    def _by_account(self, person: Person) -> set[int]:
        by_id = [self._ids.get((one.place, one.platform_id or "")) for one in person.accounts]
        keys = [(one.place, one.handle_key or "") for one in person.accounts]
        for found in (by_id, map(self._accounts.get, keys), map(self._former.get, keys)):
            people = [some for some in found if some]
            if people:
                # An account of several says less than another one that only one of them has.
                return set.intersection(*people) or set.union(*people)
        return set()

    def _find_accounts(self, wanted: Iterable[Person]) -> None:
        named = {account for one in wanted for account in one.accounts}
        handles = {one.handle_key for one in named if one.handle_key}
        ids = {one.platform_id for one in named if one.platform_id}
        if not handles and not ids:
            return
        found = self._session.execute(
            select(
                Account.influencer_id,
                Account.platform,
                Account.handle_key,
                Account.platform_id,
                Account.is_current,
            ).where(
                or_(
                    Account.handle_key.in_(handles) & Account.is_current,
                    Account.platform_id.in_(ids),
                )
            )
        )
        for one in found:
            # Rows that do not say where an account is look everywhere.
            for place in (one.platform.value, ""):
                if one.is_current:
                    self._accounts[place, one.handle_key].add(one.influencer_id)
                if one.platform_id:
                    self._ids[place, one.platform_id].add(one.influencer_id)

    def _find_former(self, wanted: Iterable[Person]) -> None:
        """Find who once had a handle that nobody has now: renamed, or closed and kept."""
        handles = {account.handle_key for one in wanted for account in one.accounts} - {None}
        if not handles:
            return
        renamed = (
            select(Account.influencer_id, AccountHandle.platform, AccountHandle.handle_key)
            .join(Account, Account.id == AccountHandle.account_id)
            .where(AccountHandle.handle_key.in_(handles))
        )
        left = select(Account.influencer_id, Account.platform, Account.handle_key).where(
            Account.handle_key.in_(handles), Account.is_current.is_(False)
        )
        for id, platform, key in self._session.execute(renamed.union(left)):
            for place in (platform.value, ""):
                self._former[place, key].add(id)

    def _find_emails(self, keys: Iterable[str]) -> None:
        if keys:
            found = self._session.execute(
                select(ContactPoint.value_key, ContactPoint.influencer_id).where(
                    ContactPoint.kind == "email", ContactPoint.value_key.in_(keys)
                )
            )
            self._emails = {row[0]: row[1] for row in found}
            for key, id in self._emails.items():
                self._reached[id].add(key)
            self._find_names(set(self._emails.values()))

    def _find_names(self, ids: set[int]) -> None:
        missing = ids - self._names.keys()
        if not missing:
            return
        names = select(Influencer.id, Influencer.name).where(Influencer.id.in_(missing))
        self._names.update((id, name) for id, name in self._session.execute(names))
        accounts = select(Account.influencer_id, Account.platform, Account.handle_key).where(
            Account.influencer_id.in_(missing)
        )
        for id, platform, key in self._session.execute(accounts):
            self._handles[id].add((platform.value, key))

    def _find_own(self, ids: Iterable[int]) -> None:
        """Find people by our own number; who was merged is now whom they were merged into."""
        if ids:
            found = select(Influencer.id, Influencer.name).where(Influencer.id.in_(ids))
            names = {id: fold(name) for id, name in self._session.execute(found)}
            now = roots(self._session, names)
            self._own = {id: (now[id], name) for id, name in names.items()}

    def _relate(self, ids: Iterable[int], brand_id: int, to_write: bool) -> dict[int, int]:
        """Return the brand's relationships by person: the person is held first, as everywhere."""
        if not ids:
            return {}
        found: Any = (
            select(Relationship.influencer_id, Relationship.id)
            .where(Relationship.brand_id == brand_id, Relationship.influencer_id.in_(ids))
            .order_by(Relationship.id)
        )
        if to_write:
            people = select(Influencer.id).where(Influencer.id.in_(ids)).order_by(Influencer.id)
            self._session.execute(people.with_for_update()).all()
            found = found.with_for_update()
        return {row[0]: row[1] for row in self._session.execute(found)}
