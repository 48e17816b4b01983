import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


AT = dt.datetime(2025, 3, 18, 9, 48, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-18T09:48:00.000Z",
        "2025-03-18T09:48",
        "2025-03-18 10:48:00+01:00",
        "2025-03-18T04:48:00-0500",
        "03/18/2025 09:48",
        "3/18/25, 9:48 AM",
        "18/03/2025 09:48",
        "18.03.2025 09:48",
        "18-03-2025 9h48",
        "18 mars 2025 à 9 h 48",
        "mar. 18 mars 2025, 09:48",
        "March 18, 2025 9:48 a.m.",
        "Tue Mar 18 09:48:00 +0000 2025",
        "18 de marzo de 2025 9:48",
        "18-Mar-25 09:48",
        "18th March 2025 09:48 UTC",
        "20250318T094800Z",
        "20250318094800",
        "45734.408333",
        "1742291280",
        "1742291280000",
        "1742291280.0",
    ],
)
def test_a_moment_is_read_in_every_shape_that_exports_use(text):
    assert days.moment(text, days.order([text]).order) == AT


@pytest.mark.parametrize(
    "text",
    [
        *("18 mars", "2025", "12", "12.5", "Lifetime", "25:61 18/03/2025", "1e5", "\0"),
        *("3 janvier février 2025", "13:00 pm 18/03/2025", "2025-03-18T25:00", "il y a 3 jours"),
    ],
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        days.moment(text, "dmy")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2025", "03/18/2025"], "mdy"),
        (["03/04/2025", "18/03/2025"], "dmy"),
        (["03/04/2025", "04/05/2025"], None),
        (["05/05/2025", "06/06/2025"], "dmy"),
        (["03.04.2025"], "dmy"),
        (["03.18.2025"], "mdy"),
        (["17.14.11", "17.28.11"], "ydm"),
        (["25-03-18", "25-03-19", "25-04-02"], "ymd"),
        (["18.03.25", "19.03.25", "31.03.25"], "dmy"),
        (["18/03/25"], "dmy"),
        (["17.05.11"], None),
        (["18/03/2025", "03/18/2025"], None),
        (["2025-03-04", "4 mars 2025", "N/A", ""], "dmy"),
        (["03/04/2025 09:48", "12/31/2024 10:00 PM"], "mdy"),
    ],
)
def test_a_column_tells_the_order_of_its_days_or_that_it_does_not(cells, order):
    assert days.order(cells).order == order


def test_the_cell_that_can_be_read_both_ways_is_shown():
    assert days.order(["05/05/2025", "03/04/2025"]).example == "03/04/2025"


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
}
some_day = st.dates(days.FIRST, dt.date(2069, 12, 31))


@given(st.lists(some_day, min_size=1, max_size=30), st.sampled_from("-./ "), st.data())
def test_days_written_in_one_order_are_read_in_it_or_asked_about(these, sign, data):
    order = data.draw(st.sampled_from(["%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%Y{0}%m{0}%d"]))
    cells = [day.strftime(order.format(sign)) for day in these]
    found = days.order(cells)

    if found.order is not None and not (sign == "." and order.startswith("%m")):
        assert [days.day_in(cell, found.order) for cell in cells] == these
    said = "mdy" if order.startswith("%m") else "dmy"
    assert [days.day_in(cell, said) for cell in cells] == these


@given(some_day, st.sampled_from(days.ORDERS), st.sampled_from("-./"))
def test_a_day_of_two_digits_each_is_read_in_the_order_that_is_given(day, order, sign):
    text = day.strftime(sign.join(f"%{letter}" for letter in order))
    assert days.day_in(text, order) == day


@given(some_day, st.sampled_from(sorted(MONTHS)), st.data())
def test_months_are_read_by_name_in_three_languages(day, language, data):
    name = MONTHS[language].split()[day.month - 1]
    shapes = [f"{day.day} {name} {day.year}", f"{name} {day.day}, {day.year}"]
    shapes += [f"{day.day} de {name} de {day.year}", f"{day.day}-{name.upper()}-{day.year}"]
    assert days.day_in(data.draw(st.sampled_from(shapes)), "dmy") == day


@given(some_day, st.integers(0, 24 * 3600 - 1))
def test_a_moment_survives_the_ways_machines_write_it(day, seconds):
    at = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=seconds)
    assert days.moment(at.isoformat(), "dmy") == at
    assert days.moment(at.strftime("%Y%m%d%H%M%S"), "dmy") == at
    assert days.moment(at.strftime("%a %b %d %H:%M:%S +0000 %Y"), "mdy") == at
    zone = dt.timezone(dt.timedelta(hours=-9, minutes=-30))
    if day > days.FIRST:
        assert days.moment(at.astimezone(zone).isoformat(" "), "dmy") == at
    if at.year > 2001:
        assert days.moment(str(int(at.timestamp())), "dmy") == at
        assert days.moment(str(int(at.timestamp()) * 1000), "dmy") == at


@given(st.dates(days.FIRST, dt.date(2069, 12, 31)))
def test_the_count_of_a_spreadsheet_is_a_day(day):
    serial = (day - dt.date(1899, 12, 30)).days
    assert days.day_in(str(serial), "dmy") == days.day_in(f"{serial}.0", "dmy") == day


@given(st.text(max_size=40), st.sampled_from(days.ORDERS))
def test_any_text_is_a_moment_or_a_value_error(text, order):
    days.order([text])
    try:
        assert days.moment(text, order).tzinfo is dt.UTC
    except ValueError:
        return
