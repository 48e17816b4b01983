"""Who the ends of ties are: people who are here, strangers we met before, or new ones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, select
from sqlalchemy.orm import Session

from irm.directory import erasure
from irm.directory.erasure import Claim
from irm.directory.merged import roots
from irm.imports.ties.record import End
from irm.models import (
    Account,
    AccountHandle,
    ErasedKey,
    Influencer,
    Platform,
    Prospect,
    Relationship,
)
from irm.models.inserts import table_of

Key = tuple[str, str, str]

_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_accounts, _handles, _people = (table_of(one) for one in (Account, AccountHandle, Influencer))
_relationships, _prospects = (table_of(one) for one in (Relationship, Prospect))

_ACCOUNTS = select(
    _accounts.c.influencer_id, _accounts.c.handle_key, _accounts.c.platform_id
).where(_accounts.c.platform == bindparam("platform"))
_BY_HANDLE = _ACCOUNTS.where(_accounts.c.is_current, _accounts.c.handle_key.in_(_keys))
_BY_ID = _ACCOUNTS.where(_accounts.c.platform_id.in_(_keys))
_FORMER = (
    select(_handles.c.handle_key, _accounts.c.influencer_id)
    .join(_accounts, _accounts.c.id == _handles.c.account_id)
    .where(_handles.c.platform == bindparam("platform"), _handles.c.handle_key.in_(_keys))
)
_WHO = (
    select(
        _people.c.id,
        _people.c.known,
        _people.c.merged_into_id,
        _relationships.c.id.label("relationship_id"),
        _prospects.c.id.label("prospect_id"),
        _prospects.c.is_own,
    )
    .outerjoin(
        _relationships,
        and_(
            _relationships.c.influencer_id == _people.c.id,
            _relationships.c.brand_id == bindparam("brand"),
        ),
    )
    .outerjoin(
        _prospects,
        and_(
            _prospects.c.influencer_id == _people.c.id,
            _prospects.c.brand_id == bindparam("brand"),
        ),
    )
    .where(_people.c.id.in_(_keys))
)
#: Nobody merges or erases them until the caller has committed.
_KEPT = _WHO.order_by(_people.c.id).with_for_update(of=_people, read=True, key_share=True)
_ANY_ERASED = select(ErasedKey.key_hash).limit(1)


@dataclass(slots=True, eq=False)
class Somebody:
    """Who an end is; without an id, a stranger whom these rows bring."""

    end: End
    id: int | None = None
    known: bool = False
    #: Whether the brand has a relationship with them, or brought them in itself.
    is_ours: bool = False
    prospect_id: int | None = None
    #: The handle is that of another account, with another id, so this one cannot be found by it.
    is_taken: bool = False
    is_planned: bool = False


def find(
    session: Session, ends: Mapping[Key, End], brand_id: int, *, to_write: bool
) -> dict[Key, Somebody]:
    """Say who these ends are; `to_write` keeps them as they are until the caller commits."""
    owners, taken = _owners(session, ends)
    now = roots(session, set(owners.values()))
    people: dict[int, Somebody] = {}
    found: dict[Key, Somebody] = {}
    rows: dict[int, Any] = {}
    if now:
        statement = _KEPT if to_write else _WHO
        asked = {"keys": sorted(set(now.values())), "brand": brand_id}
        rows = {row.id: row for row in session.connection().execute(statement, asked)}
    for key, end in ends.items():
        row = rows.get(now[owners[key]]) if key in owners else None
        if row is None:
            found[key] = Somebody(end, is_taken=key in taken)
            continue
        if row.id not in people:
            is_ours = row.relationship_id is not None or bool(row.is_own)
            people[row.id] = Somebody(end, row.id, row.known, is_ours, row.prospect_id)
        found[key] = people[row.id]
    return found


def erased(session: Session, ends: Sequence[End]) -> list[Key]:
    """Return the keys of those who were erased at their own wish: a list brings them not back."""
    if not ends or session.connection().execute(_ANY_ERASED).first() is None:
        return []
    claims = []
    for end in ends:
        accounts = [("account", f"{end.platform}:{end.handle_key}")] if end.handle_key else []
        if end.platform_id:
            accounts.append(("account_id", f"{end.platform}:{end.platform_id}"))
        claims.append(Claim(accounts, (), end.name or "", is_somebody=True))
    return [ends[at].key for at in erasure.barred(session, claims)]


def _owners(session: Session, ends: Mapping[Key, End]) -> tuple[dict[Key, int], set[Key]]:
    """Return whose accounts these are, and the new ones whose handle another account has."""
    owners: dict[Key, int] = {}
    taken: set[Key] = set()
    for platform, some in sorted(_by_platform(ends).items()):
        by_id = _ids(session, platform, [one for one in some if one.platform_id])
        by_handle, once = _by_handle(session, platform, some)
        for end in some:
            holder = by_handle.get(end.handle_key or (end.platform_id or "").casefold())
            if end.platform_id and end.platform_id in by_id:
                owners[end.key] = by_id[end.platform_id]
            elif holder is None:
                if end.handle_key in once and not end.platform_id:
                    owners[end.key] = once[end.handle_key]
            elif not end.platform_id or (holder[1] is None and end.handle_key):
                owners[end.key] = holder[0]
            else:
                taken.add(end.key)
    return owners, taken


def _by_platform(ends: Mapping[Key, End]) -> dict[Platform, list[End]]:
    found: dict[Platform, list[End]] = defaultdict(list)
    for end in ends.values():
        found[end.platform].append(end)
    return found


def _ids(session: Session, platform: Platform, ends: Iterable[End]) -> dict[str, int]:
    """Return platform id → whose it is."""
    keys = [one.platform_id for one in ends]
    if not keys:
        return {}
    rows = session.connection().execute(_BY_ID, {"platform": platform, "keys": keys})
    return {row.platform_id: row.influencer_id for row in rows}


def _by_handle(
    session: Session, platform: Platform, ends: Sequence[End]
) -> tuple[dict[str, tuple[int, str | None]], dict[str, int]]:
    """Return handle → whose it is and that account's id, and handle of former days → whose."""
    # A stranger known by an id alone goes by it as by a handle.
    keys = {one.handle_key or (one.platform_id or "").casefold() for one in ends}
    asked = {"platform": platform, "keys": sorted(keys)}
    connection = session.connection()
    current = {
        row.handle_key: (row.influencer_id, row.platform_id)
        for row in connection.execute(_BY_HANDLE, asked)
    }
    former: dict[str, set[int]] = defaultdict(set)
    missing = sorted(keys - current.keys())
    if missing:
        for key, owner in connection.execute(_FORMER, {**asked, "keys": missing}):
            former[key].add(owner)
    # Where two once had a handle, it names neither.
    return current, {key: min(owners) for key, owners in former.items() if len(owners) == 1}
