"""Two who do the same thing in the same moment."""

import threading
from collections.abc import Callable


def at_once(do: Callable[[int], object], many: int = 2) -> None:
    """Call `do(0)`, `do(1)` … each in a thread of its own, all let go together; wait for all."""
    start = threading.Barrier(many)

    def run(n: int) -> None:
        start.wait()
        do(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
