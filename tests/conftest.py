"""The cast's stage: both databases built by the migrations, wiped after each test.

A test that asks for `app` or `session` runs once on SQLite and once on PostgreSQL.
"""

import datetime as dt
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import argon2
import psycopg
import pytest
from figures import figure, pytest_terminal_summary  # noqa: F401 - pytest looks for them here
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from identity_provider import IdentityProvider
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from irm import i18n
from irm.app import create_app
from irm.cli import db as database
from irm.config import Settings
from irm.db import db
from irm.directory import passwords, sessions
from irm.models import Base, User

POSTGRES_URL = os.environ.get("IRM_TEST_POSTGRES_URL", "postgresql://127.0.0.1:5432/test")
REQUIRED = set(os.environ.get("IRM_REQUIRE", "").split(","))
BACKENDS = ("sqlite", "postgres")

# A busy machine may take its time over an example, and over making one: nothing here is timed.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> None:
    """Passwords are hashed for real, but as cheaply as the library allows."""
    passwords.use(argon2.PasswordHasher.from_parameters(argon2.profiles.CHEAPEST))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A test that changed the translator does not change the next one's."""
    before = i18n._translator
    yield
    i18n.use(before)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests see no setting of the machine they run on."""
    for name in list(os.environ):
        if name.startswith("IRM_") and name not in ("IRM_REQUIRE", "IRM_TEST_POSTGRES_URL"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL database of this process's own, made and dropped here."""
    admin = make_url(POSTGRES_URL)
    dsn = admin.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"irm_test_{uuid.uuid4().hex[:12]}"
    try:
        connection = psycopg.connect(dsn, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        if "postgres" in REQUIRED:
            raise
        pytest.skip(f"no PostgreSQL at IRM_TEST_POSTGRES_URL: {str(error).splitlines()[0]}")
    with connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        # No test pulls the plug: a commit need not wait for the disk.
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit TO off')
        yield admin.set(database=name).render_as_string(hide_password=False)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    connection.close()


@pytest.fixture(scope="session")
def _apps(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str, str], Flask]]:
    built: dict[str, tuple[Flask, i18n.Translator]] = {}

    def app_on(backend: str, url: str) -> Flask:
        if backend not in built:
            folder = tmp_path_factory.mktemp(backend)
            settings = Settings(
                _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
                database_url=url,
                data_dir=folder,
                secret_key="tests-only-" + "x" * 32,  # type: ignore[arg-type]
            )
            app = create_app(settings)
            app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
            with app.app_context():
                database.upgrade(db.engine)
            built[backend] = app, i18n._translator
        app, translator = built[backend]
        # Wired again for each test, as the one before may have put English back.
        i18n.use(translator)
        return app

    yield app_on
    for app, _translator in built.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which database this run of the test is on."""
    return str(request.param)


@pytest.fixture
def app(
    backend: str, _apps: Callable[[str, str], Flask], request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """irm on an empty database; what the test commits or uploads is wiped after it."""
    url = request.getfixturevalue("postgres_url") if backend == "postgres" else ""
    app = _apps(backend, url)
    settings = app.config["IRM"]
    yield app
    app.config["IRM"] = settings
    with app.app_context():
        wipe(db.engine)
    shutil.rmtree(settings.data_dir / "imports", ignore_errors=True)


def wipe(engine: Engine) -> None:
    """Delete every row of every table; those that hold none are only looked at."""
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    look = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names
    )
    with engine.begin() as connection:
        held = {row[0] for row in connection.exec_driver_sql(look)}
        deletes = [f'DELETE FROM "{name}"' for name in names if name in held]
        if engine.dialect.name == "sqlite":
            for statement in deletes:
                connection.exec_driver_sql(statement)
        elif deletes:
            connection.exec_driver_sql(";".join(deletes))


@pytest.fixture
def uncounted(app: Flask) -> Iterator[None]:
    """SQLite as it is before it counted anything, and no connection that remembers other counts."""

    def forget() -> None:
        with app.app_context():
            engine = db.engine
        if engine.dialect.name != "sqlite":
            return
        with engine.begin() as connection:
            there = connection.exec_driver_sql(
                "SELECT name FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat4')"
            )
            for (numbers,) in there.fetchall():
                connection.exec_driver_sql(f"DELETE FROM {numbers}")
        engine.dispose()

    forget()
    yield
    forget()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test's own, beside those of the pages."""
    with app.app_context():
        maker = db.sessionmaker
    with maker() as session:
        yield session


@pytest.fixture
def saved(session: Session) -> Callable[[Any], Any]:
    """Save what a builder made, with all it hangs on, and give it back."""

    def save(entity: Any) -> Any:
        session.add(entity)
        session.commit()
        return entity

    return save


@pytest.fixture
def client_of(app: Flask, session: Session) -> Callable[[User], FlaskClient]:
    """A browser in which this user is signed in."""

    def sign_in(user: User) -> FlaskClient:
        token = sessions.open_for(
            session, user, at=dt.datetime.now(dt.UTC), user_agent="test", address="127.0.0.1"
        )
        session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["token"] = token
        return client

    return sign_in


@pytest.fixture(scope="session")
def _service() -> Iterator[IdentityProvider]:
    service = IdentityProvider()
    yield service
    service.stop()


@pytest.fixture
def service(_service: IdentityProvider, app: Flask) -> Iterator[IdentityProvider]:
    """A sign-in service, and an irm that signs in there."""
    _service.reset()
    before = app.extensions["sign-in service"]
    _service.serve(app)
    yield _service
    app.extensions["sign-in service"] = before
