"""What a row of a list of people says: of the person, of their accounts, of how to reach them."""

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from irm.imports.contacts import Contact
from irm.models import Platform
from irm.models.keys import fold


class Said(NamedTuple):
    """What a row says of one account."""

    platform: Platform
    handle: str
    handle_key: str
    platform_id: str | None = None
    url: str | None = None
    #: The known ones, by the names of their columns in the database.
    figures: Mapping[str, int | float] = {}
    #: The day of the figures, where the account has its own.
    day: dt.date | None = None
    #: What only our own export knows: `is_current`, `created_at`, `former_handles`.
    kept: Mapping[str, Any] = {}

    def is_same(self, other: "Said") -> bool:
        """Say whether both are one account: by id, else by handle."""
        if self.platform is not other.platform:
            return False
        if self.platform_id and other.platform_id:
            return self.platform_id == other.platform_id
        return self.handle_key == other.handle_key

    def over(self, earlier: "Said") -> "Said":
        """Return this with what it leaves open filled in by an earlier row."""
        return self._replace(
            platform_id=self.platform_id or earlier.platform_id,
            url=self.url or earlier.url,
            figures={**earlier.figures, **self.figures},
            day=self.day or earlier.day,
            kept=self.kept or earlier.kept,
        )

    def within(self, other: "Said") -> bool:
        """Say whether another row of this account says all that this one says."""
        return (
            (self.url is None or self.url == other.url)
            and (self.platform_id is None or self.platform_id == other.platform_id)
            and self.figures.items() <= other.figures.items()
        )


def keys_of(accounts: Sequence[Said]) -> Iterator[tuple[str, Platform, str]]:
    """Name accounts, the surest keys first."""
    for one in accounts:
        if one.platform_id:
            yield ("id", one.platform, one.platform_id)
    for one in accounts:
        yield ("handle", one.platform, one.handle_key)


class Record(NamedTuple):
    """What a row says; what it leaves open is not there."""

    #: Columns of the person.
    person: Mapping[str, Any]
    accounts: tuple[Said, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tags: tuple[str, ...] = ()
    #: The number that irm gave the person where the list was exported.
    own_id: int | None = None
    #: The day that the figures of the row belong to, where it says one.
    day: dt.date | None = None
    #: Further columns of our own export.
    kept: Mapping[str, Any] = {}
    #: Cells that could not be read, as `heading: cell`.
    unread: str | None = None
    #: What names the colleague who looks after them, as it was written.
    owner: str | None = None

    @property
    def name(self) -> str | None:
        found: str | None = self.person.get("name")
        return found

    def keys(self) -> Iterator[Hashable]:
        """Name what the row is about, the surest first."""
        if self.day is not None:
            for key in keys_of(self.accounts):
                yield (*key, self.day)
            return
        yield from keys_of(self.accounts)
        for contact in self.contacts:
            if contact.kind == "email":
                yield ("email", contact.key)
        if self.own_id is not None and self.name:
            yield ("own", self.own_id, fold(self.name))
        if not self.accounts:
            # Nothing surer tells of this person: a number they may share with a colleague and
            # the name together do.
            for contact in self.contacts:
                if contact.kind == "phone" and self.name:
                    yield ("phone", contact.key, fold(self.name))

    def over(self, earlier: "Record") -> "Record | None":
        """Return this with what it leaves open filled in by an earlier row about the same.

        None where two people share a key.
        """
        if self._is_apart(earlier):
            return None
        accounts = list(self.accounts)
        for old in earlier.accounts:
            for at, new in enumerate(accounts):
                if new.is_same(old):
                    accounts[at] = new.over(old)
                    break
            else:
                accounts.append(old)
        contacts = {(c.kind, c.key): c for c in (*earlier.contacts, *self.contacts)}
        return Record(
            {**earlier.person, **self.person},
            tuple(accounts),
            tuple(contacts.values()),
            tuple(dict.fromkeys((*earlier.tags, *self.tags))),
            self.own_id if self.own_id is not None else earlier.own_id,
            self.day or earlier.day,
            {**earlier.kept, **self.kept},
            self.unread or earlier.unread,
            self.owner or earlier.owner,
        )

    def _is_apart(self, other: "Record") -> bool:
        for ours in self.accounts:
            for theirs in other.accounts:
                if ours.platform is theirs.platform and ours.handle_key == theirs.handle_key:
                    # One handle under two ids changed hands.
                    return not ours.is_same(theirs)
                if ours.is_same(theirs):
                    return False
        if self.own_id is not None and self.own_id == other.own_id:
            return False
        return are_apart(self.name, other.name, rival=self.rivals(other.accounts))

    def rivals(self, accounts: tuple[Said, ...]) -> bool:
        """Say whether these are other accounts on a platform where the row names one as well."""
        return not {one.platform for one in self.accounts}.isdisjoint(
            one.platform for one in accounts
        )

    def within(self, merged: "Record") -> bool:
        """Say whether all that this row says is also what the merged one says."""
        return (
            self.person.items() <= merged.person.items()
            and set(self.contacts) <= set(merged.contacts)
            and set(self.tags) <= set(merged.tags)
            and self.owner in (None, merged.owner)
            and all(
                any(one.is_same(other) and one.within(other) for other in merged.accounts)
                for one in self.accounts
            )
        )


def are_apart(one: str | None, other: str | None, *, rival: bool) -> bool:
    """Say whether two who share an address are two people, as the clients of an agency are.

    Their names tell. Where one is a part of the other, or not known, it takes other accounts on
    one platform (`rival`) and a name that adds a word of its own on both sides.
    """
    if not one or not other or one == other:
        return False
    ours, theirs = set(fold(one).split()), set(fold(other).split())
    if not ours & theirs:
        return True
    return rival and not (ours <= theirs or theirs <= ours)
