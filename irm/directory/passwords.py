"""Passwords: what is accepted, and how they are kept."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from irm.directory.common_passwords import is_common
from irm.errors import Busy, Refused
from irm.i18n import _l

#: Fewer characters could be guessed, more would be a way to keep the processor busy.
SHORTEST, SHORTEST_OF_ADMINISTRATORS, LONGEST = 12, 15, 128

_hasher = PasswordHasher()

#: How many may hash or wait for it in one process: who waits holds a thread of the web server, and
#: half of them stay free for pages (a test compares the two).
PLACES = 2

_places = threading.BoundedSemaphore(PLACES)

#: One at a time: a hash takes 64 MiB, and four processors if they are there.
_turn = threading.Lock()

#: What is verified where there is no such user, so that both cases take the same time.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$KTKKZd0C4jPxW6UoPjGj6A"
    "$L8s5z1gmd3DNmkS5o9OD4w7aHR9JHDySWNNoNWVn/yM"
)


def shortest(*, is_admin: bool = False) -> int:
    """How many characters a password needs at least."""
    return SHORTEST_OF_ADMINISTRATORS if is_admin else SHORTEST


def keep(
    password: str,
    *,
    is_admin: bool = False,
    about: Iterable[str] = (),
    before: str | None = None,
) -> str:
    """Return the hash to keep of a password.

    `about` is her name, her address, her brands; `before` is the hash of what it takes the place
    of. Raises Refused where it is too short or too long, would be guessed early, or is the same
    again, and Busy where too many wait for a hash.
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
                "This password is among the first that are tried: it leaked somewhere, or is made "
                "of common words, names of yours or figures in a row. Four words that have "
                "nothing to do with each other are better."
            )
        )
    if before is not None and matches(before, password):
        raise Refused(_l("This is the password so far. Choose another one."))
    with _hashing():
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one kept; with None it takes as long and is false.

    Raises Busy where too many wait for a hash.
    """
    if len(password) > LONGEST:
        return False
    with _hashing():
        try:
            _hasher.verify(kept or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def renewed(kept: str, password: str) -> str | None:
    """The hash to keep of a password that matched, where `kept` was made with older parameters.

    None where it need not change, and where too many wait for a hash: next time is soon enough.
    """
    if not _hasher.check_needs_rehash(kept):
        return None
    try:
        with _hashing():
            return _hasher.hash(password)
    except Busy:
        return None


@contextmanager
def _hashing() -> Iterator[None]:
    """A turn to hash, waited for by a few; the others are told at once and hold up nobody."""
    if not _places.acquire(blocking=False):
        raise Busy()
    try:
        with _turn:
            yield
    finally:
        _places.release()


def use(hasher: PasswordHasher) -> None:
    """Hash with other parameters from now on: cheaper ones in tests, dearer ones by choice."""
    global _hasher
    _hasher = hasher
