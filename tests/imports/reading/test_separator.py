import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.imports.reading import separator

HEADINGS = ["handle", "name", "followers", "bio"]
#: Cells as people fill them, every other separator among them.
CELLS = st.text(alphabet="abcé 0123456789.,;|\t\"'-🎉", max_size=25)


@given(
    st.sampled_from(separator.SEPARATORS),
    st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=30),
)
def test_whatever_the_cells_hold_the_separator_of_the_headings_wins(sign, rows):
    file = io.StringIO()
    csv.writer(file, delimiter=sign).writerows([HEADINGS, *rows])
    lines = file.getvalue().splitlines(keepends=True)

    assert separator.vote(lines) == sign


def test_one_column_is_parted_by_nothing():
    assert separator.vote(["handle\n", "ana\n", "ravi\n"]) == ","
    assert separator.vote([]) == ","


def test_decimal_commas_do_not_part_a_list_with_semicolons():
    lines = ["handle;followers;rate\n", "ana;1,5;2,5\n", "ravi;2,5;3,5\n", "li;7,5;1,1\n"]

    assert separator.vote(lines) == ";"


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("sep=;\r\n", ";"),
        ('"sep=,"\n', ","),
        ("SEP=\t\n", "\t"),
        ("sep=x\n", None),
        ("a,b\n", None),
    ],
)
def test_a_first_line_may_name_the_separator(line, sign):
    assert separator.declared(line) == sign
