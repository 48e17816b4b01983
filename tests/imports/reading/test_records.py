import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.imports.complaints import Complaint

PLAIN = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"))


def test_records_are_rows_below_the_names_of_all_their_fields(read):
    sheet, rows = read(
        '[{"id": 7, "name": "Ana", "paid": true},\n {"name": "Ravi", "reach": 12.50, "tier": null}]'
    )

    assert (sheet.format, sheet.headings) == ("json", ("id", "name", "paid", "reach", "tier"))
    assert rows == [(1, ["7", "Ana", "true", "", ""]), (2, ["", "Ravi", "", "12.50", ""])]


def test_what_is_nested_stays_json(read):
    accounts = [{"platform": "x", "handle": "ana"}, {"platform": "tiktok", "handle": "é"}]

    _, rows = read(json.dumps([{"name": "Ana", "accounts": accounts}]))

    assert json.loads(rows[0][1][1]) == accounts


def test_a_record_a_line_is_a_list_too(read):
    assert len(read('{"handle": "ana"}\n{"handle": "ravi"}\n')[1]) == 2


def test_ids_of_any_length_stay_exact(read):
    assert read('[{"id": 1190741234567890123}]')[1] == [(1, ["1190741234567890123"])]


def test_what_no_database_takes_is_left_out(read):
    assert read(r'[{"bio": "a\u0000b\ud800c"}]')[1] == [(1, ["ab?c"])]


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), PLAIN), min_size=1, max_size=50))
def test_whatever_was_written_comes_back(opened, records):
    try:
        book = opened(json.dumps(records, indent=1), name="list.json")
    except Complaint as complaint:
        assert complaint.code == "no_rows"
        assert not any(records)
        return
    names = dict.fromkeys(name for record in records for name in record)
    found = {number: dict(zip(names, cells, strict=True)) for number, cells in book.rows()}

    for number, record in enumerate(records, 1):
        for name in names:
            value = record.get(name)
            text = value if isinstance(value, str) else json.dumps(value)
            assert found.get(number, {}).get(name, "").strip() == (
                "" if value is None else text.strip()
            )


def test_a_list_of_ten_thousand_on_one_line_is_read_piece_by_piece(read):
    many = [{"handle": f"ana{n}", "bio": "b" * 300} for n in range(10_000)]

    sheet, rows = read(json.dumps(many))

    assert (sheet.count, rows[-1][0]) == (10_000, 10_000)


@pytest.mark.parametrize("text", ['[{"a": 1} x]', "[1]", '{"a": }', '[{"a": 1}, []]'])
def test_what_is_no_list_of_records_is_refused(read, text):
    with pytest.raises(Complaint) as refused:
        read(text, name="list.json")

    assert refused.value.code in ("bad_record", "not_records")
