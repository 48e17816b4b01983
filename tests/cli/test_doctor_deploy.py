"""What `irm doctor --deploy` asks of files and lines that hold or carry secrets."""

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url

from irm.cli.checks import deploy
from irm.cli.checks.finding import Ground, State


@pytest.mark.parametrize(
    ("mode", "state"), [(0o600, State.OK), (0o640, State.FAIL), (0o604, State.FAIL)]
)
def test_settings_that_others_may_read_are_found(tmp_path, monkeypatch, mode, state):
    monkeypatch.chdir(tmp_path)
    assert deploy.settings_file(None) is None

    file = tmp_path / ".env"
    file.write_text("IRM_SMTP_URL=smtps://irm:secret@mail.example\n")
    file.chmod(mode)

    found = deploy.settings_file(None)
    assert found.state is state
    assert "secret" not in found.said + found.advice


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("sqlite:///irm.db", None),
        ("postgresql:///irm", State.OK),
        ("postgresql:///irm?host=/run/postgresql", State.OK),
        ("postgresql://irm:secret@127.0.0.1/irm", State.OK),
        ("postgresql://irm:secret@db.example/irm", State.FAIL),
        ("postgresql://irm:secret@db.example/irm?sslmode=prefer", State.FAIL),
        ("postgresql://irm:secret@db.example/irm?sslmode=require", State.WARN),
        ("postgresql://irm:secret@db.example/irm?sslmode=verify-full", State.OK),
    ],
)
def test_a_line_to_the_database_that_may_be_read_is_found(url, state):
    engine = SimpleNamespace(url=make_url(url))
    bound = SimpleNamespace(get_bind=lambda: SimpleNamespace(engine=engine))

    found = deploy.encrypted_database(Ground(None, None, bound, dt.datetime.now(dt.UTC)))

    assert (found and found.state) is state
    assert found is None or "secret" not in found.said + found.advice
