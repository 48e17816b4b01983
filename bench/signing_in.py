"""Lines of signing in: what time tells about addresses, and what many at once take."""

import sqlite3
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench import data, servers
from bench.client import Client, Request
from bench.lines import Line
from bench.measure import Result

EMAIL, PASSWORD = "ana@example.com", "seven small grey donkeys"

#: Tries of each kind, wrong ones, one kind after the other.
TRIES = 200

#: Who sign in at once, and how often all of them do.
AT_ONCE, ROUNDS = 50, 3


def results(folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Try a known and an unknown address in turn, then sign in fifty at once."""
    home = folder / "signing-in"
    home.mkdir()
    data.run(home, "db", "upgrade")
    data.run(home, "user", "add", EMAIL, "--admin", "--password", PASSWORD)
    with servers.product_in(home) as address:
        say(f"signing in with a wrong password, {TRIES} times known and unknown …")
        known, unknown = _times(address, home / "irm.db")
        say(f"signing in {AT_ONCE} at once …")
        peak, others = _at_once(address)
    apart = abs(statistics.median(known) - statistics.median(unknown)) * 1000
    # No line of its own: all threads wait for a turn to hash, so that others wait with them.
    say(f"others waited {statistics.quantiles(others, n=20)[-1]:.1f} s for a page (p95)")
    return [
        Result(Line("sign-in: known and unknown apart", 10, 3, "ms"), apart, apart, apart),
        Result(Line(f"sign-in: memory of {AT_ONCE} at once", 600, 400, "MB"), peak, peak, peak),
    ]


def _times(address: str, database: Path) -> tuple[list[float], list[float]]:
    """Seconds of wrong tries; the limits on guessing are taken away before each."""
    found: dict[str, list[float]] = {EMAIL: [], "nobody@example.com": []}
    client = Client(address)
    client.read_token("/login")
    for _again in range(TRIES):
        for email, times in found.items():
            _forget_tries(database)
            answer = client.ask(Request("/login", {"email": email, "password": "not the password"}))
            if answer.status != 422:
                raise RuntimeError(f"a wrong password was answered {answer.status}")
            times.append(answer.seconds)
    client.close()
    return found[EMAIL], found["nobody@example.com"]


def _forget_tries(database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        connection.execute("DELETE FROM login_attempts")


def _at_once(address: str) -> tuple[float, list[float]]:
    """Megabytes of all processes at their most, and how long others waited for a page meanwhile."""
    done, most, others = threading.Event(), [0], list[float]()
    watching = [
        threading.Thread(target=_watch, args=(address, done, most)),
        threading.Thread(target=_look, args=(address, done, others)),
    ]
    for thread in watching:
        thread.start()
    for _again in range(ROUNDS):
        clients = [Client(address) for _n in range(AT_ONCE)]
        threads = [threading.Thread(target=one.sign_in, args=(EMAIL, PASSWORD)) for one in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in clients:
            one.close()
    done.set()
    for thread in watching:
        thread.join()
    return most[0] / 1024, others


def _watch(address: str, done: threading.Event, most: list[int]) -> None:
    while not done.wait(0.05):
        most[0] = max(most[0], servers.memory_kb(address))


def _look(address: str, done: threading.Event, seconds: list[float]) -> None:
    while not done.wait(0.05):
        client = Client(address)
        started = time.perf_counter()
        client.ask(Request("/healthz"))
        seconds.append(time.perf_counter() - started)
        client.close()
