"""The worker that the server keeps beside it: started, started again if it ends, ended with it."""

import subprocess  # nosec B404  # our own command
import sys
import time
from collections.abc import Sequence

import structlog

log = structlog.get_logger(__name__)

#: Seconds before a worker that ended is started again: longer each time it did not live long.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)

#: A worker that lived so long ended by accident, not by nature.
LIVED = 60.0

#: So long it may take to end what it is doing.
FAREWELL = 20.0


class Companion:
    """A process that is kept running; `look` is to be called about once a second."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._ends = 0
        self._began = self._not_before = 0.0

    def look(self) -> None:
        """Start the process if it is not running and its pause is over."""
        if self._process is not None and self._process.poll() is None:
            return
        now = time.monotonic()
        if self._process is not None:
            self._ends = 1 if now - self._began > LIVED else self._ends + 1
            pause = PAUSES[min(self._ends, len(PAUSES)) - 1]
            log.error("the worker ended", status=self._process.returncode, again_in=pause)
            self._process = None
            self._not_before = now + pause
        if now >= self._not_before:
            self._began = now
            self._process = subprocess.Popen(self._command)  # noqa: S603  # nosec B603  # our own command

    def end(self) -> None:
        """Tell the process to end and wait for it; after a while end it by force."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def worker_command(parent: int) -> list[str]:
    """The command of a worker that ends when its parent is gone."""
    return [sys.executable, "-m", "irm.cli.main", "worker", "--parent", str(parent)]
