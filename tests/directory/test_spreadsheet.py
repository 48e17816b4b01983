"""Files that a spreadsheet opens: numbers stay numbers, nothing in them is run."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.directory import formulas, spreadsheet
from irm.errors import Refused


def written(*rows, headings=("a", "b")):
    file = io.StringIO()
    count = spreadsheet.write_csv(file, headings, rows)
    assert count == len(rows)
    return list(csv.reader(io.StringIO(file.getvalue())))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(sign):
    assert written([f"{sign}1+1", "plain"])[1] == [f"'{sign}1+1", "plain"]


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell():
    assert written([-5, 1.5], [None, True])[1:] == [["-5", "1.5"], ["", "True"]]


@given(st.text())
def test_what_was_defused_can_be_had_back(text):
    assert formulas.undefused(formulas.defused(text)) == text


def test_a_sheet_holds_texts_as_texts(tmp_path):
    path = tmp_path / "people.xlsx"

    count = spreadsheet.write_xlsx(
        path, ["Name", "Reach"], [["=HYPERLINK(1)", 12.5], ["x" * 40_000, float("nan")]]
    )

    assert count == 2
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>12.5</v>" in sheet
    assert "<v>nan" not in sheet


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)

    with pytest.raises(Refused):
        spreadsheet.write_xlsx(tmp_path / "x.xlsx", ["a"], ([n] for n in range(3)))
