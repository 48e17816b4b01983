"""What keeps somebody who was erased from coming back: salted hashes of what they were known by.

The hash says that a key was theirs, to who has the key already; from the hash nobody gets the key
back, as the salt is this installation's own.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.directory.duplicates.traits import words_of
from irm.models import ErasedKey, Erasure, Setting

#: Where the salt stands among the settings.
SALT = "erasure.salt"
SALT_BYTES = 32

#: So many hashes are looked up by one statement.
CHUNK = 500

#: Shorter words stand in many names: de, la, van.
SHORTEST = 3

#: Kinds and keys, as they are hashed.
Keys = Sequence[tuple[str, str]]

_SALT = select(Setting.value).where(Setting.name == SALT)
_AMONG = select(ErasedKey.key_hash).where(
    ErasedKey.key_hash.in_(bindparam("hashes", expanding=True))
)
_OWNED = (
    select(ErasedKey.key_hash, Erasure.kept)
    .join(Erasure, Erasure.id == ErasedKey.erasure_id)
    .where(ErasedKey.key_hash.in_(bindparam("hashes", expanding=True)))
)


class Claim(NamedTuple):
    """What is said of somebody who comes."""

    accounts: Keys
    contacts: Keys
    name: str
    #: They have an account, or are here: more than an address says who they are.
    is_somebody: bool


def salt(session: Session) -> bytes:
    """The salt of this installation, made the first time it is asked for.

    Of two who ask at once, one makes it and both get the same.
    """
    kept = session.scalar(_SALT)
    if kept is None:
        make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        fresh = {"name": SALT, "value": secrets.token_hex(SALT_BYTES)}
        session.connection().execute(make(Setting).values(fresh).on_conflict_do_nothing())
        kept = session.scalar(_SALT)
    return bytes.fromhex(str(kept))


def key_hash(salt: bytes, kind: str, key: str) -> str:
    """The hash of one key: HMAC-SHA256, in hex.

    Kinds and keys: `account` and `platform:handle_key`, `account_id` and `platform:platform_id`,
    `email` and `phone` with their `value_key`, other ways of contact with theirs; `email:name` and
    `phone:name` with a word of the name behind the key.
    """
    return hmac.new(salt, f"{kind}\0{key}".encode(), hashlib.sha256).hexdigest()


def among(session: Session, hashes: Iterable[str]) -> set[str]:
    """Those of some hashes that belong to somebody who was erased."""
    wanted = list(hashes)
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        found.update(session.scalars(_AMONG, {"hashes": wanted[start : start + CHUNK]}))
    return found


def named_keys(
    names: Iterable[str], contacts: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Ways to reach somebody with each word of their names: kinds and keys."""
    words = {word for name in names for word in words_of(name)}
    long = {word for word in words if len(word) >= SHORTEST} or words
    for kind, key in contacts:
        for word in sorted(long):
            yield f"{kind}:name", f"{key}\0{word}"


def barred(session: Session, claims: Sequence[Claim]) -> set[int]:
    """The places of those claims that are about somebody who was erased.

    An account is one person's, an address may be that of an agency with others: it bars nobody who
    is known by more and shares no word of the name. Where no names were kept with the addresses of
    an erased person, as in former days, the address alone bars.
    """
    own = salt(session)
    accounts = [{key_hash(own, *key) for key in claim.accounts} for claim in claims]
    reached = [{key_hash(own, *key): key for key in claim.contacts} for claim in claims]
    erased = _owned(session, set().union(*accounts, *reached))
    found: set[int] = set()
    doubtful: dict[int, set[str]] = {}
    for at, claim in enumerate(claims):
        hits = erased.keys() & reached[at].keys()
        if not erased.keys().isdisjoint(accounts[at]):
            found.add(at)
        elif hits and claim.is_somebody and claim.name and all(erased[one] for one in hits):
            named = named_keys([claim.name], [reached[at][one] for one in hits])
            doubtful[at] = {key_hash(own, *key) for key in named}
        elif hits:
            found.add(at)
    theirs = among(session, set().union(*doubtful.values())) if doubtful else set()
    return found | {at for at, hashes in doubtful.items() if not hashes.isdisjoint(theirs)}


def _owned(session: Session, hashes: Iterable[str]) -> dict[str, bool]:
    """Those of some hashes that an erased person left, and whether names were kept with them."""
    wanted = list(hashes)
    found: dict[str, bool] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = session.execute(_OWNED, {"hashes": wanted[start : start + CHUNK]})
        found.update({row.key_hash: bool(row.kept.get("named")) for row in rows})
    return found
