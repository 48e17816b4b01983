"""Many who want to sign in at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from irm.directory import passwords


@contextmanager
def crowd() -> Iterator[None]:
    """Every place to hash a password, or to wait for it, is taken inside the block."""
    taken = [passwords._places.acquire(blocking=False) for _n in range(passwords.PLACES)]
    assert all(taken)
    try:
        yield
    finally:
        for _one in taken:
            passwords._places.release()
