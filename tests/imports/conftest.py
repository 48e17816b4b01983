"""A brand, and a way to bring a list into it as a worker would."""

import itertools

import make
import pytest

from irm import clock
from irm.imports import batches
from irm.imports.orders import Order
from irm.jobs import tasks
from irm.jobs.importing import running
from irm.models import BatchState, Brand, ImportBatch, TaskState
from tests.imports.brought import DAY


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def by_hundreds(monkeypatch):
    """Write less in one transaction, so that a short list takes several."""
    monkeypatch.setattr(running, "CHUNK", 100)


@pytest.fixture
def drafted(app, brand, tmp_path):
    """Draft the import of a text, and return the batch's id."""
    names = itertools.count()

    def drafted(text, *, day=DAY, of=None, name="list.csv", suffix=".csv", **given):
        path = tmp_path / f"list{next(names)}{suffix}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with app.app_context():
            session = tasks.db.session
            order = Order.of(path, name, day, **given)
            to = session.get_one(Brand, (of or brand).id)
            batch = batches.draft(session, order, to, None, clock.now())
            session.commit()
            return batch.id

    return drafted


@pytest.fixture
def queued(app):
    """Queue a piece of work on a batch, and return the task's id."""

    def queued(batch_id, work="import"):
        with app.app_context():
            session = tasks.db.session
            batch = session.get_one(ImportBatch, batch_id)
            task = batches.queue(session, batch, work, clock.now(), None)
            session.commit()
            return task.id

    return queued


@pytest.fixture
def done(app, queued):
    """Do a piece of work on a batch as a worker would, and say what came of it."""

    def done(batch_id, work="import"):
        ended = tasks.run_inline(app, queued(batch_id, work), lambda done, total: None)
        assert ended.state is TaskState.DONE, ended.error
        return ended.result

    return done


@pytest.fixture
def bring(drafted, done):
    """Import a text as a worker would, and say what came of it."""

    def bring(text, *, platform="instagram", **given):
        return done(drafted(text, platform=platform, **given))

    return bring


@pytest.fixture
def state_of(session):
    """How far a batch is."""

    def state_of(batch_id) -> BatchState:
        session.expire_all()
        return session.get_one(ImportBatch, batch_id).state

    return state_of
