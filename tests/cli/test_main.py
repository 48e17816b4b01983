"""The command line's manners: 0 done, 1 refused with a sentence, 2 wrong usage, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import make
import pytest

from irm import config, i18n
from irm.cli.main import main
from irm.db import dbapi
from irm.errors import Refused


@pytest.fixture
def irm(tmp_path, monkeypatch, capsys):
    """Run a command in a data folder of its own; returns exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRM_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def ready(irm):
    """An upgraded database with one brand."""
    assert irm("db", "upgrade")[0] == 0
    assert irm("brand", "add", "Acme")[0] == 0
    return irm


def one_sentence(text):
    lines = text.strip().splitlines()
    return len(lines) == 1 and "Traceback" not in text and 10 < len(lines[0]) < 300


def test_a_first_start_step_by_step(irm):
    newest = max(
        path.name[:4] for path in (Path(__file__).parents[2] / "migrations/versions").glob("0*.py")
    )
    assert irm("db", "upgrade")[:2] == (0, f"The database is at {newest}.\n")
    assert irm("db", "check")[0] == 0
    assert irm("brand", "add", "Acme")[0] == 0
    code, out, _err = irm("user", "add", "ana@example.com", "--role", "lead", "--json")
    assert code == 0
    assert json.loads(out)["email"] == "ana@example.com"
    assert json.loads(irm("user", "list", "--json")[1])[0]["name"] == "ana"
    assert json.loads(irm("brand", "list", "--json")[1])[0]["name"] == "Acme"


def test_the_check_says_where_the_board_is_not_what_its_moves_say(ready, tmp_path):
    code, out, _err = ready("db", "check")
    assert (code, out.splitlines()[-1]) == (
        0,
        "Replaying 0 moves of 0 relationships gives today’s board.",
    )
    with dbapi.connect(str(tmp_path / "data" / "irm.db")) as file:
        file.execute(
            "INSERT INTO stage_counters (brand_id, stage, tier, owner_id, people, audience)"
            " SELECT id, 'aware', 'micro', 0, 3, 0 FROM brands"
        )

    code, _out, err = ready("db", "check")

    assert code == 1
    assert one_sentence(err)
    assert "(counter 1)" in err
    assert ready("db", "rebuild")[0] == 0
    assert ready("db", "check")[0] == 0


def test_the_secret_key_and_the_database_are_for_our_eyes_only(ready, tmp_path):
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    for name in ("secret_key", "irm.db"):
        assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        ("brand", "add", "Acme"),
        ("brand", "add", "   "),
        ("brand", "add", "😀" * 10_000),
        ("user", "add", "nonsense"),
        ("user", "add", "ana@example.com", "--password", "short"),
        ("user", "add", "ana@example.com", "--brand", "No such brand"),
        ("user", "password", "nobody@example.com"),
        ("user", "add", "ana@example.com", "--timezone", "Mars/Olympus"),
        ("import", "no-such-file.csv"),
        ("import", "l\udcff.csv"),
        ("import", "."),
        ("brand", "add", "x\udcff"),
        ("import", "no-such-file.csv", "--brand", "No such brand"),
        ("score", "--brand", "No such brand"),
        ("demo", "--influencers", "-5"),
        ("worker", "--once", "--at", "9999-99-99"),
        ("worker", "--once", "--at", "tomorrow-ish"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(ready, arguments):
    code, out, err = ready(*arguments)

    assert code == 1, (out, err)
    assert out == ""
    assert one_sentence(err), err


def test_a_refusal_is_said_in_the_language_of_the_installation(ready, monkeypatch):
    monkeypatch.setenv("IRM_LOCALE", "fr")

    assert ready("brand", "add", "Acme")[2].startswith("Il existe déjà une marque")


@pytest.mark.parametrize("arguments", [("nonsense",), ("user", "add"), ("db", "upgrade", "--x")])
def test_wrong_usage_is_exit_2(ready, arguments):
    code, _out, err = ready(*arguments)

    assert code == 2
    assert "Usage:" in err


@pytest.mark.parametrize(
    "arguments", [("serve",), ("worker", "--once"), ("demo",), ("score",), ("import", "x.csv")]
)
def test_without_a_database_each_command_says_what_to_do(irm, arguments):
    code, _out, err = irm(*arguments)

    assert code == 1
    assert "irm db upgrade" in err
    assert one_sentence(err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("user", "list"),
        ("serve",),
        ("doctor",),
        ("backup", "x.zip"),
        ("db", "check"),
        ("db", "rebuild"),
        ("db", "upgrade", "--help"),
        ("--help",),
        (),
    ],
)
def test_in_a_folder_without_an_irm_nothing_is_made(irm, tmp_path, arguments):
    code, out, err = irm(*arguments)

    assert not list(tmp_path.iterdir())
    if "--help" in arguments or not arguments:
        assert "Usage:" in out + err
    else:
        assert code == 1
        assert str(tmp_path / "data" / "irm.db") in err
        assert one_sentence(err)


