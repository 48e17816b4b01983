"""Installations of a test's own: their folder, their database, and the app on it."""

import shutil
import uuid
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text

from irm.app import create_app
from irm.backups import restoring
from irm.backups.restoring import Ways
from irm.cli import db as database
from irm.cli import revision
from irm.config import Settings
from irm.db import db, engine_options, listen

KEY = "backups-only-" + "k" * 32


def settings_in(folder: Path, url: str = "") -> Settings:
    folder.mkdir(exist_ok=True)
    return Settings(_env_file=None, data_dir=folder, database_url=url, secret_key=SecretStr(KEY))


def restore(settings, path, now, **given):
    return restoring.restore(settings, path, now, Ways(revision.head(), database.upgrade), **given)


def engine_of(settings):
    engine = create_engine(**engine_options(settings))
    listen(engine)
    return engine


def read(settings, statement):
    """Ask a database that nobody keeps open afterwards."""
    engine = engine_of(settings)
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).all()
    finally:
        engine.dispose()


def write(settings, *statements):
    engine = engine_of(settings)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A SQLite database at the newest revision, built once."""
    settings = settings_in(tmp_path_factory.mktemp("template") / "data")
    engine = engine_of(settings)
    database.upgrade(engine)
    engine.dispose()
    return settings.data_dir / "irm.db"


@pytest.fixture
def on_sqlite(template, tmp_path):
    """Make an installation on SQLite in a folder of its own."""

    def make_one(name="live"):
        settings = settings_in(tmp_path / name)
        shutil.copy(template, settings.data_dir / "irm.db")
        (settings.data_dir / "secret_key").write_text(KEY)
        return settings

    return make_one


@pytest.fixture
def on_postgres(request, tmp_path):
    """Make an installation on PostgreSQL with a database of its own."""
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not on this machine")
    admin = make_url(request.getfixturevalue("postgres_url"))
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    made = []

    def make_one(name="live"):
        database_name = f"irm_backup_{uuid.uuid4().hex[:12]}"
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{database_name}"'))
        made.append(database_name)
        url = admin.set(database=database_name).render_as_string(hide_password=False)
        settings = settings_in(tmp_path / name, url)
        own = engine_of(settings)
        database.upgrade(own)
        own.dispose()
        return settings

    yield make_one
    with engine.connect() as connection:
        for name in made:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def installation(backend, request):
    """Make an installation on each of the two databases."""
    return request.getfixturevalue("on_sqlite" if backend == "sqlite" else "on_postgres")


@pytest.fixture
def app_on():
    """The app of an installation; its connections are closed after the test."""
    built = []

    def build(settings):
        app = create_app(settings)
        built.append(app)
        return app

    yield build
    for app in built:
        with app.app_context():
            db.engine.dispose()
