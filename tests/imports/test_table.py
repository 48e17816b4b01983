import pytest

from irm.imports import encoding, table
from irm.imports.complaints import Complaint


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "list.csv"
        path.write_bytes(text.encode())
        return table.read(encoding.inspect(path))

    return read


def rows_of(sheet):
    return [cells for _, cells in sheet.rows()]


def test_headings_may_hold_line_ends_blanks_and_the_same_words_twice(read):
    sheet = read('" Name","Subscribers\n",Subscribers,"\r\nFollowers"\nAna,1K,1000,2\n')

    assert sheet.headings == ("Name", "Subscribers", "Subscribers (2)", "Followers")


@pytest.mark.parametrize(
    ("heading", "folded"),
    [
        (" Abonnés\n(Instagram) ", "abonnes instagram"),
        ("twitter_followers", "twitter followers"),
        ("Views (Avg.)", "views avg"),
        ("NOMBRE D’ABONNÉS", "nombre d abonnes"),
        ("Category&amp;Theme", "category theme"),
    ],
)
def test_a_heading_is_reduced_to_its_words(heading, folded):
    assert table.fold(heading) == folded


def test_rows_are_numbered_as_in_a_spreadsheet_and_blank_ones_passed_over(read):
    sheet = read('handle,bio\n,\nana,"two\nlines"\n\n  ,\nravi,one\n')

    assert list(sheet.rows()) == [(3, ["ana", "two\nlines"]), (6, ["ravi", "one"])]


def test_a_declared_separator_and_a_title_are_not_the_headings(read):
    sheet = read("sep=;\nMy list, all of it\nhandle;followers\nana;1\nravi;2\n")

    assert (sheet.separator, sheet.headings) == (";", ("handle", "followers"))
    assert rows_of(sheet) == [["ana", "1"], ["ravi", "2"]]


def test_a_quotation_that_closes_in_mid_cell_is_taken_as_it_stands(read):
    sheet = read('video,tags,views\nx,"a"|"b",12\n')

    assert rows_of(sheet) == [["x", 'a|"b"', "12"]]


def test_a_quotation_mark_in_mid_cell_is_a_sign_like_others(read):
    assert rows_of(read('handle,bio\nana,5" discs\nravi,x"')) == [
        ["ana", '5" discs'],
        ["ravi", 'x"'],
    ]


def test_old_line_ends_part_rows_too(read):
    assert rows_of(read("handle,name\rana,Ana\rravi,Ravi\r")) == [["ana", "Ana"], ["ravi", "Ravi"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("handle,name\n", "no_rows"),
        (",,,\n,,\n", "blank"),
        ("handle," + ",".join(f"c{n}" for n in range(300)) + "\nana\n", "many_columns"),
        ('handle,name\nana,"Ana\nravi,Ravi\n', "long_cell"),
        ('handle,name\nana,Ana\nravi,"Ravi', "long_cell"),
        ('handle,name\nana,"' + "Ana\n" * 2000 + '"\n', "long_cell"),
        ('handle,name\nana,"' + ("A" * 999 + "\n") * 200 + '"\n', "long_cell"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(read, text, code):
    with pytest.raises(Complaint) as refused:
        list(read(text).rows())

    assert refused.value.code == code
