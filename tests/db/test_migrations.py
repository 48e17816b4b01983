"""Every migration goes both ways, on both databases, and ends at what the models say."""

import make
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.engine import make_url

from irm.cli import db as database
from irm.config import Settings
from irm.db import engine_options, listen
from irm.models import Interaction


@pytest.fixture
def engine(backend, tmp_path, request):
    """An empty database of this test's own."""
    if backend == "postgres":
        url = make_url(request.getfixturevalue("postgres_url"))
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        name = f"{url.database}_empty"
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        engine = create_engine(url.set(database=name))
        yield engine
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}"'))
        admin.dispose()
        return
    settings = Settings(_env_file=None, data_dir=tmp_path)
    engine = create_engine(**engine_options(settings))
    listen(engine)
    yield engine
    engine.dispose()


def test_up_down_up_for_each_revision(engine):
    for revision in _revisions():
        database.upgrade(engine, revision)
        database.downgrade(engine, "-1")
        database.upgrade(engine, revision)

    assert database.current(engine) == database.head()
    assert database.differences(engine) == []


def test_all_the_way_down_leaves_nothing(engine):
    database.upgrade(engine)
    database.downgrade(engine, "base")

    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_upgrading_twice_changes_nothing(engine):
    database.upgrade(engine)
    database.upgrade(engine)

    assert database.current(engine) == database.head()


def test_revisions_are_numbered_without_a_gap():
    numbers = [int(revision) for revision in _revisions()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_notes_survive_an_upgrade_that_finds_nothing_to_do(app, session, saved):
    card = saved(make.relationship())
    for _ in range(3):
        saved(make.interaction(relationship=card))

    with app.app_context():
        database.upgrade(session.get_bind())

    assert len(session.scalars(select(Interaction)).all()) == 3


def _revisions():
    scripts = ScriptDirectory(database._scripts())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]
