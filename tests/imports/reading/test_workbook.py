import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.imports.complaints import Complaint
from irm.imports.reading.sheet import Reading
from tests.imports.reading.workbooks import Raw, workbook

#: What XML can carry, without the underscores that Excel's own escapes begin with.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="_\ufffe\uffff")
)


@pytest.fixture
def cells(read):
    """Read one row of cells below as many headings."""

    def cells(*values):
        headings = [f"c{n}" for n in range(len(values))]
        _, rows = read(workbook({"People": [headings, list(values)]}), name="list.xlsx")
        return rows[0][1]

    return cells


def test_values_are_written_as_people_write_them(cells):
    assert cells("a", 12, 12.0, 0.1, -3, True, False, 1e14) == [
        "a", "12", "12", "0.1", "-3", "TRUE", "FALSE", "100000000000000",
    ]  # fmt: skip


def test_days_are_written_in_iso_order(cells):
    day, moment = Raw(' s="1"><v>45293</v></c>'), Raw(' s="2"><v>45293.75</v></c>')

    assert cells(day, moment, "x") == ["2024-01-02", "2024-01-02 18:00:00", "x"]


def test_a_long_id_is_as_exact_as_the_file_has_it(cells):
    rounded = Raw("><v>1.19074E+18</v></c>")

    assert cells(1190741234567890123, rounded, 999999999999999, "1190741234567890124") == [
        "1190741234567890123", "1.19074000000000E+18", "999999999999999", "1190741234567890124",
    ]  # fmt: skip


def test_long_ids_are_found_in_sheets_of_any_length(read):
    ids = [10**17 + n if n % 7 else n for n in range(30_000)]
    rows = [["handle", "id"], *([f"ana{n}", one] for n, one in enumerate(ids))]

    _, found = read(workbook({"People": rows}), name="list.xlsx")

    assert [cells[1] for _, cells in found] == [str(one) for one in ids]


def test_formulas_give_what_they_came_to(cells):
    joined, summed = ' t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', "><f>1+1</f><v>2</v></c>"

    assert cells(Raw(joined), Raw(summed)) == ["ab", "2"]


@given(st.lists(st.tuples(TEXTS, st.integers(-(10**20), 10**20)), min_size=1, max_size=10))
def test_what_was_written_to_a_workbook_comes_back(opened, rows):
    book = opened(
        workbook({"People": [["name", "id"], *rows]}), Reading(heading_row=1), "list.xlsx"
    )

    assert [cells[1] for _, cells in book.rows()] == [str(number) for _, number in rows]
    assert [cells[0] for _, cells in book.rows()] == [text for text, _ in rows]


def test_rows_keep_the_numbers_of_the_spreadsheet(read):
    sheet = [[], ["My people"], ["", "handle", "name"], [], ["", "ana", "Ana"], ["", "ravi", ""]]

    found, rows = read(workbook({"People": sheet}), name="list.xlsx")

    assert (found.heading_row, found.headings) == (3, ("(A)", "handle", "name"))
    assert rows == [(5, ["", "ana", "Ana"]), (6, ["", "ravi", ""])]


def test_each_sheet_is_a_table_and_the_longest_is_taken(read):
    content = workbook(
        {
            "Notes": [["Read me"]],
            "Small": [["handle", "name"], ["ana", "Ana"]],
            "Large": [["handle", "name"], ["ana", "Ana"], ["ravi", "Ravi"]],
            "Secret": [["handle", "name"], ["a", "A"], ["b", "B"], ["c", "C"]],
        },
        hidden=["Secret"],
    )

    sheet, rows = read(content, name="list.xlsx")
    small, _ = read(content, Reading(table=1), name="list.xlsx")

    assert [(t.name, t.rows) for t in sheet.tables] == [("Notes", 0), ("Small", 1), ("Large", 2)]
    assert (sheet.table, len(rows)) == (2, 2)
    assert (small.headings, small.count) == (("handle", "name"), 1)


def test_formatted_cells_without_anything_in_them_are_no_columns(read):
    row = '<row r="1"><c r="A1" t="str"><v>handle</v></c><c r="XFD1" s="1"/></row>'
    content = workbook({"People": row + '<row r="2"><c r="A2" t="str"><v>ana</v></c></row>'})

    assert read(content, name="list.xlsx")[1] == [(2, ["ana"])]


def test_a_sheet_of_a_workbook_that_is_not_there_is_refused(read):
    with pytest.raises(Complaint) as refused:
        read(workbook({"People": [["a"], ["b"]]}), Reading(table=3), name="list.xlsx")

    assert refused.value.code == "no_table"
