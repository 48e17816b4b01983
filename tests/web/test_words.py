"""How days and numbers are said."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from irm.calendar_words import said_day
from irm.web.words import Words, initials

MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def words():
    return Words("en", ZoneInfo("Europe/Paris"), MONDAY)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (3, "in 3 days"),
        (-12, "12 days ago"),
        (59, "in 59 days"),
        (-61, "2 months ago"),
        (800, "in 2 years"),
    ],
)
def test_a_day_is_said_by_its_distance(words, days, said):
    assert words.near[MONDAY + dt.timedelta(days=days)] == said


def test_a_day_is_named_with_its_year_only_where_it_is_another(words):
    assert words.date[dt.date(2026, 3, 2)] == "Mon\u00a02\u00a0Mar"
    assert words.date[dt.date(2025, 3, 2)] == "Sun\u00a02\u00a0Mar\u00a02025"


def test_the_last_day_there_is_can_be_said(words):
    assert words.near[dt.date(9999, 12, 31)] == "in 7974 years"


def test_a_moment_belongs_to_the_readers_day(words):
    late = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)

    assert words.day(late) == MONDAY
    assert words.moment(late) == "Mon\u00a02\u00a0Mar, 00:30"


@pytest.mark.parametrize(("score", "said"), [(None, "–"), (0.0, "0"), (37.5, "38"), (99.6, "100")])
def test_a_score_has_no_decimals_and_may_be_unknown(words, score, said):
    assert words.score(score) == said


@pytest.mark.parametrize(
    ("number", "said"), [(None, "–"), (950, "950"), (12_345, "12.3K"), (12_300_000, "12.3M")]
)
def test_a_large_number_is_said_in_short(words, number, said):
    assert words.compact(number) == said


@pytest.mark.parametrize(
    ("name", "two"),
    [("Ana Lopes", "AL"), ("Ana", "A"), ("ana maria de lopes", "AL"), ("", "?"), ("(x) Ana", "A")],
)
def test_a_name_in_two_letters(name, two):
    assert initials(name) == two


@pytest.mark.parametrize(
    ("day", "locale", "said"),
    [
        (dt.date(2026, 5, 1), "fr", "ven. 1er mai"),
        (dt.date(2026, 5, 11), "fr", "lun. 11 mai"),
        (dt.date(2026, 5, 2), "fr", "sam. 2 mai"),
        (dt.date(2026, 5, 1), "en", "Fri 1 May"),
    ],
)
def test_french_counts_the_first_of_a_month(day, locale, said):
    assert said_day(day, "EEE d MMM", locale) == said
