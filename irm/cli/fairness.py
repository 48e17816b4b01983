"""A web worker that leaves a new connection to one that has fewer.

Browsers keep their connections, so that whoever accepts one answers all that comes over it. All
workers wait for new ones, and it is often the same one that wakes first: it would answer everybody
while the others, and their processors, have nothing to do.
"""

import mmap
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

#: How long, in seconds, a connection is left to a worker that has fewer before it is taken anyway.
WAIT = 0.03

#: So soon after it has waited a worker takes what nobody else took.
PATIENCE = 0.05

#: Places for workers, more than may run at once; and what stands where none does.
PLACES, NOBODY = 256, 255

#: How many connections each worker has, in memory that they share: made before they are.
_held = mmap.mmap(-1, PLACES)
_held[:] = bytes([NOBODY]) * PLACES


def leave(worker: ThreadWorker) -> None:
    """Count a worker no more, because it has ended."""
    _held[worker.age % PLACES] = NOBODY


class FairWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's worker of threads, which steps back while another one has fewer connections."""

    #: When it may accept again; long ago for one that has not stepped back.
    _back_at = 0.0

    def accept(self, listener: Any) -> None:
        """Accept a connection that nobody with fewer connections has taken meanwhile."""
        now = time.monotonic()
        if self.nr_conns > min(_held[:]) and now - self._back_at > PATIENCE:
            self._back_at = now + WAIT
            self.set_accept_enabled(False)
        else:
            super().accept(listener)
            self._tell()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Listen for new connections or not; not while it steps back."""
        super().set_accept_enabled(enabled and time.monotonic() >= self._back_at)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for what comes, no longer than until new connections are looked for again."""
        self._tell()
        left = self._back_at - time.monotonic()
        super().wait_for_and_dispatch_events(min(timeout, left) if left > 0 else timeout)

    def _tell(self) -> None:
        _held[self.age % PLACES] = min(self.nr_conns, NOBODY)
