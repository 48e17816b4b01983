import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from irm.imports.complaints import Complaint
from irm.imports.reading.sheet import ENCODINGS, Reading

LIST = "handle;nom;abonnés\nana;Éléonore “Ana” d’Arc;1 234\nravi;Ravi Noël à Sète;12\n"
ROWS = [(2, ["ana", "Éléonore “Ana” d’Arc", "1 234"]), (3, ["ravi", "Ravi Noël à Sète", "12"])]
META = (
    'sep=,\n"Age & gender"\n"","Women","Men"\n"18-24","10.6","6.5"\n"25-34","26.2","19.1"\n\n'
    '"Top countries"\n"France","Mali"\n"75.1","5.9"\n\n\n"Top cities"\n"Sète","Gao"\n"7","5"\n'
)
#: No apostrophe at the start: those that keep formulas from running are taken off.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\x1a"), max_size=20
).filter(lambda text: not text.startswith("'"))


@pytest.mark.parametrize(
    ("codec", "called"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_a_list_reads_the_same_in_whatever_it_was_written(read, codec, called):
    sheet, rows = read(LIST.encode(codec))

    assert (sheet.encoding, sheet.separator, sheet.notes) == (called, ";", ())
    assert sheet.headings == ("handle", "nom", "abonnés")
    assert rows == ROWS


@pytest.mark.parametrize("codec", ENCODINGS)
def test_what_the_user_says_of_the_encoding_stands_above_what_we_think(read, codec):
    plain = LIST.replace("“", "«").replace("”", "»").replace("’", "'")
    plain = plain if codec not in ("cp1250", "cp1251") else "handle;nom\nana;Ana «A»\n"

    sheet, _ = read(plain.encode(codec), Reading(encoding=codec))

    assert sheet.sample[0][1] == plain.splitlines()[1].split(";")[1]


def test_a_sheet_read_as_it_says_it_was_read_is_the_same(read):
    for content in (LIST.encode("utf-16"), LIST.encode("utf-8-sig"), META.encode("utf-16-le")):
        first, rows = read(content)

        assert read(content, first.reading()) == (first, rows)


def test_broken_utf8_is_kept_readable_and_counted(read):
    sheet, rows = read(LIST.encode() + "Zoé".encode("cp1252") + b";x;\xc3\n")

    assert rows[-1] == (4, ["Zoé", "x", "Ã"])
    assert [(note.code, note.params) for note in sheet.notes] == [("mended", {"count": 2})]


def test_a_character_may_lie_across_two_blocks(opened):
    long = "handle\n" + ("a" * 79 + "\n") * 13106 + "b" * 88 + "é" * 10 + "\n"

    rows = list(opened(long).rows())

    assert len(long.encode()) > 2**20 > len(long[: long.index("é")].encode())
    assert rows[-1][1] == ["b" * 88 + "é" * 10]


def test_a_mark_and_blanks_are_no_list(opened):
    with pytest.raises(Complaint) as refused:
        opened("\ufeff\n \n")

    assert refused.value.code == "blank"


def test_half_a_character_of_utf16_is_counted_as_lost(read):
    sheet, rows = read("handle,name\nana,Ana\n".encode("utf-16") + b"\x00\xd8")

    assert [(note.code, note.params) for note in sheet.notes] == [("lost", {"count": 1})]
    assert rows[0] == (2, ["ana", "Ana"])


@given(
    st.sampled_from(",;\t|"),
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=20),
)
def test_what_was_written_as_csv_comes_back(opened, sign, rows):
    assume(all(any(map(str.strip, row)) for row in rows))
    file = io.StringIO()
    csv.writer(file, delimiter=sign).writerows([("handle", "name", "followers"), *rows])

    try:
        book = opened(file.getvalue(), Reading(encoding="utf-8", separator=sign, heading_row=1))
    except Complaint as complaint:
        assert complaint.code == "binary"
    else:
        assert [cells for _, cells in book.rows()] == [list(row) for row in rows]


@given(
    st.binary(max_size=300), st.sampled_from(["", "sep=;\n", "BEGIN:VCARD\n", "[{", "PK\x03\x04"])
)
def test_any_bytes_are_rows_or_refused_in_a_sentence(opened, content, start):
    try:
        book = opened(start.encode() + content)
        assert list(book.rows())
    except Complaint as complaint:
        assert str(complaint).endswith((".", "?"))


def test_headings_may_hold_line_ends_blanks_and_the_same_words_twice(read):
    sheet, _ = read('" Name","Subscribers\n",Subscribers,"\r\nFollowers"\nAna,1K,1000,2\n')

    assert sheet.headings == ("Name", "Subscribers", "Subscribers (2)", "Followers")


def test_rows_are_numbered_as_in_a_spreadsheet_and_blank_ones_passed_over(read):
    sheet, rows = read('handle,bio\n,\nana,"two\nlines"\n\n  ,\nravi,one\n')

    assert rows == [(3, ["ana", "two\nlines"]), (6, ["ravi", "one"])]
    assert (sheet.count, sheet.tables[0].rows) == (2, 2)


def test_quotations_that_close_in_mid_cell_are_taken_as_they_stand(read):
    _, rows = read('video,tags,views\nx,"a"|"b",12\ny,5" discs,1\n')

    assert [cells for _, cells in rows] == [["x", 'a|"b"', "12"], ["y", '5" discs', "1"]]


def test_one_column_is_a_table_too(read):
    sheet, rows = read("handle\nana\n\nravi\n")

    assert (sheet.headings, rows) == (("handle",), [(2, ["ana"]), (4, ["ravi"])])


def test_old_line_ends_part_rows_too(read):
    assert read("handle,name\rana,Ana\r")[1] == [(2, ["ana", "Ana"])]


def test_a_file_may_hold_several_tables_of_which_the_longest_is_taken(read):
    sheet, rows = read(META.encode("utf-16"))

    assert [(t.name, t.heading_row, t.rows) for t in sheet.tables] == [
        ("Age & gender", 3, 2),
        ("Top countries", 8, 1),
        ("Top cities", 13, 1),
    ]
    assert sheet.headings == ("(A)", "Women", "Men")
    assert rows == [(4, ["18-24", "10.6", "6.5"]), (5, ["25-34", "26.2", "19.1"])]


def test_another_table_may_be_chosen_by_its_number_or_by_its_headings(read):
    for reading in (Reading(table=2), Reading(heading_row=13)):
        sheet, rows = read(META, reading)

        assert (sheet.table, sheet.headings) == (2, ("Sète", "Gao"))
        assert rows == [(14, ["7", "5"])]


def test_a_lonely_cell_below_a_blank_line_is_a_row_and_no_table(read):
    sheet, rows = read("handle,name\nana,Ana\n\nravi\n\nTotal: 2\n")

    assert len(sheet.tables) == 1
    assert [cells for _, cells in rows] == [["ana", "Ana"], ["ravi"], ["Total: 2"]]


def test_a_title_above_the_headings_names_the_table(read):
    sheet, rows = read("My list, all of it\n\nhandle,followers,city,bio\nana,1,Sète,\n")

    assert (sheet.tables[0].name, sheet.heading_row) == ("My list", 3)
    assert rows == [(4, ["ana", "1", "Sète", ""])]


def test_the_user_may_say_which_row_is_the_headings_or_that_none_is(read):
    content = "ana,12\nravi,7\nli,3\n"

    assert read(content, Reading(heading_row=2))[1] == [(3, ["li", "3"])]
    sheet, rows = read(content, Reading(heading_row=0))
    assert (sheet.headings, len(rows)) == (("(A)", "(B)"), 3)


def test_the_user_may_say_what_parts_the_cells(read):
    sheet, rows = read("1 2\n3 4\n", Reading(separator=" ", heading_row=0))

    assert [cells for _, cells in rows] == [["1", "2"], ["3", "4"]]
    assert sheet.separator == " "


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Reading(encoding="klingon"), "encoding"),
        (Reading(separator="x"), "separator"),
        (Reading(table=1), "no_table"),
        (Reading(table=-1), "no_table"),
        (Reading(heading_row=99), "no_heading_row"),
        (Reading(heading_row=3), "no_rows"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(read, reading, code):
    with pytest.raises(Complaint) as refused:
        read("handle,followers\nana,1\nravi,2\n", reading)

    assert refused.value.code == code


def test_long_cells_are_cut_in_the_sample_alone(read):
    sheet, rows = read("handle,bio\n" + f"ana,{'b' * 9000}\n" * 300)

    assert {len(cells[1]) for cells in sheet.sample} == {1000}
    assert {len(cells[1]) for _, cells in rows} == {9000}
    assert (len(sheet.sample), sheet.count) == (200, 300)
