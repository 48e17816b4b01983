"""What is measured: each line of the table, our side and the other one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle

from bench.client import Client, Request
from bench.data import Data
from irm.db import dbapi

#: Does something once and says how many seconds it took.
Deed = Callable[[], float]

_FRAGMENT = {"HX-Request": "true"}
_VERSION = re.compile(r'data-version="(\d+)"')


@dataclass(frozen=True)
class Line:
    """A line of the table with its bar and goal; lower is better in all of them."""

    name: str
    bar: float
    goal: float
    unit: str = "×"


@dataclass(frozen=True)
class Pair:
    """Two deeds whose times are compared, each several times a round."""

    line: Line
    ours: Deed
    other: Deed
    times: int = 25


@dataclass(frozen=True)
class Sides:
    """The signed-in product on the large and the small database, and the reference."""

    ours: Client
    bare: Client
    small: Client
    data: Data
    small_data: Data


def pairs(sides: Sides) -> list[Pair]:
    """All lines that compare two times."""
    return [*_lists(sides), *_boards(sides), *_people(sides), *_growth(sides)]


def _lists(sides: Sides) -> list[Pair]:
    data = sides.data
    first = Request("/influencers", expects="<table")
    found = [
        _pair("list: first page", 4, 2, sides, first, Request("/list")),
        _pair(
            "list: filtered",
            4,
            2,
            sides,
            Request("/influencers?stage=aware&tier=middle", expects="<table"),
            Request("/list?stage=aware&tier=middle"),
        ),
        _pair(
            "list: sorted by a score",
            4,
            2,
            sides,
            Request("/influencers?sort=resonance", expects="<table"),
            Request("/list?sort=resonance"),
        ),
        Pair(
            Line("deep page against the first", 1.2, 1.05),
            _read(sides.ours, Request(f"/influencers?after={data.deep}", expects="<table")),
            _read(sides.ours, first),
            40,
        ),
    ]
    needles = {"name": data.name, "handle": data.handle, "note": data.note, "post": data.post}
    for what, needle in needles.items():
        query = needle.replace(" ", "+")
        ours = Request(f"/influencers?q={query}", expects="<table")
        theirs = Request(f"/search?q={query}", expects="<tr>")
        found.append(_pair(f"search: part of a {what}", 4, 2, sides, ours, theirs))
    return found


def _boards(sides: Sides) -> list[Pair]:
    below, ours = sides.data.below, Request("/funnel", expects="card-item")
    cards = Request(f"/funnel/cards?column=aware&after={below}", None, _FRAGMENT, "card-item")
    theirs = Request(f"/cards?stage=aware&after={below}", expects="<li")
    grouped = Request("/board?grouped=1", expects="<li")
    return [
        _pair("board against kept counts", 4, 2, sides, ours, Request("/board", expects="<li")),
        _pair("board against GROUP BY", 0.6, 0.3, sides, ours, grouped, times=6),
        _pair(
            "board sorted by a score",
            4,
            2,
            sides,
            Request("/funnel?sort=resonance", expects="card-item"),
            Request("/board?sort=resonance", expects="<li"),
        ),
        _pair(
            "board by owner",
            4,
            2,
            sides,
            Request("/funnel?by=owner", expects="card-item"),
            Request("/owners", expects="<li"),
        ),
        _pair(
            "board: filtered counts, after the page",
            4,
            2,
            sides,
            Request("/funnel/heads?resonance=50..", None, _FRAGMENT, "board-said"),
            Request("/heads?resonance=50", expects="<p>"),
            times=6,
        ),
        _pair("next 30 cards", 4, 2, sides, cards, theirs),
        Pair(
            Line("move of a card", 4, 2),
            _mover(sides.ours, sides.data, "interested"),
            _bare_mover(sides.bare, sides.data, "engaged"),
        ),
    ]


def _people(sides: Sides) -> list[Pair]:
    data = sides.data
    path = f"/influencers/{data.person}"
    return [
        _pair(
            "person with 50 timeline rows",
            6,
            2.5,
            sides,
            Request(path, expects='class="timeline"'),
            Request(f"/person/{data.person}", expects="<ol>"),
        ),
        _pair(
            f"Today of an owner with {data.owned:,} relationships",
            5,
            2.5,
            sides,
            Request("/today", expects="day-row"),
            Request(f"/day/{data.owner}", expects="<li"),
        ),
        Pair(
            Line("quick log", 6, 3),
            _logger(sides.ours, data.logged, logged),
            _logger(sides.bare, data.logged, _bare_log_of),
        ),
    ]


def _growth(sides: Sides) -> list[Pair]:
    """The same pages on ten times as many people."""
    large, small = sides.data, sides.small_data
    paths: list[tuple[str, Callable[[Data], Request]]] = [
        ("list", lambda data: Request("/influencers")),
        ("list sorted", lambda data: Request("/influencers?sort=resonance")),
        ("deep page", lambda data: Request(f"/influencers?after={data.deep}")),
        ("board", lambda data: Request("/funnel")),
        ("next cards", lambda data: Request(f"/funnel/cards?column=aware&after={data.below}")),
        ("person", lambda data: Request(f"/influencers/{data.person}")),
        ("today", lambda data: Request("/today")),
    ]
    return [
        Pair(
            Line(f"growth of {what}, {small.people:,} → {large.people:,}", 1.3, 1.1),
            _read(sides.ours, request(large)),
            _read(sides.small, request(small)),
        )
        for what, request in paths
    ]


def _pair(
    name: str,
    bar: float,
    goal: float,
    sides: Sides,
    ours: Request,
    theirs: Request,
    times: int = 25,
) -> Pair:
    return Pair(Line(name, bar, goal), _read(sides.ours, ours), _read(sides.bare, theirs), times)


def _read(client: Client, request: Request) -> Deed:
    return lambda: client.check(request).seconds


def _logger(client: Client, ids: Sequence[int], request: Callable[[int], Request]) -> Deed:
    """Log something on one relationship after the other."""
    turn = cycle(ids)
    return lambda: client.check(request(next(turn))).seconds


def _bare_log_of(id: int) -> Request:
    return Request(f"/log/{id}", {"summary": "Sent the samples."})


def logged(id: int) -> Request:
    """A quick log on a relationship."""
    form = {
        "kind": "give",
        "direction": "out",
        "channel": "message",
        "summary": "Sent the samples.",
        "quick": "1",
    }
    return Request(f"/relationships/{id}/interactions", form, _FRAGMENT)


def _card_at(data: Data, stage: str) -> tuple[int, int]:
    """A card at a stage and its version."""
    connection = dbapi.connect(str(data.database))
    try:
        found: tuple[int, int] = connection.execute(
            "SELECT id, row_version FROM relationships WHERE brand_id = ? AND stage = ?"
            " ORDER BY next_order, fit_order, id LIMIT 1",
            (data.brand, stage),
        ).fetchone()
        return found
    finally:
        connection.close()


def _mover(client: Client, data: Data, stage: str) -> Deed:
    """Move a card to the next stage and back, as often as it is called."""
    id, version = _card_at(data, stage)
    there = {"at": stage, "version": str(version)}

    def move() -> float:
        to = "aware" if there["at"] == stage else stage
        form = {"stage": to, "row_version": there["version"], "reason": "Answered."}
        request = Request(f"/relationships/{id}/move", form, _FRAGMENT, "card-item")
        answer = client.check(request)
        found = _VERSION.search(answer.body.decode())
        if found is None:
            raise RuntimeError("a moved card came back without its version")
        there.update(at=to, version=found[1])
        return answer.seconds

    return move


def _bare_mover(client: Client, data: Data, stage: str) -> Deed:
    id, _version = _card_at(data, stage)
    there = {"at": stage}

    def move() -> float:
        to = "aware" if there["at"] == stage else stage
        there["at"] = to
        return client.check(Request(f"/move/{id}", {"stage": to}, {}, "<li")).seconds

    return move
