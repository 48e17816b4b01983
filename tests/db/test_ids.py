"""No id is given twice, whatever became of its row."""

import make
import pytest
from sqlalchemy import create_engine, delete

from irm.cli import db as database
from irm.config import Settings
from irm.db import engine_options, listen
from irm.models import Base, Influencer, Interaction
from irm.models.ids import are_given_once, draw


def test_who_is_added_after_the_newest_has_gone_gets_an_address_of_their_own(saved, session):
    gone = saved(make.influencer()).id
    session.execute(delete(Influencer))
    session.commit()

    assert saved(make.influencer()).id > gone


def test_numbers_drawn_for_a_list_come_after_all_that_were_given(saved, session):
    gone = saved(make.influencer()).id
    session.execute(delete(Influencer))
    session.commit()

    drawn = draw(session, {Influencer: 2, Interaction: 0})

    assert [min(drawn[Influencer]) > gone, len(drawn[Influencer])] == [True, 2]
    assert drawn[Interaction] == ()


def test_of_two_models_each_has_numbers_of_its_own(saved, session):
    person = saved(make.influencer())

    drawn = draw(session, {Influencer: 1, Interaction: 3})

    assert min(drawn[Influencer]) > person.id
    assert len(set(drawn[Interaction])) == 3


@pytest.fixture
def engine(tmp_path):
    """An empty SQLite database before the migration that gives ids once."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    engine = create_engine(**engine_options(settings))
    listen(engine)
    database.upgrade(engine, "0010")
    yield engine
    engine.dispose()


def schema(engine, *kinds):
    marks = ", ".join("?" * len(kinds))
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            f"SELECT name, sql FROM sqlite_master WHERE type IN ({marks})", kinds
        )
        # What SQLite notes of its rows and indexes is its own.
        return {name: sql for name, sql in rows if not name.startswith("sqlite_")}


def test_the_migration_leaves_people_and_indexes_as_they_were(engine):
    before, tables = schema(engine, "index", "trigger", "view"), schema(engine, "table")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO influencers (id, name, origin, tier, do_not_contact, source, lawful_basis,"
            " known, is_demo, created_at, row_version, merged_into_id) VALUES"
            " (7, 'Ana', 'external', 'micro', 0, 'x', 'consent', 1, 0, '2026-01-01', 3, NULL),"
            " (9, 'Ravi', 'external', 'micro', 0, 'x', 'consent', 1, 0, '2026-01-01', 1, 7)"
        )
        connection.exec_driver_sql(
            "INSERT INTO accounts (id, influencer_id, platform, handle, handle_key, is_current,"
            " created_at, row_version) VALUES (5, 9, 'x', 'Ravi', 'ravi', 1, '2026-01-01', 1)"
        )

    database.upgrade(engine, "0011")

    with engine.begin() as connection:
        people = connection.exec_driver_sql("SELECT id, name, merged_into_id FROM influencers")
        assert people.all() == [(7, "Ana", None), (9, "Ravi", 7)]
        assert connection.exec_driver_sql("SELECT id, handle_key FROM accounts").all() == [
            (5, "ravi")
        ]
    assert schema(engine, "index", "trigger", "view") == before
    assert schema(engine, "table").keys() == tables.keys()


def test_each_table_of_which_an_import_notes_ids_gives_them_once(engine):
    database.upgrade(engine)
    made = {name for name, sql in schema(engine, "table").items() if "AUTOINCREMENT" in sql}

    assert made == {one.name for one in Base.metadata.tables.values() if are_given_once(one)}
