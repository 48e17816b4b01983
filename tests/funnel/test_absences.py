"""Who is away when: colleagues, people, brands, countries."""

import datetime as dt
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from irm.errors import Refused
from irm.funnel import absences, seasons
from irm.funnel.spans import Span, each_year, later, merged
from irm.models import Absence, AuditEntry, QuietSeason
from tests import make

AT = make.MONDAY
TODAY = AT.date()


def on(days):
    return TODAY + dt.timedelta(days=days)


def away(session, whose, first, last, *, by, why="Holiday"):
    return absences.add(
        session, whose, first=on(first), last=on(last), why=why, today=TODAY, user=by, at=AT
    )


@pytest.fixture
def ana(saved):
    return saved(make.member())


@pytest.fixture
def mira(saved, ana):
    return saved(make.relationship(brand=ana.brand, name="Mira Okafor"))


def test_an_absence_of_a_colleague_is_kept_with_who_noted_it(session, ana):
    made = away(session, ana.user, 7, 13, by=ana.user)

    assert (made.user_id, made.influencer_id, made.author_id) == (ana.user_id, None, ana.user_id)
    [entry] = session.scalars(select(AuditEntry))
    assert (entry.action, entry.ids["change"]) == ("absence.changed", "added")
    found = absences.of_users(session, ana.brand_id, TODAY, on(30))
    assert found == {ana.user_id: [Span(on(7), on(13))]}


def test_spans_are_cut_to_what_was_asked_for(session, ana, mira):
    away(session, ana.user, 0, 13, by=ana.user)
    away(session, mira.influencer, 5, 400, by=ana.user, why="On tour")

    assert absences.of_users(session, ana.brand_id, on(3), on(10)) == {
        ana.user_id: [Span(on(3), on(10))]
    }
    assert absences.of_people(session, ana.brand_id, on(3), on(10)) == {
        mira.influencer_id: [Span(on(5), on(10))]
    }
    assert absences.of_users(session, ana.brand_id, on(14), on(20)) == {}


def test_another_brands_absences_are_not_read(session, saved, ana, mira):
    away(session, ana.user, 0, 13, by=ana.user)
    away(session, mira.influencer, 0, 13, by=ana.user)
    other = saved(make.brand())

    assert absences.of_users(session, other.id, TODAY, on(30)) == {}
    assert absences.of_people(session, other.id, TODAY, on(30)) == {}


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (5, 4, "before the first"),
        (-9, -1, "behind us"),
        (0, 3660, "three years at most"),
        (5000, 5001, "within the next three years"),
    ],
)
def test_days_that_nobody_means_are_refused(session, ana, first, last, said):
    with pytest.raises(Refused, match=said):
        away(session, ana.user, first, last, by=ana.user)

    assert session.scalar(select(Absence)) is None


@pytest.mark.parametrize(("first", "last"), [(9, 9), (0, 5), (10, 20), (0, 30)])
def test_two_absences_of_one_colleague_do_not_overlap(session, ana, first, last):
    away(session, ana.user, 5, 10, by=ana.user)
    session.commit()

    with pytest.raises(Refused, match="these days already"):
        away(session, ana.user, first, last, by=ana.user)

    session.rollback()
    assert len(session.scalars(select(Absence)).all()) == 1


def test_absences_side_by_side_are_two_and_read_as_one(session, ana):
    away(session, ana.user, 5, 10, by=ana.user)
    away(session, ana.user, 11, 12, by=ana.user)

    found = absences.of_users(session, ana.brand_id, TODAY, on(30))

    assert found == {ana.user_id: [Span(on(5), on(12))]}


def test_an_absence_can_be_moved_within_its_own_days(session, ana):
    made = away(session, ana.user, 5, 10, by=ana.user)

    absences.change(
        session,
        made,
        first=on(6),
        last=on(11),
        why="Longer",
        today=TODAY,
        user=ana.user,
        at=AT,
    )

    assert (made.first_on, made.last_on, made.why) == (on(6), on(11), "Longer")


def test_who_is_back_early_was_away_until_yesterday(session, ana):
    made = away(session, ana.user, -3, 10, by=ana.user)

    absences.end(session, made, today=TODAY, user=ana.user, at=AT)

    assert made.last_on == on(-1)
    with pytest.raises(Refused, match="over already"):
        absences.end(session, made, today=TODAY, user=ana.user, at=AT)


@pytest.mark.parametrize("first", [0, 4])
def test_ending_an_absence_that_has_not_begun_removes_it(session, ana, first):
    made = away(session, ana.user, first, 10, by=ana.user)

    absences.end(session, made, today=TODAY, user=ana.user, at=AT)

    assert session.scalar(select(Absence)) is None


def season(session, brand, first, last, *, by, is_yearly=True, name="Between the years"):
    return seasons.add(
        session,
        brand,
        name=name,
        first=first,
        last=last,
        is_yearly=is_yearly,
        today=TODAY,
        user=by,
        at=AT,
    )


