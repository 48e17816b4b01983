import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.imports import figures


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("477.9M", "477900000"),
        ("477900000.00", "477900000"),
        ("55.6M", "55600000"),
        ("30.1K", "30100"),
        ("348.5", "348.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234\u202f567", "1234567"),
        ("1\u2009234", "1234"),
        ("1,234", "1234"),
        ("1,5", "1.5"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1'234'567", "1234567"),
        ("1’234", "1234"),
        ("1,2 M", "1200000"),
        ("3,4 millions", "3400000"),
        ("2 Mio", "2000000"),
        ("1.1bn", "1100000000"),
        ("10K+", "10000"),
        ("~5k", "5000"),
        ("4.779E+08", "477900000"),
        (".5", "0.5"),
        ("0", "0"),
        ("0,125", "0.125"),
        ("１２３", "123"),
        ("  12  ", "12"),
        ("12,34,567", "1234567"),
        ("1,00,00,000", "10000000"),
        ("2.5 lakh", "250000"),
        ("1,5 k", "1500"),
        ("12,3\u00a0M", "12300000"),
    ],
)
def test_a_number_is_read_as_it_was_meant(text, value):
    assert figures.figure(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "-", "–", "N/A", "n/a", "N/A'", "#VALOR!", "#NAME?", "#DIV/0!", "[]", "nan", "NULL"],
)
def test_a_missing_number_is_not_known_rather_than_zero(text):
    assert figures.figure(text) is None
    assert figures.count(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "lots",
        "-5",
        "1,2,3",
        "1.2.3,4,5",
        "12,345,67",
        "1234,567,890",
        "123,45,678",
        "5 %",
        "4.5%",
        "1e99",
        "9" * 40,
        "inf",
        "12 followers",
        "1/2",
        "0x1F",
        "🎉",
        "1k5",
        "k",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        figures.figure(text)


def test_nobody_has_a_fraction_of_a_follower():
    assert figures.count("12.345") == 12345
    assert figures.count("1.5M") == 1_500_000
    assert figures.count("145.6K") == 145_600
    assert figures.count("477900000.00") == 477_900_000


@given(st.integers(0, figures.LARGEST))
def test_a_count_survives_every_way_of_parting_thousands(number):
    grouped = f"{number:,}"
    for mark in (",", " ", "\u00a0", "\u202f", "'"):
        assert figures.count(grouped.replace(",", mark)) == number
    assert figures.count(str(number)) == number
    if number >= 1_000_000:
        assert figures.count(grouped.replace(",", ".")) == number


@given(st.decimals(0, 10**9, places=1))
def test_a_decimal_survives_point_and_comma(number):
    assert figures.figure(str(number)) == number
    assert figures.figure(str(number).replace(".", ",")) == number


@given(
    st.integers(1, 9999), st.sampled_from([("K", 10**3), ("M", 10**6), ("m", 10**6), ("k", 10**3)])
)
def test_a_rounded_figure_is_what_its_letter_says(tenths, suffix):
    letter, scale = suffix
    assert figures.figure(f"{tenths // 10}.{tenths % 10}{letter}") == Decimal(tenths) * scale / 10


@given(st.text(alphabet=string.printable + "\u00a0\u202f€’٣", max_size=20))
def test_any_text_is_a_figure_or_missing_or_a_value_error(text):
    try:
        value = figures.figure(text)
    except ValueError:
        return
    assert value is None or 0 <= value <= figures.LARGEST


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["1,234", "0.5"], "."),
        (["1,234", "12,5"], ","),
        (["1.234", "1.234.567"], ","),
        (["1,234,567", "12,345"], "."),
        (["1.234,5", "12"], ","),
        (["1 234,5", "-"], ","),
        (["4.5M", "1,234"], "."),
        (["1,234", "5,678"], None),
        (["12", "N/A"], None),
        (["0,5", "0.5"], None),
        (["€1,322", "60 €"], None),
    ],
)
def test_a_column_tells_its_decimal_sign_where_one_cell_does(cells, sign):
    assert figures.decimal_sign(cells) == sign


def test_an_ambiguous_cell_is_read_as_its_column_says():
    assert figures.figure("1,234") == 1234
    assert figures.figure("1,234", ",") == Decimal("1.234")
    assert figures.figure("1.234", ",") == 1234
    assert figures.figure("1.234", ".") == Decimal("1.234")
    assert figures.count("1,234", ",") == figures.count("1.234", ".") == 1234


@given(st.lists(st.decimals(0, 10**7, places=2), min_size=1, max_size=20), st.booleans())
def test_a_column_that_is_written_one_way_is_read_that_way(numbers, in_french):
    cells = [f"{number:,}" for number in numbers]
    if in_french:
        cells = [cell.replace(",", "\u202f").replace(".", ",") for cell in cells]
    sign = figures.decimal_sign(cells)

    assert sign == ("," if in_french else ".")
    assert [figures.figure(cell, sign) for cell in cells] == numbers


@given(st.integers(0, figures.LARGEST))
def test_a_count_survives_the_groups_of_india(number):
    digits = str(number)
    head, last = digits[:-3], digits[-3:]
    groups = [head[max(at - 2, 0) : at] for at in range(len(head), 0, -2)][::-1]
    assert figures.count(",".join([*groups, last])) == number
