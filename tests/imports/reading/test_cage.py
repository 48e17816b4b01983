"""The child may abort, babble or fall silent: its parent gets a sentence and lives."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from irm.imports.complaints import Complaint
from irm.imports.reading import cage
from irm.imports.reading.frames import Kind, packed, packed_json
from irm.imports.reading.sheet import FIND_OUT, Reading

LIST = "handle,followers\n" + "".join(f"ana{n},{n}\n" for n in range(40_000))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    return path


@pytest.fixture
def child(monkeypatch):
    """Let a program of the test's own stand in for the child."""

    def child(program):
        monkeypatch.setattr(cage, "COMMAND", (sys.executable, "-I", "-c", program))

    return child


def refused(path):
    rows = path.parent / "rows"
    with pytest.raises(Complaint) as caught:
        cage.convert(path, path.name, FIND_OUT, rows)
    assert not rows.exists()
    return caught.value.code


def children():
    """Return the command lines of the processes that this one has started."""
    if not Path("/proc/self/task").is_dir():
        pytest.skip("this system does not list processes")
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            yield Path("/proc", pid, "cmdline").read_bytes()


SAY = "import sys, os, time; out = sys.stdout.buffer; sys.stdin.read(); "


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.abort()", "gave_up"),
        ("import os; os.kill(os.getpid(), 9)", "gave_up"),
        ("pass", "gave_up"),
        ("raise SystemExit(3)", "gave_up"),
        (SAY + "out.write(b'ana,12' * 99)", "gave_up"),
        (SAY + "out.write(b'S\\xff\\xff\\xff\\xff')", "gave_up"),
        (SAY + "out.write(b'S\\0\\0\\0\\2{}')", "gave_up"),
        (SAY + "out.write(b'S\\0\\0\\0\\2[[')", "gave_up"),
        (SAY + "out.write(b'P\\0\\0\\0\\2[]')", "gave_up"),
        (SAY + "out.write(b'S\\0\\0\\1\\0{')", "gave_up"),
        (
            SAY + f"out.write({packed_json(Kind.COMPLAINT, {'code': 'x', 'params': {}})!r})",
            "gave_up",
        ),
        (
            SAY + f"out.write({packed_json(Kind.COMPLAINT, {'code': 'nul', 'params': {}})!r})",
            "gave_up",
        ),
        (
            SAY
            + f"out.write({packed_json(Kind.COMPLAINT, {'code': 'nul', 'params': {'line': 3}})!r})",
            "nul",
        ),
        (SAY + f"out.write({packed(Kind.ROWS, b'1')!r}); out.flush(); os.abort()", "gave_up"),
        (
            SAY
            + "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2));\nwhile 1: pass",
            "too_slow",
        ),
    ],
)
def test_whatever_the_child_does_the_parent_gets_a_sentence(path, child, program, code):
    child(program)

    assert refused(path) == code


def test_a_silent_child_is_ended(path, child, monkeypatch):
    monkeypatch.setattr(cage, "_SECONDS", 0)
    monkeypatch.setattr(cage, "_WAIT_FOR_ROWS", 1)
    child(SAY + "time.sleep(99)")

    assert refused(path) == "too_slow"


def test_a_child_that_tells_of_progress_for_ever_is_ended(path, child, monkeypatch):
    monkeypatch.setattr(cage, "_SECONDS", 0)
    monkeypatch.setattr(cage, "_WAIT_FOR_ROWS", 1)
    child(SAY + f"\nwhile 1: out.write({packed_json(Kind.PROGRESS, [1, 2])!r})")

    assert refused(path) == "too_slow"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is full")
def test_a_full_disk_is_a_sentence_too(path, monkeypatch):
    monkeypatch.setattr(cage, "_created", lambda into: os.open("/dev/full", os.O_WRONLY))

    assert refused(path) == "unreadable"


def test_a_flood_of_rows_is_stopped(path, child, monkeypatch):
    child(SAY + f"\nwhile 1: out.write({packed(Kind.ROWS, b'1' * 99_999)!r})")
    rows = path.parent / "rows"

    with pytest.raises(Complaint) as caught:
        cage.convert(path, path.name, FIND_OUT, rows, limit=10**6)

    assert caught.value.code == "unpacks"
    assert not rows.exists()


def test_rows_are_refused_where_only_a_look_was_asked_for(path, child):
    child(SAY + f"out.write({packed(Kind.ROWS, b'1')!r})")

    with pytest.raises(Complaint):
        cage.inspect(path, path.name)


def test_the_child_sees_no_secret_and_may_write_nothing(path, child, monkeypatch, tmp_path):
    monkeypatch.setenv("IRM_SECRET_KEY", "secret")
    seen = tmp_path / "seen"
    child(f"import os, json; open({str(seen)!r}, 'w').write(json.dumps(dict(os.environ)))")
    assert refused(path) == "gave_up"
    assert "IRM_SECRET_KEY" not in json.loads(seen.read_text())

    # The real child, once it has limited itself.
    seen.unlink()
    child(
        SAY.replace("sys.stdin.read()", "0")
        + "from irm.imports.reading import child; child._limit(2**29, 9)\n"
        + f"open({str(seen)!r}, 'w').write('x')"
    )
    assert refused(path) == "gave_up"
    assert not seen.exists() or not seen.read_text()


def test_rows_are_for_our_eyes_only_and_progress_is_told(path, tmp_path):
    told = []

    sheet = cage.convert(
        path, path.name, FIND_OUT, tmp_path / "rows", report=lambda *one: told.append(one)
    )

    assert stat.S_IMODE((tmp_path / "rows").stat().st_mode) == 0o600
    assert told[-1] == (40_000, 40_000)
    assert len(told) > 1
    assert sum(1 for _ in sheet.rows()) == sheet.count == 40_000


def test_a_report_that_fails_ends_the_child_and_takes_the_rows_away(path, tmp_path):
    def report(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cage.convert(path, path.name, FIND_OUT, tmp_path / "rows", report=report)

    assert not (tmp_path / "rows").exists()
    assert not any(b"irm.imports.reading" in command for command in children())


def test_a_look_finds_what_converting_finds_but_no_rows(path, tmp_path):
    looked = cage.inspect(path, path.name)
    converted = cage.convert(path, path.name, Reading(), tmp_path / "rows")

    assert looked.path is None
    assert looked.to_json() == converted.to_json()
