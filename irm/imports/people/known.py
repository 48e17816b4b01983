"""The people and accounts that some rows may be about, as they are stored and as rows change them.

Rows are decided on one after the other; a later one sees what an earlier one would do.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Enum, Select, String, and_, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from irm.directory.merged import roots
from irm.imports import contacts
from irm.imports.colleagues import Colleague
from irm.imports.contacts import Contact
from irm.imports.people.fields import STORED
from irm.imports.people.records import Record, Said
from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    Influencer,
    Platform,
    Prospect,
    Relationship,
    RelationshipTag,
    Snapshot,
    Tag,
    User,
)
from irm.models.inserts import table_of

FIGURES = tuple(STORED.values())


@dataclass(slots=True, eq=False)
class Row:
    """A row of the database: its columns as they will be, and what those that change held."""

    id: int | None
    now: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.id is None

    def set(self, name: str, value: Any) -> bool:
        """Change a column; say whether that changes anything."""
        old = self.now.get(name)
        if old == value:
            return False
        if self.id is not None:
            self.before.setdefault(name, old)
        self.now[name] = value
        return True


@dataclass(slots=True, eq=False)
class Person(Row):
    """Somebody who is here, or whom a row brings."""

    relationship_id: int | None = None
    #: The brand begins a relationship with them.
    relates: bool = False
    #: The brand's prospect that they are, asked for where a list keeps people out of the funnel.
    prospect_id: int | None = None
    #: They are a prospect the brand brought in itself, or are to be one.
    is_own: bool = False
    #: Handles and addresses that may stand for a name that nobody gave.
    stand_ins: set[str] = field(default_factory=set)
    #: Keys of the tags that the brand has put on them.
    tags: set[str] = field(default_factory=set)
    #: The colleague who looks after them for the brand, asked for where a list names owners.
    owner: Colleague | None = None
    #: Those of their accounts that are known; all of them where somebody asked `Known.of`.
    accounts: list["Held"] = field(default_factory=list)
    #: Further columns of our own export, for new people.
    kept: Mapping[str, Any] = field(default_factory=dict)
    #: The number they had where the list was exported, if it is free here.
    own_id: int | None = None

    @property
    def name(self) -> str | None:
        """The name, where it is one: not the handle that stands for it."""
        name: str = self.now.get("name") or ""
        return name if name not in self.stand_ins else None

    @property
    def is_seen(self) -> bool:
        """Whether the brand may be told their name."""
        return self.id is None or self.relationship_id is not None or self.is_own


@dataclass(slots=True, eq=False)
class Held(Row):
    """An account that is here, or that a row brings."""

    person: Person = None  # type: ignore[assignment]
    former: list[Row] = field(default_factory=list)

    def once(self, key: str) -> Row | None:
        """Return the handle of former days with this key."""
        return next((one for one in self.former if one.now["handle_key"] == key), None)


_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_accounts, _people, _relationships, _handles = (
    table_of(model) for model in (Account, Influencer, Relationship, AccountHandle)
)
_points, _snapshots, _tags, _tagged, _prospects, _users = (
    table_of(model) for model in (ContactPoint, Snapshot, Tag, RelationshipTag, Prospect, User)
)

# The statements are made once: to put one together takes as long as to run it.
_ACCOUNT = ("platform", "handle", "handle_key", "platform_id", "url", "is_current", *FIGURES)
_HELD = (*_ACCOUNT, "figures_on")
_ACCOUNTS = select(
    _accounts.c.id,
    _accounts.c.influencer_id,
    # As text, which it is: an enum made of each would take longer than all the rest.
    type_coerce(_accounts.c.platform, String),
    *(_accounts.c[name] for name in _HELD[1:]),
)
_of_platform = _accounts.c.platform == bindparam("platform")
_BY_HANDLE = _ACCOUNTS.where(
    _of_platform, _accounts.c.is_current, _accounts.c.handle_key.in_(_keys)
)
_BY_PLATFORM_ID = _ACCOUNTS.where(_of_platform, _accounts.c.platform_id.in_(_keys))
_BY_ID = _ACCOUNTS.where(_accounts.c.id.in_(_keys))
_BY_PERSON = _ACCOUNTS.where(_accounts.c.influencer_id.in_(_keys))
_FORMER = select(_handles.c.account_id).where(
    _handles.c.platform == bindparam("platform"), _handles.c.handle_key.in_(_keys)
)
_FORMER_OF = select(
    _handles.c.id,
    _handles.c.account_id,
    _handles.c.handle,
    _handles.c.handle_key,
    _handles.c.until,
).where(_handles.c.account_id.in_(_keys))
_REACHED = select(
    _points.c.kind, _points.c.value_key, _points.c.influencer_id, _points.c.value
).where(_points.c.value_key.in_(_keys))
# The index begins with the kind.
_CONTACTS = _REACHED.where(_points.c.kind.in_(contacts.KINDS))
_ALWAYS = ("name", "known", "do_not_contact", "merged_into_id")


@lru_cache(maxsize=64)
def _people_with(columns: tuple[str, ...], to_write: bool) -> Select[Any]:
    """Select people with some columns, and the brand's relationship with them."""
    texts = (
        type_coerce(column, String) if isinstance(column.type, Enum) else column
        for column in (_people.c[name] for name in columns)
    )
    found = (
        select(_people.c.id, *texts, _relationships.c.id.label("relationship_id"))
        .outerjoin(
            _relationships,
            and_(
                _relationships.c.influencer_id == _people.c.id,
                _relationships.c.brand_id == bindparam("brand"),
            ),
        )
        .where(_people.c.id.in_(_keys))
    )
    if to_write:
        return found.order_by(_people.c.id).with_for_update(of=_people, key_share=True)
    return found


