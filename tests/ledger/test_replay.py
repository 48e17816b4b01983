"""Replaying all moves gives today's board, and what does not is found."""

import datetime as dt

import make
import pytest
from sqlalchemy import event, select, update

from irm.directory import merge, unmerge
from irm.funnel import stages
from irm.ledger import counters, replay
from irm.models import Relationship, Stage, StageCounter, StageMove

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ana(saved):
    return saved(make.member())


@pytest.fixture
def card(session, saved, ana):
    """Zoé, who came to interested, was moved on, and back by undo."""
    made = stages.begin(
        session, saved(make.influencer(name="Zoé")), ana.brand_id, user=ana.user, at=make.MONDAY
    )
    for n, to in enumerate((Stage.AWARE, Stage.INTERESTED, Stage.ENGAGED), 1):
        at = make.MONDAY + n * HOUR
        last = stages.move(session, made, to, user=ana.user, at=at, reason="We met.")
    stages.undo(session, last, made, user=ana.user, at=at + HOUR)
    session.commit()
    return made


def found(session, brand_id=None):
    return {one.code for one in replay.check(session, brand_id).faults}


def test_what_was_moved_and_undone_replays_to_todays_board(session, ana, card):
    report = replay.check(session)

    assert (report.relationships, report.moves, report.faults) == (1, 5, [])
    assert card.stage_since == make.MONDAY + 2 * HOUR
    assert found(session, ana.brand_id) == set()


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"stage": Stage.ENGAGED}, {"stage", "counter"}),
        ({"stage_since": make.MONDAY + 9 * HOUR}, {"since"}),
        ({"owner_id": "ana"}, {"counter"}),
    ],
)
def test_a_relationship_that_stands_elsewhere_is_found(session, ana, card, values, codes):
    values = {name: ana.user_id if value == "ana" else value for name, value in values.items()}
    session.execute(update(Relationship).values(**values))

    assert found(session) == codes


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"from_stage": Stage.AMBASSADOR}, {"chain"}),
        ({"at": make.MONDAY + HOUR / 2}, {"stage", "chain"}),
    ],
)
def test_a_move_that_was_changed_is_found(session, card, values, codes):
    newest = stages.newest(session, card.id)
    session.execute(update(StageMove).where(StageMove.id == newest.id).values(**values))

    assert found(session) == codes


def test_a_move_of_another_brand_is_found(session, saved, card):
    elsewhere = saved(make.brand())
    session.execute(update(StageMove).values(brand_id=elsewhere.id))

    assert found(session) == {"brand"}


def test_a_counter_of_nobody_is_found(session, card):
    session.execute(update(StageCounter).values(people=StageCounter.people + 1))

    assert found(session) == {"counter"}


def test_a_relationship_without_a_past_is_as_it_is(session, saved, ana):
    card = saved(make.relationship(brand=ana.brand, stage=Stage.ENGAGED))
    counters.recount(session)
    session.commit()
    assert found(session) == set()

    made = stages.move(
        session, card, Stage.AMBASSADOR, user=ana.user, at=make.MONDAY, reason="We signed."
    )
    assert found(session) == set()
    stages.undo(session, made, card, user=ana.user, at=make.MONDAY)
    assert card.stage is Stage.ENGAGED
    assert found(session) == set()


def test_two_who_became_one_replay_too(session, saved, ana, card):
    other = stages.begin(
        session, saved(make.influencer()), ana.brand_id, user=ana.user, at=make.MONDAY
    )
    stages.move(
        session, other, Stage.AMBASSADOR, user=ana.user, at=make.MONDAY + HOUR, reason="We signed."
    )
    session.commit()
    people = card.influencer_id, other.influencer_id
    merge.merge(session, *people, {}, user=ana.user, at=make.MONDAY + 9 * HOUR)
    session.commit()

    assert found(session) == set()


@pytest.mark.parametrize("hours", [1, 7])
@pytest.mark.parametrize("was_moved", [False, True])
def test_two_who_were_parted_again_replay_too(session, saved, ana, card, was_moved, hours):
    other = stages.begin(
        session, saved(make.influencer()), ana.brand_id, user=ana.user, at=make.MONDAY
    )
    at = make.MONDAY + hours * HOUR
    stages.move(session, other, Stage.AMBASSADOR, user=ana.user, at=at, reason="We signed.")
    session.commit()
    people = card.influencer_id, other.influencer_id
    made = merge.merge(session, *people, {}, user=ana.user, at=make.MONDAY + 9 * HOUR)
    session.commit()
    if was_moved:
        one = session.scalars(select(Relationship)).one()
        at = make.MONDAY + 10 * HOUR
        stages.move(session, one, Stage.ENGAGED, user=ana.user, at=at, reason="Silence.")
        session.commit()

    unmerge.unmerge(session, made, user=ana.user, at=make.MONDAY + 11 * HOUR)
    session.commit()

    assert found(session) == set()


def test_a_merge_by_a_clock_that_jumped_back_still_ends_at_its_stage(session, saved, ana, card):
    other = stages.begin(
        session, saved(make.influencer()), ana.brand_id, user=ana.user, at=make.MONDAY
    )
    session.commit()
    people = other.influencer_id, card.influencer_id
    choices = {f"stage-{ana.brand_id}": "kept"}
    merge.merge(session, *people, choices, user=ana.user, at=make.MONDAY - HOUR)
    session.commit()

    assert found(session) == set()


def test_ten_thousand_moves_of_one_card_are_replayed_and_the_last_is_undone_by_few_rows(
    session, ana, card
):
    pair = (Stage.ENGAGED, Stage.INTERESTED)
    at = make.MONDAY + 9 * HOUR
    session.bulk_insert_mappings(
        StageMove,
        [
            {
                "relationship_id": card.id,
                "brand_id": card.brand_id,
                "from_stage": pair[(n + 1) % 2],
                "to_stage": pair[n % 2],
                "at": at + n * dt.timedelta(minutes=1),
            }
            for n in range(10_000)
        ],
    )
    session.commit()
    last = stages.newest(session, card.id)
    session.execute(update(Relationship).values(stage_since=last.at))
    session.commit()
    assert found(session) == set()

    fetched = []
    event.listen(session, "loaded_as_persistent", lambda _session, one: fetched.append(one))
    session.expire_all()
    last = stages.newest(session, card.id)
    stages.undo(session, last, card, user=ana.user, at=at)
    session.commit()

    assert sum(isinstance(one, StageMove) for one in fetched) < 5
    assert (card.stage, card.stage_since) == (Stage.ENGAGED, last.at - dt.timedelta(minutes=1))
    assert found(session) == set()


def test_a_brand_with_nobody_replays(session, saved):
    brand = saved(make.brand())

    assert replay.check(session, brand.id).relationships == 0
