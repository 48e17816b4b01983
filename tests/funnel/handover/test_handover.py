"""Passing people on: for good, until a day, and back."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from irm.errors import Done, Refused
from irm.funnel import handover, handover_preview
from irm.funnel.handover_terms import Terms
from irm.ledger import counters, relationships
from irm.models import (
    AuditEntry,
    Handover,
    HandoverItem,
    InteractionColleague,
    Promise,
    PromiseState,
    Relationship,
    Role,
    Stage,
    StageCounter,
    State,
    Tier,
    Touchpoint,
)
from tests import make
from tests.funnel.handover.passing import AT, TODAY, go_back, hand_over, on, terms


def owners(session, cards):
    session.rollback()
    found = session.execute(
        select(Relationship.id, Relationship.owner_id).where(
            Relationship.id.in_([card.id for card in cards])
        )
    )
    return dict(found.all())


def board(session, brand_id):
    rows = session.execute(
        select(StageCounter.owner_id, func.sum(StageCounter.people))
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.owner_id)
    )
    return {row[0]: row[1] for row in rows if row[1]}


def test_all_of_a_colleagues_people_go_to_another(session, ana, ben, lea, cards):
    made = hand_over(session, terms(ana, ben.id), lea)

    assert set(owners(session, cards).values()) == {ben.id}
    assert board(session, ana.brand_id) == {ben.id: 15}
    items = session.scalars(select(HandoverItem)).all()
    assert {item.to_id for item in items} == {ben.id}
    assert len(items) == 15
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("relationship.assigned") == 15
    assert actions.count("relationship.handed_over") == 1
    assert (made.from_id, made.author_id, made.back_on) == (ana.user_id, lea.id, None)


def test_the_counters_of_the_board_are_as_a_recount_would_have_them(
    session, saved, ana, ben, cleo, lea, cards
):
    away = make.influencer(archived_at=AT)
    saved(make.relationship(brand=ana.brand, owner=ana.user, influencer=away))
    hand_over(session, terms(ana, ben.id, cleo.id), lea, limit=4)
    kept = session.execute(select(StageCounter.__table__).where(StageCounter.people != 0)).all()

    counters.recount(session, ana.brand_id)

    assert sorted(kept) == sorted(session.execute(select(StageCounter.__table__)).all())


@pytest.mark.parametrize("limit", [1, 4, 500])
def test_people_are_shared_out_evenly_however_many_at_a_time(
    session, ana, ben, cleo, lea, cards, limit
):
    hand_over(session, terms(ana, ben.id, cleo.id), lea, limit=limit)

    found = owners(session, cards)
    stages = {card.id: card.stage for card in cards}
    loads = {user.id: 0.0 for user in (ben, cleo)}
    for id, owner_id in found.items():
        loads[owner_id] += handover.sharing.weight(stages[id])
    assert abs(loads[ben.id] - loads[cleo.id]) <= 4
    preview = handover_preview._shares(dict.fromkeys(Stage, 3), (ben.id, cleo.id))
    assert preview == {user.id: list(found.values()).count(user.id) for user in (ben, cleo)}


def test_a_part_goes_by_stage_and_tier(session, saved, ana, ben, lea, cards):
    macro = make.influencer(tier=Tier.MACRO)
    big = saved(
        make.relationship(brand=ana.brand, owner=ana.user, influencer=macro, stage=Stage.AWARE)
    )

    hand_over(session, terms(ana, ben.id, stage="aware", tier="macro"), lea)

    found = owners(session, [*cards, big])
    assert [id for id, owner_id in found.items() if owner_id == ben.id] == [big.id]


def test_what_is_open_goes_along_and_what_is_done_stays(session, saved, ana, ben, lea, cards):
    card = cards[0]
    mine = saved(make.touchpoint(relationship=card, owner_id=ana.user_id))
    nobodys = saved(make.touchpoint(relationship=card))
    done = saved(make.touchpoint(relationship=card, owner_id=ana.user_id, state=State.DONE))
    leas = saved(make.touchpoint(relationship=card, owner_id=lea.id))
    promise = saved(make.promise(relationship=card, owner_id=ana.user_id))
    kept = saved(make.promise(relationship=card, owner_id=ana.user_id, state=PromiseState.KEPT))
    question = saved(make.question(relationship=card, owner_id=ana.user_id))

    hand_over(session, terms(ana, ben.id), lea)

    session.expire_all()
    assert [one.owner_id for one in (mine, nobodys, done, leas)] == [
        ben.id,
        ben.id,
        ana.user_id,
        lea.id,
    ]
    assert [one.owner_id for one in (promise, kept, question)] == [ben.id, ana.user_id, ben.id]
    [item] = session.scalars(select(HandoverItem).where(HandoverItem.relationship_id == card.id))
    assert item.touchpoints == 2


def test_what_she_had_with_people_of_others_goes_to_those(session, saved, ana, ben, lea, cards):
    leas = saved(make.relationship(brand=ana.brand, owner=lea))
    foreign = saved(make.relationship(owner=saved(make.user())))
    stray = saved(make.touchpoint(relationship=leas, owner_id=ana.user_id))
    promise = saved(make.promise(relationship=leas, owner_id=ana.user_id))
    elsewhere = saved(make.touchpoint(relationship=foreign, owner_id=ana.user_id))

    hand_over(session, terms(ana, ben.id), lea)

    session.expire_all()
    assert (stray.owner_id, promise.owner_id) == (lea.id, lea.id)
    assert elsewhere.owner_id == ana.user_id


def test_a_handover_is_taken_back_as_a_whole(session, saved, ana, ben, cleo, lea, cards):
    touchpoint = saved(make.touchpoint(relationship=cards[0], owner_id=ana.user_id))
    made = hand_over(session, terms(ana, ben.id, cleo.id), lea)

    go_back(session, made, lea, limit=4)

    assert set(owners(session, cards).values()) == {ana.user_id}
    assert board(session, ana.brand_id) == {ana.user_id: 15}
    session.expire_all()
    assert touchpoint.owner_id == ana.user_id
    assert made.undone_at == AT
    with pytest.raises(Done, match="taken back already"):
        handover.refuse_return(session, made)


def test_whom_somebody_gave_to_a_third_since_stays_there(session, ana, ben, cleo, lea, cards):
    made = hand_over(session, terms(ana, ben.id), lea)
    session.expire_all()
    cards[0].owner_id = cleo.id
    session.commit()

    go_back(session, made, lea)

    found = owners(session, cards)
    assert found.pop(cards[0].id) == cleo.id
    assert set(found.values()) == {ana.user_id}


def test_a_handover_that_stopped_goes_on_with_the_rest(session, ana, ben, cleo, lea, cards):
    asked = terms(ana, ben.id, cleo.id)
    made = handover.begin(session, asked, back_on=None, why="", today=TODAY, user=lea, at=AT)
    assert not handover.go_on(session, made, asked, user=lea, at=AT, limit=7)
    session.commit()
    assert list(owners(session, cards).values()).count(ana.user_id) == 8

    while not handover.go_on(session, made, asked, user=lea, at=AT, limit=7):
        session.commit()
    session.commit()

    assert ana.user_id not in owners(session, cards).values()


def test_they_go_back_on_their_day(session, saved, ana, ben, lea, cards):
    made = hand_over(session, terms(ana, ben.id), lea, back_on=on(10))
    planned = saved(make.touchpoint(relationship=cards[0], owner_id=ben.id))

    assert handover.due(session, AT + dt.timedelta(days=9)) == []
    assert handover.due(session, AT + dt.timedelta(days=10)) == [made.id]
    go_back(session, made, None, is_undo=False)

    assert set(owners(session, cards).values()) == {ana.user_id}
    session.expire_all()
    assert planned.owner_id == ana.user_id
    assert handover.due(session, AT + dt.timedelta(days=11)) == []


def test_days_are_those_of_the_brand(session, ana, ben, lea, cards):
    ana.brand.timezone = "Pacific/Auckland"
    made = hand_over(session, terms(ana, ben.id), lea, back_on=on(10))
    evening = dt.datetime.combine(on(9), dt.time(13), dt.UTC)

    assert handover.due(session, evening) == [made.id]
    assert handover.due(session, evening - dt.timedelta(hours=3)) == []


@pytest.mark.parametrize(
    ("change", "back_on", "said"),
    [
        ({"to": ()}, None, "at least one colleague"),
        ({"to": tuple(range(1000, 1021))}, None, "20 colleagues at most"),
        ({"to": (2**31 - 1,)}, None, "who may look after people"),
        ({}, on(0), "after today"),
        ({}, on(5000), "three years"),
        ({"from_id": 0}, on(5), "only go back to a colleague"),
        ({"stage": "ambassador", "tier": "macro"}, None, "nobody to hand over"),
    ],
)
def test_a_handover_that_nobody_means_is_refused(
    session, ana, ben, lea, cards, change, back_on, said
):
    asked = Terms(**{**terms(ana, ben.id).plain(), **change})

    with pytest.raises(Refused, match=said):
        handover.begin(session, asked, back_on=back_on, why="", today=TODAY, user=lea, at=AT)

    session.rollback()
    assert session.scalar(select(Handover)) is None


def test_nobody_hands_over_to_herself_or_to_who_may_only_look(session, saved, ana, lea, cards):
    viewer = saved(make.member(Role.VIEWER, brand=ana.brand)).user
    for to, said in ((ana.user_id, "themselves"), (viewer.id, "may look after people")):
        with pytest.raises(Refused, match=said):
            hand_over(session, terms(ana, to), lea)


def test_people_do_not_go_back_to_who_has_left(session, ana, ben, lea, cards):
    made = hand_over(session, terms(ana, ben.id), lea)
    ana.user.is_active = False
    session.commit()

    with pytest.raises(Refused, match="still of the team"):
        handover.refuse_return(session, made)


def test_an_owner_deleted_with_all_she_had_loses_nothing(session, saved, ana, ben, lea, cards):
    for card in cards:
        saved(make.touchpoint(relationship=card, owner_id=ana.user_id))
    saved(make.promise(relationship=cards[0], owner_id=ana.user_id))
    session.delete(ana)
    session.delete(ana.user)
    session.commit()
    relationships.rebuild(session)
    session.commit()
    [left] = handover_preview.left(session, cards[0].brand_id)
    assert (left.user_id, left.touchpoints, left.promises, left.questions) == (0, 15, 1, 0)

    asked = Terms(brand_id=cards[0].brand_id, from_id=0, to=(ben.id,))
    made = hand_over(session, asked, lea)

    assert set(owners(session, cards).values()) == {ben.id}
    assert set(session.scalars(select(Touchpoint.owner_id))) == {ben.id}
    assert session.scalars(select(Promise.owner_id)).one() == ben.id
    assert handover_preview.left(session, cards[0].brand_id) == []
    go_back(session, made, lea)
    assert set(owners(session, cards).values()) == {None}


def test_what_a_colleague_left_behind_waits_for_another(session, saved, ana, lea, cards):
    leas = saved(make.relationship(brand=ana.brand, owner=lea))
    saved(make.touchpoint(relationship=leas, owner_id=ana.user_id))
    saved(make.question(relationship=cards[0], owner_id=ana.user_id))
    assert handover_preview.left(session, ana.brand_id) == []
    ana.user.is_active = False
    session.commit()

    [left] = handover_preview.left(session, ana.brand_id)

    assert left == handover_preview.Left(ana.user_id, "Ana", 15, 1, 0, 1)


def test_the_preview_counts_what_goes_along(session, saved, ana, ben, cleo, lea, cards):
    card = cards[-1]
    saved(make.touchpoint(relationship=card, owner_id=ana.user_id, due_on=on(-1)))
    saved(make.touchpoint(relationship=card, owner_id=ana.user_id, due_on=on(1)))
    saved(make.promise(relationship=card, owner_id=ana.user_id))
    saved(make.question(relationship=card, owner_id=ana.user_id))
    saved(make.interaction(relationship=card, author=ana.user))
    both = make.interaction(relationship=cards[-2], author=ana.user)
    saved(both)
    saved(InteractionColleague(interaction_id=both.id, user_id=ben.id))
    leas = saved(make.relationship(brand=ana.brand, owner=lea))
    saved(make.touchpoint(relationship=leas, owner_id=ana.user_id))

    found = handover_preview.preview(session, terms(ana, ben.id, cleo.id), TODAY)

    assert (found.people, found.touchpoints, found.overdue) == (15, 2, 1)
    assert (found.promises, found.questions, found.alone, found.strays) == (1, 1, 1, 1)
    assert sum(found.shares.values()) == 15
    assert session.scalar(select(Handover)) is None
