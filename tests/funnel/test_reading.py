"""What is read from the moves equals a slow replay of them, whatever happened."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from funnel.histories import DAY, EVENTS, START, counted, listed, lived, moves_of, stood
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irm.errors import Refused
from irm.funnel import grouped
from irm.funnel.board import Shown
from irm.funnel.reading import cohorts, flow, mix, over_time, stays
from irm.funnel.reading.period import Period, end_of
from irm.funnel.reading.whom import Whom
from irm.models import Stage

UTC = ZoneInfo("UTC")
PLACE = {stage: place for place, stage in enumerate(Stage)}
some = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
days = st.integers(-3, 45)


def period_of(first, length, zone=UTC):
    day = START.date() + first * DAY
    return Period(day, day + length * DAY, zone)


def standing_moves(session, one):
    """The moves of a relationship without those that were taken back, and what took them back."""
    moves = moves_of(session, one.id)
    undone_by = {move.undoes_id: move for move in moves if move.undoes_id is not None}

    def holds(move):
        return move.id not in undone_by or not holds(undone_by[move.id])

    return [move for move in moves if move.undoes_id is None and holds(move)]


@some
@given(events=EVENTS, first=days, length=st.integers(1, 40))
def test_the_flow_between_two_days_is_where_each_stood_on_both(session, events, first, length):
    lead, _end = lived(session, events)
    period = period_of(first, length)
    whom = Whom(lead.brand_id)
    ways = {}
    for one in listed(session, lead.brand_id):
        way = stood(session, one, period.since), stood(session, one, period.until)
        if way[1] is not None:
            ways.setdefault(way, []).append(one.id)

    assert flow.read(session, whom, period) == {way: len(ids) for way, ids in ways.items()}
    for way in [*ways, (Stage.AWARE, Stage.AWARE), (None, Stage.ENGAGED)]:
        page = flow.went(session, whom, period, way, 0, 3)
        assert page == (ways.get(way, [])[:3], len(ways.get(way, [])) > 3)
    session.commit()


@some
@given(events=EVENTS, first=st.integers(-40, 45), length=st.integers(1, 80))
def test_a_cohort_is_those_who_began_in_a_month_and_came_so_far(session, events, first, length):
    lead, end = lived(session, events)
    period = period_of(first, length)

    found = cohorts.read(session, Whom(lead.brand_id), period, end.date())

    assert found[0].first <= period.first + DAY <= found[0].last
    assert found[-1].first <= period.last <= found[-1].last
    for cohort in found:
        began = {}
        for one in listed(session, lead.brand_id):
            moves = standing_moves(session, one)
            if cohort.first <= moves[0].at.date() <= cohort.last:
                began[one.id] = max(PLACE[move.to_stage] for move in moves)
        assert cohort.people == len(began)
        assert cohort.reached == {
            stage: sum(top >= place for top in began.values()) for stage, place in PLACE.items()
        }
    session.commit()


@some
@given(events=EVENTS, first=days, length=st.integers(1, 40))
def test_a_stay_lasts_from_the_move_that_came_to_the_move_that_left(session, events, first, length):
    lead, end = lived(session, events)
    period, now = period_of(first, length), end + dt.timedelta(hours=30)
    over = {stage: [] for stage in Stage}
    going_on = {stage: [] for stage in Stage}
    for one in listed(session, lead.brand_id):
        stage, since = None, None
        for move in standing_moves(session, one):
            if move.to_stage is stage:
                continue
            if stage is not None and period.since <= move.at < period.until:
                over[stage].append((move.at - since).days)
            stage, since = move.to_stage, move.at
        going_on[one.stage].append((now - one.stage_since).days)

    found = stays.read(session, Whom(lead.brand_id), period, now)

    assert found.over == {stage: stays.spread(Counter(of)) for stage, of in over.items()}
    assert found.going_on == {stage: stays.spread(Counter(of)) for stage, of in going_on.items()}
    session.commit()


@some
@given(events=EVENTS, hours=st.integers(0, 100))
def test_the_median_above_a_column_of_the_board_is_that_of_the_reading(session, events, hours):
    lead, end = lived(session, events)
    now = end + dt.timedelta(hours=hours)
    going_on = stays.read(session, Whom(lead.brand_id), period_of(0, 1), now).going_on
    wanted = {stage: of.stays for stage, of in going_on.items() if of.stays}

    found = grouped.medians(session, Shown(lead.brand_id), wanted, [], now)

    assert found == {stage: going_on[stage].median for stage in wanted}
    session.commit()


@some
@given(events=EVENTS, first=days, length=st.integers(1, 400))
def test_each_point_of_the_line_is_the_board_of_that_day(session, events, first, length):
    lead, _end = lived(session, events)
    zone = ZoneInfo("Asia/Tokyo")
    period = period_of(first, length, zone)

    found = over_time.read(session, Whom(lead.brand_id), period)

    people = listed(session, lead.brand_id)
    assert [day for day, _counts in found] == period.points()
    for day, counts in found:
        assert counts == counted(stood(session, one, end_of(day, zone)) for one in people)
    session.commit()


@some
@given(events=EVENTS)
def test_the_mix_counts_everybody_once_by_tier_and_once_by_owner(session, events):
    lead, _end = lived(session, events)

    found = mix.read(session, lead.brand_id)

    people = listed(session, lead.brand_id)
    for owner_id, counts in found.owners.items():
        assert counts == counted(one.stage for one in people if (one.owner_id or 0) == owner_id)
    assert sum(sum(counts.values()) for counts in found.tiers.values()) == len(people)
    session.commit()


@given(st.lists(st.integers(0, 30), min_size=1))
def test_half_of_the_stays_are_no_longer_than_the_median(lengths):
    found, ordered = stays.spread(Counter(lengths)), sorted(lengths)

    ranks = [-(-len(ordered) * percent // 100) - 1 for percent in (25, 50, 75, 90)]
    assert found == (len(ordered), *(ordered[rank] for rank in ranks))


@pytest.mark.parametrize(
    ("length", "points"), [(1, 2), (31, 32), (32, 6), (186, 28), (365, 14), (5000, 35)]
)
def test_a_line_has_a_point_for_each_day_week_or_month(length, points):
    found = period_of(0, length).points()

    assert len(found) == points
    assert (found[0], found[-1]) == (START.date(), START.date() + length * DAY)
    assert found == sorted(set(found))


def test_a_period_ends_after_it_began_and_at_a_day_somebody_can_mean():
    for first, last in ((START.date(), START.date()), (dt.date(1, 1, 1), START.date())):
        with pytest.raises(Refused):
            Period(first, last, UTC)
