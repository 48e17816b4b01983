"""Work that builds much and leaves no cycles need not be looked through for them all the while."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector of cycles rest for the length of a block.

    It looks through all there is again and again while a hundred thousand people are read, a third
    of the time. What has no cycles is freed as always. Whoever found it resting leaves it so.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
