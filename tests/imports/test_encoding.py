import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.imports import encoding
from irm.imports.complaints import Complaint

LIST = "handle;nom;abonnés\nana;Éléonore “Ana” d’Arc;1 234\nravi;Ravi 🎉;12\n"
WITHOUT_EMOJI = LIST.replace("🎉", "!")


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "list.csv"
        path.write_bytes(content)
        return path

    return write


def text_of(path):
    with encoding.inspect(path).open() as file:
        return file.read()


@pytest.mark.parametrize(
    "name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_list_in_unicode_is_read_as_it_was_written(written, name):
    assert text_of(written(LIST.encode(name))) == LIST


def test_a_list_of_an_old_office_is_read_as_it_was_written(written):
    assert text_of(written(WITHOUT_EMOJI.encode("cp1252"))) == WITHOUT_EMOJI


def test_a_utf8_list_with_a_few_broken_bytes_stays_readable(written):
    content = LIST.encode() + "Zoé".encode("cp1252") + b";x;\xc3"

    assert text_of(written(content)) == LIST + "Zoé;x;Ã"


def test_a_character_may_lie_across_two_blocks(written):
    long = ("a" * 79 + "\n") * 13107 + "b" * 15 + "é" * 10 + "\n"

    path = written(long.encode())

    assert encoding.inspect(path).errors == "strict"
    assert text_of(path) == long


@given(st.text(alphabet=st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_any_text_in_utf8_comes_back_or_is_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "list.csv"
    path.write_bytes(("handle\n" + text).encode())
    try:
        assert text_of(path) == "handle\n" + text
    except Complaint as complaint:
        assert complaint.code == "binary"


@given(st.binary(min_size=1, max_size=2000))
def test_any_bytes_are_text_or_refused_in_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "list.csv"
    path.write_bytes(content)
    try:
        assert text_of(path).strip()
    except Complaint as complaint:
        assert str(complaint).endswith((".", "?"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "blank"),
        ("\ufeff\n \n".encode(), "blank"),
        (b"PK\x03\x04" + b"\0" * 100, "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "protected"),
        (b"%PDF-1.7\n...", "pdf"),
        (b"\n <!DOCTYPE html><html><body><table>", "web_page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"handle\n" + b"ana\n" * 99 + b"\0\n", "nul"),
        (b"handle\n" + b"a" * 3_000_000, "long_line"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(written, content, code):
    with pytest.raises(Complaint) as refused:
        encoding.inspect(written(content))

    assert refused.value.code == code


def test_a_real_zip_is_taken_for_the_workbook_it_may_be(tmp_path):
    with zipfile.ZipFile(tmp_path / "list.csv", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    with pytest.raises(Complaint, match="Excel workbook"):
        encoding.inspect(tmp_path / "list.csv")


def test_a_file_of_200_megabytes_is_refused_without_being_read(tmp_path):
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(200 * encoding.MEGABYTE)  # A hole: it takes no room on the disk.

    with pytest.raises(Complaint, match="100 MB"):
        encoding.inspect(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(Complaint, match="cannot be read"):
            encoding.inspect(path)