_TAGS = (
    select(_tagged.c.relationship_id, _tags.c.name_key)
    .join(_tags, _tags.c.id == _tagged.c.tag_id)
    .where(_tagged.c.relationship_id.in_(_keys))
)
_OWNED = (
    select(_relationships.c.id, _users.c.id, _users.c.name)
    .join(_users, _users.c.id == _relationships.c.owner_id)
    .where(_relationships.c.id.in_(_keys))
)
_PROSPECTS = select(_prospects.c.id, _prospects.c.influencer_id, _prospects.c.is_own).where(
    _prospects.c.brand_id == bindparam("brand"), _prospects.c.influencer_id.in_(_keys)
)
_OF_DAYS = select(
    _snapshots.c.id,
    _snapshots.c.account_id,
    _snapshots.c.day,
    *(_snapshots.c[name] for name in FIGURES),
).where(_snapshots.c.account_id.in_(_keys), _snapshots.c.day.in_(bindparam("days", expanding=True)))

#: Rows kept from others until we are done. What stands there is then read once more, so that it
#: is the newest; by the order of ids, two who want the same do not block each other.
_KEPT = {
    statement: statement.order_by(_accounts.c.id).with_for_update(key_share=True)
    for statement in (_BY_HANDLE, _BY_PLATFORM_ID, _BY_ID)
}


