"""The secrets in links that open a door: made here, kept as hashes, each good for one purpose."""

import enum
import hashlib
import secrets


class Purpose(enum.StrEnum):
    """What a link is for; a token of one purpose is nothing to another."""

    RESET = "reset"
    INVITATION = "invitation"


#: The length of what `new` makes: 32 random bytes, as letters that stand in an address.
LENGTH = 43


def new() -> str:
    """Return a secret that nobody guesses."""
    return secrets.token_urlsafe(32)


def kept(token: str, purpose: Purpose) -> str:
    """Return what the database keeps of a token: its SHA-256, bound to the purpose."""
    return hashlib.sha256(f"{purpose}:{token}".encode(errors="replace")).hexdigest()
