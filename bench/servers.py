"""Starting the real server and the bare one, and looking at their memory."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.data import Data, environment

WORKERS = 2

#: Seconds after which a server that does not answer is taken for broken.
PATIENCE = 60


def product(data: Data) -> AbstractContextManager[str]:
    """`irm serve` on a database, as users run it; yields its address."""
    return product_in(data.folder)


@contextmanager
def product_in(folder: Path) -> Iterator[str]:
    """The same, by its data folder."""
    port = _free_port()
    command = ["-m", "irm.cli.main", "serve", "--port", str(port), "--no-worker"]
    with _serving([*command, "--workers", str(WORKERS)], folder, port, "/login") as address:
        yield address


@contextmanager
def bare(data: Data) -> Iterator[str]:
    """The reference on the same file; yields its address."""
    port = _free_port()
    command = ["-m", "bench.bare", "--database", str(data.database), "--brand", str(data.brand)]
    command += ["--port", str(port), "--workers", str(WORKERS)]
    with _serving(command, data.folder, port, "/hello") as address:
        yield address


def start_seconds(data: Data) -> float:
    """How long `irm serve` takes until it answers."""
    started = time.perf_counter()
    with product(data):
        return time.perf_counter() - started


def memory_kb(address: str) -> int:
    """The proportional share of memory of the processes behind an address, master and workers."""
    master = _PIDS[address]
    return sum(_pss(pid) for pid in [master, *_children(master)])


_PIDS: dict[str, int] = {}


@contextmanager
def _serving(command: list[str], folder: Path, port: int, path: str) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    log = folder / f"server-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(  # our own command
            [sys.executable, *command],
            env=environment(folder),
            cwd=folder,
            stdout=output,
            stderr=output,
        )
    _PIDS[address] = process.pid
    try:
        _wait(process, port, path, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
        if process.poll() is not None:
            break
    raise RuntimeError(f"a server did not start:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise RuntimeError(f"no memory is known of process {pid} of {os.getpid()}")
