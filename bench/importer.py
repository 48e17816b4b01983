"""One import by the product itself, in a process of its own: how long it took, and its memory.

Run as `python -m bench.importer DATA_FOLDER FILE`; prints a line of JSON. What is timed is the
task: reading in the cage, deciding, writing and noting what would undo it; not the scoring, which
is a task of its own.
"""

import gc
import json
import resource
import sys
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
    begun = time.perf_counter()
    ended: Task = tasks.run_inline(app, id, lambda done, total: None)
    seconds = time.perf_counter() - begun
    # Ours and that of the child in which the file was read.
    kilobytes = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = sum(resource.getrusage(whose).ru_maxrss for whose in kilobytes) / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, **ended.result}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
