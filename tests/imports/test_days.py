import datetime as dt

import pytest

from irm.imports import days

TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-04-06", dt.date(2023, 4, 6)),
        ("2023-04-06T11:00:44", dt.date(2023, 4, 6)),
        ("2023-04-06 11:00", dt.date(2023, 4, 6)),
        ("20230406", dt.date(2023, 4, 6)),
        ("2023/4/6", dt.date(2023, 4, 6)),
        ("6.4.2023", dt.date(2023, 4, 6)),
        ("25/4/2023", dt.date(2023, 4, 25)),
        ("4/25/2023", dt.date(2023, 4, 25)),
        ("5/5/2023", dt.date(2023, 5, 5)),
        (" 2026-11-20 ", TODAY),
    ],
)
def test_a_day_is_read_in_the_shapes_that_lists_use(text, day):
    assert days.day(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "9999-12-31",
        "0001-01-01",
        "1989-12-31",
        "2026-11-21",
        "2023-02-30",
        "4/5/2023",
        "31/31/2023",
        "2023-04",
        "٢٠٢٣-٠٤-٠٦x",
        "2" * 10_000,
    ],
)
def test_what_is_no_past_day_or_could_be_two_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        days.day(text, TODAY)
