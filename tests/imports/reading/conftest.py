"""Ways to read a file: in the cage, as the product does, and without it, many times a second."""

from pathlib import Path

import pytest

from irm.imports.reading import cage, formats
from irm.imports.reading.sheet import FIND_OUT


@pytest.fixture
def read(tmp_path):
    """Write a content to a file and convert it; the rows come with the sheet."""

    def read(content, reading=FIND_OUT, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        sheet = cage.convert(path, name, reading, tmp_path / "rows")
        return sheet, list(sheet.rows())

    return read


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Open a content in this process: for properties, which need it by the hundred."""
    folder = tmp_path_factory.mktemp("opened")

    def opened(content, reading=FIND_OUT, name="list.csv"):
        path = Path(folder, name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return formats.read(path, name, reading, cage.UPLOAD_LIMIT)

    return opened