def test_a_database_that_is_named_and_not_there_is_not_begun_by_accident(
    irm, tmp_path, monkeypatch
):
    monkeypatch.setenv("IRM_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")

    assert str(tmp_path / "elsewhere.db") in irm("user", "list")[2]
    assert not list(tmp_path.iterdir())


def test_a_new_irm_says_where_it_begins_and_an_old_one_does_not(irm, tmp_path):
    assert str(tmp_path / "data" / "irm.db") in irm("db", "upgrade")[2]
    assert irm("db", "upgrade")[2] == ""
    assert irm("user", "list")[0] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IRM_TIMEZONE", "Mars/Olympus"),
        ("IRM_LOCALE", "de"),
        ("IRM_SMTP_URL", "mail.example.com"),
        ("IRM_SMTP_URL", "smtp://h:abc"),
        ("IRM_SMTP_URL", "smtp://h:0"),
        ("IRM_SMTP_URL", "smtp://h:70000"),
        ("IRM_SMTP_URL", "smtp://[::1"),
        ("IRM_MAIL_FROM", "nobody"),
        ("IRM_MAIL_FROM", "irm <irm@localhost>\r\nBcc: ana@example.com"),
        ("IRM_SMTP_IDEMPOTENCY_HEADER", "X Key"),
        ("IRM_SMTP_IDEMPOTENCY_HEADER", "X-Key:"),
        ("IRM_PUBLIC_URL", "irm"),
        ("IRM_PUBLIC_URL", "http://[::1"),
        ("IRM_SECRET_KEY", "short"),
        ("IRM_TRUSTED_PROXIES", "many"),
        ("IRM_TRUSTED_PROXIES", "11"),
        ("IRM_LOG_FORMAT", "xml"),
        ("IRM_DATABASE_URL", "nonsense"),
        ("IRM_DATABASE_URL", "postgresql://127.0.0.1:1/nothing"),
        ("IRM_DATA_DIR", "/proc/nothing"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(irm, monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    code, _out, err = irm("db", "current")

    assert code == 1
    assert one_sentence(err), err
    assert name in err or "database" in err.lower()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "nonsense"),
        ("database_url", "mysql://h/d"),
        ("timezone", "Mars/Olympus"),
        ("secret_key", "short"),
        ("smtp_url", "smtp://h:abc"),
        ("mail_from", "nobody"),
        ("smtp_idempotency_header", "X Key"),
        ("public_url", "irm"),
        ("locale", "de"),
        ("trusted_proxies", "many"),
        ("trusted_proxies", "11"),
        ("trusted_proxies", "-1"),
    ],
)
def test_why_a_setting_is_wrong_can_be_said_in_every_language(name, value, monkeypatch):
    class Shouting:
        def gettext(self, message):
            return "SAID " + message

    with pytest.raises(Refused) as refused:
        config.read(_env_file=None, **{name: value})
    monkeypatch.setattr(i18n, "_translator", Shouting())

    assert str(refused.value).count("SAID") == 2


def test_the_installed_command_answers(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "irm.cli.main", "--help"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env={"PATH": "/usr/bin:/bin", "IRM_DATA_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )

    assert done.returncode == 0, done.stderr
    assert "long relationships" in done.stdout


def test_a_password_given_twice_replaces_the_first(ready):
    ready("user", "add", "ana@example.com", "--password", make.PASSWORD)

    code, out, _err = ready("user", "password", "ANA@example.com")

    assert code == 0
    assert "Password, shown this once" in out
