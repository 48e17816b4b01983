"""Moving a card: who, when, why, and never over somebody else's move."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.errors import Refused, Stale
from irm.funnel import board, stages
from irm.ledger import relationships as ledger
from irm.models import AuditEntry, Planner, Stage, StageMove

LATER = make.MONDAY + dt.timedelta(days=1)


@pytest.fixture
def ana(saved):
    return saved(make.member()).user


@pytest.fixture
def card(session, saved, ana):
    brand = saved(make.brand())
    return stages.begin(
        session, saved(make.influencer(name="Zoé")), brand.id, user=ana, at=make.MONDAY
    )


def test_a_move_is_a_row_with_who_when_and_why(session, card, ana):
    stages.move(session, card, Stage.AWARE, user=ana, at=LATER, reason="She follows us.")
    session.commit()

    made = session.scalars(select(StageMove).order_by(StageMove.id.desc())).first()
    assert (made.from_stage, made.to_stage, made.user_id, made.at, made.reason) == (
        Stage.UNAWARE,
        Stage.AWARE,
        ana.id,
        LATER,
        "She follows us.",
    )
    assert (card.stage, card.stage_since) == (Stage.AWARE, LATER)


def test_a_move_is_audited_in_ids_and_codes(session, card, ana):
    stages.move(session, card, Stage.AWARE, user=ana, at=LATER, reason="She follows us.")
    session.commit()

    entry = session.scalars(select(AuditEntry)).one()
    assert entry.ids == {
        "relationship_id": card.id,
        "from_stage": "unaware",
        "to_stage": "aware",
    }


def test_a_card_changed_meanwhile_is_not_moved(session, card, ana):
    seen = card.row_version
    stages.move(
        session, card, Stage.AWARE, user=ana, at=LATER, seen_version=seen, reason="So they said."
    )
    session.commit()

    with pytest.raises(Stale, match="Zoé was moved meanwhile and is now at “Aware”"):
        stages.move(
            session,
            card,
            Stage.ENGAGED,
            user=ana,
            at=LATER,
            seen_version=seen,
            reason="So they said.",
        )

    assert card.stage is Stage.AWARE


def test_moving_to_where_it_stands_is_refused(session, card, ana):
    with pytest.raises(Refused, match="already"):
        stages.move(session, card, Stage.UNAWARE, user=ana, at=LATER, reason="So they said.")


def test_undo_is_another_move(session, card, ana):
    made = stages.move(session, card, Stage.ENGAGED, user=ana, at=LATER, reason="So they said.")

    back = stages.undo(session, made, card, user=ana, at=LATER + dt.timedelta(minutes=1))
    session.commit()

    assert (card.stage, card.stage_since) == (Stage.UNAWARE, make.MONDAY)
    assert back.undoes_id == made.id
    assert len(session.scalars(select(StageMove)).all()) == 3


@pytest.mark.parametrize(
    ("planner", "after"), [(Planner.CADENCE, 10), (Planner.PERSON, 14)], ids=["cadence", "person"]
)
def test_what_the_cadence_planned_follows_a_move_and_its_undo(session, card, ana, planner, after):
    contact = make.MONDAY.astimezone(ana.zone).date()
    session.add(make.interaction(relationship=card, happened_at=make.MONDAY))
    planned = make.touchpoint(
        relationship=card, due_on=contact + dt.timedelta(days=14), planned_by=planner
    )
    session.add(planned)
    session.commit()
    ledger.rebuild(session)
    session.commit()
    session.refresh(card)

    made = stages.move(session, card, Stage.INTERESTED, user=ana, at=LATER, reason="She asked.")
    session.commit()

    assert planned.due_on == card.next_touchpoint_on == contact + dt.timedelta(days=after)
    stages.undo(session, made, card, user=ana, at=LATER + dt.timedelta(minutes=1))
    session.commit()
    assert planned.due_on == card.next_touchpoint_on == contact + dt.timedelta(days=14)


def test_a_move_plans_nothing_where_nothing_was_planned(session, card, ana):
    session.add(make.interaction(relationship=card, happened_at=make.MONDAY))
    session.commit()
    ledger.rebuild(session)
    session.commit()
    session.refresh(card)

    stages.move(session, card, Stage.INTERESTED, user=ana, at=LATER, reason="She asked.")
    session.commit()

    assert card.next_touchpoint_on is None


def test_undo_does_not_undo_what_a_colleague_did_since(session, card, ana):
    made = stages.move(session, card, Stage.AWARE, user=ana, at=LATER, reason="So they said.")
    stages.move(
        session,
        card,
        Stage.ENGAGED,
        user=ana,
        at=LATER + dt.timedelta(hours=1),
        reason="So they said.",
    )

    with pytest.raises(Stale):
        stages.undo(session, made, card, user=ana, at=LATER + dt.timedelta(hours=2))


def test_a_birth_cannot_be_undone(session, card, ana):
    birth = session.scalars(select(StageMove)).one()

    with pytest.raises(Refused):
        stages.undo(session, birth, card, user=ana, at=LATER)


def test_the_column_heads_follow_every_move(session, card, ana):
    card.influencer.audience = None
    stages.move(session, card, Stage.AWARE, user=ana, at=LATER, reason="So they said.")
    session.commit()

    heads = board.heads(session, card.brand_id, board.Filter())

    assert {stage: head.people for stage, head in heads.items()} == {
        Stage.UNAWARE: 0,
        Stage.AWARE: 1,
        Stage.INTERESTED: 0,
        Stage.ENGAGED: 0,
        Stage.AMBASSADOR: 0,
    }
