"""Lines of signing in: what time tells about addresses, and what many at once take."""

import random
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import closing
from operator import sub
from pathlib import Path

from bench import data, servers
from bench.client import Client, Request
from bench.lines import Line
from bench.measure import Result

EMAIL, PASSWORD = "ana@example.com", "seven small grey donkeys"

#: Tries of each kind, wrong ones, one kind after the other.
TRIES = 200

#: Who sign in at once, and how often all of them do; how often a page is read before.
AT_ONCE, ROUNDS, PAGES = 50, 3, 100


def results(folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Try a known and an unknown address in turn, then sign in fifty at once beside a page."""
    home = folder / "signing-in"
    home.mkdir()
    data.run(home, "db", "upgrade")
    data.run(home, "brand", "add", "Grain")
    data.run(home, "user", "add", EMAIL, "--admin", "--password", PASSWORD)
    with servers.product_in(home) as address:
        say(f"signing in with a wrong password, {TRIES} times known and unknown …")
        known, unknown = _times(address, home / "irm.db")
        say(f"signing in {AT_ONCE} at once …")
        alone = _alone(address)
        peak, others, refused = _at_once(address)
    apart = abs(statistics.median(map(sub, known, unknown))) * 1000
    before, beside = (1000 * statistics.quantiles(times, n=20)[-1] for times in (alone, others))
    say(f"{refused} were asked to come again; a page takes {before:.0f} ms alone (p95)")
    return [
        Result(Line("sign-in: known and unknown apart", 10, 3, "ms"), apart, apart, apart),
        Result(
            Line(f"sign-in: a page beside {AT_ONCE}, p95", 1000, 300, "ms"), beside, beside, beside
        ),
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


def _alone(address: str) -> list[float]:
    """How long a page takes while nobody signs in."""
    client = Client(address)
    client.sign_in(EMAIL, PASSWORD)
    return [_page(client) for _again in range(PAGES)]


def _at_once(address: str) -> tuple[float, list[float], int]:
    """Megabytes of all processes at their most, how long others waited for a page meanwhile, and
    how often somebody was asked to come again."""
    done, most, others, refused = threading.Event(), [0], list[float](), list[int]()
    reader = Client(address)
    reader.sign_in(EMAIL, PASSWORD)
    watching = [
        threading.Thread(target=_watch, args=(address, done, most)),
        threading.Thread(target=_look, args=(reader, done, others)),
    ]
    for thread in watching:
        thread.start()
    for _again in range(ROUNDS):
        threads = [
            threading.Thread(target=_enter, args=(address, refused)) for _n in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    done.set()
    for thread in watching:
        thread.join()
    return most[0] / 1024, others, sum(refused)


def _enter(address: str, refused: list[int]) -> None:
    """Sign in as people do: whoever is asked to come again does, some seconds later."""
    client, times = Client(address), 0
    client.read_token("/login")
    while client.ask(Request("/login", {"email": EMAIL, "password": PASSWORD})).status == 503:
        times += 1
        time.sleep(random.uniform(1, 5))
    client.check(Request("/today"))
    client.close()
    refused.append(times)


def _watch(address: str, done: threading.Event, most: list[int]) -> None:
    while not done.wait(0.05):
        most[0] = max(most[0], servers.memory_kb(address))


def _look(client: Client, done: threading.Event, seconds: list[float]) -> None:
    while not done.wait(0.05):
        seconds.append(_page(client))


def _page(client: Client) -> float:
    """Over a new connection, so that either process may answer."""
    client.close()
    return client.check(Request("/today")).seconds
