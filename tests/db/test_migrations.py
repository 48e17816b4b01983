"""Every migration goes both ways, on both databases, and ends at what the models say."""

import make
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from irm.cli import db as database
from irm.cli import revision
from irm.config import Settings
from irm.db import engine_options, listen
from irm.models import Interaction, Kind, Task


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
    for number in _revisions():
        database.upgrade(engine, number)
        database.downgrade(engine, "-1")
        database.upgrade(engine, number)

    assert revision.current(engine) == revision.head()
    assert database.differences(engine) == []


def test_all_the_way_down_leaves_nothing(engine):
    database.upgrade(engine)
    database.downgrade(engine, "base")

    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_upgrading_twice_changes_nothing(engine):
    database.upgrade(engine)
    database.upgrade(engine)

    assert revision.current(engine) == revision.head()


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


def test_evidence_from_before_is_read_by_the_worker_after_the_upgrade(engine):
    database.upgrade(engine, "0014")
    now = "2026-03-02 09:00:00"
    with engine.begin() as connection:
        for statement in (
            (
                "INSERT INTO brands (id, name, name_key, handles, aliases, timezone, lawful_basis,"
                " fit_weights, is_demo, created_at, row_version) VALUES (1, 'Nova', 'nova', '[]',"
                f" '[]', 'UTC', 'consent', '{{}}', false, '{now}', 1)"
            ),
            (
                "INSERT INTO influencers (id, name, origin, tier, do_not_contact, source,"
                " lawful_basis, known, is_demo, created_at, row_version) VALUES (1, 'Zoé',"
                f" 'external', 'micro', false, '', 'consent', true, false, '{now}', 1)"
            ),
            (
                "INSERT INTO relationships (id, influencer_id, brand_id, stage, stage_since,"
                " created_at, row_version, gives_since_ask, name_order, fit_order, relevance_order,"
                " resonance_order, reach_order, next_order, contact_order) VALUES (1, 1, 1,"
                f" 'aware', '{now}', '{now}', 1, 0, 'zoe', 101, 101, 101, 101, '9999-12-31',"
                " '9999-12-31')"
            ),
        ):
            connection.execute(text(statement))

    database.upgrade(engine)

    with Session(engine) as session:
        task = session.scalars(select(Task)).one()
        assert (task.kind, task.arguments) == ("evidence", {"posts": True})
        assert task.created_at.tzinfo is not None


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_upgrade_of_a_database_with_people_leaves_no_index_uncounted(engine):
    database.upgrade(engine)
    with Session(engine) as session:
        session.add(make.interaction(relationship=make.relationship(), kind=Kind.GIVE))
        session.commit()
    database.downgrade(engine, "0019")

    database.upgrade(engine)

    with engine.connect() as connection:
        counted = set(connection.scalars(text("SELECT idx FROM sqlite_stat1")))
    assert {"ix_interactions_given_asked", "ix_relationships_owner"} <= counted


def _revisions():
    scripts = ScriptDirectory(str(revision.scripts()))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]
