"""`irm demo` on the command line."""

import json

import pytest

from irm.cli.main import main


@pytest.fixture
def irm(tmp_path, monkeypatch, capsys):
    """Run a command in a data folder of its own; returns exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRM_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    assert run("db", "upgrade")[0] == 0
    return run


def test_the_demo_comes_once_says_how_to_sign_in_and_goes_again(irm, tmp_path):
    code, out, _err = irm("demo", "--influencers", 12, "--json")
    assert code == 0
    first = json.loads(out)
    assert first["new"]
    assert [user["role"] for user in first["users"]] == ["lead", "manager", "manager"]
    assert (tmp_path / "data" / "demo_password").stat().st_mode & 0o777 == 0o600

    code, out, _err = irm("demo", "--influencers", 12)
    assert code == 0
    assert first["password"] in out
    assert first["users"][0]["email"] in out

    code, out, _err = irm("demo", "--remove", "--json")
    assert code == 0
    assert json.loads(out) == {
        "removed": {"people": 12 + 1, "brands": 1, "users": 3},
        "kept": {"people": [], "brands": []},
    }
    assert irm("demo", "--remove")[0] == 1
    assert not (tmp_path / "data" / "demo_password").exists()


def test_people_of_the_demo_are_scored(irm):
    assert irm("demo", "--influencers", 12)[0] == 0
    scored = json.loads(irm("score", "--brand", "Fougère & Flint", "--json")[1])
    assert scored["people"] == 12 + 1
    assert scored["changed"] == 0


@pytest.mark.parametrize("influencers", [0, -5, 10**9])
def test_nonsense_is_refused_in_a_sentence(irm, influencers):
    code, out, err = irm("demo", "--influencers", influencers)
    assert code == 1
    assert out == ""
    assert err == "A demo has from 1 to 1,000,000 influencers.\n"


def test_a_first_start_adds_no_demo_beside_what_is_there(irm):
    assert irm("brand", "add", "Acme")[0] == 0
    assert irm("demo", "--first-start") == (0, "", "")


def test_a_demo_that_was_cut_short_begins_anew(irm, monkeypatch):
    def cut(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("irm.cli.demo._score", cut)
        assert irm("demo", "--influencers", 8)[0] == 130
    code, out, _err = irm("demo", "--influencers", 9, "--json")
    assert code == 0
    assert json.loads(out)["new"]
    assert json.loads(irm("demo", "--remove", "--json")[1])["removed"]["people"] == 9
