"""`irm plan`: what comes out is said, and bad input gets one sentence."""

import datetime as dt
import json

import pytest

from irm.cli.main import main

LIST = "name,instagram,followers,stage,owner\nChloé Martin,chloe.velo,12000,interested,\n"


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run a command in a data folder of its own; returns its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRM_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    run("db", "upgrade")
    return run


@pytest.fixture
def acme(command, tmp_path):
    """A brand with one person of whom nobody takes care."""
    listed = tmp_path / "people.csv"
    listed.write_text(LIST, encoding="utf-8")
    command("brand", "add", "Acme")
    command("import", listed)
    return command


def test_a_plan_says_who_is_within_the_limit_and_who_is_not(acme):
    code, said, _ = acme("plan", "--weeks", 4)

    assert code == 0
    assert said.startswith("0 touches are planned, 0.0 of 0.0 hours.\n")
    assert "Nobody: 0 touches" in said


def test_a_plan_as_json_names_its_days_and_its_colleagues(acme):
    code, said, _ = acme("plan", "--weeks", 2, "--json")

    found = json.loads(said)
    assert code == 0
    assert (found["weeks"], found["people"], found["desks"][0]["owner_id"]) == (2, 1, None)
    assert dt.date.fromisoformat(found["from"])


def test_a_dry_run_writes_nothing(acme):
    code, said, _ = acme("plan", "--dry-run")

    assert code == 0
    assert said.endswith("Tried out only: nothing was written.\n")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--weeks", 0], "A plan reaches from 1 to 26 weeks ahead."),
        (["--weeks", 27], "A plan reaches from 1 to 26 weeks ahead."),
        (["--from", "2020-01-01"], "A plan begins today or later"),
        (["--from", "9999-12-31"], "A plan begins within a year."),
        (["--from", "tomorrow"], "Write a day as 2026-03-31."),
        (["--brand", "Nowhere"], "There is no brand “Nowhere”."),
    ],
)
def test_bad_input_gets_one_sentence(acme, wrong, said):
    code, _out, error = acme("plan", *wrong)

    assert code == 1
    assert error.startswith(said)
    assert error.count("\n") == 1


def test_without_a_brand_it_says_how_to_add_one(command):
    code, _out, error = command("plan")

    assert code == 1
    assert "irm brand add" in error
