"""Passwords: what is accepted, and how they are kept."""

import threading
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from irm.directory.common_passwords import is_common
from irm.errors import Refused
from irm.i18n import _l

#: Fewer characters could be guessed, more would be a way to keep the processor busy.
SHORTEST, SHORTEST_OF_ADMINISTRATORS, LONGEST = 12, 15, 128

_hasher = PasswordHasher()

#: A hash takes 64 MiB: more than two at a time in one process could exhaust a small machine.
_turns = threading.BoundedSemaphore(2)

#: What is verified where there is no such user, so that both cases take the same time.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$KTKKZd0C4jPxW6UoPjGj6A"
    "$L8s5z1gmd3DNmkS5o9OD4w7aHR9JHDySWNNoNWVn/yM"
)


def shortest(*, is_admin: bool = False) -> int:
    """How many characters a password needs at least."""
    return SHORTEST_OF_ADMINISTRATORS if is_admin else SHORTEST


def keep(password: str, *, is_admin: bool = False, about: Iterable[str] = ()) -> str:
    """Return the hash to keep of a password; `about` is her name, her address, her brands.

    Raises Refused where it is too short or too long, or would be guessed early.
    """
    least = shortest(is_admin=is_admin)
    if not least <= len(password) <= LONGEST:
        raise Refused(
            _l(
                "A password needs %(shortest)s to %(longest)s characters.",
                shortest=least,
                longest=LONGEST,
            )
        )
    if is_common(password, about):
        raise Refused(
            _l(
                "This password is among the first that are tried: common words, names of yours, "
                "figures in a row. Four words that have nothing to do with each other are better."
            )
        )
    with _turns:
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one kept; with None it takes as long and is false."""
    if len(password) > LONGEST:
        return False
    with _turns:
        try:
            _hasher.verify(kept or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def use(hasher: PasswordHasher) -> None:
    """Hash with other parameters from now on: cheaper ones in tests, dearer ones by choice."""
    global _hasher
    _hasher = hasher
