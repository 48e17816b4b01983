"""What keeps somebody who was erased from coming back: salted hashes of what they were known by.

The hash says that a key was theirs, to who has the key already; from the hash nobody gets the key
back, as the salt is this installation's own.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.models import ErasedKey, Setting

#: Where the salt stands among the settings.
SALT = "erasure.salt"
SALT_BYTES = 32

#: So many hashes are looked up by one statement.
CHUNK = 500

_SALT = select(Setting.value).where(Setting.name == SALT)
_AMONG = select(ErasedKey.key_hash).where(
    ErasedKey.key_hash.in_(bindparam("hashes", expanding=True))
)


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
    `email` and `phone` with their `value_key`, other ways of contact with theirs.
    """
    return hmac.new(salt, f"{kind}\0{key}".encode(), hashlib.sha256).hexdigest()


def among(session: Session, hashes: Iterable[str]) -> set[str]:
    """Those of some hashes that belong to somebody who was erased."""
    wanted = list(hashes)
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        found.update(session.scalars(_AMONG, {"hashes": wanted[start : start + CHUNK]}))
    return found
