"""The board of a past day: the same as if all moves until then were made anew."""

import datetime as dt
from zoneinfo import ZoneInfo

import make
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from irm.errors import Refused
from irm.funnel import past, past_heads, stages
from irm.funnel.past import Narrowed
from irm.ledger import counters
from irm.models import (
    Brand,
    BrandMember,
    Influencer,
    Relationship,
    Role,
    Stage,
    StageMove,
    Tier,
    User,
)

START = make.MONDAY
DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def moved(session, lead):
    """Somebody who begins and moves on the days given: `moved((0, None), (3, Stage.AWARE))`."""

    def make_one(*steps, fit=None, tier=Tier.MICRO, **given):
        person = make.influencer(tier=tier, **given)
        session.add(person)
        born = steps[0][0]
        made = stages.begin(session, person, lead.brand_id, user=lead.user, at=START + born * DAY)
        if fit is not None:
            made.fit, made.fit_order = fit, 100.0 - fit
        for day, to in steps[1:]:
            stages.move(session, made, to, user=lead.user, at=START + day * DAY, reason="Because.")
        session.commit()
        return made

    return make_one


def board(session, brand_id, moment, narrowed=past.EVERYBODY):
    known = past.of(session, brand_id)
    found = past.cards(session, brand_id, moment, known, narrowed)
    return {stage: [row.id for row in rows] for stage, rows in found.items() if rows}


def replayed(session, brand_id, moment):
    """Where each listed person stood, by making their moves one after another."""
    stood = {}
    moves = session.scalars(
        select(StageMove).where(StageMove.brand_id == brand_id).order_by(StageMove.at, StageMove.id)
    )
    for one in moves:
        if one.at < moment:
            stood[one.relationship_id] = one.to_stage
    people = session.scalars(
        select(Relationship)
        .join(Influencer)
        .where(Relationship.brand_id == brand_id, Influencer.archived_at.is_(None))
        .order_by(Relationship.fit_order, Relationship.id)
    )
    found = {}
    for one in people:
        if one.id in stood:
            found.setdefault(stood[one.id], []).append(one.id)
    return found


def test_everybody_stands_where_the_last_move_before_had_put_them(session, lead, moved):
    early = moved((0, None), (3, Stage.AWARE), (8, Stage.ENGAGED))
    moved((6, None))
    at = START + 5 * DAY

    assert board(session, lead.brand_id, at) == {Stage.AWARE: [early.id]}


def test_a_card_says_who_moved_it_when_and_why(session, lead, moved):
    moved((0, None), (3, Stage.AWARE), (8, Stage.ENGAGED))

    known = past.of(session, lead.brand_id)
    [row] = past.cards(session, lead.brand_id, START + 5 * DAY, known)[Stage.AWARE]

    assert (row.since, row.mover_name, row.reason) == (
        START + 3 * DAY,
        lead.user.name,
        "Because.",
    )
    assert (row.from_stage, row.stage_now) == (Stage.UNAWARE, Stage.ENGAGED)


def test_a_move_that_was_taken_back_counts_as_long_as_it_stood(session, lead, moved):
    one = moved((0, None), (3, Stage.AWARE))
    made = session.scalars(select(StageMove).where(StageMove.to_stage == Stage.AWARE)).one()
    stages.undo(session, made, one, user=lead.user, at=START + 6 * DAY)
    session.commit()

    assert board(session, lead.brand_id, START + 5 * DAY) == {Stage.AWARE: [one.id]}
    assert board(session, lead.brand_id, START + 7 * DAY) == {Stage.UNAWARE: [one.id]}


def test_of_two_moves_at_one_moment_the_later_one_counts(session, lead, moved):
    one = moved((0, None), (3, Stage.AWARE), (3, Stage.INTERESTED))

    assert board(session, lead.brand_id, START + 4 * DAY) == {Stage.INTERESTED: [one.id]}


def test_who_is_archived_today_is_not_shown(session, lead, moved):
    gone = moved((0, None))
    gone.influencer.archived_at = START + 9 * DAY
    session.commit()

    assert board(session, lead.brand_id, START + 5 * DAY) == {}


def test_nobody_is_there_before_the_first_birth_nor_at_a_brand_without_people(
    session, saved, lead, moved
):
    moved((6, None))
    other = saved(make.brand())

    assert board(session, lead.brand_id, START) == {}
    assert board(session, other.id, START) == {}


def test_tier_and_owner_narrow_the_board(session, lead, moved):
    small = moved((0, None))
    moved((0, None), tier=Tier.MACRO)
    small.owner_id = lead.user_id
    session.commit()
    counters.recount(session, lead.brand_id)
    at = START + DAY
    mine, nobodys = Narrowed(owner_id=lead.user_id), Narrowed(Tier.MICRO, 0)

    assert board(session, lead.brand_id, at, mine) == {Stage.UNAWARE: [small.id]}
    assert board(session, lead.brand_id, at, nobodys) == {}
    heads = past_heads.heads(session, lead.brand_id, START - DAY, mine)
    assert heads[Stage.UNAWARE] == (0, 1)


