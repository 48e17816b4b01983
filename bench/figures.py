"""Lines that are no comparison of two pages: statements, memory, throughput, bytes."""

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from sqlalchemy import event

from bench import audits, servers
from bench.client import Client, Request
from bench.data import Data
from bench.lines import Line
from bench.measure import Result, figure
from irm.app import create_app
from irm.config import Settings
from irm.db import db

#: Connections, and requests on each, when throughput is measured.
AT_ONCE, EACH = 4, 75

_LINKED = re.compile(rb'(?:href|src)="(/static/[^"#]+)')
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')

STATEMENTS = (
    ("list", 6, 3, "/influencers"),
    ("board", 5, 2, "/funnel"),
    ("person", 10, 5, "/influencers/{person}"),
    ("today", 6, 4, "/today"),
)


def statements(data: Data) -> list[Result]:
    """Count the SQL statements of pages."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        data_dir=Path(data.folder),
        database_url="",
        secret_key="bench-only-" + "x" * 32,  # type: ignore[arg-type]
    )
    app = create_app(settings)
    client = app.test_client()
    token = _TOKEN.search(client.get("/login").text)
    assert token is not None
    form = {"csrf_token": token[1], "email": data.email, "password": data.password}
    client.post("/login", data=form)
    client.get("/today")
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    def count(path: str) -> float:
        seen.clear()
        answer = client.get(path)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        return len(seen)

    return [
        figure(
            Line(f"SQL statements: {name}", bar, goal, ""),
            lambda path=path: count(path.format(person=data.person)),  # type: ignore[misc]
        )
        for name, bar, goal, path in STATEMENTS
    ]


def start(data: Data) -> Result:
    """How long until the server answers."""
    return figure(Line("start", 3, 1.5, "s"), lambda: servers.start_seconds(data), 3)


def memory(ours: str, bare: str) -> Result:
    """Memory of master and workers against those of the reference, after all that was asked."""
    line = Line("memory of web processes", 1.5, 1.2)
    mine, theirs = servers.memory_kb(ours), servers.memory_kb(bare)
    ratio = mine / theirs
    return Result(line, ratio, ratio, ratio)


def throughput(name: str, ours: Callable[[], Client], bare: Callable[[], Client]) -> Result:
    """Answers a second at a few connections: how many times as many the reference gives."""
    path = {"list": ("/influencers", "/list"), "board": ("/funnel", "/board")}[name]
    ratios = []
    for _round in range(3):
        mine, theirs = (_rate(make, p) for make, p in zip((ours, bare), path, strict=True))
        ratios.append(theirs / mine)
    line = Line(f"throughput of {name}, 4 connections", 4, 2)
    return Result(line, sorted(ratios)[1], min(ratios), max(ratios))


def _rate(make: Callable[[], Client], path: str) -> float:
    clients = [make() for _one in range(AT_ONCE)]

    def ask(client: Client) -> None:
        for _again in range(EACH):
            client.check(Request(path))

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = AT_ONCE * EACH / (time.perf_counter() - started)
    for client in clients:
        client.close()
    return rate


def first_load(client: Client, data: Data) -> Result:
    """Kilobytes over the wire until a first page stands, the largest of those people open first."""
    size = max(_over_the_wire(client, path) for path in audits.pages(data).values())
    return figure(Line("first page load", 160, 120, "kB"), lambda: size / 1000)


def _over_the_wire(client: Client, path: str) -> int:
    """The bytes of a page and of all it links to, as a browser with an empty cache takes them."""
    packed = {"Accept-Encoding": "br, gzip"}
    page = client.check(Request(path, None, packed))
    plain = client.check(Request(path)).body
    linked = {urljoin(path, found.decode()) for found in _LINKED.findall(plain)}
    return len(page.body) + sum(len(client.check(Request(p, None, packed)).body) for p in linked)