def test_a_yearly_season_comes_back_over_the_end_of_the_year(session, ana):
    days = dt.date(2026, 12, 21), dt.date(2027, 1, 3)
    season(session, ana.brand, *days, by=ana.user)

    found = absences.quiet(session, ana.brand_id, TODAY, dt.date(2029, 1, 1))

    assert found == [
        Span(dt.date(2026, 12, 21), dt.date(2027, 1, 3)),
        Span(dt.date(2027, 12, 21), dt.date(2028, 1, 3)),
        Span(dt.date(2028, 12, 21), dt.date(2029, 1, 1)),
    ]
    assert absences.quiet(session, ana.brand_id, dt.date(2028, 1, 2), dt.date(2028, 6, 1)) == [
        Span(dt.date(2028, 1, 2), dt.date(2028, 1, 3))
    ]


def test_a_season_of_once_does_not_come_back(session, ana):
    days = dt.date(2026, 8, 1), dt.date(2026, 8, 15)
    season(session, ana.brand, *days, by=ana.user, is_yearly=False)

    assert absences.quiet(session, ana.brand_id, TODAY, on(900)) == [Span(*days)]


@pytest.mark.parametrize(
    ("first", "last", "is_yearly", "said"),
    [
        (5, 4, True, "before the first"),
        (0, 364, True, "half a year"),
        (-20, -10, False, "behind us"),
        (4000, 4001, True, "within three years"),
    ],
)
def test_a_season_that_nobody_means_is_refused(session, ana, first, last, is_yearly, said):
    with pytest.raises(Refused, match=said):
        season(session, ana.brand, on(first), on(last), by=ana.user, is_yearly=is_yearly)

    assert session.scalar(select(QuietSeason)) is None


def test_a_season_needs_a_name_and_stands_once(session, ana):
    with pytest.raises(Refused, match="a name"):
        season(session, ana.brand, on(1), on(2), by=ana.user, name="")
    season(session, ana.brand, on(1), on(2), by=ana.user)
    with pytest.raises(Refused, match="already"):
        season(session, ana.brand, on(1), on(2), by=ana.user, name="Again")


def test_there_is_an_end_to_seasons(session, ana):
    for n in range(seasons.MOST):
        season(session, ana.brand, on(n), on(n), by=ana.user)

    with pytest.raises(Refused, match="30 quiet seasons at most"):
        season(session, ana.brand, on(99), on(99), by=ana.user)


def test_a_season_that_is_removed_is_quiet_no_more(session, ana):
    made = season(session, ana.brand, on(1), on(2), by=ana.user)

    seasons.remove(session, made, user=ana.user, at=AT)

    assert absences.quiet(session, ana.brand_id, TODAY, on(900)) == []


def test_a_leap_day_is_the_28th_where_there_is_none():
    leap = Span(dt.date(2028, 2, 29), dt.date(2028, 2, 29))

    found = each_year(leap, True, dt.date(2028, 1, 1), dt.date(2032, 12, 31))

    assert [span.first for span in found] == [
        dt.date(2028, 2, 29),
        dt.date(2029, 2, 28),
        dt.date(2030, 2, 28),
        dt.date(2031, 2, 28),
        dt.date(2032, 2, 29),
    ]


days = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31))
spans = st.tuples(days, st.integers(0, 182)).map(
    lambda given: Span(given[0], given[0] + dt.timedelta(days=given[1]))
)


def every_day(span):
    return {span.first + dt.timedelta(days=n) for n in range((span.last - span.first).days + 1)}


@given(st.lists(spans, max_size=8), spans)
def test_merged_spans_have_the_same_days_and_never_touch(some, within):
    found = merged(some, within)

    assert set().union(*map(every_day, found)) == set().union(*map(every_day, some)) & every_day(
        within
    )
    assert all((b.first - a.last).days > 1 for a, b in pairwise(found))
    assert merged(found, within) == found


@given(spans, spans)
def test_a_yearly_season_is_found_in_each_year_of_its_own_and_later(season, asked):
    found = set().union(
        *(every_day(span) & every_day(asked) for span in each_year(season, True, *asked))
    )

    plain = set().union(
        *(every_day(Span(later(season.first, n), later(season.last, n))) for n in range(12))
    )
    assert found == plain & every_day(asked)


def test_public_holidays_are_those_of_the_country_in_the_readers_language():
    asked = dt.date(2026, 5, 1), dt.date(2026, 7, 31)

    assert absences.days_off("FR", *asked)[dt.date(2026, 7, 14)] == "National Day"
    assert absences.days_off("FR", *asked, "fr")[dt.date(2026, 7, 14)] == "Fête nationale"
    assert dt.date(2026, 7, 14) not in absences.days_off("DE", *asked)


def test_holidays_reach_over_the_end_of_a_year():
    found = absences.days_off("FR", dt.date(2026, 12, 20), dt.date(2027, 1, 5))

    assert sorted(found) == [dt.date(2026, 12, 25), dt.date(2027, 1, 1)]


@pytest.mark.parametrize("country", [None, "", "XX", "EU", "fr", "France", "ZZ", "../etc"])
def test_of_a_country_that_is_none_no_holiday_is_known(country):
    assert absences.days_off(country, TODAY, on(365)) == {}


def test_a_web_worker_starts_without_the_tables_of_holidays():
    asked = "import sys, irm.app, irm.scheduler; sys.exit('holidays' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
