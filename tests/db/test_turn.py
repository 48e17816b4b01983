"""The writer's turn on SQLite: one at a time, nobody starves, nothing is lost."""

import threading
import time

import make
import pytest
from sqlalchemy import select, text

from irm.db import db, may_use_wal
from irm.models import Brand, User


@pytest.mark.parametrize(
    ("version", "is_free_of_the_fault"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 46, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_only_where_sqlite_cannot_lose_a_commit(version, is_free_of_the_fault):
    assert may_use_wal(version) is is_free_of_the_fault


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_connection_has_the_manners_of_the_house(app):
    with app.app_context():
        for _ in range(2):
            with db.engine.connect() as one, db.engine.connect() as other:
                for connection in (one, other):
                    asked = ("foreign_keys", "synchronous", "journal_mode", "busy_timeout")
                    found = [
                        connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked
                    ]
                    assert found == [1, 2, "wal", 15000]


def test_reading_does_not_wait_for_a_writer(app, session):
    with app.app_context():
        maker = db.sessionmaker
    session.add(make.brand(name="Acme"))
    session.flush()

    with maker() as reader:
        began = time.perf_counter()
        assert reader.scalars(select(Brand.name)).all() == []
        assert time.perf_counter() - began < 1

    session.commit()
    with maker() as reader:
        assert reader.scalars(select(Brand.name)).all() == ["Acme"]


def test_a_session_that_read_may_still_write_after_somebody_else_did(app, session, saved):
    brand = saved(make.brand(name="Acme"))
    with app.app_context():
        maker = db.sessionmaker
    assert session.scalars(select(Brand.name)).all() == ["Acme"]

    with maker() as other:
        other.add(make.user(name="Ravi"))
        other.commit()
    brand.name = "Acme & Co"
    session.commit()

    assert session.scalars(select(User.name)).all() == ["Ravi"]


def test_many_writers_lose_no_update(app, saved):
    saved(make.brand(name="Acme"))
    with app.app_context():
        maker = db.sessionmaker

    def count_up() -> None:
        for _ in range(25):
            with maker() as session:
                session.execute(text("UPDATE brands SET row_version = row_version + 1"))
                session.commit()

    threads = [threading.Thread(target=count_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    with maker() as session:
        assert session.scalars(select(Brand.row_version)).one() == 1 + 6 * 25


def test_a_failed_write_gives_the_turn_back(app):
    with app.app_context():
        maker = db.sessionmaker
    with maker() as session:
        session.add(make.brand(name="Acme"))
        session.flush()
        session.rollback()

    with maker() as other:
        other.add(make.brand(name="Acme"))
        other.commit()
        assert other.scalars(select(Brand.name)).all() == ["Acme"]
