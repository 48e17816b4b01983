import json

from hypothesis import given
from hypothesis import strategies as st

from irm.imports.reading import sheet
from irm.imports.reading.sheet import Note, Reading, Sheet, TableFound

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=6))
def test_any_row_comes_back_from_the_rows_file(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "rows"
    path.write_bytes("".join(sheet.line(n, row) for n, row in enumerate(rows, 2)).encode())

    read = Sheet("text", None, None, (), 0, 1, (), (), path=path)

    assert list(read.rows()) == list(enumerate(rows, 2))


def test_signs_that_part_rows_and_cells_may_stand_in_cells():
    cells = ["a\nb", "\x1e", "\x1f", "\x1en\r\n", ""]

    assert sheet.line(7, cells).count("\n") == 1


def test_a_sheet_can_be_kept_as_json_without_its_rows(tmp_path):
    table = TableFound("People", 3, ("Name", "Mail"), 2)
    kept = Sheet(
        "workbook",
        None,
        None,
        (table,),
        0,
        3,
        ("Name", "Mail"),
        (("Ana", "a@example.org"),),
        (Note("mended", {"count": 3}),),
        2,
        tmp_path / "rows",
    )

    back = Sheet.from_json(json.loads(json.dumps(kept.to_json())), tmp_path / "rows")

    assert back == kept
    assert back.reading() == Reading(None, None, 0, 3)


def test_a_reading_keeps_what_was_said_and_passes_over_what_it_does_not_know():
    said = Reading("cp1252", None, None, 4)

    assert said.to_json() == {"encoding": "cp1252", "heading_row": 4}
    assert Reading.from_json({**said.to_json(), "colour": "red"}) == said


def test_each_column_has_a_name_of_its_own():
    names = ["", "Subscribers", " Subscribers\n", "Subscribers (2)", "", "x" * 999]

    unique = sheet.unique(names)

    assert unique[:3] == ("(A)", "Subscribers", "Subscribers (2)")
    assert len(set(unique)) == len(names)
    assert max(map(len, unique)) == 300
