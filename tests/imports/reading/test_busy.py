"""Readers take memory: only so many run at once."""

import pytest

from irm.imports.complaints import Complaint
from irm.imports.reading import cage


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(cage, "_QUEUE", 0.05)


def test_who_comes_while_all_readers_are_busy_is_told_so(tmp_path, impatient):
    file = tmp_path / "list.csv"
    file.write_text("platform,handle\ninstagram,abc\n")
    for _slot in range(cage._AT_ONCE):
        cage._slots.acquire()
    try:
        with pytest.raises(Complaint) as told:
            cage.inspect(file, "list.csv")
    finally:
        for _slot in range(cage._AT_ONCE):
            cage._slots.release()

    assert told.value.code == "busy"
    assert cage.inspect(file, "list.csv").headings == ("platform", "handle")


def test_a_file_that_breaks_its_reader_leaves_its_place_to_the_next(tmp_path):
    broken = tmp_path / "list.csv"
    broken.write_bytes(b"\0" * 5000)
    for _again in range(cage._AT_ONCE + 1):
        with pytest.raises(Complaint):
            cage.inspect(broken, "list.csv")
