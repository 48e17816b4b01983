"""Whatever a file does: a sentence, within seconds, and nothing left behind."""

import os
import time
from pathlib import Path

import pytest

from irm.imports.complaints import Complaint
from irm.imports.reading import cage
from irm.imports.reading.sheet import FIND_OUT
from tests.imports.reading import hostile

MEGABYTE = 2**20
PROCESS = Path("/proc/self")


def memory(of):
    """Return what /proc knows of this process's memory, in bytes."""
    lines = dict(line.split(":", 1) for line in (PROCESS / "status").read_text().splitlines())
    return int(lines[of].split()[0]) * 1024


@pytest.fixture
def growth():
    """How much more memory this process took at its highest since the test began."""
    if not os.access(PROCESS / "clear_refs", os.W_OK):
        pytest.skip("this system does not count memory anew")

    def begin():
        (PROCESS / "clear_refs").write_text("5")
        before = memory("VmRSS")
        return lambda: memory("VmHWM") - before

    return begin


@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_is_refused_in_a_sentence_and_leaves_nothing(tmp_path, growth, name):
    path = hostile.write(tmp_path, name)
    before = sorted(tmp_path.iterdir())
    grown = growth()
    begun = time.monotonic()

    with pytest.raises(Complaint) as refused:
        cage.convert(path, name, FIND_OUT, tmp_path / "rows")

    assert time.monotonic() - begun < 30
    assert grown() < 50 * MEGABYTE
    assert refused.value.code in hostile.FILES[name][1].split()
    assert str(refused.value).endswith((".", "?"))
    assert sorted(tmp_path.iterdir()) == before


def test_there_are_more_than_sixty_of_them():
    assert len(hostile.FILES) >= 60


@pytest.mark.parametrize("limit", [cage.UPLOAD_LIMIT, cage.COMMAND_LINE_LIMIT])
def test_a_file_above_the_limit_is_refused_without_being_read(tmp_path, limit):
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(limit + 1)  # A hole: it takes no room on the disk.

    with pytest.raises(Complaint) as refused:
        cage.inspect(path, path.name, limit=limit)

    assert refused.value.code == "too_large"


def test_folders_pipes_devices_and_nothing_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    codes = {}
    for path in (tmp_path, tmp_path / "pipe.csv", tmp_path / "missing.csv"):
        with pytest.raises(Complaint) as refused:
            cage.inspect(path, path.name)
        codes[path.name] = refused.value.code

    assert list(codes.values()) == ["not_a_file", "not_a_file", "unreadable"]
