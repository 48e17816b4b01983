"""Looking for garbage: less often while rows go by in their hundred thousands."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 50_000
"""New objects between two looks. Rows are no circles, and each look at them costs: at Python's own
700 a tenth of a scoring."""


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Look for circles of garbage seldom; as it was afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
