"""A list of people as a kind, made from rows as a test writes them."""

import pytest

from irm.imports import platforms
from irm.imports.kinds import Chosen
from irm.imports.people.kind import People
from irm.imports.reading.sheet import unique


class Listed:
    """Headings and rows, as the reader of files gives them."""

    def __init__(self, *rows):
        self.headings = unique(rows[0])
        self.sample = rows[1:]

    def rows(self):
        yield from enumerate(map(list, self.sample), 2)


@pytest.fixture
def understand():
    def understand(*rows, name="list.csv", platform=None, kind=People, **given):
        sheet = Listed(*rows)
        said = platforms.chosen(platform) if platform else None
        people = kind.of(sheet, Chosen(file_name=name, platform=said, **given))
        people.headings, people.cells = sheet.headings, list(rows[1])
        return people

    return understand