def test_a_column_goes_on_behind_its_last_card(session, lead, moved):
    people = [moved((0, None), fit=float(fit)) for fit in range(35)]
    known, at = past.of(session, lead.brand_id), START + DAY
    first = past.cards(session, lead.brand_id, at, known)[Stage.UNAWARE]

    key = past.key_of(past.token_of(first[29]))
    rest = past.cards(session, lead.brand_id, at, known, stages=(Stage.UNAWARE,), after=key)[
        Stage.UNAWARE
    ]

    shown = [row.id for row in first[:30]] + [row.id for row in rest]
    assert len(first) == 31
    assert shown == [one.id for one in reversed(people)]


@pytest.mark.parametrize("day", [1, 40])
def test_a_rare_stage_is_found_far_down_the_fit(session, lead, moved, monkeypatch, day):
    monkeypatch.setattr(past, "FIRST", 2)
    monkeypatch.setattr(past, "MORE", 3)
    for fit in range(9):
        moved((0, None), (30, Stage.AWARE), fit=50.0 + fit)
    rare = moved((0, None), (0.5, Stage.AMBASSADOR), fit=1.0)
    moved((0, None), (50, Stage.AMBASSADOR), fit=2.0)
    at = START + day * DAY

    found = board(session, lead.brand_id, at)

    assert found[Stage.AMBASSADOR] == [rare.id]
    assert found == {
        stage: people[:31] for stage, people in replayed(session, lead.brand_id, at).items()
    }


def test_a_day_ends_at_midnight_of_the_brand(session, saved):
    brand = saved(make.brand(timezone="Asia/Tokyo"))

    end = past.of(session, brand.id).end_of(dt.date(2026, 3, 2))

    assert end == dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)


def test_no_day_is_taken_that_nobody_can_mean():
    known = past.Past(ZoneInfo("UTC"), None, None)

    with pytest.raises(Refused):
        known.end_of(dt.date(1, 1, 1))


@pytest.mark.parametrize("token", ["", "1", "~", "x~1", "1~x", "1~99999999999"])
def test_an_address_typed_by_hand_is_refused(token):
    with pytest.raises(Refused):
        past.key_of(token)


histories = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.one_of(st.none(), st.sampled_from(list(Stage)), st.just("undo"), st.just("archive")),
        st.integers(0, 40),
    ),
    max_size=25,
)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(history=histories, hour=st.integers(0, 1100), is_walked=st.booleans())
@example([(0, None, 0), (0, Stage.AWARE, 0), (0, "undo", 0), (0, "undo", 0)], 0, False)
def test_a_past_board_equals_a_slow_replay(session, monkeypatch, history, hour, is_walked):
    monkeypatch.setattr(past, "FIRST", 600 if is_walked else 1)
    monkeypatch.setattr(past, "MORE", 6000 if is_walked else 1)
    for model in (StageMove, Relationship, Influencer, BrandMember, Brand, User):
        session.execute(delete(model))
    lead = make.member(Role.LEAD)
    session.add(lead)
    session.flush()
    people, at = {}, START
    for who, what, hours in history:
        at += dt.timedelta(hours=hours)
        if who not in people:
            person = make.influencer()
            session.add(person)
            people[who] = stages.begin(session, person, lead.brand_id, user=None, at=at)
            people[who].fit_order = float(who % 3)
            continue
        one = people[who]
        if what == "archive":
            one.influencer.archived_at = at
        elif what == "undo":
            newest = session.scalars(
                select(StageMove)
                .where(StageMove.relationship_id == one.id)
                .order_by(StageMove.at.desc(), StageMove.id.desc())
            ).first()
            is_move = newest.from_stage is not None and newest.undoes_id is None
            if is_move and not one.influencer.archived_at:
                stages.undo(session, newest, one, user=lead.user, at=at)
        elif what is not None and one.stage is not what and not one.influencer.archived_at:
            stages.move(session, one, what, user=lead.user, at=at, reason="Because.")
    session.flush()
    counters.recount(session)
    moment = START + dt.timedelta(hours=hour)

    expected = replayed(session, lead.brand_id, moment)
    assert board(session, lead.brand_id, moment) == expected
    heads = past_heads.heads(session, lead.brand_id, moment)
    assert {stage: then for stage, (then, _now) in heads.items() if then} == {
        stage: len(ids) for stage, ids in expected.items()
    }
    session.commit()


def test_a_board_asks_at_most_three_times(session, lead, moved, monkeypatch):
    monkeypatch.setattr(past, "FIRST", 1)
    monkeypatch.setattr(past, "MORE", 1)
    for _ in range(5):
        moved((0, None))
    known, asked = past.of(session, lead.brand_id), []
    engine = session.get_bind()

    def note(*_given):
        asked.append(1)

    event.listen(engine, "before_cursor_execute", note)
    past.cards(session, lead.brand_id, START + DAY, known)
    event.remove(engine, "before_cursor_execute", note)

    assert len(asked) <= 3
