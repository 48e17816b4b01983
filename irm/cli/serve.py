"""`irm serve`: the web server, with one worker beside it."""

import gc
import os
import socket
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from sqlalchemy.orm import configure_mappers

from irm import clock
from irm.cli import fairness
from irm.cli.companion import Companion, worker_command
from irm.cli.fairness import FairWorker
from irm.config import LOCALES
from irm.db import db
from irm.errors import Refused
from irm.i18n import _, _l
from irm.web.words import Words

#: Requests that one web worker answers at a time.
THREADS = 4

UTC = ZoneInfo("UTC")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web workers."
)
@click.option("--no-worker", is_flag=True, help="Without `irm worker`: it runs elsewhere.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the pages, and keep one `irm worker` running beside them."""
    _refuse_if_taken(host, port)
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    # A connection that was opened before a fork must not be used after it.
    db.session.close()
    db.engine.dispose()
    companion = None if no_worker else Companion(worker_command(os.getpid()))
    shown = f"[{host}]" if ":" in host else host
    click.echo(
        _("irm is at %(address)s; Ctrl+C ends it.", address=f"http://{shown}:{port}"), err=True
    )
    _Keeper(_Server(app, f"{shown}:{port}", workers), companion).run()


def _refuse_if_taken(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Refused(
            _l(
                "irm cannot listen on %(host)s port %(port)s: %(reason)s.",
                host=host,
                port=port,
                reason=error.strerror or str(error),
            )
        ) from None


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn around an app that is there already, with our settings."""

    def __init__(self, app: Flask, bind: str, workers: int) -> None:
        self._app = app
        self._options: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "worker_class": FairWorker,
            "threads": THREADS,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "irm",
            "control_socket_disable": True,
            "when_ready": _settle_in,
            "post_fork": _after_fork,
            "child_exit": _after_end,
        }
        if Path("/dev/shm").is_dir():  # noqa: S108  # nosec B108  # the heartbeat's file, kept off the disk
            self._options["worker_tmp_dir"] = "/dev/shm"  # noqa: S108  # nosec B108  # as above
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the app."""
        return self._app


def _after_fork(_arbiter: Arbiter, worker: Worker) -> None:
    with worker.app.load().app_context():
        db.engine.dispose(close=False)


def _after_end(_arbiter: Arbiter, worker: FairWorker) -> None:
    fairness.leave(worker)


def _settle_in(keeper: Arbiter) -> None:
    """Load what every page needs while there is one process, and share it with the web workers.

    What was loaded stays: the collector need not look at it at every round, which would also copy
    it for each worker, as it writes beside whatever it looks at.
    """
    _warm(keeper.app.load())
    gc.collect()
    gc.freeze()


def _warm(app: Flask) -> None:
    """Read the templates, the languages and the addresses now, not at each worker's first page."""
    for name in app.jinja_env.list_templates(extensions=("html",)):
        app.jinja_env.get_template(name)
    configure_mappers()
    client = app.test_client()
    for locale in LOCALES:
        client.get("/login", headers={"Accept-Language": locale})
        words = Words(locale, UTC, clock.today(UTC))
        words.moment(clock.now())
        words.compact(1_000)
    with app.app_context():
        db.engine.dispose()


class _Keeper(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's master process, which looks after `irm worker` as well."""

    def __init__(self, server: _Server, companion: Companion | None) -> None:
        super().__init__(server)
        self._companion = companion

    def murder_workers(self) -> None:
        """Do gunicorn's round of every second, and ours."""
        super().murder_workers()
        if self._companion is not None:
            self._companion.look()

    def stop(self, graceful: bool = True) -> None:
        """End the web workers, then the worker."""
        super().stop(graceful)
        if self._companion is not None:
            self._companion.end()
