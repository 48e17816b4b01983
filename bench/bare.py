"""The bare reference: the plainest Flask app that shows the same rows from the same file.

Raw SQL through the DB-API, Jinja without a layout; no session, no ORM, no translation. It is
honest: whoever makes it slower to look better has broken the bench.
"""

import argparse
import datetime as dt
import gc
import threading
from pathlib import Path
from typing import Any

from flask import Flask, redirect, request
from gunicorn.app.base import BaseApplication
from jinja2 import Environment, FileSystemLoader

from bench import bare_sql as sql
from irm.db import dbapi

STAGES = ("unaware", "aware", "interested", "engaged", "ambassador")

#: The engine's own settings: the reference keeps its promises to the disk as we do.
PRAGMAS = (
    "foreign_keys=ON",
    "busy_timeout=15000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "temp_store=MEMORY",
)


class Database:
    """One connection per thread."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._local = threading.local()

    @property
    def connection(self) -> Any:
        found = getattr(self._local, "connection", None)
        if found is None:
            found = dbapi.connect(self._path, isolation_level=None)
            for pragma in PRAGMAS:
                found.execute(f"PRAGMA {pragma}")
            self._local.connection = found
        return found

    def rows(self, statement: str, *values: Any) -> list[Any]:
        found: list[Any] = self.connection.execute(statement, values).fetchall()
        return found


def create_app(path: str, brand: int) -> Flask:
    """Build the reference on a database file, for one brand."""
    app = Flask("bare", static_folder=None)
    db = Database(path)
    folder = Path(__file__).parent / "templates"
    pages = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True)
    _add_lists(app, db, pages, brand)
    _add_board(app, db, pages, brand)
    _add_person(app, db, pages, brand)
    _add_day(app, db, pages, brand)
    return app


def _add_lists(app: Flask, db: Database, pages: Environment, brand: int) -> None:
    page = pages.get_template("list.html")

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/list")
    def show_list() -> str:
        order = sql.ORDERS[request.args.get("sort", "fit")]
        where, values = "", [str(brand)]
        for name, column in (("stage", "r.stage"), ("tier", "i.tier")):
            if name in request.args:
                where += f" AND {column} = ?"
                values.append(request.args[name])
        found = db.rows(sql.LIST.format(where=where, order=order), *values)
        total = sum(row[1] for row in db.rows(sql.COUNTERS, brand))
        return page.render(rows=found, count=total)

    @app.get("/search")
    def search() -> str:
        phrase = '"' + request.args["q"].replace('"', '""') + '"'
        statement = sql.LIST.format(where=sql.FOUND, order=sql.ORDERS["fit"])
        found = db.rows(statement, brand, phrase, brand)
        return page.render(rows=found, count=len(found))


def _add_board(app: Flask, db: Database, pages: Environment, brand: int) -> None:
    board, cards = pages.get_template("board.html"), pages.get_template("cards.html")

    def heads(statement: str = sql.COUNTERS) -> dict[str, Any]:
        return {row[0]: row for row in db.rows(statement, brand)}

    @app.get("/board")
    def show_board() -> str:
        order = sql.PLANNED
        if "sort" in request.args:
            order = f"{sql.ORDERS[request.args['sort']]}, r.id"
        statement = sql.CARDS.format(at="r.stage", where="", order=order)
        found = {stage: db.rows(statement, brand, stage, 30) for stage in STAGES}
        counted = heads(sql.GROUPED if "grouped" in request.args else sql.COUNTERS)
        return board.render(stages=STAGES, heads=counted, shown=found)

    @app.get("/owners")
    def show_owners() -> str:
        statement = sql.CARDS.format(at="r.owner_id", where="", order=sql.PLANNED)
        counted = heads(sql.OWNERS)
        found = {owner: db.rows(statement, brand, owner or None, 30) for owner in counted}
        return board.render(stages=list(counted), heads=counted, shown=found)

    @app.get("/heads")
    def count_heads() -> str:
        today, least = dt.datetime.now(dt.UTC).date(), float(request.args["resonance"])
        old = dt.datetime.combine(today - dt.timedelta(days=90), dt.time()).isoformat(" ")
        said = []
        for stage in STAGES:
            values = (today.isoformat(), old, today.isoformat(), brand, stage, least)
            people, audience, late, long = db.rows(sql.FILTERED, *values)[0]
            middle = db.rows(sql.MIDDLE, brand, stage, least, max(0, people - 1) // 2)
            said.append(f"<p>{stage} {people} {audience} {late} {long} {middle}</p>")
        return "".join(said)

    @app.get("/cards")
    def more_cards() -> str:
        day, fit, id = request.args["after"].split("~")
        statement = sql.CARDS.format(at="r.stage", where=sql.BELOW, order=sql.PLANNED)
        values = (brand, request.args["stage"], day, float(fit), int(id), 30)
        return cards.render(cards=db.rows(statement, *values))

    @app.post("/move/<int:id>")
    def move(id: int) -> str:
        now, to = dt.datetime.now(dt.UTC).isoformat(" "), request.form["stage"]
        connection = db.connection
        connection.execute("BEGIN IMMEDIATE")
        before, tier, owner, audience = db.rows(sql.STANDS, id)[0]
        connection.execute(sql.MOVE, (to, now, id))
        connection.execute(sql.MOVED, (id, brand, before, to, now))
        for stage, step in ((before, -1), (to, 1)):
            values = (step, step * (audience or 0), brand, stage, tier, owner or 0)
            connection.execute(sql.COUNT, values)
        connection.execute("COMMIT")
        one = sql.CARDS.format(at="r.stage", where=" AND r.id = ?", order=sql.PLANNED)
        card = db.rows(one, brand, to, id, 1)
        return board.render(stages=(before, to), heads=heads(), shown={to: card})


def _add_person(app: Flask, db: Database, pages: Environment, brand: int) -> None:
    page = pages.get_template("person.html")

    @app.get("/person/<int:id>")
    def show_person(id: int) -> str:
        facts = db.rows(sql.PERSON, id, brand)[0]
        return page.render(
            p=facts,
            accounts=db.rows(sql.ACCOUNTS, id),
            scores=db.rows(sql.SCORES, id),
            touchpoints=db.rows(sql.OPEN, facts[0]),
            entries=db.rows(sql.TIMELINE, facts[0], facts[0], facts[0]),
        )

    @app.post("/log/<int:id>")
    def log(id: int) -> Any:
        now = dt.datetime.now(dt.UTC).isoformat(" ")
        connection = db.connection
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(sql.LOG, (id, now, request.form["summary"], now))
        connection.execute("COMMIT")
        return redirect(f"/person/{id}")


def _add_day(app: Flask, db: Database, pages: Environment, brand: int) -> None:
    page = pages.get_template("day.html")

    @app.get("/day/<int:owner>")
    def show_day(owner: int) -> str:
        today = dt.datetime.now(dt.UTC).date()
        spans = (
            (dt.date(1, 1, 1), today - dt.timedelta(days=1)),
            (today, today),
            (today + dt.timedelta(days=1), today + dt.timedelta(days=7)),
        )
        due = [
            db.rows(sql.DUE, owner, first.isoformat(), last.isoformat(), brand, today.isoformat())
            for first, last in spans
        ]
        due.append(db.rows(sql.UNPLANNED, brand, owner, today.isoformat()))
        by = (today + dt.timedelta(days=7)).isoformat()
        owed = [db.rows(sql.PROMISED, owner, by, brand), db.rows(sql.ASKED, owner, brand)]
        return page.render(due=due, owed=owed)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with the settings of `irm serve`."""

    def __init__(self, app: Flask, port: int, workers: int) -> None:
        self._app = app
        self._options: dict[str, Any] = {
            "bind": f"127.0.0.1:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 4,
            "preload_app": True,
            "timeout": 60,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": _settle_in,
        }
        if Path("/dev/shm").is_dir():  # as `irm serve` does
            self._options["worker_tmp_dir"] = "/dev/shm"
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def _settle_in(_worker: object) -> None:
    gc.collect()
    gc.freeze()


def main() -> None:
    """Serve until somebody ends it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--brand", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    Server(create_app(given.database, given.brand), given.port, given.workers).run()


if __name__ == "__main__":
    main()
