"""`irm score`: after an import everybody has their scores, and again changes nothing."""

import json

import pytest

from irm.cli.main import main

LIST = "name,instagram,followers,bio\nChloé Martin,chloe.velo,12000,Je roule à vélo\nSam,sam,900,\n"


@pytest.fixture
def irm(tmp_path, monkeypatch, capsys):
    """Run a command in a data folder of its own, with a brand; returns what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRM_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments):
        assert main([str(argument) for argument in arguments]) == 0
        return capsys.readouterr().out

    run("db", "upgrade")
    run("brand", "add", "Acme")
    return run


def test_score_counts_what_it_did_and_does_it_once(irm, tmp_path):
    listed = tmp_path / "people.csv"
    listed.write_text(LIST, encoding="utf-8")
    assert json.loads(irm("import", listed, "--json"))["created"] == 2

    found = json.loads(irm("score", "--json"))

    assert (found["people"], found["relationships"], found["changed"]) == (2, 2, 0)
    assert set(found) == {"people", "relationships", "changed", "lines", "seconds"}
    assert irm("score", "--brand", "acme").startswith("2 people, 2 relationships; 0 scores changed")


def test_score_has_nothing_to_do_where_there_is_nobody(irm):
    assert json.loads(irm("score", "--json"))["people"] == 0
