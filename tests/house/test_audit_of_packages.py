"""The check fails on a package with a known vulnerability, and calls nothing clean unasked."""

import importlib.util

import pytest

from tests.house.tree import ROOT

CLEAN = {"name": "flask", "version": "3.1.2", "vulns": []}
BAD = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": []}],
}
UNKNOWN = {"name": "flask", "skip_reason": "Dependency not found on PyPI"}


@pytest.fixture(scope="module")
def audit():
    """The tool, which is a program and no part of a package."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "tools" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_known_vulnerability_ends_the_check_with_its_name_and_the_version_that_mends_it(audit):
    ended = audit.told("pypi", {"dependencies": [CLEAN, BAD]})

    assert ended.splitlines()[1:] == ["jinja2 2.10: PYSEC-2019-217, mended in 2.10.1"]


def test_clean_packages_pass(audit, capsys):
    assert audit.told("pypi", {"dependencies": [CLEAN]}) == 0
    assert capsys.readouterr().out == "Packages: no known vulnerability in 1, says pypi.\n"


@pytest.mark.parametrize(
    "answer", [None, {"dependencies": [UNKNOWN]}], ids=["silence", "unknown package"]
)
def test_what_was_not_asked_is_called_not_audited(audit, capsys, answer):
    assert audit.told("pypi", answer) == 0
    assert "NOT AUDITED" in capsys.readouterr().out


def test_a_service_that_does_not_name_what_is_known_to_be_bad_is_not_believed(audit, monkeypatch):
    answers = {"pypi": {"dependencies": [UNKNOWN]}, "osv": {"dependencies": [BAD]}}
    monkeypatch.setattr(audit, "asked", lambda service, *_files, **_how: answers[service])

    assert not audit.knows("pypi")
    assert audit.knows("osv")


def page(version, *vulnerabilities):
    """What an index says of the newest version of a package."""
    return {"info": {"version": version}, "vulnerabilities": list(vulnerabilities)}


HURT = {"id": "PYSEC-2026-1", "fixed_in": ["3.2.0"]}
TAKEN_BACK = {"id": "PYSEC-2026-2", "fixed_in": [], "withdrawn": "2026-05-04T00:00:00Z"}


def test_a_mirror_with_pages_of_the_newest_versions_alone_audits_what_is_pinned_to_them(
    audit, monkeypatch, capsys
):
    pages = {"flask": page("3.1.2", TAKEN_BACK), "numpy": page("2.5.5", HURT), "gone": None}
    monkeypatch.setattr(audit, "newest", pages.get)

    answer = audit.asked_of_newest({"flask": "3.1.2", "numpy": "2.4.6", "gone": "1.0"})

    assert audit.told(audit.PAGES, answer) == 0
    said = capsys.readouterr().out
    assert "no known vulnerability in 1," in said
    assert said.endswith("unknown to the index's page of the newest version: gone, numpy.\n")


def test_a_newest_version_with_a_known_vulnerability_ends_the_check(audit, monkeypatch):
    monkeypatch.setattr(audit, "newest", lambda _name: page("3.1.2", HURT))

    ended = audit.told(audit.PAGES, audit.asked_of_newest({"flask": "3.1.2"}))

    assert ended.splitlines()[1:] == ["flask 3.1.2: PYSEC-2026-1, mended in 3.2.0"]


def test_every_package_of_the_lock_files_is_asked_about(audit):
    pins = audit.pinned(*(ROOT / name for name in audit.LOCKED))

    for name in audit.LOCKED:
        lines = (ROOT / name).read_text().splitlines()
        assert {line.split("==")[0] for line in lines if line[:1].isalnum()} <= set(pins)
