"""One import by the product itself, in a process of its own: how long it took, and its memory.

Run as `python -m bench.importer DATA_FOLDER FILE`; prints a line of JSON. What is timed is the
task: reading in the cage, deciding, writing and noting what would undo it; not the scoring, which
is a task of its own.
"""

import gc
import json
import re
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import select

from irm import clock
from irm.app import create_app
from irm.config import Settings
from irm.db import db
from irm.imports import batches
from irm.imports.orders import Order
from irm.jobs import tasks
from irm.models import Brand, Task

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


class _Child(threading.Thread):
    """Looks now and then at the process in which the file is read: its peak, in kilobytes.

    What `getrusage` says begins with the process that started one, however large that was.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.is_over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        """Look until it is over."""
        while not self.is_over.wait(0.05):
            for task in Path("/proc/self/task").iterdir():
                for pid in _read(task / "children").split():
                    self.peak = max(self.peak, _peak(Path("/proc") / pid))


def _peak(process: Path) -> int:
    """The most memory a process has held since it became its program, in kilobytes."""
    found = _PEAK.search(_read(process / "status"))
    return int(found[1]) if found else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # It has ended meanwhile.
        return ""


def main(folder: Path, file: Path) -> None:
    """Import a list into the first brand of a database."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        data_dir=folder,
        database_url="",
        secret_key="bench-only-" + "x" * 32,  # type: ignore[arg-type]
    )
    app = create_app(settings)
    with app.app_context():
        brand = db.session.scalars(select(Brand).order_by(Brand.id)).first()
        assert brand is not None
        order = Order.of(file, file.name, clock.now().date())
        batch = batches.draft(db.session, order, brand, None, clock.now())
        task = batches.queue(db.session, batch, "import", clock.now(), None)
        db.session.commit()
        id = task.id
    gc.collect()
    gc.freeze()  # As `irm worker` does at its start.
    child = _Child()
    child.start()
    begun = time.perf_counter()
    ended: Task = tasks.run_inline(app, id, lambda done, total: None)
    seconds = time.perf_counter() - begun
    child.is_over.set()
    child.join()
    peak = (_peak(Path("/proc/self")) + child.peak) / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, **ended.result}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
