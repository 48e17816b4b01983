"""The pages about security name code and tests that are there, and no requirement is left out."""

import re
from collections import Counter

import pytest

from tests.house.tree import ROOT, text

PAGE, TOLD = "docs/asvs.md", "docs/security.md"

#: How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has: they are numbered from 1,
#: those of level 3 come after them.
SECTIONS = {
    1: (2, 9, 11, 3, 2),
    2: (3, 3, 4, 1),
    3: (0, 2, 4, 6, 5, 0, 2),
    4: (3, 1, 2, 4),
    5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2),
    8: (2, 3, 1, 1),
    9: (3, 4),
    10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1),
    12: (3, 2, 4),
    13: (1, 5, 2, 5),
    14: (2, 4, 3),
    15: (3, 3, 7),
    16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}

STATES = ("n/a", "met", "partly", "deviation", "operator")

#: What is named as code in a text of ours: a file, and something in it.
NAMED = re.compile(r"`((?:irm|tests|frontend|docs|migrations)/[\w./-]*|setup\.\w+)(?:::(\w+))?`")


def rows():
    """The rows of the page: id, level, what, state, where, test, note."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.*) \|$", text(PAGE), re.MULTILINE)
    return [(id, *re.split(r" ?\| ?", rest)) for id, rest in found]


def is_tested(row):
    return "tests/" in row[5] or "make check" in row[6]


def test_every_requirement_of_levels_1_and_2_stands_once():
    wanted = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in SECTIONS.items()
        for section, count in enumerate(sections, 1)
        for number in range(1, count + 1)
    ]
    assert len(wanted) == 253
    assert [row[0] for row in rows()] == wanted
    assert Counter(row[1] for row in rows()) == {"1": 70, "2": 183}


def test_each_row_says_how_it_stands_and_where_or_why():
    for id, _level, what, state, where, test, note in rows():
        assert what, id
        assert state in STATES, id
        if state != "met":
            assert note, id
        if state in ("met", "partly"):
            assert where or test or note, id


def test_the_counts_are_those_of_the_rows():
    said = dict(re.findall(r"^\| (V\d+|\*\*all\*\*) \| ([\d |]+) \|$", text(PAGE), re.MULTILINE))
    for chapter in (*SECTIONS, None):
        mine = [row for row in rows() if chapter in (None, int(row[0].partition(".")[0]))]
        by = Counter(row[3] for row in mine)
        applying = [row for row in mine if row[3] != "n/a"]
        counts = [len(mine), by["n/a"], len(applying), *(by[state] for state in STATES[1:])]
        counts.append(sum(map(is_tested, applying)))
        name = f"V{chapter}" if chapter else "**all**"
        assert [int(count) for count in said[name].split("|")] == counts, name
    without = ", ".join(row[0] for row in rows() if row[3] != "n/a" and not is_tested(row))
    assert f"Without one: {without}." in " ".join(text(PAGE).split())


@pytest.mark.parametrize("page", [PAGE, TOLD])
def test_what_a_page_names_is_there(page):
    named = NAMED.findall(text(page))
    assert named
    for path, name in named:
        assert (ROOT / path).exists(), path
        if name:
            defined = rf"^(?:async )?def {name}\b" if path.startswith("tests/") else rf"\b{name}\b"
            assert re.search(defined, text(path), re.MULTILINE), f"{path}::{name}"