class Known:
    """What is stored about whom some rows may be about; `to_write` keeps others from it."""

    def __init__(
        self,
        session: Session,
        records: Iterable[Record],
        brand_id: int,
        *,
        to_write: bool = False,
        keeps_out: bool = False,
    ) -> None:
        self._connection = session.connection()
        self._brand_id = brand_id
        self._to_write = to_write
        self.by_handle: dict[tuple[str, str], Held] = {}
        self.by_platform_id: dict[tuple[str, str], Held] = {}
        #: Handle → accounts that had it once and go by another now.
        self.former: dict[tuple[str, str], list[Held]] = defaultdict(list)
        self.people: dict[int, Person] = {}
        self.by_contact: dict[tuple[str, str], Person] = {}
        #: Who was merged → who they are now.
        self.root_of: dict[int, Person] = {}
        self._held: dict[int, Held] = {}
        self._owners: dict[int, int] = {}
        self._complete: set[int] = set()
        records = list(records)
        said = {name for record in records for name in record.person}
        self._columns = (*_ALWAYS, *sorted(said.difference(_ALWAYS)))
        self._find_accounts([said for record in records for said in record.accounts])
        reached = self._find_contacts([one for record in records for one in record.contacts])
        own = {record.own_id for record in records if record.own_id is not None}
        self._find_people({*self._owners.values(), *(owner for owner, _ in reached.values()), *own})
        self._follow_merged(session)
        if keeps_out:
            self._find_prospects()
        if any(record.tags for record in records):
            self._find_tags()
        if any(record.owner for record in records):
            self._find_owners()
        for id, owner in self._owners.items():
            held = self._held[id]
            self._give(held, self.people[owner])
        for key, (owner, value) in reached.items():
            self.by_contact[key] = self.people[owner]
            self.people[owner].stand_ins.add(value)

    def _ask(self, statement: Select[Any], keys: Iterable[Any], **params: Any) -> Sequence[Any]:
        if self._to_write:
            statement = _KEPT.get(statement, statement)
        return self._connection.execute(statement, {"keys": list(keys), **params}).all()

    def _find_accounts(self, said: Sequence[Said]) -> None:
        handles: dict[Platform, set[str]] = defaultdict(set)
        ids: dict[Platform, set[str]] = defaultdict(set)
        for one in said:
            handles[one.platform].add(one.handle_key)
            if one.platform_id:
                ids[one.platform].add(one.platform_id)
        for platform, keys in sorted(handles.items()):
            self._add(self._ask(_BY_HANDLE, keys, platform=platform))
        for platform, wanted in sorted(ids.items()):
            if missing := [one for one in wanted if (platform, one) not in self.by_platform_id]:
                self._add(self._ask(_BY_PLATFORM_ID, missing, platform=platform))
        once: set[int] = set()
        for platform, keys in sorted(handles.items()):
            once.update(id for (id,) in self._ask(_FORMER, keys, platform=platform))
        if once - self._held.keys():
            self._add(self._ask(_BY_ID, once - self._held.keys()))
        # Whoever has an id may be renamed by these rows, or have been.
        if renamed := once | {id for id, held in self._held.items() if held.now["platform_id"]}:
            self._find_former(renamed)

    def _find_former(self, accounts: Iterable[int]) -> None:
        for id, account_id, handle, key, until in self._ask(_FORMER_OF, accounts):
            held = self._held[account_id]
            now = {"handle": handle, "handle_key": key, "until": until}
            held.former.append(Row(id, now))
            self.former[held.now["platform"], key].append(held)

    def _add(self, rows: Iterable[Any]) -> None:
        for row in rows:
            if row[0] not in self._held:
                now = dict(zip(_HELD, row[2:], strict=True))
                self._owners[row[0]] = row[1]
                self.learn(Held(row[0], now))

    def learn(self, held: Held) -> None:
        """Let an account be found by its id, and by its handle if that is its own now."""
        if held.id is not None:
            self._held[held.id] = held
        now = held.now
        if now["is_current"]:
            self.by_handle[now["platform"], now["handle_key"]] = held
        if now["platform_id"]:
            self.by_platform_id[now["platform"], now["platform_id"]] = held

    def _find_contacts(self, said: Sequence[Contact]) -> dict[tuple[str, str], tuple[int, str]]:
        if not said:
            return {}
        statement = _CONTACTS if all(c.kind in contacts.KINDS for c in said) else _REACHED
        found = self._ask(statement, {contact.key for contact in said})
        return {(kind, key): (owner, value) for kind, key, owner, value in found}

    def _find_people(self, ids: Iterable[int]) -> None:
        wanted = set(ids)
        if not wanted:
            return
        statement = _people_with(self._columns, self._to_write)
        for row in self._ask(statement, wanted, brand=self._brand_id):
            now = dict(zip(self._columns, row[1:-1], strict=True))
            self.people[row[0]] = Person(row[0], now, relationship_id=row[-1])

    def _follow_merged(self, session: Session) -> None:
        gone = [id for id, one in self.people.items() if one.now["merged_into_id"] is not None]
        if gone:
            now = roots(session, gone)
            self._find_people(set(now.values()) - self.people.keys())
            self.root_of = {id: self.people[into] for id, into in now.items()}

    def _find_prospects(self) -> None:
        if self.people:
            asked = {"brand": self._brand_id, "keys": list(self.people)}
            for row in self._connection.execute(_PROSPECTS, asked):
                person = self.people[row.influencer_id]
                person.prospect_id, person.is_own = row.id, row.is_own

    def _related(self) -> dict[int, Person]:
        return {one.relationship_id: one for one in self.people.values() if one.relationship_id}

    def _find_owners(self) -> None:
        if related := self._related():
            for relationship_id, *owner in self._connection.execute(
                _OWNED, {"keys": list(related)}
            ):
                related[relationship_id].owner = Colleague(*owner)

    def _find_tags(self) -> None:
        if related := self._related():
            for relationship_id, key in self._connection.execute(_TAGS, {"keys": list(related)}):
                related[relationship_id].tags.add(key)

    @staticmethod
    def _give(held: Held, person: Person) -> None:
        held.person = person
        person.accounts.append(held)
        person.stand_ins.add(held.now["handle"])

    def of(self, person: Person) -> list[Held]:
        """Return all accounts of a person."""
        if person.id is not None and person.id not in self._complete:
            self._complete.add(person.id)
            self._add(
                row
                for row in self._connection.execute(_BY_PERSON, {"keys": [person.id]})
                if row[0] not in self._held
            )
            for id, owner in self._owners.items():
                if owner == person.id and self._held[id] not in person.accounts:
                    self._give(self._held[id], person)
        return person.accounts

    def held(self) -> Iterable[Held]:
        """The accounts that are here already."""
        return self._held.values()

    def snapshots(self, wanted: Iterable[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], Row]:
        """Return the stored figures of some accounts on some days."""
        pairs = set(wanted)
        if not pairs:
            return {}
        accounts, days = ({pair[at] for pair in pairs} for at in (0, 1))
        return {
            (row[1], row[2]): Row(row[0], dict(zip(FIGURES, row[3:], strict=True)))
            for row in self._ask(_OF_DAYS, accounts, days=list(days))
        }
