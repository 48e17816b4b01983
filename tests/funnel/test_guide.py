"""What to do with one person now: never the same twice running, nothing asked too early."""

import datetime as dt

import make
import pytest

from irm.directory.search import Reader
from irm.funnel import guide, tactics
from irm.models import Archetype, Direction, Kind, Stage, State, Visibility

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def card(saved):
    return saved(make.relationship(stage=Stage.AWARE))


@pytest.fixture
def all_saved(saved):
    def save(*rows):
        for row in rows:
            saved(row)

    return save


def of(session, card, user_id=0, reads_private=False):
    session.flush()
    return guide.of(session, card, Reader(card.brand_id, user_id, reads_private))


def by_code(found):
    return {one.tactic.code: one for one in found.advice}


def test_with_nobody_known_all_tactics_of_the_stage_are_there_and_the_first_is_proposed(
    session, card
):
    found = of(session, card)
    assert [one.tactic for one in found.advice] == list(tactics.of(Stage.AWARE))
    assert found.next is tactics.of(Stage.AWARE)[0]


def test_what_was_used_says_when_and_by_whom_and_comes_after_what_was_not(session, all_saved, card):
    ana = make.user(name="Ana")
    all_saved(
        make.interaction(relationship=card, activity="curate", happened_at=NOON - DAY, author=ana),
        make.interaction(relationship=card, activity="curate", happened_at=NOON, author=ana),
    )
    found = of(session, card)
    assert by_code(found)["curate"].used == guide.Use(NOON, "Ana")
    assert found.advice[-1].tactic.code == "curate"
    assert found.next.code == "link"


def test_the_tactic_used_last_is_not_proposed_though_all_were_used(session, saved, card):
    for days, code in ((3, "link"), (2, "comment"), (1, "curate")):
        saved(make.interaction(relationship=card, activity=code, happened_at=NOON - days * DAY))
    found = of(session, card)
    assert [one.tactic.code for one in found.advice] == ["link", "comment", "curate"]
    assert by_code(found)["curate"].is_last
    assert found.next.code == "link"


def test_a_touchpoint_that_was_done_counts_and_one_that_is_planned_is_not_proposed(
    session, all_saved, card
):
    all_saved(
        make.touchpoint(relationship=card, tactic="curate", state=State.DONE, closed_at=NOON),
        make.touchpoint(relationship=card, tactic="link", due_on=NOON.date() + DAY),
        make.touchpoint(relationship=card, tactic="comment", state=State.SKIPPED, closed_at=NOON),
    )
    found = by_code(of(session, card))
    assert found["curate"].used.at == NOON
    assert found["link"].planned_on == NOON.date() + DAY
    assert found["comment"].used is None
    assert of(session, card).next.code == "comment"


def test_a_colleagues_private_note_is_not_told_of(session, saved, card):
    ana = saved(make.user())
    saved(
        make.interaction(
            relationship=card, activity="curate", visibility=Visibility.PRIVATE, author=ana
        )
    )
    assert by_code(of(session, card))["curate"].used is None
    assert by_code(of(session, card, ana.id))["curate"].used
    assert by_code(of(session, card, reads_private=True))["curate"].used


def test_what_lists_call_an_activity_is_no_tactic_unless_it_is_one(session, all_saved, card):
    all_saved(
        make.interaction(relationship=card, activity="coaching"),
        make.interaction(relationship=card, activity="Curate"),
    )
    assert [one.tactic.code for one in of(session, card).advice if one.used] == ["curate"]


def test_nothing_is_asked_before_something_was_given(session, saved):
    card = saved(make.relationship(stage=Stage.ENGAGED, earned_stage=Stage.ENGAGED))
    found = of(session, card)
    assert all(one.is_early for one in found.advice if one.tactic.kind is Kind.ASK)
    assert found.next.kind is Kind.GIVE
    card.gives_since_ask = 1
    assert not any(one.is_early for one in of(session, card).advice)


def test_nobody_who_lives_on_independence_is_sponsored(session, saved):
    person = make.influencer(archetype=Archetype.JOURNALIST)
    both = {"stage": Stage.ENGAGED, "earned_stage": Stage.ENGAGED}
    card = saved(make.relationship(influencer=person, gives_since_ask=9, **both))
    found = of(session, card)
    assert by_code(found)["sponsor"].never
    assert found.advice[-1].tactic.code == "sponsor"
    assert found.next.code != "sponsor"


def test_what_suits_their_face_of_influence_comes_first(session, saved):
    person = make.influencer(archetype=Archetype.JOURNALIST)
    card = saved(make.relationship(influencer=person, stage=Stage.AWARE))
    assert of(session, card).next.code == "link"


def test_another_relationship_of_the_same_person_is_not_looked_at(session, saved, card):
    other = make.relationship(influencer=card.influencer, brand=make.brand(name="Other"))
    saved(make.interaction(relationship=other, activity="curate", direction=Direction.OUT))
    assert by_code(of(session, card))["curate"].used is None
