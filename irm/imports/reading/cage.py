"""The parent's side of reading: a child process opens the file, and we believe none of it.

Whatever the file does to the child, be it an abort, a flood or silence, the caller gets a
Complaint, its own memory does not grow, and nothing is left on the disk.
"""

import json
import os
import selectors
import signal
import stat
import subprocess  # nosec B404  # our own command
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from irm.imports.complaints import SENTENCES, Complaint
from irm.imports.reading.frames import Kind, NoFrameError, Unpacker
from irm.imports.reading.sheet import FIND_OUT, Reading, Sheet

MEGABYTE = 10**6
UPLOAD_LIMIT = 100 * MEGABYTE
COMMAND_LINE_LIMIT = 1000 * MEGABYTE

#: The child is of the same tree as its parent, wherever that lies.
_PROGRAM = """
import sys
if sys.argv[1] not in sys.path:
    sys.path.insert(0, sys.argv[1])
from irm.imports.reading import child
child.main()
"""
_TREE = str(Path(__file__).resolve().parents[3])
#: It sees no environment, writes no bytecode, and speaks UTF-8 wherever it runs.
COMMAND = (sys.executable, "-I", "-B", "-X", "utf8", "-c", _PROGRAM, _TREE)

_MEMORY = 512 * 2**20
_MEMORY_OF_COMMAND_LINE = 2 * 2**30
#: Processor time: for any file, and so many bytes a second beyond it.
_SECONDS = 25
_BYTES_A_SECOND = 4 * MEGABYTE
#: On a busy machine the child has to wait; so has whoever looks, but a job has time.
_WAIT_FOR_LOOK = 35
_WAIT_FOR_ROWS = 95
#: A rows file has a number before each row, and two bytes where the file had one.
_ROWS_FACTOR = 3
_PIECE = 1 << 18
#: So many children run at once for one process of ours, and so long the next one waits, in seconds.
_AT_ONCE, _QUEUE = 2, 20
_slots = threading.BoundedSemaphore(_AT_ONCE)

Report = Callable[[int, int], object]


def inspect(path: Path, name: str, reading: Reading = FIND_OUT, limit: int = UPLOAD_LIMIT) -> Sheet:
    """Look through a file and return its tables, headings and a sample, but no rows file.

    `name` is what its owner calls it, `limit` the largest size in bytes. Raises Complaint
    where it is no list.
    """
    return _read(path, name, reading, limit, None, None)


def convert(
    path: Path,
    name: str,
    reading: Reading,
    into: Path,
    limit: int = UPLOAD_LIMIT,
    report: Report | None = None,
) -> Sheet:
    """Read a file's rows into the rows file `into`, which only we may read, and return both.

    `report` is told how many rows of how many are done. Raises Complaint where the file is no
    list; then, and if anything else goes wrong, `into` is not there.
    """
    try:
        with os.fdopen(_created(into), "wb") as rows:
            sheet = _read(path, name, reading, limit, rows, report)
    except BaseException as error:
        into.unlink(missing_ok=True)
        if isinstance(error, OSError):  # As where the disk is full.
            raise Complaint("unreadable", reason=error.strerror or "") from error
        raise
    return replace(sheet, path=into)


def _created(into: Path) -> int:
    into.unlink(missing_ok=True)
    return os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _read(
    path: Path,
    name: str,
    reading: Reading,
    limit: int,
    rows: IO[bytes] | None,
    report: Report | None,
) -> Sheet:
    size = _size(path, limit)
    seconds = _SECONDS
    if limit > UPLOAD_LIMIT:
        seconds += size // _BYTES_A_SECOND
    order = {
        "path": str(path.resolve()),
        "name": name,
        "reading": reading.to_json(),
        "limit": limit,
        "convert": rows is not None,
        "memory": _MEMORY if limit <= UPLOAD_LIMIT else _MEMORY_OF_COMMAND_LINE,
        "seconds": seconds,
    }
    sheet = None
    with _child(order) as child:
        left = most = _ROWS_FACTOR * limit
        patience = _WAIT_FOR_LOOK if rows is None else _WAIT_FOR_ROWS
        for kind, payload in _frames(child, seconds + patience):
            if sheet is not None:
                raise Complaint("gave_up")
            match kind:
                case Kind.ROWS if rows is not None:
                    left -= len(payload)
                    if left < 0:
                        raise Complaint("unpacks", limit=most // MEGABYTE)
                    rows.write(payload)
                case Kind.PROGRESS:
                    if report:
                        report(*_progress(payload))
                case Kind.COMPLAINT:
                    raise _complaint(payload)
                case Kind.SHEET:
                    sheet = _sheet(payload)
                case _:
                    raise Complaint("gave_up")
        if sheet is None:
            raise Complaint("too_slow" if _is_spent(child) else "gave_up")
    return sheet


def _is_spent(child: subprocess.Popen[bytes]) -> bool:
    """Say whether the child, whose pipe is closed, ended because its time was up."""
    try:
        return child.wait(timeout=5) == -signal.SIGXCPU
    except subprocess.TimeoutExpired:
        return False


def _size(path: Path, limit: int) -> int:
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            with path.open("rb"):  # Whether we may.
                pass
    except OSError as error:
        raise Complaint("unreadable", reason=error.strerror or type(error).__name__) from None
    if not stat.S_ISREG(status.st_mode):
        raise Complaint("not_a_file")
    if status.st_size > limit:
        raise Complaint("too_large", limit=limit // MEGABYTE)
    if status.st_size == 0:
        raise Complaint("empty")
    return status.st_size


@contextmanager
def _child(order: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the child; whatever happens, nothing of it runs on afterwards.

    Raises Complaint where as many as may run are running, and none of them ends.
    """
    if not _slots.acquire(timeout=_QUEUE):
        raise Complaint("busy")
    try:
        with _started(order) as child:
            yield child
    finally:
        _slots.release()


@contextmanager
def _started(order: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(  # noqa: S603  # nosec B603  # our own command, no word of it from outside
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        with suppress(BrokenPipeError):
            _pipe(child.stdin).write(json.dumps(order).encode())
            _pipe(child.stdin).close()
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        with suppress(BrokenPipeError):
            _pipe(child.stdin).close()
        _pipe(child.stdout).close()
        child.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _frames(child: subprocess.Popen[bytes], seconds: float) -> Iterator[tuple[Kind, bytes]]:
    """Yield what the child says until it ends. Raises Complaint where it babbles or dawdles."""
    deadline = time.monotonic() + seconds
    unpacker = Unpacker()
    out = _pipe(child.stdout).fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise Complaint("too_slow")
            data = os.read(out, _PIECE)
            if not data:
                return
            try:
                yield from unpacker.feed(data)
            except NoFrameError:
                raise Complaint("gave_up") from None


def _progress(payload: bytes) -> tuple[int, int]:
    try:
        done, total = json.loads(payload)
        return int(done), int(total)
    except (ValueError, TypeError):
        raise Complaint("gave_up") from None


def _complaint(payload: bytes) -> Complaint:
    """Return what the child complains of; even that is checked."""
    try:
        said = json.loads(payload)
        code, params = said["code"], said["params"]
        complaint = Complaint(code, **params)
        if code in SENTENCES and str(complaint):
            return complaint
    except (ValueError, TypeError, KeyError):
        pass
    return Complaint("gave_up")


def _sheet(payload: bytes) -> Sheet:
    try:
        return Sheet.from_json(json.loads(payload))
    except (ValueError, TypeError, KeyError):
        raise Complaint("gave_up") from None
