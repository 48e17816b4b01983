"""One change to many people: what it will do, doing it, taking it back, and what stays alone."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select

from irm.directory import person, tags
from irm.errors import Refused
from irm.funnel import bulk_edit, bulk_preview, bulk_undo, pauses, stages
from irm.ledger import counters
from irm.ledger import relationships as ledger
from irm.models import (
    AuditEntry,
    BulkEditRow,
    Influencer,
    Pause,
    Relationship,
    Role,
    Stage,
    StageCounter,
    StageMove,
    Tier,
)

LATER = make.MONDAY + dt.timedelta(hours=1)


@pytest.fixture
def ana(session, saved):
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def crowd(session, saved, ana):
    cards = [
        saved(
            make.relationship(
                brand=ana.brand,
                influencer=make.influencer(name=f"Person {n}", tier=list(Tier)[n % 3]),
                stage=list(Stage)[n % 3],
                owner=ana.user if n % 2 else None,
            )
        )
        for n in range(6)
    ]
    ledger.rebuild(session)
    tags.put(session, cards[0].id, tags.named(session, ana.brand.id, "food").id)
    session.commit()
    return cards


def made(session, ana, cards, changes):
    ids = [card.id for card in cards]
    edit = bulk_edit.draft(session, ana.brand.id, ids, changes, user=ana.user, at=make.MONDAY)
    bulk_edit.begin(session, edit, user=ana.user, at=make.MONDAY)
    while not bulk_edit.go_on(session, edit, user=ana.user, at=make.MONDAY, limit=4):
        session.commit()
    session.commit()
    return edit


def undone(session, ana, edit):
    bulk_undo.begin(session, edit, user=ana.user, at=LATER)
    while not bulk_undo.go_on(session, edit, user=ana.user, at=LATER, limit=4):
        session.commit()
    session.commit()
    return edit.undo_report


def standing(session):
    """Everything that a change may change."""
    session.expire_all()
    rows = session.execute(
        select(
            Relationship.id,
            Relationship.owner_id,
            Relationship.stage,
            Influencer.tier,
            Influencer.tier_set_by_id,
            Influencer.tier_reason,
            Influencer.archived_at,
        )
        .join(Influencer)
        .order_by(Relationship.id)
    ).all()
    on = session.execute(tags.of_relationships([row.id for row in rows])).all()
    return [tuple(row) for row in rows], [(row.relationship_id, row.name) for row in on]


def counted(session):
    found = session.execute(
        select(StageCounter.stage, StageCounter.tier, StageCounter.owner_id, StageCounter.people)
        .where(StageCounter.people != 0)
        .order_by(StageCounter.stage, StageCounter.tier, StageCounter.owner_id)
    )
    return [tuple(row) for row in found]


CHANGES = {
    "owner": 0,
    "stage": "aware",
    "tier": "macro",
    "add_tags": ["food", "Été"],
    "archive": True,
    "reason": "Met at the fair.",
}


def test_a_preview_says_what_the_change_then_does(session, ana, crowd):
    ids = [card.id for card in crowd]
    edit = bulk_edit.draft(session, ana.brand.id, ids, {"owner": 0}, user=ana.user, at=make.MONDAY)

    seen = bulk_preview.preview(session, edit, ana.user)
    done = made(session, ana, crowd, {"owner": 0})

    assert (seen.people, seen.changed, seen.same) == (6, 3, 3)
    assert (done.changed, done.same, done.refused) == (3, 3, 0)


def test_everything_is_changed_and_taken_back_with_the_counters(session, ana, crowd):
    before, cells = standing(session), counted(session)

    edit = made(session, ana, crowd, CHANGES)

    assert edit.changed == 6
    assert counted(session) == []
    report = undone(session, ana, edit)
    assert report["kept"] == {}
    assert standing(session) == before
    assert counted(session) == cells
    counters.recount(session)
    assert counted(session) == cells


def test_moves_keep_their_history_and_their_reason(session, ana, crowd):
    made(session, ana, crowd, {"stage": "engaged", "reason": "They answered."})

    moves = session.scalars(select(StageMove).where(StageMove.to_stage == Stage.ENGAGED)).all()
    assert len(moves) == 6
    assert {move.reason for move in moves} == {"They answered."}


def test_what_somebody_changed_since_is_left_alone_and_named(session, ana, crowd):
    edit = made(session, ana, crowd, {"stage": "engaged", "owner": 0, "reason": "x"})
    stages.move(
        session, crowd[1], Stage.AMBASSADOR, user=ana.user, at=LATER, reason="So they said."
    )
    stages.assign(session, crowd[3], ana.user, user=ana.user, at=LATER)
    stages.move(session, crowd[2], Stage.AWARE, user=ana.user, at=LATER, reason="So they said.")
    stages.move(session, crowd[2], Stage.ENGAGED, user=ana.user, at=LATER, reason="So they said.")
    session.commit()

    report = undone(session, ana, edit)

    assert report["kept"] == {"stage": 2}
    assert crowd[1].stage is Stage.AMBASSADOR
    assert crowd[2].stage is Stage.ENGAGED
    assert crowd[0].stage is Stage.UNAWARE


def test_a_change_is_made_once_and_taken_back_once(session, ana, crowd):
    edit = made(session, ana, crowd, {"owner": 0})

    with pytest.raises(Refused):
        bulk_edit.begin(session, edit, user=ana.user, at=LATER)
    undone(session, ana, edit)
    with pytest.raises(Refused):
        bulk_undo.begin(session, edit, user=ana.user, at=LATER)


@pytest.mark.parametrize(
    "changes",
    [{}, {"reason": "x"}, {"stage": "aware"}, {"tier": "macro", "reason": ""}, {"owner": 2**30}],
)
def test_a_change_without_what_it_needs_is_refused(session, ana, crowd, changes):
    with pytest.raises(Refused):
        bulk_edit.draft(
            session, ana.brand.id, [crowd[0].id], changes, user=ana.user, at=make.MONDAY
        )


def test_who_another_brand_works_with_is_not_put_away(session, saved, ana, crowd):
    saved(make.relationship(influencer=crowd[0].influencer))

    edit = made(session, ana, crowd, {"archive": True})

    assert (edit.changed, edit.refused) == (5, 1)
    row = session.scalars(
        select(BulkEditRow).where(BulkEditRow.relationship_id == crowd[0].id)
    ).one()
    assert row.problem == {"code": "other_brand"}


def test_people_of_another_brand_are_never_changed(session, saved, ana, crowd):
    stranger = saved(make.relationship())

    edit = made(session, ana, [*crowd, stranger], {"stage": "engaged", "reason": "x"})

    assert (edit.changed, edit.refused) == (6, 1)
    session.refresh(stranger)
    assert stranger.stage is Stage.UNAWARE


def test_a_computed_tier_comes_back(session, ana, crowd):
    who = crowd[0].influencer
    made(session, ana, crowd, {"tier": "macro", "reason": "Television."})
    edit = made(session, ana, crowd, {"tier": "computed", "reason": "No more."})

    session.refresh(who)
    assert (who.tier, who.tier_set_by_id, who.tier_reason) == (Tier.MICRO, None, None)
    assert edit.changed == 6


def test_a_tier_that_comes_back_has_the_day_on_which_it_was_set(session, ana, crowd):
    who = crowd[0].influencer
    person.set_tier(
        session,
        who.id,
        Tier.MIDDLE,
        "Radio.",
        computed=Tier.MICRO,
        user=ana.user,
        at=make.MONDAY - dt.timedelta(days=30),
        seen_version=who.row_version,
    )
    session.commit()
    edit = made(session, ana, crowd[:1], {"tier": "macro", "reason": "Television."})
    session.refresh(who)
    assert who.tier_set_at == make.MONDAY

    undone(session, ana, edit)

    session.refresh(who)
    assert (who.tier, who.tier_reason) == (Tier.MIDDLE, "Radio.")
    assert who.tier_set_at == make.MONDAY - dt.timedelta(days=30)


def test_tags_come_off_and_come_back(session, ana, crowd):
    (food,) = session.scalars(tags.of_brand(ana.brand.id))
    edit = made(session, ana, crowd, {"remove_tags": [food.id]})
    assert (edit.changed, edit.same) == (1, 5)

    undone(session, ana, edit)

    assert standing(session)[1] == [(crowd[0].id, "food")]


def test_the_archive_gives_back_who_is_wanted(session, ana, crowd):
    person.archive(session, crowd[0].influencer_id, user=ana.user, at=make.MONDAY)
    session.commit()

    edit = made(session, ana, crowd, {"archive": False})

    assert (edit.changed, edit.same) == (1, 5)
    assert crowd[0].influencer.archived_at is None


def test_the_audit_names_the_change_and_its_undoing(session, ana, crowd):
    undone(session, ana, made(session, ana, crowd, {"owner": 0}))

    noted = select(AuditEntry.ids).where(AuditEntry.action == "people.bulk_edited")
    found = session.scalars(noted.order_by(AuditEntry.id))
    assert [ids["change"] for ids in found] == ["made", "undone"]
    assert session.scalar(select(func.count()).select_from(BulkEditRow)) == 6


TOUR = {"pause": {"until": "2026-04-02", "why": "On tour"}}
AHEAD = dt.date(2026, 4, 2)


def paused(session, card):
    session.expire_all()
    one = session.get(Relationship, card.id)
    return one.paused_until, one.paused_why


def test_many_are_paused_and_gone_on_with(session, ana, crowd):
    edit = made(session, ana, crowd[:3], TOUR)

    assert edit.changed == 3
    assert [paused(session, card) for card in crowd[:3]] == [(AHEAD, "On tour")] * 3
    assert paused(session, crowd[3]) == (None, None)
    rows = session.scalars(select(Pause)).all()
    assert {(one.until, one.why, one.user_id) for one in rows} == {(AHEAD, "On tour", ana.user_id)}
    # The same again is so already.
    assert made(session, ana, crowd[:3], TOUR).same == 3

    assert undone(session, ana, edit)["restored"] == 3
    assert [paused(session, card) for card in crowd[:3]] == [(None, None)] * 3
    session.expire_all()
    assert all(one.ended_at == LATER for one in session.scalars(select(Pause)))


def test_a_pause_that_held_before_holds_again(session, ana, crowd):
    card = session.get(Relationship, crowd[0].id)
    day = dt.date(2026, 3, 20)
    pauses.pause(session, card, until=day, why="Leave", user=ana.user, at=make.MONDAY)
    session.commit()

    edit = made(session, ana, crowd[:1], TOUR)
    assert paused(session, crowd[0]) == (AHEAD, "On tour")

    undone(session, ana, edit)
    assert paused(session, crowd[0]) == (day, "Leave")
    held = select(Pause).where(Pause.ended_at.is_(None))
    assert [one.why for one in session.scalars(held)] == ["Leave"]


def test_a_pause_somebody_changed_since_is_left_alone(session, ana, crowd):
    edit = made(session, ana, crowd[:2], TOUR)
    card = session.get(Relationship, crowd[0].id)
    pauses.resume(session, card, user=ana.user, at=make.MONDAY)
    later = dt.date(2026, 5, 1)
    other = session.get(Relationship, crowd[1].id)
    pauses.pause(session, other, until=later, why="Longer", user=ana.user, at=make.MONDAY)
    session.commit()

    report = undone(session, ana, edit)

    assert report["kept"] == {"pause": 1}
    assert paused(session, crowd[0]) == (None, None)
    assert paused(session, crowd[1]) == (later, "Longer")


@pytest.mark.parametrize(
    ("until", "why", "said"),
    [
        ("2026-03-02", "x", "after today"),
        ("2030-01-01", "x", "three years"),
        ("2026-04-02", "", "Say why"),
    ],
)
def test_a_pause_that_nobody_can_mean_is_refused(session, ana, crowd, until, why, said):
    changes = {"pause": {"until": until, "why": why}}

    with pytest.raises(Refused, match=said):
        made(session, ana, crowd, changes)


def test_a_draft_whose_day_has_come_is_not_made_any_more(session, ana, crowd):
    edit = bulk_edit.draft(
        session, ana.brand.id, [crowd[0].id], TOUR, user=ana.user, at=make.MONDAY
    )
    session.commit()

    with pytest.raises(Refused, match="after today"):
        bulk_edit.begin(session, edit, user=ana.user, at=make.MONDAY + dt.timedelta(days=31))
