"""A brand, and a way to bring a list into it as a worker would."""

import itertools

import make
import pytest

from irm.imports.orders import Order
from irm.jobs import tasks
from irm.models import TaskState
from tests.imports.brought import DAY


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def bring(app, brand, tmp_path):
    """Import a text as a worker would, and say what came of it."""
    names = itertools.count()

    def bring(text, *, day=DAY, platform="instagram", of=None, **given):
        path = tmp_path / f"list{next(names)}.csv"
        path.write_text(text)
        order = Order.of(path, "list.csv", day, platform=platform, **given)
        with app.app_context():
            task = tasks.enqueue(
                tasks.db.session,
                "import",
                order.to_json(),
                at=make.MONDAY,
                brand_id=(of or brand).id,
            )
            tasks.db.session.commit()
        ended = tasks.run_inline(app, task.id, lambda done, total: None)
        assert ended.state is TaskState.DONE, ended.error
        return ended.result

    return bring
